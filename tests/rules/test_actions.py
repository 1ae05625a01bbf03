"""How far has an action come, when is it late, and who may tell what it gave?"""

from datetime import date

import pytest

from tests.rules.refusing import expect_refusal
from tracker.rules.actions import (
    ActionDays,
    ActionState,
    Effect,
    Stage,
    asks_for_another,
    check_checker,
    check_day,
    check_words,
    is_escalated,
    is_late,
    next_managers,
    stage_of,
    state_of,
    wrong_action,
    wrong_check_day,
)

TODAY = date(2022, 2, 15)
DAY = date(2022, 1, 10)


@pytest.mark.parametrize(
    ("days", "state", "stage"),
    [
        (ActionDays(), ActionState.PROPOSED, Stage.TO_DO),
        (ActionDays(due_on=DAY), ActionState.PROPOSED, Stage.TO_DO),
        (ActionDays(decided_on=DAY), ActionState.DECIDED, Stage.TO_DO),
        (ActionDays(decided_on=DAY, done_on=DAY), ActionState.DONE, Stage.TO_CHECK),
        (ActionDays(done_on=DAY), ActionState.DONE, Stage.TO_CHECK),
        (ActionDays(decided_on=DAY, done_on=DAY, effect=Effect.NOT), ActionState.FOLLOWED_UP, Stage.FINISHED),
    ],
)
def test_the_state_follows_from_the_days(days, state, stage):
    assert (state_of(days), stage_of(days)) == (state, stage)


@pytest.mark.parametrize(
    ("days", "late"),
    [
        (ActionDays(decided_on=DAY, due_on=date(2022, 2, 14)), True),
        (ActionDays(decided_on=DAY, due_on=TODAY), False),
        (ActionDays(decided_on=DAY), False),
        (ActionDays(due_on=date(2022, 2, 14)), False),
        (ActionDays(decided_on=DAY, due_on=date(2022, 2, 14), done_on=TODAY), False),
    ],
)
def test_late_is_decided_not_done_and_past_its_day(days, late):
    assert is_late(days, TODAY) is late


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (ActionDays(decided_on=date(2022, 2, 15)), []),
        (ActionDays(decided_on=date(2022, 2, 16)), [("beslutad", "2022-02-16 ligger i framtiden. Rätta dagen.")]),
        (ActionDays(done_on=date(2022, 2, 16)), [("genomford", "2022-02-16 ligger i framtiden. Rätta dagen.")]),
        (ActionDays(decided_on=DAY, done_on=DAY), []),
        (ActionDays(decided_on=DAY, done_on=date(2022, 1, 9)),
         [("genomford", "genomförandet (2022-01-09) ligger före beslutet (2022-01-10). Rätta dagen.")]),
        (ActionDays(decided_on=DAY, effect=Effect.PARTLY),
         [("effekt", "kräver dagen då åtgärden genomfördes. Skriv den också.")]),
        (ActionDays(due_on=date(2030, 1, 1)), []),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_told_where_it_stands(days, said):
    assert [(wrong.field, wrong.message) for wrong in wrong_action(days, TODAY)] == said


def test_only_an_action_without_effect_asks_for_another():
    assert [asks_for_another(effect) for effect in (None, *Effect)] == [False, False, False, True]


def test_the_effect_is_told_by_somebody_else_than_the_responsible():
    check_checker(1, 2)
    check_checker(None, 2)
    check_checker(None, None)
    with expect_refusal("own_action", "effekt", "Någon annan behöver bedöma"):
        check_checker(1, 1)


@pytest.mark.parametrize(
    ("days", "months", "check_on"),
    [
        (ActionDays(decided_on=DAY), 3, None),
        (ActionDays(done_on=date(2021, 11, 30)), 3, date(2022, 2, 28)),
        (ActionDays(done_on=DAY), 0, DAY),
        (ActionDays(done_on=DAY, check_on=TODAY), 3, TODAY),
        (ActionDays(check_on=TODAY), 3, None),
        (ActionDays(done_on=DAY, effect=Effect.NOT), 3, None),
        (ActionDays(done_on=DAY, effect=Effect.NOT, check_on=TODAY), 3, TODAY),
    ],
)
def test_the_effect_is_checked_some_months_after_or_on_a_day_that_was_chosen(days, months, check_on):
    assert check_day(days, months) == check_on


@pytest.mark.parametrize(
    ("check_on", "wrong"), [(date(2022, 1, 9), ["check_on"]), (DAY, []), (date(2022, 1, 11), []), (None, [])]
)
def test_the_check_does_not_come_before_it_was_carried_out(check_on, wrong):
    assert [one.code for one in wrong_check_day(ActionDays(done_on=DAY, check_on=check_on))] == wrong


def test_a_partial_effect_asks_for_words():
    with expect_refusal("words", "ord", "vad som är kvar"):
        check_words(Effect.PARTLY, " ")
    for effect, words in ((Effect.PARTLY, "Natten är kvar"), (Effect.ACHIEVED, ""), (Effect.NOT, "")):
        assert check_words(effect, words) is None


@pytest.mark.parametrize(("due_on", "gone"), [(date(2022, 2, 1), True), (date(2022, 2, 2), False), (None, False)])
def test_it_goes_to_the_next_manager_when_the_days_have_passed(due_on, gone):
    assert is_escalated(ActionDays(decided_on=DAY, due_on=due_on), TODAY, 14) is gone


def test_what_is_not_late_goes_to_nobody():
    assert not is_escalated(ActionDays(due_on=DAY), TODAY, 14)
    assert not is_escalated(ActionDays(decided_on=DAY, due_on=DAY, done_on=TODAY), TODAY, 14)
    assert not is_escalated(ActionDays(decided_on=DAY, due_on=TODAY), TODAY, 0)


@pytest.mark.parametrize(
    ("above", "managers", "responsible", "found"),
    [
        ([2, 1], {2: {20}, 1: {10}}, 30, {20}),
        ([2, 1], {1: {10, 11}}, 30, {10, 11}),
        ([2, 1], {2: {20}, 1: {10}}, 20, {10}),
        ([2, 1], {2: {20, 21}, 1: {10}}, 20, {21}),
        ([2, 1], {3: {30}}, None, set()),
        ([], {1: {10}}, None, set()),
    ],
)
def test_the_next_manager_is_the_nearest_above_who_is_not_responsible(above, managers, responsible, found):
    assert next_managers(above, managers, responsible) == found
