"""One that ends on a day off just after its last day is missed everywhere: state, figures, lists and avvikelse."""

from datetime import date

import pytest

from tests.guarantees.making import cause, done, stands, started
from tests.guarantees.making import ended as end
from tests.guarantees.test_missed import deviations, said
from tracker.guarantees.figures import months_of, year_figures
from tracker.guarantees.queries import find_guarantee
from tracker.guarantees.register import OccasionFilter, count_register
from tracker.records.scope import EVERY_RECORD
from tracker.rules.errors import RuleViolation
from tracker.rules.guarantee_occasions import OccasionState, state_of

TODAY = date(2026, 6, 1)
# Seven working days from Tuesday 5 May: 6, 7, 8, 11, 12, 13 and, after Ascension Day, Friday the 15th.
START = date(2026, 5, 5)


def in_lists(state):
    return count_register(find_guarantee("kontakt").id, OccasionFilter(state), EVERY_RECORD, TODAY)


@pytest.mark.parametrize(
    ("ended_on", "excess", "told"),
    [
        (date(2026, 5, 16), 1, "2026-05-16, 1 arbetsdag efter"),  # Saturday
        (date(2026, 5, 17), 1, "2026-05-17, 1 arbetsdag efter"),
        (date(2026, 5, 18), 1, "2026-05-18, 1 arbetsdag efter"),
        (date(2026, 5, 19), 2, "2026-05-19, 2 arbetsdagar efter"),
    ],
)
def test_after_the_last_day_it_is_missed(officer, ended_on, excess, told):
    row = stands(done("kontakt", START, ended_on, officer, cause_id=cause()))
    assert (row.days.due_on, row.excess) == (date(2026, 5, 15), excess)
    assert state_of(row.days, TODAY) is OccasionState.MISSED
    assert (in_lists(OccasionState.MISSED), in_lists(OccasionState.IN_TIME)) == (1, 0)
    figures = year_figures(2026, TODAY, EVERY_RECORD)[find_guarantee("kontakt").id]
    assert (figures.ended, figures.in_time) == (1, 0)
    assert months_of(find_guarantee("kontakt"), 2026, EVERY_RECORD)[4].excesses == [excess]
    assert told in said(deviations()[0])[0]


def test_on_the_saturday_after_it_asks_why(officer):
    record_id = started("kontakt", START)
    with pytest.raises(RuleViolation) as refused:
        end(record_id, date(2026, 5, 16), officer)
    assert refused.value.field == "cause"


def test_on_the_last_day_it_is_in_time(officer):
    row = stands(done("kontakt", START, date(2026, 5, 15), officer))
    assert (row.excess, state_of(row.days, TODAY)) == (0, OccasionState.IN_TIME)
    assert (in_lists(OccasionState.MISSED), in_lists(OccasionState.IN_TIME), deviations()) == (0, 1, [])
