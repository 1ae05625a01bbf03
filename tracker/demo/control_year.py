"""Filling the demonstration with three years of internal control, as its office would have: two told, one under way."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from tracker.accounts.models import User
from tracker.control.bringing_in import import_controls, import_samples
from tracker.control.importing import CONTROL_COLUMNS, SAMPLE_COLUMNS, parse_controls, parse_samples
from tracker.control.services import Wish, step_plan
from tracker.database import db
from tracker.demo.internal_control import moment_rows, risk_rows, sample_rows, years_told
from tracker.demo.tables import as_table
from tracker.exchange.errors import Collector
from tracker.records.yearly import Importer
from tracker.risk.importing import COLUMNS, parse_risks
from tracker.risk.models import ControlPlan
from tracker.risk.services import import_risks
from tracker.rules.permissions import Role
from tracker.rules.plan_workflow import Decision, PlanStep


def load_internal_control(home_unit_id: int, today: date, now: datetime) -> None:
    """Risks, kontrollmoment, stickprov and the committee's decisions, in the caller's transaction."""
    importer, collector = Importer(home_unit_id), Collector()
    import_risks(parse_risks(as_table(risk_rows(today), COLUMNS), collector), importer, collector, now)
    moments = as_table(moment_rows(today), CONTROL_COLUMNS)
    import_controls(parse_controls(moments, collector), importer, collector, now)
    samples = as_table(sample_rows(today), SAMPLE_COLUMNS)
    import_samples(parse_samples(samples, collector), importer, collector)
    for year in years_told(today):
        _decide(year, PlanStep.PROPOSE, date(year - 1, 12, 1), today)
        _decide(year, PlanStep.ADOPT, date(year - 1, 12, 15), today)
        if year < today.year:
            _decide(year, PlanStep.FOLLOW_UP, min(date(year + 1, 1, 31), today), today)


def _decide(year: int, step: PlanStep, day: date, today: date) -> None:
    """Takes a step on a day, as the one whose it is."""
    role = Role.SECRETARY if step in {PlanStep.ADOPT, PlanStep.APPROVE} else Role.CONTROL_COORDINATOR
    by = db.session.scalars(select(User.id).where(User.email.startswith(f"{role}@"))).one()
    seen = db.session.scalars(select(ControlPlan.version).where(ControlPlan.year == year)).one()
    decision = Decision(day, f"{100 + year % 50}", f"SN {day.year}/{year % 100 * 7:04}")
    step_plan(year, Wish(step, seen, decision), by, today, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
