"""Months are counted as lag (1930:173) 1 § says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.by_hand import day_after_months, months_between
from tracker.rules.calendar import add_months, in_words, whole_months

DAYS = st.dates(date(1999, 1, 1), date(2101, 12, 31))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-11-28", "2026-02-28"),
        ("2025-11-29", "2026-02-28"),
        ("2025-11-30", "2026-02-28"),
        ("2023-11-30", "2024-02-29"),
        ("2026-01-31", "2026-04-30"),
        ("2026-02-28", "2026-05-28"),
        ("2025-12-31", "2026-03-31"),
        ("2026-08-31", "2026-11-30"),
        ("2021-09-29", "2021-12-29"),
        ("1999-11-30", "2000-02-29"),
        ("2099-11-30", "2100-02-28"),
    ],
)
def test_three_months_end_on_the_same_day_number_or_the_last_day_of_the_month(start, end):
    assert add_months(date.fromisoformat(start), 3) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 24, "2026-02-28"),
        ("2025-10-31", 4, "2026-02-28"),
        ("2023-10-31", 4, "2024-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-01-15", 2, "2026-03-15"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2026-06-30", 2, "2026-08-30"),
        ("2026-06-30", 0, "2026-06-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-31", -2, "2025-11-30"),
    ],
)
def test_other_numbers_of_months_follow_the_same_rule(start, months, end):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(DAYS, st.integers(0, 30))
def test_months_added_end_where_a_walk_through_the_calendar_ends(start, months):
    assert add_months(start, months) == day_after_months(start, months)


@given(DAYS, st.integers(0, 900))
def test_whole_months_are_those_that_have_ended_on_a_walk_through_the_calendar(start, days):
    end = start + timedelta(days=days)
    assert whole_months(start, end) == months_between(start, end)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2025-11-30", "2026-02-27", 2),
        ("2025-11-30", "2026-02-28", 3),
        ("2026-01-31", "2026-01-31", 0),
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-30", 1),
        ("2026-01-31", "2026-03-31", 2),
        ("2024-02-29", "2025-02-27", 11),
        ("2024-02-29", "2025-02-28", 12),
        ("2024-12-31", "2026-06-29", 17),
        ("2024-12-31", "2026-06-30", 18),
    ],
)
def test_a_month_is_whole_on_the_day_it_ends_and_not_before(start, end, months):
    assert whole_months(date.fromisoformat(start), date.fromisoformat(end)) == months


def test_months_beyond_the_calendar_are_refused():
    with pytest.raises(ValueError, match="year"):
        add_months(date(9999, 10, 1), 3)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 1), "1 januari 2026"),
        (date(2026, 2, 28), "28 februari 2026"),
        (date(2026, 3, 31), "31 mars 2026"),
        (date(2026, 8, 9), "9 augusti 2026"),
        (date(2025, 12, 24), "24 december 2025"),
    ],
)
def test_a_day_is_said_as_swedish_sentences_have_it(day, words):
    assert in_words(day) == words
