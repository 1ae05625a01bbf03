"""When must somebody be informed of the duty to report, and of the duty to take part in good quality?

27 kap. 3 § SoL and 24 c § LSS: whoever receives reports informs all who carry out tasks in the social services. SOSFS
2011:5 asks for it as somebody begins, and then again and again. The months between, and the days that a new one has,
are ours: a setting each.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.calendar import add_months
from tracker.rules.errors import RuleViolation

SOON = timedelta(days=30)
TRAIL_FIELDS = {
    "informed_on": "informerad",
    "staff": "anställd utan konto",
    "listed": "anställda utan konto",
    "months": "månader mellan gångerna",
    "first_days": "dagar för nya",
}
FUTURE = "Dagen ligger i framtiden. Skriv när informationen gavs, som 2026-03-31."
ENDS_BEFORE = "Sista dagen ligger före första dagen. Rätta den."


class How(StrEnum):
    """How the information was given."""

    MEETING = "apt"
    INTRODUCTION = "introduktion"
    WRITTEN = "skriftligt"
    COURSE = "webbutbildning"


HOW_LABELS = {
    How.MEETING: "APT eller annat möte",
    How.INTRODUCTION: "Introduktion",
    How.WRITTEN: "Skriftligt",
    How.COURSE: "Webbutbildning",
}


class Standing(StrEnum):
    """How somebody stands: informed, to be informed again soon, new and not informed yet, or missing."""

    INFORMED = "informerad"
    SOON = "snart"
    NEW = "ny"
    MISSING = "saknas"


STANDING_LABELS = {
    Standing.INFORMED: "Informerad",
    Standing.SOON: "Snart dags igen",
    Standing.NEW: "Ny, inte informerad än",
    Standing.MISSING: "Saknas",
}


@dataclass(frozen=True, slots=True)
class Interval:
    """How many months lie between two times (1–36), and how many days a new one has (0–90)."""

    months: int = 12
    first_days: int = 14


def due_day(informed_on: date | None, began_on: date, interval: Interval) -> date:
    """The last day to be informed, again or for the first time; that day itself is in time.

    Informed 2026-02-28 at twelve months: 2027-02-28. Never informed, began 2026-03-02, fourteen days: 2026-03-16.
    """
    if informed_on is None:
        return began_on + timedelta(days=interval.first_days)
    return add_months(informed_on, interval.months)


def standing(informed_on: date | None, due_on: date, today: date) -> Standing:
    """How somebody stands today: missing from the day after `due_on`, soon in the thirty days before it."""
    if today > due_on:
        return Standing.MISSING
    if informed_on is None:
        return Standing.NEW
    return Standing.SOON if due_on - today <= SOON else Standing.INFORMED


def check_informed_day(day: date, today: date) -> None:
    """Raises RuleViolation, field `dag`, for a day in the future."""
    if day > today:
        raise RuleViolation("future", FUTURE, "dag")


def check_last_day(began_on: date, ended_on: date) -> None:
    """Raises RuleViolation, field `slutar`, for a last day before the first."""
    if ended_on < began_on:
        raise RuleViolation("order", ENDS_BEFORE, "slutar")
