"""Of what does the program warn today? Clocks that come near three months or have passed them, and IVO's window.

The days are this program's own: 30 and 7 days before the three months end, and the day after; when a window opens, 7
days before it closes and 1 day before. Each warning has the day it falls on, and stands until the next takes over, so
that what fell on a Sunday is still there on Monday and is told once.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.reporting_windows import Own, Window, open_window

SOON_DAYS, CLOSE_DAYS = 30, 7
RECENT_DAYS = 7
LAST_DAY_BEFORE = 1


class WarningKind(StrEnum):
    """What is warned of, in the order of a clock's life and then of a window's."""

    THIRTY_DAYS = "30-dagar"
    SEVEN_DAYS = "7-dagar"
    REPORTABLE = "rapporteringspliktig"
    WINDOW_OPENS = "fonstret-oppnar"
    WINDOW_CLOSES = "fonstret-stanger"
    WINDOW_LAST_DAY = "fonstret-sista-dagen"


CLOCK_KINDS = (WarningKind.REPORTABLE, WarningKind.SEVEN_DAYS, WarningKind.THIRTY_DAYS)
_FALLS = {WarningKind.THIRTY_DAYS: -SOON_DAYS, WarningKind.SEVEN_DAYS: -CLOSE_DAYS, WarningKind.REPORTABLE: 1}


def warned_on(kind: WarningKind, due_on: date) -> date:
    """The day on which a clock's warning of this kind falls.

    Due 2026-02-28: 2026-01-29 (30 days), 2026-02-21 (7 days), 2026-03-01 (reportable).
    """
    return due_on + timedelta(days=_FALLS[kind])


def due_days(kind: WarningKind, today: date, since: date | None = None) -> tuple[date, date]:
    """The first and the last `due_on` of the open clocks for which a warning of this kind stands today.

    `since`: the first day whose `rapporteringspliktig` is still told, else six days ago. On 2026-02-28: due 2026-03-08
    to 2026-03-30 (30 days), 2026-02-28 to 2026-03-07 (7 days), 2026-02-21 to 2026-02-27 (reportable).
    """
    if kind is WarningKind.REPORTABLE:
        begin = since if since is not None else today - timedelta(days=RECENT_DAYS - 1)
        return begin - timedelta(days=1), today - timedelta(days=1)
    if kind is WarningKind.SEVEN_DAYS:
        return today, today + timedelta(days=CLOSE_DAYS)
    return today + timedelta(days=CLOSE_DAYS + 1), today + timedelta(days=SOON_DAYS)


@dataclass(frozen=True, slots=True)
class WindowWarning:
    """That a window opens or closes; `day` is the day the warning fell on."""

    kind: WarningKind
    window: Window
    day: date


def window_warning(today: date, own: Own) -> WindowWarning | None:
    """The warning of IVO's window that stands today; None while no window is open.

    Open 2026-10-01 to 2026-10-31: opens from the 1st, closes from the 24th, last day from the 30th.
    """
    window = open_window(today, own)
    if window is None:
        return None
    falls = (
        (WarningKind.WINDOW_LAST_DAY, window.closes_on - timedelta(days=LAST_DAY_BEFORE)),
        (WarningKind.WINDOW_CLOSES, window.closes_on - timedelta(days=CLOSE_DAYS)),
        (WarningKind.WINDOW_OPENS, window.opens_on),
    )
    for kind, day in falls:
        if day <= today:
            return WindowWarning(kind, window, max(day, window.opens_on))
    return None
