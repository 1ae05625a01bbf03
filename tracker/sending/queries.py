"""Which individrapporter does a quarter need, which of them are sent, and who works on the others?

The newest locked version tells which clocks stood in it and as what; what has become of each individrapport stands in
its own row. An end is sent once for a clock, whichever quarter that was in, everything else once a quarter.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, literal_column, or_, select, text

from tracker.accounts.reader import Reach
from tracker.database import db
from tracker.decisions.ivo_models import IndividualReport
from tracker.decisions.models import ALIVE, Decision, DecisionClock
from tracker.frozen.models import FrozenRow
from tracker.records.grants import granted_in
from tracker.records.models import Access, Mark, Record
from tracker.records.scope import Scope, visible, within_reach
from tracker.rules.quarters import Quarter
from tracker.rules.sending import IvoType, types_of
from tracker.rules.unexecuted import FOREVER, ClockState, ReportClass

C, R = DecisionClock, IndividualReport
MOST_NOW = 1_000
FINAL = (IvoType.EXECUTED.value, IvoType.CLOSED.value)
TYPE_OF_STATE = {ClockState.EXECUTED: IvoType.EXECUTED, ClockState.CLOSED: IvoType.CLOSED}
_ORDER = {ivo_type: place for place, ivo_type in enumerate(IvoType)}
_TYPES = {stood_as.value: types_of(stood_as) for stood_as in ReportClass}


class Standing(StrEnum):
    """What is to be done about an individrapport."""

    CORRECT = "ratta"
    LEFT = "kvar"
    SENT = "sand"
    DROPPED = "struken"


_FIRST = {standing: place for place, standing in enumerate(Standing)}


class Kept(NamedTuple):
    """What is kept of an individrapport, as a list needs it."""

    clock_id: int
    record_id: int
    year: int
    number: int
    ivo_type: str
    afterwards: bool
    taken_by: int | None
    sent_on: date | None


class WorkRow(NamedTuple):
    """One individrapport in the work view; `why` says what has happened to the clock since it stood in the report."""

    clock_id: int
    record_id: int
    ref: str
    kind: str
    started_on: str
    intervention_id: int
    handler: str
    ivo_type: IvoType
    quarter: Quarter
    standing: Standing
    why: str
    afterwards: bool
    taken_by: int | None
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be sent for a quarter: individrapporter, what is left first; ends to send now; how many are hidden."""

    rows: list[WorkRow]
    now: list[WorkRow]
    hidden: int

    def count(self, standing: Standing) -> int:
        """How many individrapporter of the quarter stand so."""
        return sum(1 for row in self.rows if row.standing is standing)


VOIDED = "Makulerat efter att det rapporterats"
VOIDED_UNSENT = "Makulerat innan det sändes"
REMOVED = "Klockan är borttagen efter att den rapporterats"
NOT_SO = "Sänd, men står inte så i den låsta rapporten"

# A clock's facts, in the order in which `_row` takes them.
_FACTS = (
    Decision.record_id, Decision.mark, C.id, C.kind, cast(C.started_on, String(10)), Decision.ref,
    Decision.handler_name, Decision.intervention_id,
)  # fmt: skip
_FOREVER: ColumnElement[date] = literal_column(f"'{FOREVER.isoformat()}'")
RECORD, MARK = 0, 1
Facts = Sequence[Any]


def work_of(quarter: Quarter, report_id: int | None, scope: Scope) -> Work:
    """The quarter's work within the scope's reach; `report_id` is that of its newest locked version."""
    stood = _stood(report_id, scope) if report_id is not None else []
    ended = _ended_unreported(scope)
    kept = _kept(quarter, {row[0] for row in stood} | {row[0] for row in ended})
    hides = _hidden_by(scope, [row[2:] for row in stood])
    hidden: set[int] = set()
    rows: list[WorkRow] = []
    seen: set[tuple[int, str]] = set()
    for item_id, stood_as, *facts in stood:
        if hides(facts):
            hidden.add(item_id)
            continue
        for ivo_type in _TYPES[stood_as]:
            key = (item_id, ivo_type.value)
            seen.add(key)
            rows.append(_row(item_id, facts, ivo_type, quarter, kept.get(key)))
    here = (quarter.year, quarter.number)
    others = [
        one
        for key, one in kept.items()
        if (one.year, one.number) == here
        and key not in seen
        and one.clock_id not in hidden
        and (one.afterwards or (report_id is not None and one.sent_on and one.ivo_type not in FINAL))
    ]
    rows += _rows_of_others(others, quarter, scope)
    now = []
    for item_id, state, ended_on, *facts in ended:
        ivo_type = TYPE_OF_STATE[ClockState(state)]
        key = (item_id, ivo_type.value)
        if key in seen:
            continue
        if hides(facts):
            hidden.add(item_id)
            continue
        now.append(_row(item_id, facts, ivo_type, Quarter.holding(ended_on), kept.get(key)))
    return Work(sorted(rows, key=_place), sorted(now, key=_place), len(hidden))


