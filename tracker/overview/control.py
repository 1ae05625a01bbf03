"""The year's internal control on the start page: what was planned, and what has come of it so far."""

from dataclasses import dataclass
from datetime import date

from tracker.accounts.reader import Reader
from tracker.control.occasions import late_occasions
from tracker.control.queries import list_standings
from tracker.labels import GRADE_LABELS
from tracker.records.scope import scope_of
from tracker.risk.queries import plan_of
from tracker.rules.control_grading import Grade, count_grades
from tracker.rules.permissions import Permission, Role
from tracker.rules.plan_workflow import PlanState, results_are_open

FOLLOWS = frozenset({Role.QUALITY_LEAD, Role.CONTROL_COORDINATOR})


@dataclass(frozen=True, slots=True)
class ControlOverview:
    """How many kontrollmoment a year's plan has, how many have come out as each grade (`grades`, without what has no
    result yet), how many have none, and how many occasions are late.
    """

    year: int
    planned: int
    grades: list[tuple[str, int]]
    without: int
    late: int


def control_overview(reader: Reader, today: date) -> ControlOverview | None:
    """The plan of the year against its outcome, for who follows it; None for others, and where nothing is planned."""
    if not FOLLOWS & set(reader.roles) or not reader.allows(Permission.READ_CONTROL):
        return None
    plan = plan_of(today.year)
    standings = list_standings(today.year, scope_of(reader, Permission.READ_CONTROL), plan.limits)
    if not standings:
        return None
    told = [one.graded for one in standings]
    graded = count_grades(one.grade for one in told if not one.no_result)
    waited = standings if results_are_open(PlanState(plan.state)) else []
    return ControlOverview(
        today.year, len(standings), [(GRADE_LABELS[grade], graded[grade]) for grade in Grade],
        sum(one.no_result for one in told), late_occasions(today.year, waited, today, 0)[1],
    )  # fmt: skip
