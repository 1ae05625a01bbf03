"""Reading actions: the year in figures, and what of a record's actions waits."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from tracker.actions.models import ActionItem, ActionSource
from tracker.database import db
from tracker.records.models import Mark, RecordKind
from tracker.records.scope import Scope, within_reach
from tracker.rules.actions import Effect, Standing
from tracker.rules.permissions import Permission

A = ActionItem
# By which permission a record that an action belongs to is seen.
READ_SOURCE = {
    RecordKind.RISK: Permission.READ_CONTROL,
    RecordKind.CONTROL: Permission.READ_CONTROL,
    RecordKind.DEVIATION: Permission.READ_DEVIATIONS,
    RecordKind.LEX_SARAH: Permission.READ_LEX_SARAH,
    RecordKind.DECISION: Permission.READ_DECISIONS,
    RecordKind.COMPLAINT: Permission.READ_COMPLAINTS,
}


@dataclass(frozen=True, slots=True)
class ActionYear:
    """Carried out in the year by its cut-off; decided by then and not carried out by it; of those, past their day."""

    completed: int
    open: int
    overdue: int


def action_year(year: int, cutoff: date, scope: Scope) -> ActionYear:
    """The year's actions within the reader's reach, as `report quality` counts them: protected ones count, voided ones
    do not, and what is dated after the cut-off day does not exist yet.
    """
    done = and_(A.done_on >= date(year, 1, 1), A.done_on <= cutoff)
    waits = and_(A.decided_on <= cutoff, or_(A.done_on.is_(None), A.done_on > cutoff))
    statement = (
        select(_count(done), _count(waits), _count(and_(waits, A.due_on < cutoff)))
        .select_from(A)
        .where(or_(done, waits), _not_voided(), within_reach(A.unit_id, scope.reach))
    )
    return ActionYear(*(int(count) for count in db.session.execute(statement).one()))


def standing_of(record_id: int) -> Standing:
    """What of a record's actions waits, whoever may see them: what a case is asked for before it is closed."""
    undone, done = A.done_on.is_(None), A.done_on.is_not(None)
    statement = (
        select(
            _count(and_(undone, A.decided_on.is_(None))),
            _count(and_(undone, A.decided_on.is_not(None))),
            _count(and_(done, A.effect.is_(None))),
            _count(A.effect == Effect.NOT.value),
        )
        .select_from(ActionSource)
        .join(A, A.record_id == ActionSource.action_id)
        .where(ActionSource.record_id == record_id, _not_voided())
    )
    return Standing(*(int(count) for count in db.session.execute(statement).one()))


def _count(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(wanted)


def _not_voided() -> ColumnElement[bool]:
    return A.mark < literal_column(str(Mark.VOIDED.value))
