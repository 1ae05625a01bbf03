"""To whom is a lex Sarah case handed over, and how? What happened elsewhere is another's to notify (IVO: a huvudman
cannot notify what happened at another huvudman).
"""

from datetime import date
from enum import StrEnum

from tracker.rules.errors import RuleViolation


class ReceiverKind(StrEnum):
    """Who takes a case over."""

    COMMITTEE = "namnd"
    PROVIDER = "utforare"


class SentBy(StrEnum):
    """How it was sent."""

    POST = "post"
    MESSENGER = "bud"
    SERVICE = "e-tjanst"
    OTHER = "annat"


RECEIVER_LABELS = {ReceiverKind.COMMITTEE: "Annan nämnd", ReceiverKind.PROVIDER: "Privat utförare"}
SENT_LABELS = {
    SentBy.POST: "Med post",
    SentBy.MESSENGER: "Lämnades över",
    SentBy.SERVICE: "Genom e-tjänst med säker inloggning",
    SentBy.OTHER: "På annat sätt",
}


def check_receiver(receiver: str) -> None:
    """Raises RuleViolation, field `receiver`, when it is not said to whom."""
    if not receiver.strip():
        raise RuleViolation("receiver", "Skriv vem som tar över ärendet.", "receiver")


def check_answer_day(day: date, handed_on: date) -> None:
    """Raises RuleViolation, field `day`, for an answer before the case was handed over; the same day is in order."""
    if day < handed_on:
        raise RuleViolation("order", f"{day} ligger före {handed_on}, då ärendet överlämnades. Rätta dagen.", "day")
