"""The wait over decisions that replace each other, counted by hand."""

from datetime import date

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.replacing import ChainClock, TotalWait, check_replacement, total_wait

TODAY = date(2021, 9, 1)
SECOND = date(2021, 6, 1)


def test_a_decision_that_replaces_none_waits_from_its_own_day():
    # 29 days left of June, 31 of July, 31 of August, and 1 September.
    wait = total_wait(SECOND, None, [], TODAY)
    assert (wait, wait.days) == (TotalWait(SECOND, TODAY, 1), 92)


def test_the_wait_is_counted_from_the_decision_that_was_replaced():
    wait = total_wait(SECOND, None, [[ChainClock(date(2021, 1, 7))]], TODAY)
    # 24 + 28 + 31 + 30 + 31 + 1 to 1 June, and 92 more.
    assert (wait.from_on, wait.decisions, wait.days) == (date(2021, 1, 7), 2, 237)


def test_it_ends_when_the_newest_is_executed():
    wait = total_wait(SECOND, date(2021, 6, 11), [[ChainClock(date(2021, 1, 7))]], TODAY)
    assert (wait.to_on, wait.days) == (date(2021, 6, 11), 155)


def test_an_execution_breaks_it_and_all_before():
    executed = [ChainClock(date(2021, 1, 7), date(2021, 2, 1))]
    assert total_wait(SECOND, None, [executed, [ChainClock(date(2020, 1, 1))]], TODAY).from_on == SECOND
    assert total_wait(SECOND, None, [executed], TODAY).decisions == 1


def test_after_an_interruption_it_is_counted_from_there_and_no_further_back():
    interrupted = [ChainClock(date(2021, 1, 7), date(2021, 2, 1)), ChainClock(date(2021, 4, 1), own=False)]
    wait = total_wait(SECOND, None, [interrupted, [ChainClock(date(2020, 1, 1))]], TODAY)
    assert (wait.from_on, wait.decisions) == (date(2021, 4, 1), 2)


def test_what_was_never_executed_as_a_whole_still_waits_from_its_decision():
    partly = [ChainClock(date(2021, 1, 7)), ChainClock(date(2021, 4, 1), date(2021, 4, 20), own=False)]
    assert total_wait(SECOND, None, [partly], TODAY).from_on == date(2021, 1, 7)


@pytest.mark.parametrize(
    ("replaced", "above", "replaced_on", "told"),
    [
        (1, [], date(2021, 1, 1), "itself"),
        (2, [3, 1], date(2021, 1, 1), "circle"),
        (2, [3], date(2021, 6, 2), "later"),
        (2, list(range(10, 59)), date(2021, 1, 1), "too_long"),
    ],
)
def test_a_replacement_that_cannot_be_is_refused_beside_its_field(replaced, above, replaced_on, told):
    with pytest.raises(RuleViolation) as refused:
        check_replacement(1, replaced, above, SECOND, replaced_on)
    assert (refused.value.code, refused.value.field) == (told, "ersatter")


@pytest.mark.parametrize(
    ("above", "replaced_on"), [([], SECOND), ([3], date(2021, 1, 1)), (list(range(10, 58)), SECOND)]
)
def test_an_earlier_decision_or_one_of_the_same_day_can_be_replaced(above, replaced_on):
    assert check_replacement(1, 2, above, SECOND, replaced_on) is None
