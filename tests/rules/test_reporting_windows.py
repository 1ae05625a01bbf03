"""IVO's windows: the default days, an installation's own, and which quarter is to be reported on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Quarter
from tracker.rules.reporting_windows import (
    Window,
    WindowState,
    check_window,
    default_window,
    first_quarter_to_report,
    next_window,
    open_window,
    window_of,
)

Q1, Q2, Q3, Q4 = (Quarter(2026, number) for number in range(1, 5))
OWN = {Q3: Window(Q3, date(2026, 10, 5), date(2026, 11, 13))}


@pytest.mark.parametrize(
    ("quarter", "opens_on", "closes_on"),
    [
        (Q1, date(2026, 4, 1), date(2026, 4, 30)),
        (Q2, date(2026, 7, 1), date(2026, 8, 31)),
        (Q3, date(2026, 10, 1), date(2026, 10, 31)),
        (Q4, date(2027, 1, 1), date(2027, 1, 31)),
    ],
)
def test_the_default_days_are_those_ivo_published(quarter, opens_on, closes_on):
    assert default_window(quarter) == Window(quarter, opens_on, closes_on)
    assert window_of(quarter, {}) == default_window(quarter)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 3, 31), None),
        (date(2026, 4, 1), Q1),
        (date(2026, 4, 30), Q1),
        (date(2026, 5, 1), None),
        (date(2026, 6, 30), None),
        (date(2026, 7, 1), Q2),
        (date(2026, 8, 31), Q2),
        (date(2026, 9, 1), None),
        (date(2026, 10, 1), Q3),
        (date(2026, 10, 31), Q3),
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), Q4),
        (date(2027, 1, 31), Q4),
        (date(2027, 2, 1), None),
    ],
)
def test_the_quarter_to_report_is_the_one_whose_window_is_open(day, quarter):
    found = open_window(day, {})
    assert (found.quarter if found else None) == quarter


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 10, 4), WindowState.TO_COME),
        (date(2026, 10, 5), WindowState.OPEN),
        (date(2026, 11, 13), WindowState.OPEN),
        (date(2026, 11, 14), WindowState.CLOSED),
    ],
)
def test_own_days_take_the_place_of_the_default(day, state):
    assert window_of(Q3, OWN).state(day) is state
    assert (open_window(day, OWN) is not None) is (state is WindowState.OPEN)


@pytest.mark.parametrize(
    ("day", "first", "quarter"),
    [
        (date(2026, 10, 31), None, Q3),
        (date(2026, 11, 1), None, Q4),
        (date(2026, 11, 15), None, Q4),
        (date(2027, 2, 1), None, Quarter(2027, 1)),
        (date(2026, 10, 15), Q4, Q4),
        (date(2026, 10, 15), Q1, Q3),
        (date(2026, 10, 15), Quarter(2029, 1), Quarter(2029, 1)),
    ],
)
def test_the_next_window_has_not_closed_and_is_of_no_earlier_quarter(day, first, quarter):
    assert next_window(day, {}, first).quarter == quarter


@pytest.mark.parametrize(
    ("due_on", "quarter"),
    [
        (date(2026, 3, 30), Q1),
        (date(2026, 3, 31), Q2),
        (date(2026, 4, 1), Q2),
        (date(2026, 12, 30), Q4),
        (date(2026, 12, 31), Quarter(2027, 1)),
    ],
)
def test_three_months_that_end_on_the_quarters_last_day_have_not_passed_in_its_report(due_on, quarter):
    assert first_quarter_to_report(due_on) == quarter


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "code", "field"),
    [
        (date(2026, 9, 30), date(2026, 10, 31), "opens_early", "opens_on"),
        (date(2026, 10, 1), date(2026, 9, 30), "closes_before", "closes_on"),
        (date(2026, 10, 1), date(2027, 10, 1), "closes_late", "closes_on"),
        (date(2026, 10, 1), date(2027, 1, 1), "overlaps_after", "closes_on"),
    ],
)
def test_days_that_cannot_be_a_window_are_refused_beside_their_field(opens_on, closes_on, code, field):
    with pytest.raises(RuleViolation) as refused:
        check_window(Window(Q3, opens_on, closes_on), {})
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("opens_on", "closes_on"),
    [
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_days_between_the_neighbours_windows_are_taken(opens_on, closes_on):
    window = Window(Q3, opens_on, closes_on)
    assert check_window(window, {}) is None
    assert open_window(opens_on, {Q3: window}) == window


def test_a_window_may_not_begin_in_the_one_before_that_was_prolonged():
    own = {Q2: Window(Q2, date(2026, 7, 1), date(2026, 10, 2))}
    with pytest.raises(RuleViolation, match="kvartal 2 2026 stänger 2026-10-02") as refused:
        check_window(default_window(Q3), own)
    assert refused.value.field == "opens_on"
    assert check_window(Window(Q3, date(2026, 10, 3), date(2026, 10, 31)), own) is None


@given(st.dates(date(2003, 1, 1), date(2098, 12, 31)))
def test_every_day_has_one_window_open_or_one_to_come(day):
    found, coming = open_window(day, {}), next_window(day, {})
    # Written out once more: January, April, July, August and October are when something is reported.
    assert (found is not None) is (day.month in {1, 4, 7, 8, 10})
    assert coming.closes_on >= day
    assert found in {None, coming}
    assert coming.opens_on - day <= timedelta(days=61)