def _hidden_by(scope: Scope, rows: Iterable[Facts]) -> Callable[[Facts], bool]:
    """Tells whether a clock is kept from the scope's reader. A voided one is seen by those who saw it before."""
    granted = granted_in(scope)
    voided = {facts[RECORD] for facts in rows if facts[MARK] == Mark.VOIDED}
    protected: set[int] = set()
    if voided:
        statement = select(Record.id).where(Record.id.in_(voided), Record.access == Access.PROTECTED.value)
        protected = set(db.session.scalars(statement))

    def hides(facts: Facts) -> bool:
        record_id, mark = facts[RECORD], facts[MARK]
        if mark == Mark.VOIDED:
            mark = Mark.PROTECTED if record_id in protected else Mark.ORDINARY
        return granted.hides(record_id, mark)

    return hides


def _row(item_id: int, facts: Facts, ivo_type: IvoType, quarter: Quarter, kept: Kept | None) -> WorkRow:
    record_id, mark, clock_id, kind, started_on, ref, handler, intervention_id = facts
    sent_on, why = kept.sent_on if kept else None, ""
    standing = Standing.SENT if sent_on else Standing.LEFT
    if clock_id is None or mark == Mark.VOIDED:
        never_told = ivo_type is IvoType.NEW and sent_on is None
        standing = Standing.DROPPED if never_told else Standing.CORRECT
        why = VOIDED_UNSENT if never_told else VOIDED
        if mark != Mark.VOIDED:
            why = REMOVED
    return WorkRow(
        item_id, record_id, ref, kind or "", started_on or "", intervention_id, handler or "", ivo_type,
        Quarter(kept.year, kept.number) if kept else quarter, standing, why, bool(kept and kept.afterwards),
        kept.taken_by if kept else None, sent_on,
    )  # fmt: skip


def _place(row: WorkRow) -> tuple[object, ...]:
    return _FIRST[row.standing], _ORDER[row.ivo_type], row.started_on, row.ref, row.clock_id


@lru_cache(maxsize=200)
def _stood_statement(reach: Reach) -> Any:  # noqa: ANN401 - a SELECT
    return (
        select(FrozenRow.item_id, FrozenRow.stood_as, *_FACTS)
        .join(Decision, Decision.record_id == FrozenRow.record_id)
        .outerjoin(C, C.id == FrozenRow.item_id)
        .where(FrozenRow.report_id == bindparam("report_id"), within_reach(Decision.unit_id, reach))
    )


def _stood(report_id: int, scope: Scope) -> list[Any]:
    """(clock id, class, facts …) of what stood in a version within reach, voided and removed ones too."""
    return list(db.session.execute(_stood_statement(scope.reach), {"report_id": report_id}).all())


@lru_cache(maxsize=200)
def _ended_statement(reach: Reach) -> Any:  # noqa: ANN401 - a SELECT
    return (
        select(C.id, C.state, C.ended_on, *_FACTS)
        .join(Decision, Decision.record_id == C.decision_id)
        .where(
            text(ALIVE), C.alive_until == _FOREVER, C.first_reported_on.is_not(None), C.ended_on < _FOREVER,
            within_reach(C.unit_id, reach),
        )
        .order_by(C.ended_on.desc(), C.id)
        .limit(MOST_NOW)
    )  # fmt: skip


def _ended_unreported(scope: Scope) -> list[Any]:
    """(clock id, state, end, facts …) of what has been reported and has ended, and no report has held the end of.

    Of what has been reported, the index of the quarter holds the last day as FOREVER until the end was reported too.
    """
    return list(db.session.execute(_ended_statement(scope.reach)).all())


def _kept(quarter: Quarter, clock_ids: Collection[int]) -> dict[tuple[int, str], Kept]:
    """(clock, type) → what is kept: of the quarter, and the ends of these clocks whatever their quarter."""
    of_quarter = and_(R.year == quarter.year, R.number == quarter.number)
    ends = and_(R.ivo_type.in_(FINAL), R.clock_id.in_(clock_ids)) if clock_ids else None
    wanted = of_quarter if ends is None else or_(of_quarter, ends)
    columns = (R.clock_id, R.record_id, R.year, R.number, R.ivo_type, R.afterwards, R.taken_by, R.sent_on)
    return {
        (row.clock_id, row.ivo_type): row for row in map(Kept._make, db.session.execute(select(*columns).where(wanted)))
    }


def _rows_of_others(kept: list[Kept], quarter: Quarter, scope: Scope) -> list[WorkRow]:
    """Those that the locked version does not ask for: sent afterwards, or sent although it no longer says so."""
    if not kept:
        return []
    statement = (
        select(C.id, *_FACTS)
        .join(Decision, Decision.record_id == C.decision_id)
        .where(C.id.in_({one.clock_id for one in kept}), visible(C.decision_id, C.unit_id, C.mark, scope))
    )
    clocks = {row[0]: row[1:] for row in db.session.execute(statement, scope.values)}
    rows = []
    for one in kept:
        if one.clock_id in clocks:
            row = _row(one.clock_id, clocks[one.clock_id], IvoType(one.ivo_type), quarter, one)
            rows.append(row if one.afterwards else row._replace(standing=Standing.CORRECT, why=NOT_SO))
    return rows
