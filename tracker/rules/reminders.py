"""Of what is somebody reminded, on which days, how often by mail, and when is a mail that did not go tried again?

The days are this program's own. Each reminder falls on a day and is told once. What fell while the command was not run
is told if it still holds; of several for one thing only the latest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.rules.warnings import WarningKind, warned_on

RECENT_DAYS = 7  # how far back the first run looks
KEPT_DAYS = 14  # how long what fell can wait for a weekly mail
LONGEST_AHEAD = 30
CALENDAR_BACK, CALENDAR_AHEAD = timedelta(days=30), timedelta(days=90)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=10), timedelta(hours=6)
MOST_DOUBLINGS = 8


class Often(StrEnum):
    """How often somebody wants mail."""

    AT_ONCE = "genast"
    DAILY = "dagligen"
    WEEKLY = "veckovis"
    NEVER = "aldrig"


class Subject(StrEnum):
    """What a reminder is about."""

    CLOCK = "clock"
    WINDOW = "window"
    LEX_SARAH = "lex_sarah"
    MOMENT = "moment"
    COMPLAINT = "complaint"
    ACTION = "action"


class Reason(StrEnum):
    """Why it is told."""

    CLOCK_30 = "30-dagar"
    CLOCK_7 = "7-dagar"
    REPORTABLE = "rapporteringspliktig"
    WINDOW_OPENS = "fonstret-oppnar"
    WINDOW_CLOSES = "fonstret-stanger"
    WINDOW_LAST_DAY = "fonstret-sista-dagen"
    REPORT_CAME = "rapport-inkommen"
    NOT_BEGUN_1 = "ej-borjad-1"
    NOT_BEGUN_3 = "ej-borjad-3"
    TARGET_14 = "beslut-14"
    TARGET_3 = "beslut-3"
    SUPPLEMENT_14 = "ivo-14"
    SUPPLEMENT_3 = "ivo-3"
    MOMENT_14 = "moment-14"
    MOMENT_DUE = "moment-i-dag"
    MOMENT_LATE = "moment-sent"
    ANSWER_3 = "svar-3"
    ANSWER_DUE = "svar-i-dag"
    ACTION_14 = "atgard-14"
    ACTION_LATE = "atgard-sen"


@dataclass(frozen=True, slots=True)
class Point:
    """A day on which something is told; `last`: the last day on which it is told to somebody who has not heard it,
    whenever the command last ran.
    """

    reason: Reason
    day: date
    last: date


def _at(reason: Reason, day: date, last: date | None = None) -> Point:
    return Point(reason, day, last or day)


def _before(due_on: date, *pairs: tuple[Reason, int]) -> list[Point]:
    """Points so many days before a last day, each standing until the next or the last day itself."""
    days = [due_on - timedelta(days=number) for _, number in pairs]
    ends = [*(day - timedelta(days=1) for day in days[1:]), due_on]
    return [_at(reason, day, end) for (reason, _), day, end in zip(pairs, days, ends, strict=True)]


def clock_points(due_on: date) -> list[Point]:
    """Of a clock that runs: 30 and 7 days before the three months end, and the day after. Due 2026-02-28: 2026-01-29,
    2026-02-21 and 2026-03-01.
    """
    before = _before(due_on, (Reason.CLOCK_30, 30), (Reason.CLOCK_7, 7))
    return [*before, _at(Reason.REPORTABLE, warned_on(WarningKind.REPORTABLE, due_on))]


def start_points(came_on: date, *, received: bool) -> list[Point]:
    """Of a lex Sarah-rapport whose investigation has not begun: that it came (until it is received), and one and three
    days later.
    """
    came = [] if received else [_at(Reason.REPORT_CAME, came_on)]
    later = [
        _at(Reason.NOT_BEGUN_1, came_on + timedelta(days=1)),
        _at(Reason.NOT_BEGUN_3, came_on + timedelta(days=3)),
    ]
    return came + later


def target_points(target_on: date) -> list[Point]:
    """Of a lex Sarah case that is not decided: 14 and 3 days before its two months end."""
    return _before(target_on, (Reason.TARGET_14, 14), (Reason.TARGET_3, 3))


def supplement_points(due_on: date) -> list[Point]:
    """Of an investigation that IVO has not got: 14 and 3 days before its last day."""
    return _before(due_on, (Reason.SUPPLEMENT_14, 14), (Reason.SUPPLEMENT_3, 3))


def moment_points(due_on: date) -> list[Point]:
    """Of an occasion of a kontrollmoment that has not been done: 14 days before, the day itself, 7 days after."""
    ahead = _at(Reason.MOMENT_14, due_on - timedelta(days=14), due_on - timedelta(days=1))
    return [ahead, _at(Reason.MOMENT_DUE, due_on), _at(Reason.MOMENT_LATE, due_on + timedelta(days=7))]


def complaint_points(due_on: date) -> list[Point]:
    """Of a synpunkt that is not answered: three days before the last day of the promise, and that day. With ten days
    from 2026-03-02 that is day 7, 2026-03-09, and day 10, 2026-03-12.
    """
    soon = due_on - timedelta(days=3)
    return [_at(Reason.ANSWER_3, soon, due_on - timedelta(days=1)), _at(Reason.ANSWER_DUE, due_on)]


def action_points(due_on: date, today: date) -> list[Point]:
    """Of a decided action that is not carried out: 14 days before its last day, and when it is late each seventh day
    from the day after. Due Tuesday 2026-03-10: 2026-02-24, then 2026-03-11, 2026-03-18 and so on.
    """
    ahead = _before(due_on, (Reason.ACTION_14, 14))
    if today <= due_on:
        return ahead
    weeks = ((today - due_on).days - 1) // 7
    return [*ahead, _at(Reason.ACTION_LATE, due_on + timedelta(days=1 + 7 * weeks))]


def standing(points: Sequence[Point], today: date, since: date) -> Point | None:
    """The latest point that has fallen, if it is to be told: it fell on `since` or later, or still stands today."""
    fallen = [point for point in points if point.day <= today]
    if not fallen:
        return None
    latest = max(fallen, key=lambda point: point.day)
    return latest if latest.day >= since or today <= latest.last else None


def looked_back_to(last_run: date | None, today: date) -> date:
    """The first day whose reminders are still told: the day of the last run, else (and at least) a week."""
    week = today - timedelta(days=RECENT_DAYS - 1)
    return week if last_run is None else min(last_run, week)


def key_of(subject: Subject, thing: str, point: Point) -> str:
    """What tells one reminder from every other, such as `action:12:atgard-14:2026-02-24`; another day is another."""
    return f"{subject}:{thing}:{point.reason}:{point.day}"


def may_mail(often: Often, last_mailed: date | None, today: date) -> bool:
    """Whether somebody may get a mail today. Daily: one a day; weekly: one each calendar week, with its first run."""
    match often:
        case Often.AT_ONCE:
            return True
        case Often.DAILY:
            return last_mailed is None or last_mailed < today
        case Often.WEEKLY:
            return last_mailed is None or last_mailed.isocalendar()[:2] < today.isocalendar()[:2]
        case Often.NEVER:
            return False


def next_try(tries: int, now: datetime) -> datetime:
    """When a mail that did not go is tried again: after 10 minutes, 20, 40 … never more than six hours."""
    wait: timedelta = FIRST_RETRY * 2 ** min(max(tries - 1, 0), MOST_DOUBLINGS)
    return now + min(wait, LONGEST_RETRY)
