"""Do the days of a case come in an order that can be?"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tracker.rules.errors import RuleViolation


class Told(NamedTuple):
    """A day of a case: its field in forms and column in files, what it is the day of, and the day when there is."""

    field: str
    words: str
    day: date | None


def wrong_order(days: Iterable[Told], today: date) -> list[RuleViolation]:
    """What contradicts itself among days in the order in which they come: one in the future, or one before the day that
    must have come first. A day that lacks is passed over.

    Reported 2026-01-12, received 2026-01-11: told at `received`.
    """
    found: list[RuleViolation] = []
    before: Told | None = None
    for one in days:
        if one.day is None:
            continue
        if one.day > today:
            found.append(RuleViolation("future", f"{one.day} ligger i framtiden. Rätta dagen.", one.field))
        elif before is not None and before.day is not None and one.day < before.day:
            message = f"{one.words} ({one.day}) ligger före {before.words} ({before.day}). Rätta dagen."
            found.append(RuleViolation("order", message, one.field))
        before = one
    return found


def check_step_day(day: date, came_on: date, today: date, moved_on: date | None = None) -> None:
    """Raises RuleViolation, field `day`, for a step of a case in the future, before the case came, or (`moved_on`: the
    day of the last step that led it on) before what led there.
    """
    if day > today:
        raise RuleViolation("future", f"{day} ligger i framtiden. Rätta dagen.", "day")
    if day < came_on:
        raise RuleViolation("order", f"{day} ligger före {came_on}, då ärendet kom. Rätta dagen.", "day")
    if moved_on is not None and day < moved_on:
        raise RuleViolation("order", f"{day} ligger före {moved_on}, då förra steget togs. Rätta dagen.", "day")


def check_sent(sent_on: date, completed_on: date | None, field: str) -> None:
    """Raises RuleViolation for an investigation that would have gone to IVO before it was done."""
    if completed_on is not None and sent_on < completed_on:
        raise RuleViolation(
            "order", f"{sent_on} ligger före {completed_on}, då utredningen var klar. Rätta dagen.", field
        )
