"""Finding: the newest first, a page at a time, in what the reader may see: by the registers' own scopes, and by the
record as it stands.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.database import database_key, db, is_sqlite, read
from tracker.guarantees.models import Guarantee
from tracker.kept import Kept
from tracker.records.models import CodeItem, RecordKind
from tracker.search.asking import query_of
from tracker.search.definition import OF_CODE, OF_GUARANTEE, OF_UNIT, mark_of
from tracker.search.scopes import Findable
from tracker.search.statements import (
    LOOKED_THROUGH,
    Shape,
    exact_page,
    few_page,
    matched_page,
    newest_page,
    walked_page,
)
from tracker.search.words import Asked, Names, numbers_like
from tracker.web.pagination import PAGE_ROWS

WINDOW, LEAST_WINDOW = 600, 15  # of the newest, that PostgreSQL looks through; of each unit at the least
MANY_UNITS = 64  # so many are not walked one by one
NAMES_KEPT_SECONDS = 10.0
LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. `words`: the open texts that it is searched by; `labels`: what it points at."""

    key: int
    record_id: int
    kind: RecordKind
    unit_id: int
    day: date
    number: str
    case_number: str | None
    words: tuple[str, ...]
    labels: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits; `after` is the key that the next begins after, None where the list ends."""

    rows: tuple[Hit, ...]
    after: int | None


NOTHING = Hits((), None)


def search(asked: Asked, may: Findable, after: int | None = None) -> Hits:
    """The hits that follow the key `after`, else the first, with what has exactly that number before all others."""
    if not asked.words or not may:
        return NOTHING
    names = _kept_names.get(database_key(), _names)
    query = query_of(asked, may, names)
    shape, window = _shape(may, len(query.wide), indexed=bool(query.indexed))
    values: dict[str, Any] = {"own_id": may.own_id} if may.own_id is not None else {}
    for _, scope in may.scopes:
        values |= scope.values
    exact = _exact(asked, shape, values)
    values |= {"query": query.indexed, "before": LARGEST_KEY if after is None else after}
    for place, (words, units) in enumerate(query.wide):
        values |= {f"wide_{place}": words, f"units_{place}": units}
    if is_sqlite():
        found = list(read(matched_page(shape), values))
    else:
        found = _postgresql_page(shape, values | {"window": window})
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    numbers = {row.id for row in exact}
    rows = [row for row in found if row.id not in numbers]
    hits = [_hit(row, names.of, exact=True) for row in exact if after is None] + [_hit(row, names.of) for row in rows]
    return Hits(tuple(hits), found[-1].id if more else None)


def _shape(may: Findable, wide: int, *, indexed: bool) -> tuple[Shape, int]:
    """How the statements look, and how many of the newest are looked through: of all, or of each unit."""
    scopes, own = may.scopes, may.own_id is not None
    if is_sqlite() or any(scope.reach.everything or scope.hsl for _, scope in scopes):
        return Shape(scopes, own, wide, indexed), WINDOW
    units = len({unit.id for reach in {scope.reach for _, scope in scopes} for unit in kept_units(reach)})
    if units > MANY_UNITS:
        return Shape(scopes, own, wide, indexed), WINDOW
    return Shape(scopes, own, wide, indexed, by_unit=True), max(WINDOW // max(units, 1), LEAST_WINDOW)


def _postgresql_page(shape: Shape, values: dict[str, Any]) -> list[Any]:
    low, found = _beside(newest_page(shape), values)
    if low == 0 or len(found) > PAGE_ROWS:
        return found
    places, found = _beside(few_page(shape), values)
    return found if places <= LOOKED_THROUGH else list(read(walked_page(shape), values))


def _beside(statement: Select[Any], values: dict[str, Any]) -> tuple[int, list[Any]]:
    rows = read(statement, values).all()
    return rows[0].low, [row for row in rows if row.id is not None]


def _exact(asked: Asked, shape: Shape, values: dict[str, Any]) -> list[Any]:
    if not any(sign.isdigit() for sign in asked.said):
        return []
    return list(read(exact_page(shape), values | {"numbers": numbers_like(asked.said)}))


def _names() -> Names:
    """What each mark that has a name is called just now."""
    found = {mark_of(OF_UNIT, unit.id): unit.name for unit in kept_units(EVERYTHING)}
    found |= {mark_of(OF_CODE, code_id): label for code_id, label in db.session.execute(_CODES)}
    found |= {mark_of(OF_GUARANTEE, its_id): name for its_id, name in db.session.execute(_GUARANTEES)}
    return Names(found)


_kept_names: Kept[Names] = Kept(NAMES_KEPT_SECONDS, 16)
_CODES = select(CodeItem.id, CodeItem.label)
_GUARANTEES = select(Guarantee.id, Guarantee.name)


def _hit(row: Any, labels: dict[str, str], *, exact: bool = False) -> Hit:  # noqa: ANN401 - a row of any statement
    unit = mark_of(OF_UNIT, row.unit_id)
    named = tuple(labels[mark] for mark in row.marks.split() if mark in labels and mark != unit)
    words = tuple(part for part in row.words.split("\n") if part.strip())
    return Hit(
        row.id, row.record_id, RecordKind(row.kind), row.unit_id, row.day, row.number, row.case_number, words, named,
        exact,
    )  # fmt: skip
