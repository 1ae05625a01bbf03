"""Which warning stands on a day: 30 and 7 days before three months, the day after, and around IVO's window."""

from datetime import date, timedelta

import pytest

from tracker.rules.quarters import Quarter
from tracker.rules.reporting_windows import Window
from tracker.rules.warnings import CLOCK_KINDS, WarningKind, due_days, warned_on, window_warning

DUE = date(2026, 2, 28)
Q3 = Quarter(2026, 3)


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        (WarningKind.THIRTY_DAYS, date(2026, 1, 29)),
        (WarningKind.SEVEN_DAYS, date(2026, 2, 21)),
        (WarningKind.REPORTABLE, date(2026, 3, 1)),
    ],
)
def test_each_warning_falls_on_its_day(kind, day):
    assert warned_on(kind, DUE) == day


@pytest.mark.parametrize(
    ("today", "kind"),
    [
        (date(2026, 1, 28), None),
        (date(2026, 1, 29), WarningKind.THIRTY_DAYS),
        (date(2026, 2, 20), WarningKind.THIRTY_DAYS),
        (date(2026, 2, 21), WarningKind.SEVEN_DAYS),
        (date(2026, 2, 28), WarningKind.SEVEN_DAYS),
        (date(2026, 3, 1), WarningKind.REPORTABLE),
        (date(2026, 3, 7), WarningKind.REPORTABLE),
        (date(2026, 3, 8), None),
    ],
)
def test_a_warning_stands_from_its_day_until_the_next_takes_over(today, kind):
    standing = [each for each in CLOCK_KINDS if due_days(each, today)[0] <= DUE <= due_days(each, today)[1]]
    assert standing == ([kind] if kind else [])


def test_whoever_was_away_is_told_of_what_became_reportable_since():
    first, last = due_days(WarningKind.REPORTABLE, date(2026, 4, 1), since=date(2026, 3, 1))
    assert first <= DUE <= last
    assert not due_days(WarningKind.REPORTABLE, date(2026, 4, 1), since=date(2026, 3, 2))[0] <= DUE


def test_no_day_on_which_three_months_may_end_is_warned_of_twice_or_left_out():
    today = date(2026, 7, 15)
    spans = sorted(due_days(kind, today) for kind in CLOCK_KINDS)
    days = [first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)]
    assert days == [date(2026, 7, 8) + timedelta(days=n) for n in range(38)]  # 7 gone, today, and 30 to come


@pytest.mark.parametrize(
    ("today", "kind", "day"),
    [
        (date(2026, 9, 30), None, None),
        (date(2026, 10, 1), WarningKind.WINDOW_OPENS, date(2026, 10, 1)),
        (date(2026, 10, 23), WarningKind.WINDOW_OPENS, date(2026, 10, 1)),
        (date(2026, 10, 24), WarningKind.WINDOW_CLOSES, date(2026, 10, 24)),
        (date(2026, 10, 29), WarningKind.WINDOW_CLOSES, date(2026, 10, 24)),
        (date(2026, 10, 30), WarningKind.WINDOW_LAST_DAY, date(2026, 10, 30)),
        (date(2026, 10, 31), WarningKind.WINDOW_LAST_DAY, date(2026, 10, 30)),
        (date(2026, 11, 1), None, None),
    ],
)
def test_the_window_warns_when_it_opens_and_before_it_closes(today, kind, day):
    found = window_warning(today, {})
    assert (found and found.kind, found and found.day) == (kind, day)
    assert found is None or found.window.quarter == Q3


def test_a_window_of_one_day_warns_on_that_day():
    own = {Q3: Window(Q3, date(2026, 10, 12), date(2026, 10, 12))}
    assert window_warning(date(2026, 10, 11), own) is None
    found = window_warning(date(2026, 10, 12), own)
    assert (found.kind, found.day) == (WarningKind.WINDOW_LAST_DAY, date(2026, 10, 12))
