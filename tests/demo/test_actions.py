"""The demonstration's actions: something late, soon, to follow up and done, whatever the day."""

from datetime import UTC, date, datetime

import pytest

from tracker.actions.queries import action_year
from tracker.actions.register import ActionFilter, ActionList, count_register
from tracker.database import writer
from tracker.demo.loading import load_demonstration
from tracker.records.scope import EVERY_RECORD


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2028, 2, 29)])
def test_each_list_of_the_register_holds_something(app, day):
    with writer():
        load_demonstration(day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    told = {one: count_register(ActionFilter(one), EVERY_RECORD, day) for one in ActionList}
    assert (told[ActionList.LATE], told[ActionList.SOON], told[ActionList.ALL]) == (2, 2, 9)
    assert told[ActionList.FINISHED] == 2
    assert action_year(day.year, day, EVERY_RECORD).overdue == 2
