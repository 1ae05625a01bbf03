"""Reading the register: a page of it, how many there are, and all of it for an export.

A reader to whom records have been given by name has two sources: what the reach of the roles opens, walked or found by
the indexes below, and the few that are given, found by decision. No row stands in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.database import db, is_sqlite
from tracker.decisions.filtering import RegisterFilter, Status
from tracker.decisions.models import UNREPORTABLE, Decision, DecisionClock
from tracker.records.models import Mark
from tracker.records.ordering import in_order, order_of
from tracker.records.questions import Question
from tracker.records.scope import (
    Scope,
    by_name_alone,
    closed_records,
    is_marked,
    named_records,
    ordinary,
    visible,
    within_reach,
)
from tracker.rules.unexecuted import FOREVER, NEVER, ClockState
from tracker.rules.warnings import CLOSE_DAYS, SOON_DAYS
from tracker.web.pagination import PAGE_ROWS, Key, Order, TextKey

C = DecisionClock
T = TypeVarTuple("T")
COUNT_CAP = 1_000
NO_DECISION = 0
BY_REF = "ref"  # which no index of the clocks has in order: only what is few is put so
BY_DECISION = "sqlite_autoindex_decision_clock_1"  # what SQLite calls the clocks' unique constraint
AFTER_EVERY_TEXT = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides how a statement looks; its values are bound when it runs. Statements are made once per shape.

    `by_ref` is True when the few decisions whose ref fits are known by number, False when they are many, None when the
    list is not filtered by ref. `place` sets the values of one list apart from those of others in the same statement.
    """

    status: Status | None
    by_intervention: bool
    by_kind: bool
    by_day: bool
    by_ref: bool | None
    scope: Scope
    sqlite: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One clock as the register shows it; `ended_on` is None while it runs."""

    clock_id: int
    record_id: int
    ref: str
    intervention_id: int
    kind: str
    unit_id: int
    started_on: date
    due_on: date
    state: str
    ended_on: date | None
    decided_on: date
    executed_on: date | None
    closed_on: date | None
    first_reported_on: date | None


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register. `count` stops at the cap, then `capped`; keys are None where the list ends.

    `hidden`: how many more the filter holds within reach that are protected or closed to the reader. `order`: that in
    which it stands, its own where a long list could not be put in the one asked for.
    """

    rows: tuple[RegisterRow, ...]
    count: int
    capped: bool
    after: Key | TextKey | None
    before: Key | TextKey | None
    hidden: int
    order: Order


_open = C.state == ClockState.OPEN.value
_never = aliased(C)
# Open clocks that can stand in no class are judgments': they are followed here, and not reported.
_UNREPORTABLE = select(_never.id).where(text(UNREPORTABLE))
_UNREPORTABLE = _UNREPORTABLE.with_hint(_never, "INDEXED BY ix_clock_unreportable", dialect_name="sqlite")
_BY_STATUS: dict[Status, ColumnElement[bool]] = {
    Status.OPEN: _open,
    Status.OVERDUE: and_(_open, C.due_on < bindparam("today")),
    Status.REPORTABLE: and_(_open, C.due_on < bindparam("today"), C.id.not_in(_UNREPORTABLE)),
    Status.EXECUTED: C.state == ClockState.EXECUTED.value,
    Status.CLOSED: C.state == ClockState.CLOSED.value,
}
_AHEAD = {Status.CLOSE: CLOSE_DAYS, Status.SOON: SOON_DAYS}
_fitting = aliased(Decision)
_REF_FITS = select(_fitting.record_id).where(_fitting.ref >= bindparam("ref_from"), _fitting.ref < bindparam("ref_to"))
_SOME_FITTING = _REF_FITS.limit(COUNT_CAP + 1)


