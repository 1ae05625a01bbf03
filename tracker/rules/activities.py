"""What may be done with an activity of the internal control plan, and when is it late?

An activity is what the committee decides beside the controls: somebody does something about a risk and reports back by
a day. What stands in a plan that the committee has been given is not rewritten without opening the plan; how it goes is
told until the year has been followed up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanState, is_open

CLOSED = (
    "Aktiviteten står i planen som nämnden har fått. Öppna planen för ändring först, eller lägg upp en ny aktivitet."
)
FOLLOWED_UP = "Planen är uppföljd, så aktiviteterna går inte att ändra. Öppna uppföljningen igen först."
VOIDING_CLOSED = (
    "Aktiviteten kan makuleras bara i ett utkast. Sätt den som avbruten och skriv varför, eller öppna planen."
)


class ActivityStatus(StrEnum):
    """How far an activity has come."""

    NOT_STARTED = "ej_paborjad"
    ONGOING = "pagar"
    DONE = "genomford"
    STOPPED = "avbruten"


ENDED = frozenset({ActivityStatus.DONE, ActivityStatus.STOPPED})


@dataclass(frozen=True, slots=True)
class Progress:
    """How an activity stands: its status, the day it was carried out, and what came of it."""

    status: ActivityStatus
    done_on: date | None = None
    analysis: str = ""


def is_late(status: ActivityStatus, due_on: date | None, today: date) -> bool:
    """Whether the day to report back by has passed and the activity has not ended; the day itself is in time."""
    return status not in ENDED and due_on is not None and due_on < today


def is_unreported(status: ActivityStatus, analysis: str | None) -> bool:
    """Whether the follow-up cannot tell what came of it: it has not ended, or nobody has written an analysis."""
    return status not in ENDED or not (analysis or "").strip()


def check_plannable(state: PlanState, *, in_plan: bool) -> None:
    """Raises RuleViolation when what an activity is cannot be changed: it stands in a plan that the committee has been
    given (`in_plan`), or the year has been followed up.
    """
    check_reportable(state)
    if in_plan and not is_open(state):
        raise RuleViolation("activity_closed", CLOSED)


def check_reportable(state: PlanState) -> None:
    """Raises RuleViolation when the year has been followed up: no activity is added then, and none tells more."""
    if state in {PlanState.FOLLOWED_UP, PlanState.APPROVED}:
        raise RuleViolation("activities_closed", FOLLOWED_UP)


def check_voidable(state: PlanState) -> None:
    """Raises RuleViolation when the plan is no draft."""
    if not is_open(state):
        raise RuleViolation("voiding_closed", VOIDING_CLOSED)


def due_faults(due_on: date, year: int) -> Iterator[RuleViolation]:
    """What is wrong with the day to report back by: it lies in the plan's year or the next."""
    if not year <= due_on.year <= year + 1:
        yield RuleViolation("due_on", f"Dagen ligger utanför {year}–{year + 1}. Rätta året.", "senast")


def progress_faults(progress: Progress, today: date) -> Iterator[RuleViolation]:
    """What is wrong with how an activity stands, each with its field."""
    if progress.status is ActivityStatus.DONE and progress.done_on is None:
        yield RuleViolation("done_on", "Skriv dagen då aktiviteten genomfördes.", "genomford")
    if progress.done_on is not None and progress.done_on > today:
        yield RuleViolation("done_on", "Dagen kan inte ligga i framtiden. Rätta den.", "genomford")
    if progress.done_on is not None and progress.status is not ActivityStatus.DONE:
        yield RuleViolation(
            "done_on", "Dagen hör till en genomförd aktivitet. Välj Genomförd, eller ta bort dagen.", "genomford"
        )
    if progress.status is ActivityStatus.STOPPED and not progress.analysis.strip():
        yield RuleViolation("analysis", "Skriv varför aktiviteten avbröts.", "analys")
