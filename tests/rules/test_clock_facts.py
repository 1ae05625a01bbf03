"""Days that contradict each other are told by column, in Swedish."""

from datetime import date

import pytest

from tracker.rules.clock_facts import contradictions
from tracker.rules.unexecuted import Clock, ClockKind

TODAY = date(2026, 3, 31)
START = date(2025, 6, 30)
FACTS = {
    "verkstalld": "executed_on",
    "avslutad": "closed_on",
    "forst_rapporterad": "first_reported_on",
    "slutrapporterad": "final_reported_on",
}


def told(clock: Clock, decided_on: date | None = None) -> list[tuple[str, str]]:
    return list(contradictions(clock, decided_on or clock.started_on, TODAY))


@pytest.mark.parametrize("column", FACTS)
@pytest.mark.parametrize("day", [START, date(2025, 7, 1), date(2026, 3, 30), TODAY])
def test_a_fact_from_the_start_up_to_today_is_accepted(column, day):
    assert told(Clock(ClockKind.DECISION, START, **{FACTS[column]: day})) == []


@pytest.mark.parametrize("column", FACTS)
def test_a_fact_before_the_start_is_told_with_both_days(column):
    said = told(Clock(ClockKind.DECISION, START, **{FACTS[column]: date(2025, 6, 29)}))
    assert said == [(column, "2025-06-29 ligger före beslutsdatum 2025-06-30. Rätta det som är fel.")]


@pytest.mark.parametrize("column", FACTS)
def test_a_fact_in_the_future_is_told(column):
    ((said_of, message),) = told(Clock(ClockKind.DECISION, START, **{FACTS[column]: date(2026, 4, 1)}))
    assert said_of == column
    assert message.startswith("2026-04-01 ligger i framtiden.")


def test_a_fact_before_an_interruption_names_the_interruption():
    interruption = Clock(ClockKind.INTERRUPTION, date(2025, 12, 1), executed_on=date(2025, 11, 30))
    assert told(interruption, decided_on=START) == [
        ("verkstalld", "2025-11-30 ligger före avbrottsdatum 2025-12-01. Rätta det som är fel.")
    ]


def test_an_interruption_before_its_decision_is_told():
    said = told(Clock(ClockKind.INTERRUPTION, date(2025, 6, 29)), decided_on=START)
    assert said == [("avbrottsdatum", "2025-06-29 ligger före beslutsdatum 2025-06-30. Rätta det som är fel.")]


def test_an_interruption_on_the_day_of_its_decision_is_accepted():
    assert told(Clock(ClockKind.INTERRUPTION, START), decided_on=START) == []


@pytest.mark.parametrize(("day", "columns"), [(TODAY, []), (date(2026, 4, 1), ["beslutsdatum"])])
def test_a_decision_in_the_future_is_told(day, columns):
    assert [column for column, _ in told(Clock(ClockKind.DECISION, day))] == columns


def test_an_interruption_in_the_future_is_told():
    said = told(Clock(ClockKind.INTERRUPTION, date(2026, 4, 1)), decided_on=START)
    assert [column for column, _ in said] == ["avbrottsdatum"]


def test_a_clock_that_ended_in_two_ways_is_told():
    said = told(Clock(ClockKind.DECISION, START, executed_on=TODAY, closed_on=TODAY))
    assert [column for column, _ in said] == ["avslutad"]
    assert "både verkställd och avslutad" in said[0][1]


def test_every_contradiction_is_told_and_not_only_the_first():
    clock = Clock(
        ClockKind.DECISION,
        START,
        executed_on=date(2025, 6, 29),
        closed_on=date(2026, 4, 1),
        first_reported_on=date(2025, 1, 1),
    )
    assert [column for column, _ in told(clock)] == ["verkstalld", "avslutad", "forst_rapporterad", "avslutad"]
