"""May results still be handed in? Asked in the transaction that writes them; a step with the plan waits for it."""

from sqlalchemy import select

from tracker.database import db
from tracker.risk.models import ControlPlan
from tracker.rules.plan_workflow import PlanState, check_results_open


def require_results_open(year: int) -> None:
    """Raises RuleViolation when the year's plan has been followed up."""
    state = db.session.scalars(select(ControlPlan.state).where(ControlPlan.year == year).with_for_update(read=True))
    check_results_open(PlanState(state.one()))
