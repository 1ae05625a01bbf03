"""Finding: the newest first, a page at a time, in what the reader may see: by the registers' own scopes, and by the
record as it stands.
"""

import math
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.database import database_key, db, is_sqlite, read
from tracker.guarantees.models import Guarantee
from tracker.kept import Kept
from tracker.records.models import CodeItem, RecordKind
from tracker.search.asking import Query, narrowed, query_of
from tracker.search.definition import OF_CODE, OF_GUARANTEE, OF_UNIT, mark_of
from tracker.search.scopes import Findable
from tracker.search.statements import (
    LOOKED_THROUGH,
    Shape,
    exact_page,
    few_page,
    matched_page,
    newest_page,
    places_page,
    walked_page,
)
from tracker.search.words import Asked, Names, numbers_like
from tracker.web.pagination import PAGE_ROWS

WINDOW, LEAST_WINDOW = 600, 15  # of the newest, that PostgreSQL looks through; of each unit at the least
MANY_UNITS = 64  # PostgreSQL walks no more of them one by one
FEW_UNITS, PLACES = 8, 1_000  # of more units SQLite looks at so many places of the words first
NAMES_KEPT_SECONDS = 10.0
LARGEST_KEY = 2**63 - 1


class Hit(NamedTuple):
    """A record that was found. `words`: the open texts that it is searched by; `unit` and `labels`: the names of its
    unit and of what else it points at.
    """

    record_id: int
    kind: RecordKind
    day: date
    number: str
    case_number: str | None
    words: list[str]
    unit: str
    labels: list[str]
    exact: bool


class Hits(NamedTuple):
    """A page of hits, without any only where there are none; `after` is the key that the next begins after, None where
    the list ends.
    """

    rows: tuple[Hit, ...]
    after: int | None


NOTHING = Hits((), None)


def search(asked: Asked, may: Findable, after: int | None = None) -> Hits:
    """The hits that follow the key `after`, else the first, with what has exactly that number before all others."""
    if not asked.words or not may:
        return NOTHING
    names = _kept_names.get(database_key(), _names)
    query, units = query_of(asked, may, names), _units_reached(may)
    by_unit = not is_sqlite() and units <= MANY_UNITS
    shape = Shape(
        may.scopes, may.own_id is not None, bool(query.words), bool(query.walked), bool(query.besides), len(query.wide),
        query.left, by_unit,
    )  # fmt: skip
    values: dict[str, Any] = {"own_id": may.own_id} if may.own_id is not None else {}
    for _, scope in may.scopes:
        values |= scope.values
    exact = _exact(asked, shape, values)
    values["before"] = LARGEST_KEY if after is None else after
    if is_sqlite():
        found = _sqlite_page(shape, values, query.words, may, units)
    else:
        found = _postgresql_page(shape, values, query, units)
    further = found[PAGE_ROWS - 1].id if len(found) > PAGE_ROWS else None
    numbers = {row.id for row in exact}
    rows = [row for row in found[:PAGE_ROWS] if row.id not in numbers]
    hits = [_hit(row, names.of, exact=True) for row in exact if after is None] + [_hit(row, names.of) for row in rows]
    if further is not None and (not hits or found[PAGE_ROWS].id in numbers):
        following = search(asked, may, further)  # all of which may have been told first
        if not hits:
            return following
        further = further if following.rows else None
    return Hits(tuple(hits), further)


def _units_reached(may: Findable) -> float:
    """How many units the reader reads any register of; past all counting where it is not by unit alone."""
    if any(scope.reach.everything or scope.hsl for _, scope in may.scopes):
        return math.inf
    return len({unit.id for reach in {scope.reach for _, scope in may.scopes} for unit in kept_units(reach)})


def _sqlite_page(shape: Shape, values: dict[str, Any], words: str, may: Findable, units: float) -> list[Any]:
    if units > FEW_UNITS and not may.everything:
        low, found = _low_and_hits(places_page(shape), values | {"query": words, "window": PLACES})
        if low == 0 or len(found) > PAGE_ROWS:
            return found
    return list(read(matched_page(shape), values | {"query": narrowed(words, may)}))


def _postgresql_page(shape: Shape, values: dict[str, Any], query: Query, units: float) -> list[Any]:
    values |= {
        "query": query.words,
        "walked": query.walked,
        "besides": query.besides,
        "window": max(WINDOW // max(int(units), 1), LEAST_WINDOW) if shape.by_unit else WINDOW,
    }
    for place, (words, of_units) in enumerate(query.wide):
        values |= {f"wide_{place}": words, f"units_{place}": of_units}
    low, found = _low_and_hits(newest_page(shape), values)
    if low == 0 or len(found) > PAGE_ROWS:
        return found
    places, found = _low_and_hits(few_page(shape), values)
    return found if places <= LOOKED_THROUGH else list(read(walked_page(shape), values))


def _low_and_hits(statement: Select[Any], values: dict[str, Any]) -> tuple[int, list[Any]]:
    """The `low` that stands in every row of a statement, and those rows that hold a hit."""
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
_KINDS = {kind.value: kind for kind in RecordKind}
_CODES = select(CodeItem.id, CodeItem.label)
_GUARANTEES = select(Guarantee.id, Guarantee.name)


def _hit(row: Any, labels: dict[str, str], *, exact: bool = False) -> Hit:  # noqa: ANN401 - a row of any statement
    *_, record_id, kind, unit_id, day, number, case_number, words, marks = row
    unit = mark_of(OF_UNIT, unit_id)
    named = [labels[mark] for mark in marks.split() if mark in labels and mark != unit]
    texts = [part for part in words.split("\n") if part and not part.isspace()]
    return Hit(record_id, _KINDS[kind], day, number, case_number, texts, labels.get(unit, ""), named, exact)
