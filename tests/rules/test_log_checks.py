"""When checks fall due, how much they take and when they can be signed, by days worked out by hand."""

from datetime import date

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.log_checks import (
    CheckState,
    Grade,
    Result,
    SampleBy,
    check_amount,
    check_drawable,
    check_grader,
    check_periods,
    check_signable,
    check_state,
    sample_size,
)


@pytest.mark.parametrize(
    ("checks", "number", "from_on", "to_on", "due_on"),
    [
        (1, 1, date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 31)),
        (2, 1, date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 30)),
        (3, 2, date(2026, 5, 1), date(2026, 8, 31), date(2026, 9, 30)),
        (4, 2, date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 30)),
        (4, 4, date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 31)),
        (6, 1, date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 28)),
        (12, 1, date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 28)),
        (12, 2, date(2028, 2, 1), date(2028, 2, 29), date(2028, 3, 29)),
    ],
)
def test_a_year_is_divided_into_whole_months(checks, number, from_on, to_on, due_on):
    period = check_periods(from_on.year, checks)[number - 1]
    assert (period.number, period.from_on, period.to_on, period.due_on) == (number, from_on, to_on, due_on)


@pytest.mark.parametrize("checks", [1, 2, 3, 4, 6, 12])
def test_the_periods_of_a_year_follow_upon_each_other_and_leave_no_day_out(checks):
    periods = check_periods(2028, checks)
    assert len(periods) == checks
    assert (periods[0].from_on, periods[-1].to_on) == (date(2028, 1, 1), date(2028, 12, 31))
    assert sum((period.to_on - period.from_on).days + 1 for period in periods) == 366


@pytest.mark.parametrize("checks", [0, 5, 7, 24, -1])
def test_other_numbers_of_checks_are_refused(checks):
    with pytest.raises(RuleViolation, match="1, 2, 3, 4, 6 eller 12"):
        check_periods(2026, checks)


@pytest.mark.parametrize("year", [1999, 2101, 0, 99999])
def test_a_year_far_away_is_refused(year):
    with pytest.raises(RuleViolation, match="mellan 2000 och 2100"):
        check_periods(year, 4)


@pytest.mark.parametrize(
    ("today", "signed_on", "state"),
    [
        (date(2026, 6, 30), None, CheckState.PLANNED),
        (date(2026, 7, 1), None, CheckState.TO_DO),
        (date(2026, 7, 30), None, CheckState.TO_DO),
        (date(2026, 7, 31), None, CheckState.LATE),
        (date(2026, 8, 15), date(2026, 8, 14), CheckState.DONE),
        (date(2026, 7, 10), date(2026, 7, 9), CheckState.DONE),
    ],
)
def test_a_check_is_late_from_the_day_after_its_due_day(today, signed_on, state):
    assert check_state(date(2026, 6, 30), date(2026, 7, 30), signed_on, today) is state


@pytest.mark.parametrize(
    ("by", "amount", "population", "size"),
    [
        (SampleBy.NUMBER, 25, 1_000, 25),
        (SampleBy.NUMBER, 25, 25, 25),
        (SampleBy.NUMBER, 25, 10, 10),
        (SampleBy.NUMBER, 25, 0, 0),
        (SampleBy.SHARE, 5, 100, 5),
        (SampleBy.SHARE, 5, 101, 6),
        (SampleBy.SHARE, 5, 130, 7),
        (SampleBy.SHARE, 5, 1, 1),
        (SampleBy.SHARE, 5, 0, 0),
        (SampleBy.SHARE, 100, 40, 40),
        (SampleBy.SHARE, 10, 1_000_000, 500),
    ],
)
def test_the_size_of_a_sample(by, amount, population, size):
    assert sample_size(by, amount, population) == size


@pytest.mark.parametrize(
    ("by", "amount"), [(SampleBy.NUMBER, 0), (SampleBy.NUMBER, 501), (SampleBy.SHARE, 0), (SampleBy.SHARE, 101)]
)
def test_sizes_that_make_no_sense_are_refused(by, amount):
    with pytest.raises(RuleViolation) as refused:
        check_amount(by, amount)
    assert refused.value.field == "amount"


@pytest.mark.parametrize(("by", "amount"), [(SampleBy.NUMBER, 1), (SampleBy.NUMBER, 500), (SampleBy.SHARE, 100)])
def test_sizes_at_the_limits_are_taken(by, amount):
    assert check_amount(by, amount) is None


def test_a_sample_is_drawn_from_the_day_after_the_period():
    with pytest.raises(RuleViolation, match="tidigast 2026-07-01"):
        check_drawable(date(2026, 6, 30), date(2026, 6, 30), drawn_before=False, reason="")
    assert check_drawable(date(2026, 6, 30), date(2026, 7, 1), drawn_before=False, reason="") is None


def test_a_new_draw_needs_a_reason():
    with pytest.raises(RuleViolation) as refused:
        check_drawable(date(2026, 6, 30), date(2026, 7, 1), drawn_before=True, reason="  ")
    assert refused.value.field == "reason"
    assert check_drawable(date(2026, 6, 30), date(2026, 7, 1), drawn_before=True, reason="Fel enhet") is None


def test_nobody_grades_their_own_readings():
    with pytest.raises(RuleViolation, match="dina egna läsningar"):
        check_grader(7, 7)
    assert check_grader(7, 8) is None


A, U, X = Grade.AUTHORISED, Grade.UNCLEAR, Grade.UNAUTHORISED


@pytest.mark.parametrize(
    ("grades", "result", "drawn", "refused"),
    [
        ([A, A], Result.WITHOUT_REMARK, True, None),
        ([], Result.WITHOUT_REMARK, True, None),
        ([A, U], Result.FOLLOWED_UP, True, None),
        ([A, X], Result.UNAUTHORISED_ACCESS, True, None),
        ([], Result.WITHOUT_REMARK, False, "not_drawn"),
        ([A, None], Result.WITHOUT_REMARK, True, "not_graded"),
        ([A, U], Result.WITHOUT_REMARK, True, "result_fits"),
        ([A, X], Result.WITHOUT_REMARK, True, "result_fits"),
        ([A, X], Result.FOLLOWED_UP, True, "result_unauthorised"),
    ],
)
def test_a_check_is_signed_when_its_result_goes_with_what_it_found(grades, result, drawn, refused):
    if refused is None:
        assert check_signable(grades, result, drawn=drawn) is None
        return
    with pytest.raises(RuleViolation) as violation:
        check_signable(grades, result, drawn=drawn)
    assert violation.value.code == refused