def _filters(shape: Shape) -> list[ColumnElement[bool]]:
    found, place = [], shape.place
    if shape.status in _AHEAD:
        found.append(and_(_open, C.due_on >= bindparam("today"), C.due_on <= bindparam(f"soon{place}")))
    elif shape.status is not None:
        found.append(_BY_STATUS[shape.status])
    if shape.by_intervention:
        found.append(C.intervention_id == bindparam("intervention_id"))
    if shape.by_kind:
        found.append(C.kind == bindparam("kind"))
    if shape.by_day:
        found.append(C.due_on.between(bindparam(f"due_from{place}"), bindparam(f"due_to{place}")))
    if shape.by_ref:
        found.append(C.decision_id.in_(bindparam("decision_ids", expanding=True)))
    elif shape.by_ref is False:
        found.append(_REF_FITS.where(_fitting.record_id == C.decision_id).exists())
    return found


def _conditions(shape: Shape, walking: bool) -> list[ColumnElement[bool]]:
    """What the reach of the roles opens; what is closed to the reader is left out by the clocks' own number, which
    every index holds.
    """
    found = [ordinary(C.unit_id, C.mark, shape.scope.reach, in_order=walking), *_filters(shape)]
    if shape.scope.closed:
        closed = aliased(C)
        found.append(C.id.not_in(select(closed.id).where(closed.decision_id.in_(closed_records()))))
    return found


