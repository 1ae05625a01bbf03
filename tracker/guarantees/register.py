"""The register of a guarantee's occasions: a page of it, the latest started first; and the whole filtered list."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from tracker.database import db
from tracker.guarantees.models import GuaranteeOccasion as G
from tracker.guarantees.queries import OccasionRow, occasions, row_of
from tracker.records.scope import Scope, visible
from tracker.rules.calendar import add_months
from tracker.rules.guarantee_occasions import OccasionState
from tracker.web.pagination import PAGE_ROWS, Key

COUNT_CAP = 1_000


class OccasionFilter(NamedTuple):
    """What is asked for: the occasions in a state, and those that started in the month that begins on a day."""

    state: OccasionState | None = None
    month: date | None = None


class OccasionPage(NamedTuple):
    """A page of the register; the keys are None where the list ends. `hits` stops at 1 000 (`capped`)."""

    rows: tuple[OccasionRow, ...]
    after: Key | None
    before: Key | None
    hits: int
    capped: bool


def in_state(state: OccasionState, today: date) -> list[ColumnElement[bool]]:
    """What holds of the occasions in a state on a day."""
    runs = [G.ended_on.is_(None), G.cancelled_on.is_(None)]
    conditions: dict[OccasionState, list[ColumnElement[bool]]] = {
        OccasionState.RUNNING: [*runs, G.due_on >= today],
        OccasionState.LATE: [*runs, G.due_on < today],
        OccasionState.IN_TIME: [G.excess == 0],
        OccasionState.MISSED: [G.excess > 0],
        OccasionState.CANCELLED: [G.cancelled_on.is_not(None)],
    }
    return conditions[state]


def _conditions(
    guarantee_id: int, wanted: OccasionFilter, scope: Scope, today: date, *, in_order: bool
) -> Iterator[ColumnElement[bool]]:
    yield G.guarantee_id == guarantee_id
    yield visible(G.record_id, G.unit_id, G.mark, scope, in_order=in_order)
    if wanted.state is not None:
        yield from in_state(wanted.state, today)
    if wanted.month is not None:
        yield G.started_on >= wanted.month
        yield G.started_on < add_months(wanted.month, 1)


def list_register(
    guarantee_id: int, wanted: OccasionFilter, scope: Scope, today: date, after: Key | None = None,
    before: Key | None = None,
) -> OccasionPage:  # fmt: skip
    """The page that follows `after` or precedes `before`, else the first."""
    key, forward = before or after, before is None
    statement = occasions().where(*_conditions(guarantee_id, wanted, scope, today, in_order=True))
    if key is not None:
        place, from_key = tuple_(G.started_on, G.record_id), tuple_(key.day, key.id)
        statement = statement.where(place < from_key if forward else place > from_key)
    order = (G.started_on.desc(), G.record_id.desc()) if forward else (G.started_on, G.record_id)
    found = _rows(statement.order_by(*order).limit(PAGE_ROWS + 1), scope)
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if not forward:
        found.reverse()
    further, earlier = (more, after is not None) if forward else (True, more)
    count = count_register(guarantee_id, wanted, scope, today, cap=COUNT_CAP)
    return OccasionPage(
        tuple(found), _key(found[-1]) if found and further else None, _key(found[0]) if found and earlier else None,
        min(count, COUNT_CAP), count > COUNT_CAP,
    )  # fmt: skip


def _key(row: OccasionRow) -> Key:
    return Key(row.days.started_on, row.record_id)


def _rows(statement: Select[Any], scope: Scope) -> list[OccasionRow]:
    return [row_of(row) for row in db.session.execute(statement, scope.values)]


def count_register(
    guarantee_id: int, wanted: OccasionFilter, scope: Scope, today: date, *, cap: int | None = None
) -> int:
    """How many occasions the filtered list holds; no further than one past `cap` where it is given."""
    some = select(G.record_id).where(*_conditions(guarantee_id, wanted, scope, today, in_order=False))
    if cap is not None:
        some = some.limit(cap + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery()), scope.values) or 0


def export_register(guarantee_id: int, wanted: OccasionFilter, scope: Scope, today: date) -> list[OccasionRow]:
    """The whole filtered list, the latest started first."""
    conditions = _conditions(guarantee_id, wanted, scope, today, in_order=False)
    return _rows(occasions().where(*conditions).order_by(G.started_on.desc(), G.record_id.desc()), scope)
