"""How is what a stickprov tells of single matters kept? Sealed: the references, and the words about each item."""

import json
import sys
import zlib
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from tracker.rules.sampling import Item, Population, numbered, read_items
from tracker.vault import SealedColumn, vault

POPULATION, RETURNED = "drawn_sample.population_refs", "drawn_sample.returned"
REFERENCE, UNIT, WORDS = "sample_item.reference", "sample_item.unit", "sample_item.words"
REASON = "sample_draw.reason"
vault.register(SealedColumn("drawn_sample", "sample_id", "population_refs", POPULATION, at_once=5))
vault.register(SealedColumn("drawn_sample", "sample_id", "returned", RETURNED))
vault.register(SealedColumn("sample_item", "id", "reference", REFERENCE))
vault.register(SealedColumn("sample_item", "id", "unit", UNIT))
vault.register(SealedColumn("sample_item", "id", "words", WORDS))
vault.register(SealedColumn("sample_draw", "id", "reason", REASON))


class Words(NamedTuple):
    """What was written about an item: the criteria that failed, and a comment."""

    failed: tuple[str, ...] = ()
    comment: str = ""


def pack_population(population: Population) -> bytes | None:
    """What there is to draw from, made small; None where it is a size alone.

    Packed: a line `2`, then each column with its length in front; a column of months or units is its different texts
    and, four bytes an item, which of them. A million references are opened in half a second then, of JSON in two.
    """
    if not population.references:
        return None
    parts = [b"2\n", _with_length("\n".join(population.references).encode())]
    for column in (population.months, population.units):
        number = {text: place for place, text in enumerate(dict.fromkeys(column))}
        parts.append(_with_length(json.dumps(list(number), ensure_ascii=False).encode()))
        parts.append(_with_length(_little_endian(array("I", map(number.__getitem__, column))).tobytes()))
    return zlib.compress(b"".join(parts), level=1)


def seal_population(packed: bytes | None, sample_id: int) -> bytes | None:
    """What `pack_population` gave, sealed for its stickprov."""
    return None if packed is None else vault.seal(packed, sample_id, POPULATION)


def open_population(sealed: bytes | None, size: int, sample_id: int) -> Population:
    """What there was to draw from. Raises VaultError or ValueError for what has been damaged."""
    if sealed is None:
        return numbered(size)
    data = zlib.decompress(vault.open(sealed, sample_id, POPULATION))
    if data.startswith(b"["):  # as it was packed at first
        return read_items(Item(*item) for item in zip(*json.loads(data), strict=True))
    at = 2

    def take() -> bytes:
        nonlocal at
        begin, at = at + 8, at + 8 + int.from_bytes(data[at : at + 8], "little")
        return data[begin:at]

    references = tuple(take().decode().split("\n"))
    columns: list[tuple[str | None, ...]] = []
    for _ in ("months", "units"):
        texts, numbers = json.loads(take()), array("I")
        numbers.frombytes(take())
        columns.append(tuple(map(texts.__getitem__, _little_endian(numbers))))
    if {len(references), *map(len, columns)} != {size}:
        raise ValueError("the columns of the population are not equally long")
    return Population(size, references, columns[0], columns[1])


def _with_length(data: bytes) -> bytes:
    return len(data).to_bytes(8, "little") + data


def _little_endian(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def seal_words(failed: Sequence[str], comment: str, item_id: int) -> bytes | None:
    """What was written about an item, sealed for it; None for nothing."""
    if not failed and not comment:
        return None
    return vault.encrypt(json.dumps([list(failed), comment], ensure_ascii=False), item_id, WORDS)


def open_words(sealed: bytes | None, item_id: int) -> Words:
    """What was written about an item."""
    if sealed is None:
        return Words()
    failed, comment = json.loads(vault.decrypt(sealed, item_id, WORDS))
    return Words(tuple(failed), comment)
