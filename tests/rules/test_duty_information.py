"""When somebody must be informed of the duty to report: the days on both sides of each limit, by hand."""

from datetime import date

import pytest

from tracker.rules.duty_information import (
    Interval,
    Standing,
    check_informed_day,
    check_last_day,
    due_day,
    standing,
)
from tracker.rules.errors import RuleViolation

YEARLY = Interval()
DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("informed_on", "interval", "due_on"),
    [
        (date(2025, 3, 2), YEARLY, date(2026, 3, 2)),
        (date(2024, 2, 29), YEARLY, date(2025, 2, 28)),
        (date(2025, 8, 31), Interval(months=6), date(2026, 2, 28)),
        (date(2025, 12, 31), Interval(months=1), date(2026, 1, 31)),
    ],
)
def test_the_next_time_follows_the_last_by_whole_months(informed_on, interval, due_on):
    assert due_day(informed_on, date(2015, 1, 1), interval) == due_on


@pytest.mark.parametrize(
    ("began_on", "interval", "due_on"),
    [
        (date(2026, 3, 2), YEARLY, date(2026, 3, 16)),
        (date(2026, 2, 20), Interval(first_days=0), date(2026, 2, 20)),
        (date(2025, 12, 31), Interval(first_days=90), date(2026, 3, 31)),
    ],
)
def test_a_new_one_has_some_days_from_the_first(began_on, interval, due_on):
    assert due_day(None, began_on, interval) == due_on


@pytest.mark.parametrize(
    ("informed_on", "due_on", "stands"),
    [
        (date(2025, 3, 2), date(2026, 3, 2), Standing.SOON),  # the last day is in time
        (date(2025, 3, 1), date(2026, 3, 1), Standing.MISSING),
        (date(2025, 4, 1), date(2026, 4, 1), Standing.SOON),  # thirty days before
        (date(2025, 4, 2), date(2026, 4, 2), Standing.INFORMED),
        (None, date(2026, 3, 2), Standing.NEW),
        (None, date(2026, 3, 1), Standing.MISSING),
    ],
)
def test_how_somebody_stands_on_the_days_around_the_last(informed_on, due_on, stands):
    assert standing(informed_on, due_on, DAY) is stands


def test_a_day_in_the_future_is_refused_and_today_is_not():
    check_informed_day(DAY, DAY)
    with pytest.raises(RuleViolation) as refused:
        check_informed_day(date(2026, 3, 3), DAY)
    assert (refused.value.code, refused.value.field) == ("future", "dag")


def test_nobody_ends_before_they_began():
    check_last_day(DAY, DAY)
    with pytest.raises(RuleViolation) as refused:
        check_last_day(DAY, date(2026, 3, 1))
    assert refused.value.field == "slutar"