def _given(shape: Shape, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """The clocks that only a name opens; they are few, and found by decision."""
    opened = by_name_alone(C.decision_id, C.unit_id, C.mark, shape.scope)
    statement = select(*columns).where(opened, *_filters(shape))
    return statement.with_hint(C, f"INDEXED BY {BY_DECISION}", dialect_name="sqlite")


def _left_out(shape: Shape) -> ColumnElement[int]:
    """How many clocks within reach the filter holds that are protected or closed to the reader."""
    scope = shape.scope
    if not (scope.reach.everything or scope.reach.intervals):
        return literal_column("0")
    inside = [within_reach(C.unit_id, scope.reach), *_filters(shape)]
    protected = select(func.count()).select_from(C).where(is_marked(C.mark, Mark.PROTECTED), *inside)
    if scope.named:
        protected = protected.where(C.decision_id.not_in(named_records()))
    found = protected.with_hint(C, "INDEXED BY ix_clock_protected", dialect_name="sqlite").scalar_subquery()
    if not scope.closed:
        return found
    closed = select(func.count()).select_from(C)
    closed = closed.where(is_marked(C.mark, Mark.ORDINARY), C.decision_id.in_(closed_records()), *inside)
    return found + closed.with_hint(C, f"INDEXED BY {BY_DECISION}", dialect_name="sqlite").scalar_subquery()


def _index(shape: Shape, walking: bool) -> str:
    """The index by which SQLite finds the hits, or walks the list in its order.

    SQLite guesses from averages and takes a kind that nearly every row has for a good start; PostgreSQL knows which
    values are common and chooses for itself.
    """
    reach = shape.scope.reach
    if shape.by_ref and not walking:
        return BY_DECISION
    if reach.only_unit_id is not None or (reach.intervals and not walking):
        return "ix_clock_unit"
    if shape.by_intervention:
        return "ix_clock_intervention" if shape.status is None else "ix_clock_intervention_state"
    if shape.by_kind and not (shape.status is None and (walking or shape.by_day)):
        return "ix_clock_kind_state"
    return "ix_clock_due" if shape.status is None else "ix_clock_state"


def _hinted(statement: Select[*T], shape: Shape, walking: bool) -> Select[*T]:
    return statement.with_hint(C, f"INDEXED BY {_index(shape, walking)}", dialect_name="sqlite")


def _hits(shape: Shape, *columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    """Some columns of the first hits, in no order; one more than the cap tells that there are more."""
    few = _hinted(select(*columns).where(*_conditions(shape, walking=False)), shape, walking=False)
    few = few.limit(COUNT_CAP + 1)
    if not shape.scope.named:
        return few
    return select(union_all(select(few.subquery()), _given(shape, *columns)).subquery()).limit(COUNT_CAP + 1)


@lru_cache(maxsize=2_000)
def _count_statement(shape: Shape) -> Select[Any]:
    some = _hits(shape, literal(1).label("one")).subquery()
    count = select(func.count()).select_from(some)
    if shape.by_ref is not None:
        return count.add_columns(literal_column("0"))
    return select(count.scalar_subquery(), _left_out(shape))


@lru_cache(maxsize=4_000)
def page_statement(shape: Shape, few: bool, order: Order, forward: bool, from_key: bool) -> Select[Any]:
    """A page of the register.

    Where hits are few they are found first and then put in order; where they are many the list is walked in its
    order until the page is full. Either way the page's rows alone are looked up.
    """
    columns: tuple[Any, ...] = (C.id, getattr(C, order.column))
    if few:
        hits = _hits(shape, *columns).cte(f"hits{shape.place}").c
        ids = in_order(select(hits.id), hits, order, "id", forward=forward, from_key=from_key)
    else:
        walked = select(*columns).where(*_conditions(shape, walking=True))
        ids = _hinted(in_order(walked, C, order, "id", forward=forward, from_key=from_key), shape, walking=True)
        if shape.scope.named:
            given = in_order(_given(shape, *columns), C, order, "id", forward=forward, from_key=from_key)
            both = union_all(select(ids.subquery()), select(given.subquery())).subquery().c
            ids = in_order(select(both.id), both, order, "id", forward=forward, from_key=False)
    page, clock = ids.subquery("page"), aliased(C)
    statement = select(*row_columns(clock)).join(page, page.c.id == clock.id)
    return statement.order_by(*order_of(clock, order, "id", forward))


def row_columns(c: Any) -> tuple[Any, ...]:  # noqa: ANN401 - the clocks, or an alias of them
    """The columns of a RegisterRow."""
    return (
        c.id, c.decision_id, c.ref, c.intervention_id, c.kind, c.unit_id, c.started_on, c.due_on, c.state,
        func.coalesce(c.executed_on, c.closed_on), c.decided_on, c.executed_on, c.closed_on, c.first_reported_on,
    )  # fmt: skip


def shape_and_values(
    wanted: RegisterFilter, scope: Scope, today: date, place: str = ""
) -> tuple[Shape, dict[str, Any]]:
    """What a list's statements are made from, and the values to run them with."""
    values: dict[str, Any] = {}
    by_ref = None
    if wanted.ref:
        values = {"ref_from": wanted.ref, "ref_to": wanted.ref + AFTER_EVERY_TEXT}
        fitting = list(db.session.scalars(_SOME_FITTING, values)) or [NO_DECISION]
        by_ref = len(fitting) <= COUNT_CAP
        values = {"decision_ids": fitting} if by_ref else values
    by_day = wanted.due_from is not None or wanted.due_to is not None
    shape = Shape(
        wanted.status, wanted.intervention_id is not None, wanted.kind is not None, by_day, by_ref, scope, is_sqlite(),
        place,
    )  # fmt: skip
    values |= scope.values
    if wanted.status in {Status.OVERDUE, Status.REPORTABLE, *_AHEAD}:
        values["today"] = today
    if wanted.status in _AHEAD:
        values[f"soon{place}"] = today + timedelta(days=_AHEAD[wanted.status])
    if by_day:
        values |= {f"due_from{place}": wanted.due_from or NEVER, f"due_to{place}": wanted.due_to or FOREVER}
    if wanted.intervention_id is not None:
        values["intervention_id"] = wanted.intervention_id
    if wanted.kind is not None:
        values["kind"] = wanted.kind.value
    return shape, values


def list_register(
    wanted: RegisterFilter, scope: Scope, today: date, after: Key | TextKey | None = None,
    before: Key | TextKey | None = None, order: Order | None = None,
) -> RegisterPage:  # fmt: skip
    """The page that follows `after` or precedes `before`, else the first; two statements (three by ref), whatever N."""
    shape, values = shape_and_values(wanted, scope, today)
    count, hidden = db.session.execute(_count_statement(shape), values).one()
    few = count <= COUNT_CAP
    order = own_order(wanted) if order is None or (order.column == BY_REF and not few) else order
    if count == 0:
        return RegisterPage((), 0, False, None, None, hidden, order)
    key_type = TextKey if order.column == BY_REF else Key
    after, before = (key if isinstance(key, key_type) else None for key in (after, before))
    key = before or after
    if key is not None:
        values |= key.values
    statement = page_statement(shape, few, order, before is None, key is not None)
    found = [RegisterRow(*row) for row in db.session.execute(statement, values)]
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if before is not None:
        found.reverse()
    further = more if before is None else True
    earlier = more if before is not None else after is not None
    keys = [key_type(getattr(row, order.column), row.clock_id) for row in found]
    return RegisterPage(
        tuple(found), min(count, COUNT_CAP), count > COUNT_CAP, keys[-1] if keys and further else None,
        keys[0] if keys and earlier else None, hidden, order,
    )  # fmt: skip


def own_order(wanted: RegisterFilter) -> Order:
    """The order of a list where no other is asked for: by the day on which the three months end."""
    return Order("due_on", falling=not wanted.longest_wait_first)


@lru_cache(maxsize=2_000)
def _total_statement(shape: Shape) -> Select[Any]:
    total = select(func.count()).select_from(C).where(*_conditions(shape, walking=False))
    return _hinted(total, shape, walking=False)


def count_register(wanted: RegisterFilter, scope: Scope, today: date) -> int:
    """How many clocks the filter holds, without a cap; for the few figures that are told exactly."""
    shape, values = shape_and_values(wanted, scope, today)
    count = db.session.scalar(_total_statement(shape), values) or 0
    if scope.named:
        given = _given(shape, literal(1).label("one")).subquery()
        count += db.session.scalar(select(func.count()).select_from(given), values) or 0
    return count


def ask_open(lists: Sequence[RegisterFilter], scope: Scope, today: date) -> Question[list[int]]:
    """How many clocks each of several lists of open ones holds, without a cap, in one walk through the open clocks;
    the lists are filtered by a status of open clocks and by days alone.
    """
    shapes, values = [], dict[str, Any]()
    for number, wanted in enumerate(lists):
        shape, given = shape_and_values(wanted, scope, today, f"_{number}")
        shapes.append(shape)
        values |= given
    return Question(_open_statement(tuple(shapes)), values, list)


@lru_cache(maxsize=500)
def _open_statement(shapes: tuple[Shape, ...]) -> Select[Any]:
    """One walk where the units part the index, a part of it for each list where nothing does; what a name opens is
    walked by itself.
    """
    every = replace(shapes[0], status=Status.OPEN, by_day=False)
    counts = [func.count().filter(and_(*_filters(shape))).label(f"list_{at}") for at, shape in enumerate(shapes)]
    if every.scope.reach.everything:
        found = select(
            *(_total_statement(shape).scalar_subquery().label(f"list_{at}") for at, shape in enumerate(shapes))
        )
    else:
        walked = select(*counts).select_from(C).where(*_conditions(every, walking=False))
        found = _hinted(walked, every, walking=False)
    if every.scope.named:
        one, given = found.subquery(), _given(every, *counts).subquery()
        sums = (a + b for a, b in zip(one.c, given.c, strict=True))
        found = select(*(count.label(f"list_{at}") for at, count in enumerate(sums))).select_from(
            one.join(given, true())
        )
    return select(*found.subquery().c)


def find_in_register(
    statement: Select[*T], wanted: RegisterFilter, scope: Scope, today: date
) -> tuple[Select[*T], dict[str, Any]]:
    """A statement over the clocks that asks for all that the filter holds, and the values to run it with."""
    shape, values = shape_and_values(wanted, scope, today)
    return statement.where(*_whole(shape)), values


def _whole(shape: Shape) -> list[ColumnElement[bool]]:
    """Both sources at once, for what is read from end to end."""
    if not shape.scope.named:
        return _conditions(shape, walking=True)
    return [visible(C.decision_id, C.unit_id, C.mark, shape.scope), *_filters(shape)]
