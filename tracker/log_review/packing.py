"""How is a population of a million numbers kept in little room? As the steps between them, compressed."""

import zlib
from collections.abc import Iterable
from itertools import accumulate, pairwise


def pack(numbers: Iterable[int]) -> bytes:
    """The numbers in rising order: the first, then each one's distance from the one before, by spaces; zlib."""
    ordered = sorted(numbers)
    steps = ordered[:1] + [high - low for low, high in pairwise(ordered)]
    return zlib.compress(" ".join(map(str, steps)).encode("ascii"))


def unpack(packed: bytes) -> list[int]:
    """What `pack` was given, in rising order. Raises ValueError for what is damaged."""
    try:
        return list(accumulate(int(step) for step in zlib.decompress(packed).split()))
    except zlib.error:
        raise ValueError("the packed numbers are damaged") from None
