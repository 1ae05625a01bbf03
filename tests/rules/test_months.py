"""Months by hand: first and last days, twelve in a row, and what is no month."""

from datetime import date

import pytest

from tracker.rules.months import Month, divmod_month, month_of, twelve_months


def test_a_month_has_its_first_and_last_day():
    assert (Month(2024, 2).first, Month(2024, 2).last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (Month(2026, 12).last, Month(2026, 3).words) == (date(2026, 12, 31), "mars 2026")


def test_twelve_months_end_with_the_one_asked_for():
    found = twelve_months(Month(2026, 3))
    assert (len(found), found[0], found[8], found[9], found[-1]) == (
        12, Month(2025, 4), Month(2025, 12), Month(2026, 1), Month(2026, 3),
    )  # fmt: skip


@pytest.mark.parametrize(("number", "month"), [(24315, (2026, 3)), (24312, (2025, 12)), (24313, (2026, 1))])
def test_a_number_is_the_month_it_came_from(number, month):
    assert divmod_month(number) == month
    assert Month(*month).number == number


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "2026-3", "1900-12", "9999-01", "2026-0x"])
def test_what_is_no_month(text):
    assert month_of(text) is None


def test_an_address_says_its_month():
    assert month_of("2026-03") == Month(2026, 3)
    assert Month(2026, 3).short == "2026-03"
