"""Which items does a random sample take? A draw that anybody can make again from what is stored.

The algorithm is our own and written out in full, so that it gives the same sample in ten years and in any language, and
never depends on a library's random numbers. Version `hmac-sha256-1`:

1. Each item of the population is a whole number from 0 up; none stands twice.
2. Its *lot* is HMAC-SHA256 with the seed as key over the number written in decimal digits (ASCII, no leading zeros).
3. The items are put in order of their lots, as 32 bytes compared from the first (equal lots: the smaller number first).
4. The first n items in that order are the sample, in that order.

The order in which the population is given makes no difference. Who does not know the seed cannot tell which items will
be taken, so the seed is made (32 bytes, from the system's secrets) only when the population has been fixed by its hash.

Worked example: seed `00 01 02 … 1f`, population 1, 2, 3, 4, 5. The lots begin with 1: `7761b1cc`, 2: `80ddc334`,
3: `1660ab3d`, 4: `2ff948f1`, 5: `ea5a6a44`; a sample of 2 is therefore 3, 4.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from heapq import nsmallest

from tracker.rules.errors import RuleViolation

ALGORITHM = "hmac-sha256-1"
SEED_BYTES = 32


def draw(seed: bytes, population: Sequence[int], n: int) -> list[int]:
    """n items of the population, in the order in which they are drawn; each equally likely while the seed is unknown.

    Raises RuleViolation when more are asked for than there are, and ValueError for a population with doubles or numbers
    below 0, or a seed of another length.
    """
    lot_of = lots(seed)
    _check(population)
    if not 0 <= n <= len(population):
        raise RuleViolation("draw_size", f"Det går att dra 0–{len(population)}, inte {n}. Välj ett annat antal.", "n")
    return nsmallest(n, population, key=lambda item: (lot_of(item), item))


def lot(seed: bytes, item: int) -> bytes:
    """The item's lot: 32 bytes that decide its place in the draw."""
    return hmac.digest(seed, str(item).encode("ascii"), "sha256")


def lots(seed: bytes) -> Callable[[int], bytes]:
    """`lot` for many items: HMAC by its definition, the two hashes over the key worked out once; twice as fast.

    Raises ValueError for a seed of another length.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
    key = seed.ljust(hashlib.sha256().block_size, b"\0")
    begun_inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
    begun_outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def lot_of(item: int) -> bytes:
        inner, outer = begun_inner.copy(), begun_outer.copy()
        inner.update(b"%d" % item)
        outer.update(inner.digest())
        return outer.digest()

    return lot_of


def population_hash(population: Iterable[int]) -> bytes:
    """SHA-256 over the numbers in rising order, each in decimal digits with a line feed after it.

    Of nothing: e3b0c442… (SHA-256 of no bytes). Of 2, 1: the hash of the four bytes `1 LF 2 LF`, which begins a6e2b7a0.
    """
    digest = hashlib.sha256()
    for item in sorted(population):
        digest.update(b"%d\n" % item)
    return digest.digest()


def _check(population: Sequence[int]) -> None:
    if len(set(population)) != len(population):
        raise ValueError("an item stands twice in the population")
    if population and min(population) < 0:
        raise ValueError("an item of the population is below 0")
