"""Which numbers of a table that adds up to a known sum must be told together, so that no small one can be worked out?

A number from 1 to 4 tells too much about single persons. It is told as a sum with others, and that sum is at least 5
and of at least two. 26 kap. 1 § offentlighets- och sekretesslagen (2009:400).
"""

from collections.abc import Sequence

SMALLEST_TOLD = 5


def folded(counts: Sequence[int]) -> frozenset[int]:
    """The places that are told as one sum; none where no number is from 1 to 4.

    44, 26, 3 and 2: the last two are five together. 44, 26 and 3: the 3 alone would be a difference, so 26 goes with
    it. Where all of them are too few for that, no number is told, not even a 0: what is left could only be the rest.
    """
    found = {place for place, count in enumerate(counts) if 0 < count < SMALLEST_TOLD}
    if not found:
        return frozenset()
    others = sorted((place for place, count in enumerate(counts) if count >= SMALLEST_TOLD), key=lambda at: counts[at])
    while others and _tells(counts, found):
        found.add(others.pop(0))
    return frozenset(range(len(counts)) if _tells(counts, found) else found)


def _tells(counts: Sequence[int], found: set[int]) -> bool:
    """Whether the sum of these gives one of them away."""
    return len(found) < 2 or sum(counts[place] for place in found) < SMALLEST_TOLD
