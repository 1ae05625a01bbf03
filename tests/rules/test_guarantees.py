"""Promises and limits, on their boundary days, worked out with a calendar."""

from datetime import date
from fractions import Fraction

import pytest

from tracker.rules.guarantees import DEFAULTS, GuaranteeKind, Kept, Limit, LimitUnit, due_day, excess


@pytest.mark.parametrize(
    ("kind", "start", "due"),
    [
        (GuaranteeKind.COMPLAINT_ANSWER, date(2026, 3, 2), date(2026, 3, 12)),
        (GuaranteeKind.COMPLAINT_ANSWER, date(2026, 12, 22), date(2027, 1, 1)),
        (GuaranteeKind.PRELIMINARY_ASSESSMENT, date(2026, 3, 2), date(2026, 3, 16)),
        (GuaranteeKind.PRELIMINARY_ASSESSMENT, date(2025, 12, 24), date(2026, 1, 7)),
        (GuaranteeKind.CHILD_INVESTIGATION, date(2026, 1, 1), date(2026, 5, 1)),
        (GuaranteeKind.CHILD_INVESTIGATION, date(2026, 3, 1), date(2026, 7, 1)),
        (GuaranteeKind.CHILD_INVESTIGATION, date(2026, 5, 1), date(2026, 9, 1)),
        (GuaranteeKind.CHILD_INVESTIGATION, date(2025, 10, 31), date(2026, 2, 28)),
        (GuaranteeKind.CHILD_INVESTIGATION, date(2023, 10, 31), date(2024, 2, 29)),
        (GuaranteeKind.CARE_CONSIDERATION, date(2025, 8, 30), date(2026, 2, 28)),
        (GuaranteeKind.CARE_CONSIDERATION, date(2026, 8, 31), date(2027, 2, 28)),
        (GuaranteeKind.LEX_SARAH, date(2026, 1, 15), date(2026, 3, 15)),
        (GuaranteeKind.LEX_SARAH, date(2025, 12, 31), date(2026, 2, 28)),
        (GuaranteeKind.LEX_SARAH, date(2026, 6, 30), date(2026, 8, 30)),
        # Friday 2026-03-06: Monday 9 is the first working day, Tuesday 17 the seventh.
        (GuaranteeKind.FIRST_CONTACT, date(2026, 3, 6), date(2026, 3, 17)),
        # From Tuesday 22 December the 23rd, 28th, 29th, 30th, 4th, 5th and 7th are working days.
        (GuaranteeKind.FIRST_CONTACT, date(2026, 12, 22), date(2027, 1, 7)),
        # Across Easter: Thursday 2 April 2026, then 7, 8, 9, 10, 13, 14, 15 (the 3rd and the 6th are holidays).
        (GuaranteeKind.FIRST_CONTACT, date(2026, 4, 2), date(2026, 4, 15)),
    ],
)
def test_the_last_day_in_time(kind, start, due):
    assert due_day(start, DEFAULTS[kind]) == due


def test_weeks_are_of_seven_days():
    assert due_day(date(2026, 2, 16), Limit(2, LimitUnit.WEEKS)) == date(2026, 3, 2)


def test_a_promise_rolls_only_when_it_is_said():
    nominal, rolled = Limit(10, LimitUnit.DAYS), Limit(10, LimitUnit.DAYS, roll=True)
    new_year, weekday = date(2026, 12, 22), date(2026, 3, 2)
    assert (due_day(new_year, nominal), due_day(new_year, rolled)) == (date(2027, 1, 1), date(2027, 1, 4))
    assert due_day(weekday, rolled) == due_day(weekday, nominal)


@pytest.mark.parametrize(
    ("limit", "end", "by"),
    [
        (Limit(10, LimitUnit.DAYS), date(2026, 3, 12), 0),
        (Limit(10, LimitUnit.DAYS), date(2026, 3, 13), 1),
        (Limit(10, LimitUnit.DAYS), date(2026, 4, 12), 31),
        # Seven working days from Monday 2 March end on Wednesday 11; over the weekend to Monday 16: 12, 13, 16.
        (Limit(7, LimitUnit.WORKING_DAYS), date(2026, 3, 11), 0),
        (Limit(7, LimitUnit.WORKING_DAYS), date(2026, 3, 14), 2),
        (Limit(7, LimitUnit.WORKING_DAYS), date(2026, 3, 16), 3),
        # Nine end on Friday 13: the weekend after it is late too, by no less than one.
        (Limit(9, LimitUnit.WORKING_DAYS), date(2026, 3, 13), 0),
        (Limit(9, LimitUnit.WORKING_DAYS), date(2026, 3, 14), 1),
        (Limit(9, LimitUnit.WORKING_DAYS), date(2026, 3, 15), 1),
        (Limit(9, LimitUnit.WORKING_DAYS), date(2026, 3, 16), 1),
        (Limit(9, LimitUnit.WORKING_DAYS), date(2026, 3, 17), 2),
    ],
)
def test_by_how_much_a_limit_was_exceeded(limit, end, by):
    assert excess(date(2026, 3, 2), end, limit) == by


def test_the_share_is_exact_and_nothing_ended_is_no_share():
    assert Kept(262, 258).share == Fraction(129, 131)
    assert Kept(0, 0).share is None


@pytest.mark.parametrize(("in_time", "meets"), [(95, True), (94, False)])
def test_the_limit_itself_meets_the_target(in_time, meets):
    assert Kept(100, in_time).meets(DEFAULTS[GuaranteeKind.FIRST_CONTACT]) is meets


def test_nothing_ended_breaks_no_promise():
    assert Kept(0, 0).meets(DEFAULTS[GuaranteeKind.COMPLAINT_ANSWER])
