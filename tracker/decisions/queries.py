"""Reading the register: a page of it, how many there are, all of it for an export, and one decision."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Executable, Select, and_, any_, bindparam, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from tracker.accounts.models import Unit
from tracker.accounts.reader import Reach
from tracker.database import db, is_sqlite
from tracker.decisions.models import Decision, DecisionClock
from tracker.records.models import CodeItem, Record
from tracker.records.scope import visible
from tracker.rules.unexecuted import ClockKind, ClockState
from tracker.web.pagination import PAGE_ROWS, Key

C = DecisionClock
T = TypeVarTuple("T")
COUNT_CAP = 1_000
SOON_DAYS = 30
EXPORT_BATCH = 2_000
NO_DECISION = 0
AFTER_EVERY_TEXT = "\U0010ffff"


class Status(StrEnum):
    """How the register can be filtered by state; the first three are parts of what is not executed."""

    OPEN = "ej-verkstallda"
    OVERDUE = "over-tre-manader"
    SOON = "snart-tre-manader"
    EXECUTED = "verkstallda"
    CLOSED = "avslutade"

    @property
    def longest_wait_first(self) -> bool:
        """What waits is listed with the longest wait first, what has ended with the newest first."""
        return self in {Status.OPEN, Status.OVERDUE, Status.SOON}


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the register is filtered by; None and empty mean everything."""

    status: Status | None = None
    intervention_id: int | None = None
    kind: ClockKind | None = None
    ref: str = ""

    @property
    def longest_wait_first(self) -> bool:
        """The order of the list."""
        return self.status is not None and self.status.longest_wait_first


