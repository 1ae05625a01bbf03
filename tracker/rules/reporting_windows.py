"""Between which days does IVO take the reports of a quarter, and which quarter is to be reported today?

Source: IVO's page on reporting (ivo.se, rapportering av ej verkställda beslut, as published for 2019): the quarters'
reports are taken 1–30 April, 1 July–31 August, 1–31 October and 1–31 January. No later year's days have been found, so
these are a default, not law: an installation can give a quarter days of its own (`own`: those that have been given).
Executions and closings may be told at any time, whatever the window.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.rules.calendar import add_months
from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import FIRST_YEAR, LAST_YEAR, Quarter

MONTHS_OPEN = {1: 1, 2: 2, 3: 1, 4: 1}  # of the default; the second quarter's window has the summer in it
LATEST_MONTHS = 12
DAY = timedelta(days=1)


class WindowState(StrEnum):
    """How a window stands on a day."""

    TO_COME = "kommer"
    OPEN = "oppet"
    CLOSED = "stangt"


@dataclass(frozen=True, slots=True)
class Window:
    """The days between which IVO takes a quarter's reports, both of them within."""

    quarter: Quarter
    opens_on: date
    closes_on: date

    def state(self, day: date) -> WindowState:
        """`kommer` before it opens, `oppet` from the first day to the last, `stangt` afterwards."""
        if day < self.opens_on:
            return WindowState.TO_COME
        return WindowState.OPEN if day <= self.closes_on else WindowState.CLOSED


Own = Mapping[Quarter, Window]


def default_window(quarter: Quarter) -> Window:
    """The window as IVO published it for 2019.

    Quarter 2 of 2026: 2026-07-01 to 2026-08-31. Quarter 4 of 2026: 2027-01-01 to 2027-01-31.
    """
    opens_on = quarter.last_day + DAY
    return Window(quarter, opens_on, add_months(opens_on, MONTHS_OPEN[quarter.number]) - DAY)


def window_of(quarter: Quarter, own: Own) -> Window:
    """The quarter's window: its own days where it has been given any, else the default."""
    return own.get(quarter) or default_window(quarter)


def open_window(day: date, own: Own) -> Window | None:
    """The window that is open on a day, and with it the quarter that is to be reported; None between two windows.

    2026-10-15: the third quarter's. 2026-11-15: none.
    """
    return next((window for window in _around(day, own) if window.state(day) is WindowState.OPEN), None)


def next_window(day: date, own: Own, first: Quarter | None = None) -> Window:
    """The first window that has not closed before the day, of the quarter `first` or a later one.

    On 2026-11-15: the fourth quarter's, from 2027-01-01. What cannot be reported before quarter `first` ends has its
    window no earlier than that.
    """
    waiting = (window for window in _around(day, own) if window.closes_on >= day)
    for window in waiting:
        if first is None or window.quarter >= first:
            return window
    return window_of(first or Quarter.holding(day), own)


def first_quarter_to_report(due_on: date) -> Quarter:
    """The first quarter whose report, with its last day as cut-off, holds a clock that runs on after `due_on`.

    Due 2026-03-30: the first quarter. Due 2026-03-31: the second, as the three months have not passed on that day.
    """
    return Quarter.holding(due_on + DAY)


def check_window(window: Window, own: Own) -> None:
    """Raises RuleViolation (field `opens_on` or `closes_on`) for days that cannot be the quarter's window.

    It opens after the quarter has ended, closes no earlier than it opens and within twelve months, and shares no day
    with its neighbours' windows: on any day there is one quarter to report at most.
    """
    quarter = window.quarter
    if window.opens_on <= quarter.last_day:
        message = (
            f"Fönstret kan öppna tidigast dagen efter kvartalets sista dag {quarter.last_day}. Skriv en senare dag."
        )
        raise RuleViolation("opens_early", message, "opens_on")
    if window.closes_on < window.opens_on:
        message = f"Fönstret öppnar {window.opens_on}. Skriv samma dag eller en senare."
        raise RuleViolation("closes_before", message, "closes_on")
    latest = add_months(quarter.last_day, LATEST_MONTHS)
    if window.closes_on > latest:
        raise RuleViolation("closes_late", f"Skriv {latest} eller tidigare.", "closes_on")
    before, after = window_of(quarter.before, own), window_of(quarter.after, own)
    if window.opens_on <= before.closes_on:
        message = (
            f"Fönstret för {_name(before)} stänger {before.closes_on}. Skriv en senare dag, eller ändra det först."
        )
        raise RuleViolation("overlaps_before", message, "opens_on")
    if window.closes_on >= after.opens_on:
        message = f"Fönstret för {_name(after)} öppnar {after.opens_on}. Skriv en tidigare dag, eller ändra det först."
        raise RuleViolation("overlaps_after", message, "closes_on")


def _name(window: Window) -> str:
    return f"kvartal {window.quarter.number} {window.quarter.year}"


def _around(day: date, own: Own) -> Iterator[Window]:
    """The windows that can hold the day or follow it, in the quarters' order, which is theirs as well."""
    quarter, last = Quarter(max(day.year - 2, FIRST_YEAR), 1), Quarter(min(day.year + 1, LAST_YEAR), 4)
    while quarter < last:
        yield window_of(quarter, own)
        quarter = quarter.after
