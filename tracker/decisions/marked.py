"""Reading what the lists leave out: voided decisions, and where protected ones are that somebody must see."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.accounts.models import Unit
from tracker.accounts.reader import Reach
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock
from tracker.records.grants import named_count
from tracker.records.models import Access, CodeItem, Mark, Record
from tracker.records.scope import Scope, closed_records, is_marked, named_records, within_reach

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class VoidedRow:
    """A voided decision in the list of them."""

    record_id: int
    ref: str
    intervention: str
    unit: str
    decided_on: date
    voided_at: datetime


@dataclass(frozen=True, slots=True)
class ProtectedRow:
    """A protected record without its content: where it is, and how many persons see it who can still sign in."""

    record_id: int
    unit: str
    named: int


def _voided(scope: Scope) -> ColumnElement[bool]:
    """Voided decisions that the reader would have seen; what was protected before stays so."""
    open_to_all = Record.access == Access.ORDINARY.value
    if scope.named:
        open_to_all = or_(open_to_all, Decision.record_id.in_(named_records()))
    seen = and_(is_marked(Decision.mark, Mark.VOIDED), within_reach(Decision.unit_id, scope.reach), open_to_all)
    return and_(seen, Decision.record_id.not_in(closed_records())) if scope.closed else seen


def get_voided(record_id: int, scope: Scope) -> tuple[Decision, Record] | None:
    """A voided decision and its record; `scope` is that of those who read voided decisions."""
    statement = (
        select(Decision, Record)
        .join(Record, Record.id == Decision.record_id)
        .where(Decision.record_id == record_id, _voided(scope))
    )
    row = db.session.execute(statement, scope.values).first()
    return (row[0], row[1]) if row else None


def list_voided(scope: Scope) -> list[VoidedRow]:
    """The voided decisions, the latest first."""
    statement = (
        select(Decision.record_id, Decision.ref, CodeItem.label, Unit.name, Decision.decided_on, Record.voided_at)
        .join(Record, Record.id == Decision.record_id)
        .join(Unit, Unit.id == Decision.unit_id)
        .join(CodeItem, CodeItem.id == Decision.intervention_id)
        .where(_voided(scope))
        .order_by(Record.voided_at.desc(), Decision.record_id.desc())
        .limit(MOST_LISTED)
    )
    rows = db.session.execute(statement, scope.values)
    return [VoidedRow(number, ref, label, unit, on, at) for number, ref, label, unit, on, at in rows if at is not None]


def list_protected(reach: Reach, reader_id: int) -> list[ProtectedRow]:
    """The protected records within reach that are not closed to the reader, those that the fewest see first."""
    named = named_count(Decision.record_id)
    statement = (
        select(Decision.record_id, Unit.name, named)
        .join(Unit, Unit.id == Decision.unit_id)
        .where(
            is_marked(Decision.mark, Mark.PROTECTED),
            within_reach(Decision.unit_id, reach),
            Decision.record_id.not_in(closed_records()),
        )
        .order_by(named, Unit.name, Decision.record_id)
        .limit(MOST_LISTED)
    )
    rows = db.session.execute(statement, {"reader_id": reader_id})
    return [ProtectedRow(number, unit, count) for number, unit, count in rows]


def get_protected(record_id: int, reach: Reach, reader_id: int) -> tuple[Decision, Record] | None:
    """A protected decision within reach that is not closed to the reader, for naming somebody who is to see it."""
    statement = (
        select(Decision, Record)
        .join(Record, Record.id == Decision.record_id)
        .where(
            Decision.record_id == record_id,
            is_marked(Decision.mark, Mark.PROTECTED),
            within_reach(Decision.unit_id, reach),
            Decision.record_id.not_in(closed_records()),
        )
    )
    row = db.session.execute(statement, {"reader_id": reader_id}).first()
    return (row[0], row[1]) if row else None


def cutoffs_it_stood_in(record_id: int) -> list[date]:
    """The cut-offs of the reports in which the decision's clocks first stood or ended, the latest last."""
    clock = DecisionClock
    statement = select(clock.first_reported_on, clock.final_reported_on).where(clock.decision_id == record_id)
    return sorted({day for row in db.session.execute(statement) for day in row if day is not None})