@dataclass(frozen=True, slots=True)
class _Shape:
    """What decides how a statement looks; its values are bound when it runs. Statements are made once per shape.

    `by_ref` is True when the few decisions whose ref fits are known by number, False when they are many, None when the
    list is not filtered by ref.
    """

    status: Status | None
    by_intervention: bool
    by_kind: bool
    by_ref: bool | None
    reach: Reach
    sqlite: bool


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


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register. `count` stops at the cap, then `capped`; keys are None where the list ends."""

    rows: tuple[RegisterRow, ...]
    count: int
    capped: bool
    after: Key | None
    before: Key | None


_BY_STATUS: dict[Status, ColumnElement[bool]] = {
    Status.OPEN: C.state == ClockState.OPEN.value,
    Status.OVERDUE: and_(C.state == ClockState.OPEN.value, C.due_on < bindparam("today")),
    Status.SOON: and_(C.state == ClockState.OPEN.value, C.due_on >= bindparam("today"), C.due_on <= bindparam("soon")),
    Status.EXECUTED: C.state == ClockState.EXECUTED.value,
    Status.CLOSED: C.state == ClockState.CLOSED.value,
}


_fitting = aliased(Decision)
_REF_FITS = select(_fitting.record_id).where(_fitting.ref >= bindparam("ref_from"), _fitting.ref < bindparam("ref_to"))
_SOME_FITTING = _REF_FITS.limit(COUNT_CAP + 1)


def _within(shape: _Shape, walking: bool) -> ColumnElement[bool]:
    """The scope. When the list is walked in its order, a part of the tree must not lure the planner elsewhere."""
    reach = shape.reach
    if not walking or reach.everything or reach.only_unit_id is not None or not reach.intervals:
        return visible(C.unit_id, C.protected, reach)
    units = select(Unit.id).where(or_(*(Unit.tree_from.between(low, high) for low, high in reach.intervals)))
    inside = (C.unit_id + 0).in_(units) if shape.sqlite else C.unit_id == any_(func.array(units.scalar_subquery()))
    return and_(inside, C.protected.is_(False))


def _conditions(shape: _Shape, walking: bool) -> list[ColumnElement[bool]]:
    found = [_within(shape, walking)]
    if shape.status is not None:
        found.append(_BY_STATUS[shape.status])
    if shape.by_intervention:
        found.append(C.intervention_id == bindparam("intervention_id"))
    if shape.by_kind:
        found.append(C.kind == bindparam("kind"))
    if shape.by_ref:
        found.append(C.decision_id.in_(bindparam("decision_ids", expanding=True)))
    elif shape.by_ref is False:
        found.append(_REF_FITS.where(_fitting.record_id == C.decision_id).exists())
    return found


def _index(shape: _Shape, walking: bool) -> str:
    """The index by which SQLite finds the hits, or walks the list in its order.

    SQLite guesses from averages and takes a kind that nearly every row has for a good start; PostgreSQL knows which
    values are common and chooses for itself.
    """
    if shape.by_ref and not walking:
        return "sqlite_autoindex_decision_clock_1"
    if shape.reach.only_unit_id is not None or (shape.reach.intervals and not walking):
        return "ix_clock_unit"
    if shape.by_intervention:
        return "ix_clock_intervention" if shape.status is None else "ix_clock_intervention_state"
    if shape.by_kind and not (shape.status is None and walking):
        return "ix_clock_kind_state"
    return "ix_clock_due" if shape.status is None else "ix_clock_state"


def _hinted(statement: Select[*T], shape: _Shape, walking: bool) -> Select[*T]:
    return statement.with_hint(C, f"INDEXED BY {_index(shape, walking)}", dialect_name="sqlite")


@lru_cache(maxsize=2_000)
def _count_statement(shape: _Shape) -> Select[int]:
    hits = select(literal(1).label("one")).where(*_conditions(shape, walking=False)).limit(COUNT_CAP + 1)
    some = _hinted(hits, shape, walking=False).subquery()
    return select(func.count()).select_from(some)


@lru_cache(maxsize=4_000)
def _page_statement(shape: _Shape, few: bool, ascending: bool, from_key: bool) -> Executable:
    """A page of the register.

    Where hits are few they are found first and then put in order; where they are many the list is walked in its
    order until the page is full. Either way the page's rows alone are looked up.
    """
    source: Any = C
    conditions = _conditions(shape, walking=not few)
    if few:
        hits = _hinted(select(C.id, C.due_on).where(*conditions).limit(COUNT_CAP + 1), shape, walking=False)
        source, conditions = hits.cte("hits").c, []
    place = tuple_(source.due_on, source.id)
    if from_key:
        key = tuple_(bindparam("key_day"), bindparam("key_id"))
        conditions.append(place > key if ascending else place < key)
    order = (source.due_on, source.id) if ascending else (source.due_on.desc(), source.id.desc())
    ids = select(source.id).where(*conditions).order_by(*order).limit(PAGE_ROWS + 1)
    page = (ids if few else _hinted(ids, shape, walking=True)).subquery("page")
    clock = aliased(C)
    outer = (clock.due_on, clock.id) if ascending else (clock.due_on.desc(), clock.id.desc())
    return (
        select(
            clock.id, clock.decision_id, clock.ref, clock.intervention_id, clock.kind, clock.unit_id,
            clock.started_on, clock.due_on, clock.state, func.coalesce(clock.executed_on, clock.closed_on),
        )
        .join(page, page.c.id == clock.id)
        .order_by(*outer)
    )  # fmt: skip


def _shape_and_values(wanted: RegisterFilter, reach: Reach, today: date) -> tuple[_Shape, dict[str, Any]]:
    values: dict[str, Any] = {}
    by_ref = None
    if wanted.ref:
        values = {"ref_from": wanted.ref, "ref_to": wanted.ref + AFTER_EVERY_TEXT}
        fitting = list(db.session.scalars(_SOME_FITTING, values)) or [NO_DECISION]
        by_ref = len(fitting) <= COUNT_CAP
        values = {"decision_ids": fitting} if by_ref else values
    shape = _Shape(
        wanted.status, wanted.intervention_id is not None, wanted.kind is not None, by_ref, reach, is_sqlite()
    )
    if wanted.status in {Status.OVERDUE, Status.SOON}:
        values["today"] = today
    if wanted.status is Status.SOON:
        values["soon"] = today + timedelta(days=SOON_DAYS)
    if wanted.intervention_id is not None:
        values["intervention_id"] = wanted.intervention_id
    if wanted.kind is not None:
        values["kind"] = wanted.kind.value
    return shape, values


def list_register(
    wanted: RegisterFilter, reach: Reach, today: date, after: Key | None = None, before: Key | None = None
) -> RegisterPage:
    """The page that follows `after` or precedes `before`, else the first; two statements (three by ref), whatever N."""
    shape, values = _shape_and_values(wanted, reach, today)
    count = db.session.scalar(_count_statement(shape), values) or 0
    if count == 0:
        return RegisterPage((), 0, False, None, None)
    key = before or after
    ascending = wanted.longest_wait_first != (before is not None)
    if key is not None:
        values |= {"key_day": key.day, "key_id": key.id}
    statement = _page_statement(shape, count <= COUNT_CAP, ascending, key is not None)
    found = [RegisterRow(*row) for row in db.session.execute(statement, values)]
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if before is not None:
        found.reverse()
    further = more if before is None else True
    earlier = more if before is not None else after is not None
    return RegisterPage(
        tuple(found),
        min(count, COUNT_CAP),
        count > COUNT_CAP,
        Key(found[-1].due_on, found[-1].clock_id) if found and further else None,
        Key(found[0].due_on, found[0].clock_id) if found and earlier else None,
    )


def count_register(wanted: RegisterFilter, reach: Reach, today: date) -> int:
    """How many clocks the filter holds, without a cap; for the few figures that are told exactly."""
    shape, values = _shape_and_values(wanted, reach, today)
    statement = _hinted(
        select(func.count()).select_from(C).where(*_conditions(shape, walking=False)), shape, walking=False
    )
    return db.session.scalar(statement, values) or 0


EXPORT_COLUMNS = (
    "ref", "lagrum", "grund", "omrade", "insats", "kon", "enhet", "handlaggare", "utforare", "diarienummer",
    "beslutsdatum", "avbrottsdatum", "verkstalld", "avslutad", "avslutsorsak", "skal", "forst_rapporterad",
    "slutrapporterad",
)  # fmt: skip


def export_register(wanted: RegisterFilter, reach: Reach, today: date) -> Iterator[tuple[object, ...]]:
    """Every clock that the filter holds, in the list's order, with the columns of EXPORT_COLUMNS; read in batches."""
    shape, values = _shape_and_values(wanted, reach, today)
    intervention, reason = aliased(CodeItem), aliased(CodeItem)
    ascending = wanted.longest_wait_first
    statement = (
        select(
            Decision.ref, Decision.legal_basis, Decision.judgment, Decision.area, intervention.label, Decision.sex,
            Unit.name, Decision.handler_name, Decision.provider, Record.case_number, Decision.decided_on, C.kind,
            C.started_on, C.executed_on, C.closed_on, C.close_reason, func.coalesce(reason.label, C.delay_note),
            C.first_reported_on, C.final_reported_on,
        )
        .select_from(C)
        .join(Decision, Decision.record_id == C.decision_id)
        .join(Record, Record.id == C.decision_id)
        .join(Unit, Unit.id == C.unit_id)
        .join(intervention, intervention.id == C.intervention_id)
        .outerjoin(reason, reason.id == C.delay_reason_id)
        .where(*_conditions(shape, walking=True))
        .order_by(*((C.due_on, C.id) if ascending else (C.due_on.desc(), C.id.desc())))
    )  # fmt: skip
    result = db.session.execute(statement, values, execution_options={"yield_per": EXPORT_BATCH})
    for batch in result.partitions():
        for row in batch:
            judgment, kind = row[2], row[11]
            interrupted_on = row[12] if kind == ClockKind.INTERRUPTION else None
            yield (*row[:2], "dom" if judgment else "beslut", *row[3:11], interrupted_on, *row[13:])


def get_decision(record_id: int, reach: Reach) -> tuple[Decision, Record] | None:
    """A decision and its record, None when there is none or it lies outside the reader's scope."""
    statement = (
        select(Decision, Record)
        .join(Record, Record.id == Decision.record_id)
        .where(Decision.record_id == record_id, visible(Decision.unit_id, Decision.protected, reach))
    )
    row = db.session.execute(statement).first()
    return (row[0], row[1]) if row else None


def list_clocks(record_id: int) -> list[DecisionClock]:
    """A decision's clocks, the decision's own first, then its interruptions by day."""
    own_first = C.kind == ClockKind.INTERRUPTION.value
    return list(db.session.scalars(select(C).where(C.decision_id == record_id).order_by(own_first, C.started_on)))
