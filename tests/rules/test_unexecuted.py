"""The class, days and bin of a clock, at the boundaries and against a second implementation of the contract."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given

from tests.rules.by_hand import (
    bin_of,
    classes_by_hand,
    clocks_and_periods,
    counted_to_by_hand,
    day_after_months,
    months_between,
)
from tracker.rules.legal_basis import law_of
from tracker.rules.unexecuted import (
    BINS,
    FOREVER,
    Clock,
    ClockKind,
    ReportClass,
    bin_index,
    classify,
    due_day,
    ended_bin,
    ended_days,
    stored_figures,
)

DATA = Path(__file__).parent.parent / "data"
START, DUE = date(2024, 10, 15), date(2025, 1, 15)
CUTOFF, PREVIOUS = date(2025, 3, 31), date(2024, 12, 31)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def clock(executed=None, closed=None, first=None, final=None, judgment=False, start=START) -> Clock:
    return Clock(ClockKind.DECISION, start, day(executed), day(closed), day(first), day(final), judgment)


@pytest.mark.parametrize(
    ("start", "due", "days"),
    [
        ("2025-11-28", "2026-02-28", 93),
        ("2025-11-29", "2026-02-28", 92),
        ("2025-11-30", "2026-02-28", 91),
        ("2023-11-30", "2024-02-29", 92),
        ("2026-01-31", "2026-04-30", 90),
        ("2026-02-28", "2026-05-28", 90),
        ("2025-12-31", "2026-03-31", 91),
        ("2026-08-31", "2026-11-30", 92),
        ("2021-09-29", "2021-12-29", 92),
    ],
)
def test_a_clock_is_new_from_the_day_after_its_due_day(start, due, days):
    due_on, reportable = date.fromisoformat(due), date.fromordinal(date.fromisoformat(due).toordinal() + 1)
    running = clock(start=date.fromisoformat(start))
    assert due_day(running.started_on) == due_on
    assert classify(running, due_on, PREVIOUS).report_class is None
    verdict = classify(running, reportable, PREVIOUS)
    assert (verdict.report_class, verdict.days) == (ReportClass.NEW, days)


# Days from 2024-10-15: 92 on 2025-01-15, 93 on 01-16, 166 on 03-30, 167 on 03-31 (16 + 30 + 31 + 31 + 28 + 31).
@pytest.mark.parametrize(
    ("facts", "expected", "days"),
    [
        ({}, "new", 167),
        ({"executed": "2025-01-15"}, None, None),
        ({"executed": "2025-01-16"}, "late_executed", 93),
        ({"executed": "2025-03-31"}, "late_executed", 167),
        ({"executed": "2025-04-01"}, "new", 167),
        ({"closed": "2025-01-15"}, None, None),
        ({"closed": "2025-01-16"}, "late_closed", 93),
        ({"closed": "2025-03-31"}, "late_closed", 167),
        ({"closed": "2025-04-01"}, "new", 167),
        ({"first": "2025-03-30"}, "still_unexecuted", 167),
        ({"first": "2025-03-31"}, "new", 167),
        ({"first": "2025-04-01"}, "new", 167),
        ({"first": "2025-01-31", "executed": "2025-03-31"}, "executed", 167),
        ({"first": "2025-01-31", "executed": "2025-04-01"}, "still_unexecuted", 167),
        ({"first": "2025-01-31", "executed": "2025-01-15"}, "executed", 92),
        ({"first": "2025-01-31", "closed": "2025-03-30"}, "closed", 166),
        ({"first": "2025-01-31", "closed": "2025-04-01"}, "still_unexecuted", 167),
        ({"first": "2025-03-31", "executed": "2025-03-30"}, "late_executed", 166),
        ({"first": "2025-01-31", "final": "2025-03-30", "executed": "2025-02-01"}, None, None),
        ({"first": "2025-01-31", "final": "2025-03-31", "executed": "2025-02-01"}, "executed", 109),
        ({"first": "2025-01-31", "final": "2025-03-30"}, None, None),
        ({"final": "2025-03-30", "executed": "2025-01-16"}, None, None),
        ({"final": "2025-03-31", "executed": "2025-01-16"}, "late_executed", 93),
        ({"judgment": True}, None, None),
        ({"judgment": True, "executed": "2025-01-16"}, None, None),
        ({"judgment": True, "first": "2025-01-31"}, None, None),
        ({"judgment": True, "first": "2025-01-31", "closed": "2025-02-01"}, None, None),
    ],
)
def test_a_clock_falls_in_the_class_that_its_facts_and_the_cutoff_say(facts, expected, days):
    verdict = classify(clock(**facts), CUTOFF, PREVIOUS)
    assert (verdict.report_class, verdict.days, verdict.missed) == (expected, days, False)


@pytest.mark.parametrize("facts", [{"executed": "2025-01-16"}, {"closed": "2025-01-16"}])
@pytest.mark.parametrize(("previous", "missed"), [("2025-01-15", False), ("2025-01-16", True), ("2025-01-17", True)])
def test_what_ended_late_by_the_previous_cutoff_is_missed_and_in_no_class(facts, previous, missed):
    verdict = classify(clock(**facts), CUTOFF, date.fromisoformat(previous))
    assert verdict.missed is missed
    assert (verdict.report_class is None) is missed


def test_what_ended_in_time_is_never_missed():
    verdict = classify(clock(executed="2025-01-15"), CUTOFF, date(2025, 2, 28))
    assert (verdict.report_class, verdict.missed) == (None, False)


def test_a_finished_clock_is_not_missed_even_if_no_first_report_was_given():
    verdict = classify(clock(executed="2025-01-16", final="2025-01-31"), CUTOFF, date(2025, 2, 28))
    assert (verdict.report_class, verdict.missed) == (None, False)


@pytest.mark.parametrize("start", [date(2025, 3, 31), date(2025, 4, 1)])
def test_a_clock_that_starts_on_the_cutoff_or_later_stands_in_no_class(start):
    verdict = classify(clock(start=start), CUTOFF, PREVIOUS)
    assert (verdict.report_class, verdict.missed, verdict.days, verdict.bin) == (None, False, None, None)


def test_a_clock_reported_after_its_start_but_starting_after_the_cutoff_does_not_exist_yet():
    verdict = classify(clock(start=date(2025, 4, 1), first="2025-04-01"), CUTOFF, PREVIOUS)
    assert verdict.report_class is None


@pytest.mark.parametrize(
    ("end", "days", "name"),
    [
        ("2025-01-31", 0, "0-2"),
        ("2025-02-28", 28, "0-2"),
        ("2025-04-29", 88, "0-2"),
        ("2025-04-30", 89, "3-6"),
        ("2025-08-30", 211, "3-6"),
        ("2025-08-31", 212, "7-9"),
        ("2025-11-29", 302, "7-9"),
        ("2025-11-30", 303, "10-12"),
        ("2026-02-27", 392, "10-12"),
        ("2026-02-28", 393, "13-17"),
        ("2026-07-30", 545, "13-17"),
        ("2026-07-31", 546, "18+"),
        ("2031-01-31", 2191, "18+"),
    ],
)
def test_waiting_time_from_the_31st_falls_in_the_bin_of_its_whole_months(end, days, name):
    executed = clock(start=date(2025, 1, 31), executed=end, first=end)
    verdict = classify(executed, date(2031, 12, 31), date(2031, 9, 30))
    assert (verdict.days, verdict.bin) == (days, name)


@given(clocks_and_periods())
def test_every_clock_gets_what_the_contract_says_and_never_two_things(case):
    facts, cutoff, previous = case
    by_hand, missed = classes_by_hand(facts, cutoff, previous)
    assert len(by_hand) + missed <= 1
    verdict = classify(facts, cutoff, previous)
    assert {verdict.report_class} - {None} == by_hand
    assert verdict.missed is missed
    assert (verdict.report_class is None) == (verdict.days is None) == (verdict.bin is None)


@given(clocks_and_periods())
def test_days_and_bin_run_from_the_start_to_the_end_that_the_class_is_about(case):
    facts, cutoff, previous = case
    verdict = classify(facts, cutoff, previous)
    if verdict.report_class is None:
        assert verdict.counted_to is None
        return
    end = counted_to_by_hand(verdict.report_class, facts, cutoff)
    assert verdict.days == end.toordinal() - facts.started_on.toordinal()
    assert verdict.bin == bin_of(months_between(facts.started_on, end))


@given(clocks_and_periods())
def test_stored_figures_never_hide_a_clock_that_stands_in_a_class_or_is_missed(case):
    facts, cutoff, previous = case
    verdict, figures = classify(facts, cutoff, previous), stored_figures(facts)
    assert figures.due_on == day_after_months(facts.started_on, 3)
    assert figures.ended_on == (facts.executed_on or facts.closed_on or FOREVER)
    if verdict.report_class is not None:
        assert figures.alive_until >= cutoff
        assert figures.relevant_until > previous
    if verdict.missed:
        assert figures.alive_until >= cutoff


@given(clocks_and_periods())
def test_what_is_not_relevant_any_more_but_alive_is_missed(case):
    facts, cutoff, previous = case
    figures = stored_figures(facts)
    if figures.alive_until >= cutoff and figures.relevant_until <= previous:
        assert classify(facts, cutoff, previous).missed


@given(clocks_and_periods())
@example((Clock(ClockKind.DECISION, START, executed_on=START, first_reported_on=DUE), CUTOFF, PREVIOUS))
@example((Clock(ClockKind.DECISION, START, closed_on=START, first_reported_on=DUE), CUTOFF, PREVIOUS))
def test_the_stored_value_gives_back_days_bin_and_whether_it_was_closed(case):
    facts = case[0]
    value, end = stored_figures(facts).ended_value, facts.executed_on or facts.closed_on
    assert (value == 0) == (end is None), "0 is what stands for an open clock"
    if end is not None:
        assert ended_days(value) == end.toordinal() - facts.started_on.toordinal()
        assert BINS[ended_bin(value)] == bin_of(months_between(facts.started_on, end))
        assert bin_index(facts.started_on, end) == ended_bin(value)


def nineteen_clocks() -> list[tuple[str, Clock, dict[str, str]]]:
    """The rows of the shared example, each with the row of its key."""
    with (DATA / "classes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    with (DATA / "classes-expected.csv").open(encoding="utf-8") as file:
        keys = {(key["ref"], key["avbrottsdatum"]): key for key in csv.DictReader(file, delimiter=";")}
    found = []
    for row in rows:
        start = date.fromisoformat(row["avbrottsdatum"] or row["beslutsdatum"])
        kind = ClockKind.INTERRUPTION if row["avbrottsdatum"] else ClockKind.DECISION
        facts = (day(row[name]) for name in ("verkstalld", "avslutad", "forst_rapporterad", "slutrapporterad"))
        found.append(
            (row["ref"], Clock(kind, start, *facts, law=law_of(row["lagrum"])), keys[row["ref"], row["avbrottsdatum"]])
        )
    return found


def test_the_nineteen_clocks_hit_every_class_as_their_key_says():
    clocks = nineteen_clocks()
    seen: Counter[str] = Counter()
    for ref, facts, key in clocks:
        verdict = classify(facts, date(2026, 3, 31), date(2025, 12, 31))
        said = "missed" if verdict.missed else verdict.report_class or ""
        assert (ref, str(facts.due_on), said) == (ref, key["due_on"], key["class"].replace("finished", ""))
        assert (ref, verdict.days) == (ref, int(key["days"]) if key["days"] else None)
        seen[said] += 1
    assert len(clocks) == 19
    assert (seen["executed"], seen["closed"], seen["still_unexecuted"], seen["new"]) == (1, 1, 1, 3)
    assert (seen["late_executed"], seen["late_closed"], seen["missed"]) == (3, 1, 3)
