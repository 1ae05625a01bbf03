"""How is what a stickprov tells of single matters kept? Sealed: the references, and the words about each item."""

import json
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from tracker.rules.sampling import Item, Population, numbered, read_items
from tracker.vault import SealedColumn, vault

POPULATION, RETURNED = "drawn_sample.population_refs", "drawn_sample.returned"
REFERENCE, WORDS = "sample_item.reference", "sample_item.words"
vault.register(SealedColumn("drawn_sample", "sample_id", "population_refs", POPULATION, at_once=5))
vault.register(SealedColumn("drawn_sample", "sample_id", "returned", RETURNED))
vault.register(SealedColumn("sample_item", "id", "reference", REFERENCE))
vault.register(SealedColumn("sample_item", "id", "words", WORDS))


class Words(NamedTuple):
    """What was written about an item: the criteria that failed, and a comment."""

    failed: tuple[str, ...] = ()
    comment: str = ""


def seal_population(population: Population, sample_id: int) -> bytes | None:
    """What there is to draw from, sealed for its stickprov; None where it is a size alone."""
    if not population.references:
        return None
    columns = [population.references, population.months, population.units]
    return vault.seal(zlib.compress(json.dumps(columns, ensure_ascii=False).encode()), sample_id, POPULATION)


def open_population(sealed: bytes | None, size: int, sample_id: int) -> Population:
    """What there was to draw from. Raises VaultError or ValueError for what has been damaged."""
    if sealed is None:
        return numbered(size)
    columns = json.loads(zlib.decompress(vault.open(sealed, sample_id, POPULATION)))
    return read_items(Item(*item) for item in zip(*columns, strict=True))


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
