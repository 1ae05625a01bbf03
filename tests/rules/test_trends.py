"""Eight quarters by hand: their days, what was open, and what was kept in time."""

from datetime import date

import pytest

from tracker.rules.quarters import Quarter, quarter_of
from tracker.rules.trends import Flow, Goal, spans_up_to


def test_eight_quarters_end_with_the_one_asked_for():
    found = spans_up_to(Quarter(2025, 1), date(2026, 2, 15))
    assert [span.quarter.short for span in found] == [
        "2023-K2", "2023-K3", "2023-K4", "2024-K1", "2024-K2", "2024-K3", "2024-K4", "2025-K1",
    ]  # fmt: skip
    assert (found[-1].until, found[-1].past, found[-1].running) == (date(2025, 3, 31), date(2025, 3, 31), False)


@pytest.mark.parametrize(
    ("today", "until", "past", "running"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2025, 12, 31), True),
        (date(2026, 2, 15), date(2026, 2, 15), date(2026, 2, 14), True),
        (date(2026, 3, 31), date(2026, 3, 31), date(2026, 3, 30), True),
    ],
)
def test_the_running_quarter_is_counted_up_to_today(today, until, past, running):
    found = spans_up_to(Quarter(2026, 1), today)
    assert (found[-1].until, found[-1].past, found[-1].running) == (until, past, running)
    assert not any(span.running for span in found[:-1])


def test_what_has_not_begun_is_not_counted():
    assert spans_up_to(Quarter(2030, 1), date(2026, 2, 15)) == spans_up_to(Quarter(2026, 1), date(2026, 2, 15))


def test_the_years_served_begin_with_few_quarters():
    assert [span.quarter for span in spans_up_to(Quarter(2000, 2), date(2026, 1, 1))] == [
        Quarter(2000, 1), Quarter(2000, 2),
    ]  # fmt: skip


def test_what_was_open_and_came_less_what_went_is_open_at_the_end():
    # Of three quarters: two were open before, one of them went in the second; one came and went in the first; two came
    # in the third, and one of those is still there.
    flow = Flow.of({(0, 2): 1, (0, 4): 1, (1, 1): 1, (3, 3): 1, (3, 4): 1}, 3)
    assert flow == Flow(2, (1, 0, 2), (1, 1, 1))
    assert (flow.open_before, flow.open) == ((2, 2, 1), (2, 1, 2))
    assert flow + flow == Flow(4, (2, 0, 4), (2, 2, 2))
    assert (Flow.of({}, 2).empty, Flow(1, (0,), (1,)).empty, Flow(0, (1,), (1,)).empty) == (True, False, False)


@pytest.mark.parametrize(
    ("kept", "due", "percent"), [(0, 0, None), (0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (1, 200, 1), (3, 3, 100)]
)
def test_a_share_is_rounded_half_up_and_there_is_none_of_nothing(kept, due, percent):
    assert Goal((due,), (kept,)).percents == (percent,)


def test_goals_are_added_quarter_by_quarter():
    assert Goal((1, 2), (0, 2)) + Goal((3, 0), (3, 0)) == Goal((4, 2), (3, 2))
    assert (Goal((0, 0), (0, 0)).empty, Goal((0, 1), (0, 0)).empty) == (True, False)


@pytest.mark.parametrize(
    "text", ["", "2025", "2025-4", "2025-K5", "2025-K0", "1999-K1", "2101-K1", "2025-K11", "2025-k1", "202٣-K1", "-K1"]
)
def test_what_is_no_quarter(text):
    assert quarter_of(text) is None


def test_an_address_says_its_quarter():
    assert quarter_of("2025-K4") == Quarter(2025, 4)
    assert Quarter(2025, 4).short == "2025-K4"
