"""What can happen while a clock runs, and on which days?

A clock runs until the whole of the insats is executed, or the decision is closed for another reason: a declined offer
ends nothing, and a partial execution ends nothing (IVO, frågor och svar om ej verkställda beslut). An interruption
follows an execution, whole or in part, and has a clock of its own (34 kap. 1 § socialtjänstlagen (2025:400), 28 f §
lagen (1993:387)). Nothing has happened on a day that has not come; only a plan lies ahead.

Worked example: decided 2025-09-01 and partly executed 2025-10-01. The whole can be executed from 2025-10-01 on, and an
interruption can begin from 2025-10-02 on; an offer of 2025-08-31 is refused, as it lies before the clock's start.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.errors import RuleViolation


class EventKind(StrEnum):
    """What is noted with a day while a clock runs."""

    OFFER = "erbjudande"
    CONTACT = "kontakt"
    FOLLOW_UP = "uppfoljning"


class OfferAnswer(StrEnum):
    """What the person has answered to an offer."""

    ACCEPTED = "accepterat"
    DECLINED = "tackat-nej"


@dataclass(frozen=True, slots=True)
class ClockDays:
    """The days of a clock that what happens is held against; None where nothing has happened."""

    started_on: date
    executed_on: date | None = None
    closed_on: date | None = None
    partly_on: date | None = None

    @property
    def ended_on(self) -> date | None:
        """The day the clock stopped."""
        return self.executed_on or self.closed_on


ENDED = "Klockan har stannat: den är verkställd eller avslutad. Är det fel, rätta klockan i stället."


def wrong_end(on: date, days: ClockDays, field: str) -> Iterator[RuleViolation]:
    """What speaks against an execution or a closing on a day, beside what `clock_facts.contradictions` says of it."""
    if days.ended_on is not None:
        yield RuleViolation("ended", ENDED, field)
    elif days.partly_on is not None and on < days.partly_on:
        yield RuleViolation(
            "before_partly", f"{on} ligger före den dag då en del verkställdes, {days.partly_on}. Rätta datumet.", field
        )


def wrong_partly(on: date, days: ClockDays, today: date, field: str) -> Iterator[RuleViolation]:
    """What speaks against a partial execution on a day."""
    if days.ended_on is not None:
        yield RuleViolation("ended", ENDED, field)
    else:
        yield from wrong_day(on, days, today, field)


def wrong_day(on: date, days: ClockDays, today: date, field: str) -> Iterator[RuleViolation]:
    """What speaks against something having happened on a day: it lies ahead, or outside the time the clock ran."""
    if on > today:
        yield RuleViolation("future", f"{on} ligger i framtiden. Skriv den dag då det hände.", field)
    elif on < days.started_on:
        yield RuleViolation("before_start", f"{on} ligger före klockans start {days.started_on}. Rätta datumet.", field)
    elif days.ended_on is not None and on > days.ended_on:
        yield RuleViolation(
            "after_end", f"{on} ligger efter att klockan stannade {days.ended_on}. Rätta datumet.", field
        )


def wrong_offer(
    offered_on: date, answer: OfferAnswer | None, answered_on: date | None, days: ClockDays, today: date
) -> Iterator[RuleViolation]:
    """What speaks against an offer with its answer; fields `dag`, `svar` and `svarsdag`."""
    yield from wrong_day(offered_on, days, today, "dag")
    yield from wrong_answer(offered_on, answer, answered_on, today)


def wrong_answer(
    offered_on: date, answer: OfferAnswer | None, answered_on: date | None, today: date
) -> Iterator[RuleViolation]:
    """What speaks against an answer to an offer; fields `svar` and `svarsdag`."""
    if answer is None:
        if answered_on is not None:
            yield RuleViolation("no_answer", "Välj vad svaret var, eller ta bort dagen.", "svar")
        return
    if answered_on is None:
        yield RuleViolation("no_day", "Skriv vilken dag svaret kom.", "svarsdag")
    elif answered_on > today:
        yield RuleViolation("future", f"{answered_on} ligger i framtiden. Skriv den dag då svaret kom.", "svarsdag")
    elif answered_on < offered_on:
        yield RuleViolation(
            "before_offer", f"{answered_on} ligger före erbjudandet {offered_on}. Rätta datumet.", "svarsdag"
        )


def wrong_plan(planned_on: date, days: ClockDays, today: date, field: str) -> Iterator[RuleViolation]:
    """What speaks against planning the execution for a day; today can be planned for."""
    if days.ended_on is not None:
        yield RuleViolation("ended", ENDED, field)
    elif planned_on < today:
        yield RuleViolation("past", f"{planned_on} har redan varit. Skriv en dag som kommer, eller töm fältet.", field)


def wrong_interruption(
    on: date, of: ClockDays, others: Iterable[ClockDays], today: date, field: str
) -> Iterator[RuleViolation]:
    """What speaks against a new interruption, on a day, of what has begun on clock `of`; `others`: those there are.

    It lies after the execution, whole or in part, and the insats was running then.
    """
    begun_on = of.executed_on or of.partly_on
    if begun_on is None:
        message = "Bara det som har börjat kan avbrytas. Notera först att insatsen har verkställts, helt eller delvis."
        yield RuleViolation("not_begun", message, field)
        return
    if on > today:
        yield RuleViolation("future", f"{on} ligger i framtiden. Skriv den dag då insatsen avbröts.", field)
    elif on <= begun_on:
        yield RuleViolation("before_begun", f"Avbrottet måste ligga efter verkställigheten {begun_on}.", field)
    for other in others:
        if other.started_on == on:
            yield RuleViolation("same_day", "Beslutet har redan ett avbrott den dagen. Skriv en annan dag.", field)
        elif other.started_on < on and (other.executed_on is None or other.executed_on >= on):
            message = (
                f"Insatsen var redan avbruten då, sedan {other.started_on}. Notera först när den verkställdes igen."
            )
            yield RuleViolation("interrupted_already", message, field)
