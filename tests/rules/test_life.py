"""On which days what can happen: tables of boundary days around a clock's start, its end and today."""

from datetime import date

import pytest

from tracker.rules.life import (
    ClockDays,
    OfferAnswer,
    wrong_answer,
    wrong_day,
    wrong_end,
    wrong_interruption,
    wrong_offer,
    wrong_partly,
    wrong_plan,
)

TODAY = date(2022, 2, 15)
START = date(2021, 10, 1)
RUNNING = ClockDays(START)
PARTLY = ClockDays(START, partly_on=date(2021, 11, 1))
EXECUTED = ClockDays(START, executed_on=date(2021, 12, 1))
CLOSED = ClockDays(START, closed_on=date(2021, 12, 1))


def codes(violations) -> list[str]:
    return [violation.code for violation in violations]


@pytest.mark.parametrize(
    ("on", "days", "told"),
    [
        (date(2021, 9, 30), RUNNING, ["before_start"]),
        (date(2021, 10, 1), RUNNING, []),
        (date(2022, 2, 15), RUNNING, []),
        (date(2022, 2, 16), RUNNING, ["future"]),
        (date(2021, 12, 1), EXECUTED, []),
        (date(2021, 12, 2), EXECUTED, ["after_end"]),
        (date(2021, 12, 1), CLOSED, []),
        (date(2021, 12, 2), CLOSED, ["after_end"]),
    ],
)
def test_what_has_happened_lies_within_the_time_that_the_clock_ran_and_not_ahead(on, days, told):
    assert codes(wrong_day(on, days, TODAY, "dag")) == told


@pytest.mark.parametrize(
    ("on", "days", "told"),
    [
        (date(2021, 10, 31), PARTLY, ["before_partly"]),
        (date(2021, 11, 1), PARTLY, []),
        (date(2021, 10, 1), RUNNING, []),
        (date(2021, 12, 2), EXECUTED, ["ended"]),
        (date(2021, 12, 2), CLOSED, ["ended"]),
    ],
)
def test_the_whole_is_executed_or_closed_once_and_not_before_a_part_of_it(on, days, told):
    assert codes(wrong_end(on, days, "verkstalld")) == told


@pytest.mark.parametrize(
    ("on", "days", "told"),
    [
        (date(2021, 9, 30), RUNNING, ["before_start"]),
        (date(2021, 10, 1), RUNNING, []),
        (date(2022, 2, 16), RUNNING, ["future"]),
        (date(2021, 11, 15), EXECUTED, ["ended"]),
    ],
)
def test_a_part_is_executed_while_the_clock_runs(on, days, told):
    assert codes(wrong_partly(on, days, TODAY, "dag")) == told


@pytest.mark.parametrize(
    ("on", "days", "told"),
    [
        (date(2022, 2, 14), RUNNING, ["past"]),
        (date(2022, 2, 15), RUNNING, []),
        (date(2024, 2, 29), PARTLY, []),
        (date(2022, 3, 1), EXECUTED, ["ended"]),
    ],
)
def test_only_a_day_that_comes_is_planned_for_and_only_while_the_clock_runs(on, days, told):
    assert codes(wrong_plan(on, days, TODAY, "planerat")) == told


OFFERED = date(2021, 11, 1)


@pytest.mark.parametrize(
    ("answer", "answered_on", "told"),
    [
        (None, None, []),
        (None, date(2021, 11, 2), ["svar"]),
        (OfferAnswer.DECLINED, None, ["svarsdag"]),
        (OfferAnswer.DECLINED, date(2021, 10, 31), ["svarsdag"]),
        (OfferAnswer.DECLINED, date(2021, 11, 1), []),
        (OfferAnswer.ACCEPTED, date(2022, 2, 15), []),
        (OfferAnswer.ACCEPTED, date(2022, 2, 16), ["svarsdag"]),
    ],
)
def test_an_answer_has_a_day_between_the_offer_and_today(answer, answered_on, told):
    assert [v.field for v in wrong_answer(OFFERED, answer, answered_on, TODAY)] == told
    assert [v.field for v in wrong_offer(OFFERED, answer, answered_on, RUNNING, TODAY)] == told


def test_an_offer_before_the_clock_is_refused_beside_its_own_day():
    found = wrong_offer(date(2021, 9, 30), OfferAnswer.DECLINED, date(2021, 9, 29), RUNNING, TODAY)
    assert [(v.field, v.code) for v in found] == [("dag", "before_start"), ("svarsdag", "before_offer")]


@pytest.mark.parametrize(
    ("on", "of", "others", "told"),
    [
        (date(2021, 12, 2), RUNNING, [], ["not_begun"]),
        (date(2021, 12, 2), CLOSED, [], ["not_begun"]),
        (date(2021, 12, 1), EXECUTED, [], ["before_begun"]),
        (date(2021, 12, 2), EXECUTED, [], []),
        (date(2021, 11, 1), PARTLY, [], ["before_begun"]),
        (date(2021, 11, 2), PARTLY, [], []),
        (date(2022, 2, 15), EXECUTED, [], []),
        (date(2022, 2, 16), EXECUTED, [], ["future"]),
        (date(2022, 1, 10), EXECUTED, [ClockDays(date(2022, 1, 10))], ["same_day"]),
        (date(2022, 1, 10), EXECUTED, [ClockDays(date(2022, 1, 9))], ["interrupted_already"]),
        # Executed again on the tenth: it can be interrupted anew on the eleventh.
        (date(2022, 1, 10), EXECUTED, [ClockDays(date(2022, 1, 5), date(2022, 1, 10))], ["interrupted_already"]),
        (date(2022, 1, 11), EXECUTED, [ClockDays(date(2022, 1, 5), date(2022, 1, 10))], []),
        (date(2022, 1, 4), EXECUTED, [ClockDays(date(2022, 1, 5), date(2022, 1, 10))], []),
    ],
)
def test_an_interruption_follows_an_execution_and_lies_in_no_other_interruption(on, of, others, told):
    assert codes(wrong_interruption(on, of, others, TODAY, "avbrottsdatum")) == told
