"""Which individrapporter does a quarter need, which of them are sent, and who works on the others?

The newest locked version tells which clocks stood in it and as what; what has become of each individrapport stands in
its own row. An end is sent once for a clock, whichever quarter that was in, everything else once a quarter.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, TextClause, and_, cast, or_, select, text

from tracker.database import db
from tracker.decisions.ivo_models import IndividualReport
from tracker.decisions.models import ALIVE, Decision, DecisionClock
from tracker.frozen.models import FrozenRow
from tracker.frozen.queries import LockedVersion, ReportKey, list_versions
from tracker.records.grants import granted_in
from tracker.records.models import Access, Mark, Record
from tracker.records.scope import Scope, visible, within_reach
from tracker.rules.quarters import Quarter
from tracker.rules.sending import IvoType, types_of
from tracker.rules.unexecuted import FOREVER, ClockState, ReportClass

C, R = DecisionClock, IndividualReport
QUARTER_REPORT = "quarter"
MOST_NOW = 1_000
FINAL = (IvoType.EXECUTED.value, IvoType.CLOSED.value)
TYPE_OF_STATE = {ClockState.EXECUTED: IvoType.EXECUTED, ClockState.CLOSED: IvoType.CLOSED}
_ORDER = {ivo_type: place for place, ivo_type in enumerate(IvoType)}


class Standing(StrEnum):
    """What is to be done about an individrapport."""

    CORRECT = "ratta"
    LEFT = "kvar"
    SENT = "sand"
    DROPPED = "struken"


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

_CLOCK = (
    Decision.record_id, Decision.mark, Record.access, C.id, C.kind, cast(C.started_on, String(10)), Decision.ref,
    Decision.handler_name, Decision.intervention_id,
)  # fmt: skip


def newest_version(quarter: Quarter) -> LockedVersion | None:
    """The locked version of the quarter that counts, None while it is not locked."""
    versions = list_versions(ReportKey(QUARTER_REPORT, quarter.year, quarter.number))
    return versions[0] if versions else None


def work_of(quarter: Quarter, report_id: int | None, scope: Scope) -> Work:
    """The quarter's work within the scope's reach; `report_id` is that of its newest locked version."""
    stood = _stood(report_id, scope) if report_id is not None else []
    ended = _ended_unreported(scope)
    kept = _kept(quarter, {row[0] for row in stood} | {row[0] for row in ended})
    granted = granted_in(scope)
    hidden: set[int] = set()
    rows: list[WorkRow] = []
    seen: set[tuple[int, str]] = set()
    for item_id, stood_as, *facts in stood:
        clock = _Facts(*facts)
        if granted.hides(clock.record_id, clock.shown_mark):
            hidden.add(item_id)
            continue
        for ivo_type in types_of(ReportClass(stood_as)):
            seen.add((item_id, ivo_type.value))
            rows.append(_row(item_id, clock, ivo_type, quarter, kept.get((item_id, ivo_type.value))))
    here = (quarter.year, quarter.number)
    others = [
        one
        for one in kept.values()
        if (one.year, one.number) == here
        and (one.clock_id, one.ivo_type) not in seen
        and one.clock_id not in hidden
        and (one.afterwards or (report_id is not None and one.sent_on and one.ivo_type not in FINAL))
    ]
    rows += _rows_of_others(others, quarter, scope)
    now = []
    for item_id, state, ended_on, *facts in ended:
        clock, ivo_type = _Facts(*facts), TYPE_OF_STATE[ClockState(state)]
        if (item_id, ivo_type.value) in seen:
            continue
        if granted.hides(clock.record_id, clock.shown_mark):
            hidden.add(item_id)
            continue
        found = kept.get((item_id, ivo_type.value))
        now.append(_row(item_id, clock, ivo_type, Quarter.holding(ended_on), found))
    return Work(sorted(rows, key=_place), sorted(now, key=_place), len(hidden))


class _Facts(NamedTuple):
    record_id: int
    mark: int
    access: str
    clock_id: int | None
    kind: str
    started_on: str
    ref: str
    handler: str | None
    intervention_id: int

    @property
    def shown_mark(self) -> int:
        """The mark that decides who sees it: a voided decision is seen by those who saw it before."""
        return Mark.PROTECTED.value if self.access == Access.PROTECTED else Mark.ORDINARY.value


def _row(item_id: int, clock: _Facts, ivo_type: IvoType, quarter: Quarter, kept: Kept | None) -> WorkRow:
    sent_on = kept.sent_on if kept else None
    standing, why = (Standing.SENT if sent_on else Standing.LEFT), ""
    if clock.clock_id is None or clock.mark == Mark.VOIDED:
        never_told = ivo_type is IvoType.NEW and sent_on is None
        standing = Standing.DROPPED if never_told else Standing.CORRECT
        why = VOIDED_UNSENT if never_told else VOIDED
        if clock.clock_id is None and clock.mark != Mark.VOIDED:
            why = REMOVED
    return WorkRow(
        item_id, clock.record_id, clock.ref, clock.kind or "", clock.started_on or "", clock.intervention_id,
        clock.handler or "", ivo_type, Quarter(kept.year, kept.number) if kept else quarter, standing, why,
        bool(kept and kept.afterwards), kept.taken_by if kept else None, sent_on,
    )  # fmt: skip


def _place(row: WorkRow) -> tuple[object, ...]:
    standing = list(Standing).index(row.standing)
    return standing, _ORDER[row.ivo_type], row.started_on, row.ref, row.clock_id


def _stood(report_id: int, scope: Scope) -> list[Any]:
    """(clock id, class, facts …) of what stood in a version within reach, voided and removed ones too."""
    statement = (
        select(FrozenRow.item_id, FrozenRow.stood_as, *_CLOCK)
        .join(Decision, Decision.record_id == FrozenRow.record_id)
        .join(Record, Record.id == FrozenRow.record_id)
        .outerjoin(C, C.id == FrozenRow.item_id)
        .where(FrozenRow.report_id == report_id, within_reach(Decision.unit_id, scope.reach))
    )
    return list(db.session.execute(statement).all())


def _clocks(where: Iterable[ColumnElement[bool] | TextClause], columns: Iterable[Any] = ()) -> Any:  # noqa: ANN401 - a SELECT
    return (
        select(C.id, *columns, *_CLOCK)
        .join(Decision, Decision.record_id == C.decision_id)
        .join(Record, Record.id == C.decision_id)
        .where(*where)
    )


def _ended_unreported(scope: Scope) -> list[Any]:
    """(clock id, state, end, facts …) of what has been reported and has ended, and no report has held the end of."""
    where = (
        text(ALIVE), C.alive_until == FOREVER, C.first_reported_on.is_not(None), C.final_reported_on.is_(None),
        C.ended_on < FOREVER, within_reach(C.unit_id, scope.reach),
    )  # fmt: skip
    statement = _clocks(where, (C.state, C.ended_on)).order_by(C.ended_on.desc(), C.id).limit(MOST_NOW)
    return list(db.session.execute(statement).all())


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
    seen = visible(C.decision_id, C.unit_id, C.mark, scope)
    statement = _clocks((C.id.in_({one.clock_id for one in kept}), seen))
    clocks = {row[0]: _Facts(*row[1:]) for row in db.session.execute(statement, scope.values)}
    rows = []
    for one in kept:
        if one.clock_id in clocks:
            row = _row(one.clock_id, clocks[one.clock_id], IvoType(one.ivo_type), quarter, one)
            rows.append(row if one.afterwards else row._replace(standing=Standing.CORRECT, why=NOT_SO))
    return rows
