"""What may be done with information from a private provider, and do its days come in an order that can be?

27 kap. 4 § SoL and 24 d § LSS: whoever carries on the activity informs the committee of the reports it has received.
The provider investigates and notifies IVO itself; the committee notes what it was told, follows it up, and closes it.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.rules.errors import RuleViolation


class ProviderKind(StrEnum):
    """What the provider tells of."""

    REPORT = "rapport"
    SERIOUS = "allvarlig"


class ProviderState(StrEnum):
    """How far the committee has come with it."""

    NOTED = "noterad"
    FOLLOWED_UP = "uppfoljd"
    CLOSED = "avslutad"


class ProviderStep(StrEnum):
    """What the committee does about it."""

    FOLLOW_UP = "folj-upp"
    CLOSE = "avsluta"
    REOPEN = "oppna-igen"


KIND_LABELS = {
    ProviderKind.REPORT: "Mottagen rapport",
    ProviderKind.SERIOUS: "Allvarligt, anmält till IVO av utföraren",
}
STATE_LABELS = {
    ProviderState.NOTED: "Noterad",
    ProviderState.FOLLOWED_UP: "Uppföljd",
    ProviderState.CLOSED: "Avslutad",
}
STEP_LABELS = {
    ProviderStep.FOLLOW_UP: "Skriv uppföljningen",
    ProviderStep.CLOSE: "Avsluta",
    ProviderStep.REOPEN: "Öppna igen",
}
TRAIL_FIELDS = {
    "number": "nummer",
    "came_on": "kom till oss",
    "ivo_notified_on": "anmäld till IVO",
    "ivo_number": "IVO:s diarienummer",
    "description": "vad som berättades",
    "note": "vad som gjordes",
}
TABLE = {
    ProviderStep.FOLLOW_UP: (frozenset({ProviderState.NOTED, ProviderState.FOLLOWED_UP}), ProviderState.FOLLOWED_UP),
    ProviderStep.CLOSE: (frozenset({ProviderState.FOLLOWED_UP}), ProviderState.CLOSED),
    ProviderStep.REOPEN: (frozenset({ProviderState.CLOSED}), ProviderState.FOLLOWED_UP),
}


class ProviderDays(NamedTuple):
    """When the provider received the report, when its information came to us, and when the provider notified IVO."""

    received_on: date | None
    came_on: date
    ivo_notified_on: date | None = None


def possible_steps(state: ProviderState) -> list[ProviderStep]:
    """What may be done from a state, in order."""
    return [step for step, (starts, _) in TABLE.items() if state in starts]


def check_step(step: ProviderStep, state: ProviderState, day: date, came_on: date, today: date) -> ProviderState:
    """The state that a step leads to. Raises RuleViolation from another state, and for a day that cannot be."""
    starts, end = TABLE[step]
    if state not in starts:
        raise RuleViolation("state", "Någon annan har fört den vidare. Öppna den igen och se vad som gäller.")
    if day > today:
        raise RuleViolation("future", f"{day} ligger i framtiden. Rätta dagen.", "dag")
    if day < came_on:
        raise RuleViolation("order", f"{day} ligger före {came_on}, då informationen kom. Rätta dagen.", "dag")
    return end


def wrong_provider_days(kind: ProviderKind, days: ProviderDays, today: date) -> list[RuleViolation]:
    """What contradicts itself among the days, each with its field."""
    found = []
    for field, day in (("mottagen", days.received_on), ("kom", days.came_on), ("ivo_dag", days.ivo_notified_on)):
        if day is not None and day > today:
            found.append(RuleViolation("future", f"{day} ligger i framtiden. Rätta dagen.", field))
    if days.received_on is not None and days.came_on < days.received_on:
        message = f"Informationen kan inte ha kommit före {days.received_on}, då utföraren tog emot rapporten."
        found.append(RuleViolation("order", message, "kom"))
    if days.ivo_notified_on is not None and days.received_on is not None and days.ivo_notified_on < days.received_on:
        message = f"Anmälan till IVO ligger före {days.received_on}, då utföraren tog emot rapporten. Rätta dagen."
        found.append(RuleViolation("order", message, "ivo_dag"))
    if days.ivo_notified_on is not None and kind is not ProviderKind.SERIOUS:
        found.append(RuleViolation("kind", "Dagen hör till det som är anmält till IVO. Rätta typen.", "ivo_dag"))
    return found
