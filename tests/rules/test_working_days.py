"""Working days, against what the almanac says."""

from datetime import date

import pytest

from tracker.rules.working_days import easter_day, is_working_day, next_working_day


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1990, 4, 15), (2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2019, 4, 21), (2021, 4, 4), (2024, 3, 31),
     (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2049, 4, 18), (2076, 4, 19), (2100, 3, 28)],
)  # fmt: skip
def test_easter_falls_as_the_almanac_says(year, month, day):
    assert easter_day(year) == date(year, month, day)


@pytest.mark.parametrize(
    "day",
    ["2026-01-01", "2026-01-06", "2026-04-03", "2026-04-05", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-24",
     "2025-06-06", "2026-06-19", "2026-06-20", "2026-10-31", "2026-12-24", "2026-12-25", "2026-12-26", "2026-12-31",
     "2026-11-28", "2026-11-29", "2020-06-19", "2026-06-06", "2027-06-25"],
)  # fmt: skip
def test_holidays_eves_and_weekends_are_none(day):
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day",
    ["2026-01-02", "2026-01-05", "2026-01-07", "2026-04-02", "2026-04-07", "2026-04-30", "2026-05-25", "2026-06-18",
     "2026-06-22", "2026-12-23", "2026-12-28", "2026-12-30", "2026-10-30", "2026-11-02", "2025-06-26", "2025-06-18"],
)  # fmt: skip
def test_other_days_are(day):
    assert is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "then"),
    [
        ("2026-03-31", "2026-03-31"),  # a Tuesday
        ("2026-05-31", "2026-06-01"),  # a Sunday
        ("2026-10-31", "2026-11-02"),  # alla helgons dag, a Saturday
        ("2024-03-31", "2024-04-02"),  # påskdagen, then annandag påsk
        ("2023-04-30", "2023-05-02"),  # a Sunday before första maj
        ("2026-12-31", "2027-01-04"),  # nyårsafton, a Thursday; nyårsdagen; a weekend
        ("2025-12-31", "2026-01-02"),
        ("2026-12-24", "2026-12-28"),
    ],
)
def test_what_falls_on_none_moves_to_the_next(day, then):
    assert next_working_day(date.fromisoformat(day)) == date.fromisoformat(then)
