"""When is the log checked, how much of it, and when may a check be signed?

10 § lagen (2001:454) om behandling av personuppgifter inom socialtjänsten asks for systematic and recurrent checks of
whether anybody has read without being authorised. How often and how much is the committee's to decide, in the plan.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.calendar import add_months
from tracker.rules.errors import RuleViolation

CHECKS_A_YEAR = (1, 2, 3, 4, 6, 12)
MOST_DRAWN = 500
FIRST_YEAR, LAST_YEAR = 2000, 2100


class SampleBy(StrEnum):
    """How a plan tells the size of a sample."""

    NUMBER = "antal"
    SHARE = "andel"


class Grade(StrEnum):
    """What a check finds about one reading."""

    AUTHORISED = "behorig"
    UNCLEAR = "oklar"
    UNAUTHORISED = "obehorig"


class Result(StrEnum):
    """What a whole check comes to."""

    WITHOUT_REMARK = "utan-anmarkning"
    FOLLOWED_UP = "foljs-upp"
    UNAUTHORISED_ACCESS = "obehorig-atkomst"


class CheckState(StrEnum):
    """How a check stands on a day."""

    PLANNED = "planerad"
    TO_DO = "att-gora"
    LATE = "forsenad"
    DONE = "klar"


@dataclass(frozen=True, slots=True)
class CheckPeriod:
    """The days whose readings one check looks at, and the last day to be done with it."""

    number: int
    from_on: date
    to_on: date
    due_on: date


def check_periods(year: int, checks: int) -> list[CheckPeriod]:
    """The year in equal parts of whole months; each check is due one month after its part has ended.

    Four checks of 2026: the second is 1 April–30 June, due on 30 July; the fourth is due on 31 January 2027.
    Raises RuleViolation when the year does not divide so.
    """
    if checks not in CHECKS_A_YEAR:
        raise RuleViolation("checks", "Välj 1, 2, 3, 4, 6 eller 12 kontroller om året.", "checks")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleViolation("check_year", f"Skriv ett år mellan {FIRST_YEAR} och {LAST_YEAR}.", "year")
    months = 12 // checks
    found = []
    for number in range(1, checks + 1):
        from_on = date(year, (number - 1) * months + 1, 1)
        to_on = add_months(from_on, months) - timedelta(days=1)
        found.append(CheckPeriod(number, from_on, to_on, add_months(to_on, 1)))
    return found


def check_state(to_on: date, due_on: date, signed_on: date | None, today: date) -> CheckState:
    """How a check stands: it can be done from the day after its period, and is late from the day after its due day.

    Period to 30 June, due 30 July: planned on 30 June, to do on 1 July and on 30 July, late on 31 July.
    """
    if signed_on is not None:
        return CheckState.DONE
    if today <= to_on:
        return CheckState.PLANNED
    return CheckState.LATE if today > due_on else CheckState.TO_DO


def sample_size(by: SampleBy, amount: int, population: int) -> int:
    """How many to draw: the number, or the share in per cent rounded up; never more than there are, or than 500.

    5 per cent of 130 is 7, of 1 is 1, of 0 is 0; 25 of 10 is 10.
    """
    wanted = amount if by is SampleBy.NUMBER else -(-population * amount // 100)
    return min(wanted, population, MOST_DRAWN)


def check_amount(by: SampleBy, amount: int) -> None:
    """Raises RuleViolation when a plan's size makes no sense."""
    if by is SampleBy.SHARE and not 1 <= amount <= 100:
        raise RuleViolation("share", "Skriv andelen i procent, från 1 till 100.", "amount")
    if not 1 <= amount <= MOST_DRAWN:
        raise RuleViolation("number", f"Skriv ett antal från 1 till {MOST_DRAWN}.", "amount")


def check_drawable(to_on: date, today: date, *, drawn_before: bool, reason: str) -> None:
    """Raises RuleViolation while the period still runs, and when a new draw has no reason."""
    if today <= to_on:
        raise RuleViolation(
            "period_runs",
            f"Perioden är inte slut. Dra stickprovet tidigast {to_on + timedelta(days=1)}, när alla läsningar finns.",
        )
    if drawn_before and not reason.strip():
        raise RuleViolation("redraw_reason", "Skriv varför stickprovet dras om. Båda dragningarna står kvar.", "reason")


def check_grader(reader: int, grader: int) -> None:
    """Raises RuleViolation when somebody would grade their own reading."""
    if reader == grader:
        raise RuleViolation("own_reads", "Du kan inte bedöma dina egna läsningar. Be en annan loggranskare göra det.")


def check_signable(grades: Collection[Grade | None], result: Result, *, drawn: bool) -> None:
    """Raises RuleViolation when the check is not finished, or its result does not go with what it found."""
    if not drawn:
        raise RuleViolation("not_drawn", "Dra stickprovet och bedöm läsningarna innan du signerar.")
    waiting = sum(grade is None for grade in grades)
    if waiting:
        left = "En läsning är" if waiting == 1 else f"{waiting} läsningar är"
        raise RuleViolation("not_graded", f"{left} inte bedömd{'' if waiting == 1 else 'a'}. Bedöm alla först.")
    if result is Result.WITHOUT_REMARK and set(grades) - {Grade.AUTHORISED}:
        raise RuleViolation(
            "result_fits",
            "Minst en läsning är bedömd som oklar eller obehörig. Välj vad som händer med den.",
            "result",
        )
    if Grade.UNAUTHORISED in grades and result is not Result.UNAUTHORISED_ACCESS:
        raise RuleViolation(
            "result_unauthorised", "Minst en läsning är bedömd som obehörig. Välj Obehörig åtkomst.", "result"
        )


def check_grading(grade: Grade | None, comment: str) -> None:
    """Raises RuleViolation when a doubtful grade does not say why."""
    if grade in {Grade.UNCLEAR, Grade.UNAUTHORISED} and not comment.strip():
        raise RuleViolation("grade_comment", "Skriv vad som är oklart eller varför läsningen är obehörig.", "comment")
