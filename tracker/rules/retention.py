"""How long is a case kept, and when is it gallrad?

Nothing is, unless somebody has said for how many months a kind is kept after the last note in it (*sista
anteckning*): what holds is the committee's own plan (dokumenthanteringsplan), and each gallring rests on a decision. A
case is kept through the day that lies so many months after its last day, and gallras from the day after. That day is
the last of the one on which it was closed and those on which anything has been noted of it since: a step, a
correction, IVO's decision, a file. What is open, or waits for somebody, is never due.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.calendar import add_months
from tracker.rules.errors import RuleViolation

LONGEST_MONTHS = 1200
LONGEST_DECISION = 120
MOST_AT_ONCE = 200
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeptCase:
    """What says whether a case may be gallrad. `ended_on`: the day it was closed, or answered; None while it is open.

    `waits_for_ivo`: it has been notified and IVO has not decided. `open_actions`: an action is not carried out.
    `noted_on`: days on which something was noted of it; None is no day.
    """

    ended_on: date | None
    waits_for_ivo: bool = False
    open_actions: bool = False
    noted_on: tuple[date | None, ...] = ()

    @property
    def last_on(self) -> date | None:
        """The day that the time for keeping runs from; None while it is open."""
        if self.ended_on is None:
            return None
        return max(day for day in (self.ended_on, *self.noted_on) if day is not None)


def clears_from(last_on: date, months: int) -> date:
    """The first day on which a case is gallrad: 12 months from 2021-03-31 it is 2022-04-01."""
    return add_months(last_on, months) + _DAY


def is_due(case: KeptCase, months: int | None, today: date) -> bool:
    """Whether a case is to be gallrad today; `months` None: the kind is kept always."""
    last_on = case.last_on
    if months is None or last_on is None or case.waits_for_ivo or case.open_actions:
        return False
    return clears_from(last_on, months) <= today


def last_kept_from(months: int, today: date) -> date:
    """The latest that the last day of a case that is due today can be: 2021-03-31 on 2022-04-01, 12 months."""
    found = add_months(today, -months)
    while clears_from(found, months) > today:
        found -= _DAY
    while clears_from(found + _DAY, months) <= today:
        found += _DAY
    return found


def check_months(months: int | None) -> None:
    """Raises RuleViolation, field `months`, for no such time; None keeps always."""
    if months is not None and not 1 <= months <= LONGEST_MONTHS:
        message = f"Skriv ett antal månader mellan 1 och {LONGEST_MONTHS}, eller lämna tomt."
        raise RuleViolation("months", message, "months")


def check_decision(decided_on: date | None, decision: str, reason: str, today: date) -> None:
    """Raises RuleViolation when the decision that a gallring rests on is not told or lies ahead, or no reason is."""
    if decided_on is None:
        raise RuleViolation("decided_on", "Skriv dagen som 2026-03-31.", "decided_on")
    if decided_on > today:
        raise RuleViolation("decided_on", "Beslutet kan inte vara fattat efter idag. Kontrollera dagen.", "decided_on")
    if not any(map(str.isalnum, decision)):
        raise RuleViolation("decision", "Skriv paragraf eller diarienummer, så att beslutet går att hitta.", "decision")
    if not any(map(str.isalpha, reason)):
        raise RuleViolation("reason", "Skriv varför ärendena gallras.", "reason")


def cleared() -> RuleViolation:
    """That a case has been gallrad, and nothing can be done with it."""
    return RuleViolation("cleared", "Ärendet är gallrat. Det går inte att ändra eller öppna igen.")
