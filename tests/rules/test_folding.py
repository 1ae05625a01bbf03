"""Small numbers that are told together: cases worked by hand, and that no sum gives one away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.folding import folded


@pytest.mark.parametrize(
    ("counts", "together"),
    [
        ([], set()),
        ([44, 26, 23], set()),
        ([84, 0, 0, 0, 9], set()),
        ([5, 0], set()),
        # The 4 alone is the sum less the others: the smallest of them goes with it.
        ([44, 26, 4], {1, 2}),
        # 3 and 2 are five together.
        ([44, 26, 3, 2], {2, 3}),
        # 2 and 1 are three: too few, so 26 goes with them.
        ([44, 26, 2, 1], {1, 2, 3}),
        # All there is is too little: a 0 that was told would leave the 3 alone.
        ([0, 3, 0], {0, 1, 2}),
        ([1, 1, 0], {0, 1, 2}),
        ([9, 4], {0, 1}),
    ],
)
def test_which_are_told_together(counts, together):
    assert folded(counts) == together


@given(st.lists(st.integers(0, 30), max_size=8))
def test_what_is_told_is_never_small_and_the_rest_is_never_one_alone(counts):
    together = folded(counts)
    told = [count for place, count in enumerate(counts) if place not in together]
    assert not [count for count in told if 0 < count < 5]
    if together and told:
        rest = [counts[place] for place in together]
        assert len(rest) >= 2
        assert sum(rest) >= 5
