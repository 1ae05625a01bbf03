"""A quarter has its days, and a report its period."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Period, Quarter

QUARTERS = st.builds(Quarter, st.integers(2001, 2099), st.integers(1, 4))


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (1, date(2024, 1, 1), date(2024, 3, 31)),
        (2, date(2024, 4, 1), date(2024, 6, 30)),
        (3, date(2024, 7, 1), date(2024, 9, 30)),
        (4, date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_each_quarter_begins_and_ends_on_its_days(number, first, last):
    quarter = Quarter(2024, number)
    assert (quarter.first_day, quarter.last_day) == (first, last)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_day_lies_in_the_quarter_that_holds_it_and_in_no_neighbour(day):
    quarter = Quarter.holding(day)
    assert quarter.year == day.year
    assert quarter.first_day <= day <= quarter.last_day


@given(QUARTERS)
def test_quarters_follow_each_other_without_a_gap(quarter):
    assert quarter.after.first_day - quarter.last_day == timedelta(days=1)
    assert quarter.before.after == quarter
    assert quarter.before < quarter < quarter.after


def test_the_quarter_before_the_first_of_a_year_is_the_fourth_of_the_year_before():
    assert Quarter(2026, 1).before == Quarter(2025, 4)
    assert Quarter(2025, 4).after == Quarter(2026, 1)


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_fifth_quarter_is_refused_in_swedish(number):
    with pytest.raises(RuleViolation, match="Kvartalet ska vara 1, 2, 3 eller 4") as refused:
        Quarter(2025, number)
    assert refused.value.field == "quarter"


@pytest.mark.parametrize("year", [1999, 2101, 0, 21])
def test_a_year_outside_those_served_is_refused_in_swedish(year):
    with pytest.raises(RuleViolation, match="Året ska ligga mellan 2000 och 2100") as refused:
        Quarter(year, 1)
    assert refused.value.field == "year"


def test_a_period_without_days_of_its_own_is_the_quarters():
    period = Period.of(Quarter(2026, 1))
    assert (period.cutoff_on, period.previous_on) == (date(2026, 3, 31), date(2025, 12, 31))


def test_a_period_takes_the_cutoffs_it_is_given():
    period = Period.of(Quarter(2021, 4), date(2022, 1, 31), date(2021, 10, 31))
    assert (period.cutoff_on, period.previous_on) == (date(2022, 1, 31), date(2021, 10, 31))


def test_the_previous_cutoff_stays_the_quarter_befores_when_only_the_cutoff_moves():
    period = Period.of(Quarter(2021, 4), cutoff_on=date(2021, 10, 31))
    assert (period.cutoff_on, period.previous_on) == (date(2021, 10, 31), date(2021, 9, 30))


@pytest.mark.parametrize("previous", [date(2025, 3, 31), date(2025, 4, 1)])
def test_a_previous_cutoff_on_or_after_the_cutoff_is_refused_with_both_days(previous):
    with pytest.raises(RuleViolation, match="måste ligga före") as refused:
        Period.of(Quarter(2025, 1), previous_on=previous)
    assert str(previous) in refused.value.message
    assert "2025-03-31" in refused.value.message


@pytest.mark.parametrize("cutoff", [date(9999, 12, 31), date(2101, 1, 1), date(1999, 12, 31)])
def test_a_cutoff_far_off_is_refused(cutoff):
    # 9999-12-31 is what stands for "still open" in the table: a report up to that day would end every open clock.
    with pytest.raises(RuleViolation) as refused:
        Period.of(Quarter(2026, 3), cutoff, date(1998, 1, 1))
    assert refused.value.field == "avstamning"
