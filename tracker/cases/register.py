"""Reading a register of cases: a page of it, how many there are, and all of it for an export.

Where hits are few they are found first and put in order, where they are many the list is walked in its order until the
page is full. That a protected case is left out is never told: that there is one may be what must not be known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, not_, select
from sqlalchemy.orm import aliased

from tracker.actions.late import among_late_sources, is_late_source
from tracker.cases.filtering import FOLLOWED_UP_FROM, SOON_WITHIN, STANDS_STILL_AFTER, STATE_OF, CaseFilter, Status
from tracker.cases.mas import seen_by
from tracker.cases.models import LexSarahReport
from tracker.cases.narrowing import MoreShape, more_conditions, more_shape, more_values
from tracker.cases.registers import CaseRegister
from tracker.database import db, is_sqlite
from tracker.records.models import RecordKind
from tracker.records.ordering import in_order, order_of
from tracker.records.scope import Scope
from tracker.rules.case_workflow import CaseState
from tracker.rules.guarantees import PRAISE
from tracker.web.pagination import PAGE_ROWS, Key, Order, TextKey

COUNT_CAP = 1_000
T = TypeVarTuple("T")
AFTER_EVERY_TEXT = "\U0010ffff"
CHOICE = {RecordKind.DEVIATION: "category_id", RecordKind.LEX_SARAH: "assessment", RecordKind.COMPLAINT: "kind"}
DUE = {RecordKind.LEX_SARAH: "target_on", RecordKind.COMPLAINT: "due_on"}
BESIDE = {
    RecordKind.DEVIATION: ("happened_on", "law_area", "kind", "severity"),
    RecordKind.LEX_SARAH: ("happened_on", "law"),
    RecordKind.COMPLAINT: (),
}
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
NEWEST, BY_NUMBER = Order("listed_on", falling=True), "ref"
NUMBERED = frozenset({None, Status.OPEN, Status.ENDED, *STATE_OF})  # what an index has in the order of the numbers


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the register shows it. `choice` is what the register is filtered by; `due_on` the last day of its
    target or promise, `met_on` the day it was met (decided, answered); `beside`: the columns of BESIDE.
    """

    record_id: int
    ref: str
    unit_id: int
    listed_on: date
    state: CaseState
    choice: str | int | None
    due_on: date | None
    met_on: date | None
    closed_on: date | None
    beside: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of a register. `count` stops at the cap, then `capped`; keys are None where the list ends. `order`: that
    in which it stands, the newest first where no index has the list in the order asked for.
    """

    rows: tuple[CaseRow, ...]
    count: int
    capped: bool
    after: Key | TextKey | None
    before: Key | TextKey | None
    order: Order = NEWEST


@dataclass(frozen=True, slots=True)
class _Shape:
    """What decides how a statement looks; statements are made once per shape. `by_ref` is True when few numbers begin
    so, False when many do, None when the list is not filtered by number.
    """

    kind: RecordKind
    status: Status | None
    by_choice: bool
    by_day: bool
    by_ref: bool | None
    scope: Scope
    sqlite: bool
    more: MoreShape = ()


def list_cases(
    register: CaseRegister, wanted: CaseFilter, scope: Scope, today: date, after: Key | TextKey | None = None,
    before: Key | TextKey | None = None, order: Order = NEWEST,
) -> CasePage:  # fmt: skip
    """The page that follows `after` or precedes `before`, else the first; two statements, whatever the size."""
    shape, values = _shape(register, wanted, scope), _values(wanted, scope, today)
    count = db.session.scalar(_count_statement(register, shape), values) or 0
    if count == 0:
        return CasePage((), 0, False, None, None, order)
    few = count <= COUNT_CAP
    if order.column == BY_NUMBER and not few and not _numbered(shape):
        order = NEWEST
    key_type = TextKey if order.column == BY_NUMBER else Key
    after, before = (key if isinstance(key, key_type) else None for key in (after, before))
    key = before or after
    if key is not None:
        values |= key.values
    statement = _page_statement(register, shape, order, few, before is None, key is not None)
    found = [case_row(row) for row in db.session.execute(statement, values)]
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if before is not None:
        found.reverse()
    further = more if before is None else True
    earlier = more if before is not None else after is not None
    keys = [key_type(getattr(row, order.column), row.record_id) for row in found]
    return CasePage(
        tuple(found), min(count, COUNT_CAP), count > COUNT_CAP, keys[-1] if keys and further else None,
        keys[0] if keys and earlier else None, order,
    )  # fmt: skip


def _numbered(shape: _Shape) -> bool:
    """Whether an index has a long list in the order of its numbers, so that a page is walked and not sorted."""
    return shape.status in NUMBERED and not shape.by_day and not shape.more


def count_cases(register: CaseRegister, wanted: CaseFilter, scope: Scope, today: date) -> int:
    """How many cases the whole filtered list holds."""
    shape = _shape(register, wanted, scope)
    statement = select(func.count()).select_from(register.model).where(*_conditions(register, shape, walking=False))
    return db.session.scalar(statement, _values(wanted, scope, today)) or 0


def open_by_unit(register: CaseRegister, scope: Scope) -> tuple[Select[Any], dict[str, Any]]:
    """A statement, with its values, of (unit, how many open cases are of just that unit)."""
    return _by_unit(register, _shape(register, CaseFilter(Status.OPEN), scope)), scope.values


@lru_cache(maxsize=500)
def _by_unit(register: CaseRegister, shape: _Shape) -> Select[Any]:
    columns: tuple[Any, ...] = (register.model.unit_id, func.count())
    counted = select(*columns).where(*_conditions(register, shape, walking=False)).group_by(columns[0])
    return _hinted(register, shape, counted, walking=False, index=f"ix_{register.model.__tablename__}_standing")


def counted_lists(
    register: CaseRegister, lists: Sequence[tuple[Status, Scope]], today: date
) -> tuple[Select[Any], dict[str, Any]]:
    """A statement, with its values, of how many cases each list of a status holds, counted no further than one past
    COUNT_CAP; last, where the list of what is to be sent to IVO is among them, the day of the earliest anmälan whose
    investigation has not been sent, None where there is none.
    """
    values: dict[str, Any] = {}
    for status, scope in lists:
        values |= _values(CaseFilter(status), scope, today)
    shapes = tuple(_shape(register, CaseFilter(status), scope) for status, scope in lists)
    return _counts_statement(register, shapes), values


def find_in_list(
    register: CaseRegister, statement: Select[*T], wanted: CaseFilter, scope: Scope, today: date
) -> tuple[Select[*T], dict[str, Any]]:  # fmt: skip
    """A statement over a register that asks for all that its filtered list holds, and the values to run it with."""
    conditions = _conditions(register, _shape(register, wanted, scope), walking=False)
    return statement.where(*conditions), _values(wanted, scope, today)


def _shape(register: CaseRegister, wanted: CaseFilter, scope: Scope) -> _Shape:
    by_day = wanted.from_on is not None or wanted.to_on is not None
    by_ref = None
    if wanted.ref:
        c = register.model
        some = select(literal(1).label("one")).where(*_by_ref(c)).limit(COUNT_CAP + 1).subquery()
        by_ref = (db.session.scalar(select(func.count()).select_from(some), _ref_values(wanted)) or 0) <= COUNT_CAP
    return _Shape(
        register.kind, wanted.status, wanted.choice is not None, by_day, by_ref, scope, is_sqlite(),
        more_shape(wanted.more),
    )  # fmt: skip


def _by_ref(model: Any) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - any of the registers
    return model.ref >= bindparam("ref_from"), model.ref < bindparam("ref_to")


def _ref_values(wanted: CaseFilter) -> dict[str, Any]:
    return {"ref_from": wanted.ref, "ref_to": wanted.ref + AFTER_EVERY_TEXT}


def _values(wanted: CaseFilter, scope: Scope, today: date) -> dict[str, Any]:
    values: dict[str, Any] = scope.values | more_values(wanted.more)
    if wanted.status in {Status.LATE, Status.SOON, Status.ACTION_LATE}:
        values["today"] = today
    if wanted.status is Status.SOON:
        values["soon_to"] = today + SOON_WITHIN
    if wanted.status is Status.STILL:
        values["moved_before"] = today - STANDS_STILL_AFTER
    if wanted.choice is not None:
        values["choice"] = wanted.choice
    if wanted.from_on is not None or wanted.to_on is not None:
        values |= {"from_on": wanted.from_on or FIRST, "to_on": wanted.to_on or LAST}
    if wanted.ref:
        values |= _ref_values(wanted)
    return values


def _conditions(register: CaseRegister, shape: _Shape, *, walking: bool) -> list[ColumnElement[bool]]:
    c = register.model
    found = [seen_by(c, shape.scope, in_order=walking or not shape.sqlite)]
    status = shape.status
    if status in STATE_OF:
        found.append(c.state == STATE_OF[status].value)
        if _inside(shape, walking):
            found.append(c.is_open)  # all of these are, which the index of units knows; that of states needs no more
    elif status is Status.ENDED:
        found.append(not_(c.is_open))
    elif status is Status.TO_IVO:
        found.append(c.ivo_notified_on.is_not(None))
    elif status is Status.TO_FOLLOW_UP:
        found.append(c.state.in_(FOLLOWED_UP_FROM))
    elif status is Status.TO_SUPPLEMENT:
        found += [c.ivo_notified_on.is_not(None), c.ivo_investigation_sent_on.is_(None), c.is_open]
    elif status is not None:
        found.append(c.is_open)
    found += _by_day(register, status)
    if status is Status.ACTION_LATE:
        one_by_one = _inside(shape, walking)  # where they are few; those of all are found by the actions
        found.append(is_late_source(c.record_id) if one_by_one else among_late_sources(c.record_id))
    if shape.by_choice:
        found.append(getattr(c, CHOICE[register.kind]) == bindparam("choice"))
    if shape.by_day:
        found.append(c.listed_on.between(bindparam("from_on"), bindparam("to_on")))
    if shape.by_ref is not None:
        found += _by_ref(c)
    return found + more_conditions(c, shape.more)


def _by_day(register: CaseRegister, status: Status | None) -> list[ColumnElement[bool]]:
    """What a status says of days that have passed, or soon will."""
    c = register.model
    if status in {Status.LATE, Status.SOON}:
        due = getattr(c, DUE[register.kind])
        soon = due.between(bindparam("today"), bindparam("soon_to"))
        waits = due < bindparam("today") if status is Status.LATE else soon
        lex_sarah = register.kind is RecordKind.LEX_SARAH
        return [waits, c.decided_on.is_(None)] if lex_sarah else [waits, c.answered_on.is_(None), c.kind != PRAISE]
    return [c.moved_on < bindparam("moved_before")] if status is Status.STILL else []


def _inside(shape: _Shape, walking: bool) -> bool:
    """Whether the hits are found by the units that they lie in."""
    reach = shape.scope.reach
    return reach.only_unit_id is not None or (bool(reach.intervals) and not reach.everything and not walking)


def _index(register: CaseRegister, shape: _Shape, *, walking: bool) -> str:
    """The index by which SQLite finds the hits, or walks the list in its order.

    SQLite guesses from averages; PostgreSQL knows which values are common and chooses for itself.
    """
    table, reach, choice = register.model.__tablename__, shape.scope.reach, CHOICE[register.kind]
    if shape.by_ref and not walking:
        return f"sqlite_autoindex_{table}_2"  # what SQLite calls the unique constraint of the numbers
    inside = _inside(shape, walking)
    of_unit = "unit_" if inside else ""
    if shape.status is Status.TO_IVO:
        return f"ix_{table}_{of_unit}ivo"
    if shape.status is Status.TO_SUPPLEMENT and not walking:
        return f"ix_{table}_supplement"
    if shape.status is Status.TO_FOLLOW_UP and not (walking or shape.by_choice):
        return f"ix_{table}_state"
    waits = register.kind is RecordKind.COMPLAINT and shape.status in {Status.LATE, Status.SOON}
    if waits and not (walking or inside or shape.by_choice):
        return f"ix_{table}_waits"
    if shape.by_choice and (inside or shape.status in {None, Status.ENDED}):
        return f"ix_{table}_{of_unit}{choice}"
    if shape.status is None:
        return f"ix_{table}_unit" if inside else f"ix_{table}_list"
    if shape.status is Status.STILL and not walking and reach.only_unit_id is None:
        return f"ix_{table}_still"
    if shape.status in STATE_OF:
        return f"ix_{table}_standing" if inside and not walking else f"ix_{table}_{'unit_open' if inside else 'state'}"
    return f"ix_{table}_{of_unit}open"


def _index_of_numbers(register: CaseRegister, shape: _Shape) -> str:
    """The index by which SQLite walks a list in the order of its numbers."""
    table = register.model.__tablename__
    return f"sqlite_autoindex_{table}_2" if shape.status is None else f"ix_{table}_ref"


def _hinted(
    register: CaseRegister, shape: _Shape, statement: Select[Any], *, walking: bool, order: Order = NEWEST,
    index: str = "",
) -> Select[Any]:  # fmt: skip
    if shape.scope.named or shape.scope.hsl or not (shape.scope.reach.everything or shape.scope.reach.intervals):
        return statement  # what is given by name is found by its own number
    by_number = walking and order.column == BY_NUMBER
    index = index or (_index_of_numbers(register, shape) if by_number else _index(register, shape, walking=walking))
    hint = f"INDEXED BY {index}"
    return statement.with_hint(register.model, hint, dialect_name="sqlite")


@lru_cache(maxsize=2_000)
def _count_statement(register: CaseRegister, shape: _Shape) -> Select[Any]:
    some = select(literal(1).label("one")).select_from(register.model)
    some = some.where(*_conditions(register, shape, walking=False)).limit(COUNT_CAP + 1)
    some = _hinted(register, shape, some, walking=False)
    return select(func.count()).select_from(some.subquery())


@lru_cache(maxsize=500)
def _counts_statement(register: CaseRegister, shapes: tuple[_Shape, ...]) -> Select[Any]:
    found: list[Any] = [_count_statement(register, shape).scalar_subquery() for shape in shapes]
    for shape in shapes:
        if shape.status is Status.TO_SUPPLEMENT:
            first = select(func.min(LexSarahReport.ivo_notified_on)).where(*_conditions(register, shape, walking=False))
            found.append(_hinted(register, shape, first, walking=False).scalar_subquery())
    return select(*(one.label(f"list_{place}") for place, one in enumerate(found)))


@lru_cache(maxsize=4_000)
def _page_statement(
    register: CaseRegister, shape: _Shape, order: Order, few: bool, forward: bool, from_key: bool
) -> Select[Any]:
    c, towards = register.model, {"forward": forward, "from_key": from_key}
    first = getattr(c, order.column)
    if few:
        found = select(c.record_id, first).where(*_conditions(register, shape, walking=False))
        hits = _hinted(register, shape, found, walking=False).cte("hits").c
        page = in_order(select(hits.record_id), hits, order, "record_id", **towards).subquery("page")
    else:
        walked = select(c.record_id, first).where(*_conditions(register, shape, walking=True))
        if order.column == BY_NUMBER and shape.status in STATE_OF:
            walked = walked.where(c.is_open)  # all of these are, and so the index of the numbers begins
        walked = _hinted(register, shape, walked, walking=True, order=order)
        page = in_order(walked, c, order, "record_id", **towards).subquery("page")
    c = aliased(c)  # a page's rows alone are looked up, by their number
    return (
        select(*shown_columns(register, c))
        .join(page, page.c.record_id == c.record_id)
        .order_by(*order_of(c, order, "record_id", forward))
    )


def shown_columns(register: CaseRegister, c: Any) -> tuple[Any, ...]:  # noqa: ANN401 - the register's table, or an alias
    """The columns of a row, as `_row` takes them."""
    due = getattr(c, DUE[register.kind]) if register.kind in DUE else literal(None)
    met = {RecordKind.LEX_SARAH: "decided_on", RecordKind.COMPLAINT: "answered_on"}.get(register.kind)
    return (
        c.record_id, c.ref, c.unit_id, c.listed_on, c.state, getattr(c, CHOICE[register.kind]), due,
        getattr(c, met) if met else literal(None), c.closed_on, *(getattr(c, name) for name in BESIDE[register.kind]),
    )  # fmt: skip


def case_row(row: Any) -> CaseRow:  # noqa: ANN401 - a row of any of the statements
    record_id, ref, unit_id, listed_on, state, choice, due_on, met_on, closed_on, *beside = row
    due_on = None if choice == PRAISE else due_on
    return CaseRow(
        record_id, ref, unit_id, listed_on, CaseState(state), choice, due_on, met_on, closed_on, tuple(beside)
    )
