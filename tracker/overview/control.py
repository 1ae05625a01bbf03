"""The year's internal control on the start page: what was planned, and what has come of it so far."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.accounts.reader import Reader
from tracker.control.pages import CAME_LABELS
from tracker.control.register import Came, read_year
from tracker.records.scope import scope_of
from tracker.risk.queries import plan_of
from tracker.rules.permissions import Permission, Role

FOLLOWS = frozenset({Role.QUALITY_LEAD, Role.CONTROL_COORDINATOR})


class Sum(NamedTuple):
    """A number of kontrollmoment, and the list of just so many: `came` is what it is narrowed to, None for all."""

    label: str
    number: int
    came: Came | None


@dataclass(frozen=True, slots=True)
class ControlOverview:
    """How many kontrollmoment a year's plan has (`sums`: all, then of each outcome), and how many occasions are late;
    `late_listed`: whether that is also how many kontrollmoment have one, so that their list holds just so many.
    """

    year: int
    sums: list[Sum]
    late: int
    late_listed: bool


def control_overview(reader: Reader, today: date) -> ControlOverview | None:
    """The plan of the year against its outcome, for who follows it; None for others, and where nothing is planned."""
    if not FOLLOWS & set(reader.roles) or not reader.allows(Permission.READ_CONTROL):
        return None
    found = read_year(plan_of(today.year), scope_of(reader, Permission.READ_CONTROL), today)
    if not found.standings:
        return None
    sums = [Sum("Planerade kontrollmoment", len(found.standings), None)]
    sums += [Sum(CAME_LABELS[came], number, came) for came, number in found.outcomes.items()]
    late = sum(found.late.values())
    return ControlOverview(today.year, sums, late, late == len(found.late))
