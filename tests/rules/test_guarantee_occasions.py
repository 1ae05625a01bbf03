"""The days of an occasion, how it stands on its boundary days, and the figures of what was too late."""

from datetime import date
from fractions import Fraction

import pytest

from tracker.rules.guarantee_occasions import (
    PROLONGED_FOR,
    RECURS,
    STATUTORY,
    OccasionDays,
    OccasionState,
    is_missed,
    mean,
    median,
    state_of,
    wrong_occasion,
    wrong_prolonging,
    wrong_start,
)
from tracker.rules.guarantees import DEFAULTS, GuaranteeKind, LimitUnit, due_day, exceeded_by

TODAY = date(2026, 6, 1)


def days(**told):
    return OccasionDays(**({"started_on": date(2026, 3, 2), "limit_on": date(2026, 3, 16)} | told))


@pytest.mark.parametrize(
    ("told", "today", "state"),
    [
        ({}, date(2026, 3, 16), OccasionState.RUNNING),
        ({}, date(2026, 3, 17), OccasionState.LATE),
        ({"ended_on": date(2026, 3, 16)}, TODAY, OccasionState.IN_TIME),
        ({"ended_on": date(2026, 3, 17)}, TODAY, OccasionState.MISSED),
        (
            {"prolonged_to": date(2026, 4, 1), "prolonged_on": date(2026, 3, 16)},
            date(2026, 4, 1),
            OccasionState.RUNNING,
        ),
        ({"prolonged_to": date(2026, 4, 1), "ended_on": date(2026, 4, 1)}, TODAY, OccasionState.IN_TIME),
        ({"prolonged_to": date(2026, 4, 1), "ended_on": date(2026, 4, 2)}, TODAY, OccasionState.MISSED),
        ({"cancelled_on": date(2026, 5, 1)}, TODAY, OccasionState.CANCELLED),
    ],
)
def test_how_it_stands(told, today, state):
    found = days(**told)
    assert state_of(found, today) is state
    assert is_missed(found, today) is (state in {OccasionState.LATE, OccasionState.MISSED})


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ({"started_on": date(2026, 6, 1)}, []),
        ({"started_on": date(2026, 6, 2)}, ["startdatum"]),
        ({"ended_on": date(2026, 3, 2)}, []),
        ({"ended_on": date(2026, 3, 1)}, ["slutdatum"]),
        ({"ended_on": date(2026, 6, 2)}, ["slutdatum"]),
        ({"cancelled_on": date(2026, 6, 2)}, ["avbruten"]),
    ],
)
def test_days_that_cannot_be_are_told_at_their_field(told, at):
    assert [one.field for one in wrong_occasion(days(**told), TODAY)] == at


@pytest.mark.parametrize(
    ("to", "decided", "at"),
    [
        (date(2026, 3, 17), date(2026, 3, 16), []),
        (date(2026, 3, 16), date(2026, 3, 10), ["forlangd_till"]),
        (date(2026, 4, 1), date(2026, 3, 17), ["beslutad"]),  # the time had run out
        (date(2026, 4, 1), date(2026, 3, 1), ["beslutad"]),
        (date(2026, 4, 1), date(2026, 6, 2), ["beslutad"]),
    ],
)
def test_it_is_prolonged_while_its_time_runs(to, decided, at):
    assert [one.field for one in wrong_prolonging(days(prolonged_to=to, prolonged_on=decided), TODAY)] == at


def test_what_the_law_has_settled():
    assert {kind.value for kind in STATUTORY} == {
        "preliminary_assessment", "child_investigation", "care_consideration",
    }  # fmt: skip
    assert PROLONGED_FOR == {
        GuaranteeKind.PRELIMINARY_ASSESSMENT: "synnerliga skäl", GuaranteeKind.CHILD_INVESTIGATION: "särskilda skäl",
    }  # fmt: skip
    assert list(RECURS) == [GuaranteeKind.CARE_CONSIDERATION]


def test_the_next_overvagande_runs_from_the_day_of_the_last():
    limit = DEFAULTS[GuaranteeKind.CARE_CONSIDERATION]
    first = due_day(date(2025, 8, 31), limit)
    assert (first, due_day(first, limit)) == (date(2026, 2, 28), date(2026, 8, 28))


@pytest.mark.parametrize(
    ("unit", "end", "by"),
    [
        # Good Friday 2026 is 3 April, Easter Monday 6 April.
        (LimitUnit.WORKING_DAYS, date(2026, 4, 2), 0),
        (LimitUnit.WORKING_DAYS, date(2026, 4, 6), 1),  # a day off after the last day is late by one
        (LimitUnit.WORKING_DAYS, date(2026, 4, 7), 1),
        (LimitUnit.DAYS, date(2026, 4, 7), 5),
        (LimitUnit.MONTHS, date(2026, 5, 2), 30),
        (LimitUnit.WEEKS, date(2026, 4, 3), 1),
    ],
)
def test_by_how_much_a_last_day_was_exceeded(unit, end, by):
    assert exceeded_by(date(2026, 4, 2), end, unit) == by


@pytest.mark.parametrize(
    ("excesses", "on_the_whole", "middle"),
    [
        ([], None, None),
        ([4], Fraction(4), Fraction(4)),
        ([9, 1], Fraction(5), Fraction(5)),
        ([30, 1, 2], Fraction(11), Fraction(2)),
        ([1, 2, 4, 30], Fraction(37, 4), Fraction(3)),
    ],
)
def test_mean_and_median(excesses, on_the_whole, middle):
    assert (mean(excesses), median(excesses)) == (on_the_whole, middle)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (date(1989, 12, 31), "Skriv en dag från 1990-01-01. Tidigare tillfällen hör inte hit."),
        (date(1990, 1, 1), None),
        (TODAY, None),
        (date(2026, 6, 2), "2 juni 2026 ligger i framtiden. Rätta dagen."),
    ],
)
def test_the_first_day_has_bounds(start, said):
    assert [wrong.message for wrong in wrong_start(start, TODAY)] == ([said] if said else [])
