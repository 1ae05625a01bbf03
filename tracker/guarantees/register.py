"""The register of a guarantee's occasions: a page of it in one of its orders, and the whole filtered list.

Where at most 1 000 fit they are found first and put in order, where more do the list is walked along an index until the
page is full.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, func, select

from tracker.database import db
from tracker.guarantees.models import GuaranteeOccasion as G
from tracker.guarantees.queries import OccasionRow, occasions, row_of
from tracker.records.ordering import in_order
from tracker.records.scope import Scope, visible
from tracker.rules.calendar import add_months
from tracker.rules.guarantee_occasions import OccasionState
from tracker.web.pagination import PAGE_ROWS, Key, Order, TextKey

COUNT_CAP = 1_000
LATEST = Order("started_on", falling=True)
BY_REF, BY_DUE, BY_END = "ref", "due_on", "ended_on"
_BY_LETTER = {column[0]: column for column in (LATEST.column, BY_REF, BY_DUE, BY_END)}
_RUN = frozenset({OccasionState.RUNNING, OccasionState.LATE})
_ENDED = frozenset({OccasionState.IN_TIME, OccasionState.MISSED})
_LAST = date.max  # where what has not ended stands
_FIRST = "first"  # what a page's statement calls that which its list goes by


class OccasionFilter(NamedTuple):
    """What is asked for: the occasions in a state, and those that started in the month that begins on a day."""

    state: OccasionState | None = None
    month: date | None = None


class Place(NamedTuple):
    """The place of an occasion in a list that goes by a column: what it has there, and its number."""

    column: str
    key: Key | TextKey

    def __str__(self) -> str:
        """The place as it stands in an address."""
        return f"{self.column[0]}{self.key}"

    @classmethod
    def parse(cls, given: str | None) -> Self | None:
        """The place in an address; None when there is none or it is not one of ours (the list begins at the top)."""
        column = _BY_LETTER.get(given[0]) if given else None
        if given is None or column is None:
            return None
        key = (TextKey if column == BY_REF else Key).parse(given[1:])
        return None if key is None else cls(column, key)


class OccasionPage(NamedTuple):
    """A page of the register; the places are None where the list ends. `hits` stops at 1 000 (`capped`). `order`: that
    in which it stands, the latest started first where no index has a long list in the order asked for.
    """

    rows: tuple[OccasionRow, ...]
    after: Place | None
    before: Place | None
    hits: int
    capped: bool
    order: Order = LATEST


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


def walked_by(order: Order, wanted: OccasionFilter, scope: Scope) -> str | None:
    """The index that has a long filtered list in an order, as SQLite names it; None where none has."""
    runs, of_month = wanted.state in _RUN, wanted.month is not None
    if order.column == LATEST.column and (order.falling or of_month or not runs):  # what runs has started of late
        return f"ix_guarantee_occasion_{'unit' if scope.reach.only_unit_id is not None else 'list'}"
    if order.column == BY_REF and not (runs or of_month):
        return "sqlite_autoindex_guarantee_occasion_2"  # what SQLite calls the unique constraint of the references
    if order.column == BY_DUE and runs and not of_month:
        return "ix_guarantee_occasion_runs"
    return "ix_guarantee_occasion_ended" if order.column == BY_END and wanted.state in _ENDED and not of_month else None


def list_register(
    guarantee_id: int, wanted: OccasionFilter, scope: Scope, today: date, after: Place | None = None,
    before: Place | None = None, order: Order = LATEST,
) -> OccasionPage:  # fmt: skip
    """The page that follows `after` or precedes `before`, else the first; two statements, whatever the size."""
    count = count_register(guarantee_id, wanted, scope, today, cap=COUNT_CAP)
    if count == 0:
        return OccasionPage((), None, None, 0, False, order)
    few = count <= COUNT_CAP
    if not (few or walked_by(order, wanted, scope)):
        order = LATEST
    after, before = (place if place and place.column == order.column else None for place in (after, before))
    place, forward = before or after, before is None
    values = scope.values | (place.key.values if place else {})
    conditions = _conditions(guarantee_id, wanted, scope, today, in_order=not few)
    towards = {"forward": forward, "from_key": place is not None}
    if few:
        hits = select(G.record_id, _first(order)).where(*conditions).cte("hits").prefix_with("MATERIALIZED").c
        found = in_order(select(hits.record_id, hits.first), hits, Order(_FIRST, order.falling), "record_id", **towards)
    else:
        walked = select(G.record_id, getattr(G, order.column).label(_FIRST)).where(*conditions)
        if order.column == BY_END:
            walked = walked.where(G.ended_on > date.min)  # or an index is walked through what has not ended
        found = in_order(_hinted(walked, wanted, scope, order), G, order, "record_id", **towards)
    rows = _rows(_shown(found, order, forward), values)
    more, rows = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS]
    if not forward:
        rows.reverse()
    further, earlier = (more, after is not None) if forward else (True, more)
    return OccasionPage(
        tuple(rows), _place(rows[-1], order) if rows and further else None,
        _place(rows[0], order) if rows and earlier else None, min(count, COUNT_CAP), count > COUNT_CAP, order,
    )  # fmt: skip


def _hinted(walked: Select[Any], wanted: OccasionFilter, scope: Scope, order: Order) -> Select[Any]:
    """SQLite guesses from averages; PostgreSQL knows which values are common and chooses for itself."""
    if scope.named or not (scope.reach.everything or scope.reach.intervals):
        return walked  # what is given by name is found by its own number
    return walked.with_hint(G, f"INDEXED BY {walked_by(order, wanted, scope)}", dialect_name="sqlite")


def _shown(found: Select[Any], order: Order, forward: bool) -> Select[Any]:
    """A page's rows alone are looked up, by their number."""
    page = found.subquery("page")
    columns = (page.c.first, page.c.record_id)
    return (
        occasions()
        .join(page, page.c.record_id == G.record_id)
        .order_by(*(column.desc() if order.descends(forward) else column for column in columns))
    )


def _first(order: Order) -> ColumnElement[Any]:
    """What a list goes by. What has not ended stands last where the first to end stands first."""
    column = getattr(G, order.column)
    return (func.coalesce(column, _LAST) if order.column == BY_END else column).label(_FIRST)


def _place(row: OccasionRow, order: Order) -> Place:
    """Where a row stands in a list of this order."""
    if order.column == BY_REF:
        return Place(BY_REF, TextKey(row.ref, row.record_id))
    days = {LATEST.column: row.days.started_on, BY_DUE: row.days.due_on, BY_END: row.days.ended_on or _LAST}
    return Place(order.column, Key(days[order.column], row.record_id))


def _rows(statement: Select[Any], values: Mapping[str, Any]) -> list[OccasionRow]:
    return [row_of(row) for row in db.session.execute(statement, values)]


def count_register(
    guarantee_id: int, wanted: OccasionFilter, scope: Scope, today: date, *, cap: int | None = None
) -> int:
    """How many occasions the filtered list holds; no further than one past `cap` where it is given."""
    some = select(G.record_id).where(*_conditions(guarantee_id, wanted, scope, today, in_order=False))
    if cap is not None:
        some = some.limit(cap + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery()), scope.values) or 0


def export_register(
    guarantee_id: int, wanted: OccasionFilter, scope: Scope, today: date, order: Order = LATEST
) -> list[OccasionRow]:
    """The whole filtered list in an order."""
    conditions = _conditions(guarantee_id, wanted, scope, today, in_order=False)
    columns = (_first(order).element, G.record_id)
    whole = occasions().where(*conditions)
    return _rows(whole.order_by(*(column.desc() if order.falling else column for column in columns)), scope.values)
