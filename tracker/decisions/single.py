"""Reading one decision with its record and its clocks."""

from sqlalchemy import select

from tracker.accounts.models import Unit
from tracker.accounts.reader import Reach
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.writing import person_of, stored_decision
from tracker.records.models import Record
from tracker.records.scope import Scope, visible
from tracker.rules.unexecuted import ClockKind

C = DecisionClock


def get_decision(record_id: int, scope: Scope) -> tuple[Decision, Record] | None:
    """A decision and its record, None when there is none or the reader may not see it."""
    seen = visible(Decision.record_id, Decision.unit_id, Decision.mark, scope)
    statement = (
        select(Decision, Record)
        .join(Record, Record.id == Decision.record_id)
        .where(Decision.record_id == record_id, seen)
    )
    row = db.session.execute(statement, scope.values).first()
    return (row[0], row[1]) if row else None


def list_clocks(record_id: int) -> list[DecisionClock]:
    """A decision's clocks, the decision's own first, then its interruptions by day."""
    own_first = C.kind == ClockKind.INTERRUPTION.value
    return list(db.session.scalars(select(C).where(C.decision_id == record_id).order_by(own_first, C.started_on)))


def place_of_unit(unit_id: int) -> int:
    """Where in the tree a unit begins just now; for what may be done to a decision that the reader sees."""
    return db.session.scalars(select(Unit.tree_from).where(Unit.id == unit_id)).one()


def is_within(unit_id: int, reach: Reach) -> bool:
    """Whether a unit lies within reach just now."""
    return reach.covers(place_of_unit(unit_id))


def get_person(record_id: int) -> str | None:
    """The number of the person a decision is about; the caller has seen to who may know it, and that it is noted."""
    return person_of(stored_decision(record_id))
