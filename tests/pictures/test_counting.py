"""What came, went and was open in each of eight quarters, by hand, with the first and the last day of them."""

from datetime import date
from functools import reduce
from operator import add

import pytest

from tests.factories import make_decisions, make_unit, make_user
from tests.pictures.making import QUALITY, belongs, by_name, close_to, give, put, reads_all, trend
from tests.records.granting import protect, void
from tracker.actions.models import ActionItem
from tracker.cases.models import Complaint, Deviation, LexSarahReport
from tracker.pictures.measures import Division, Measure
from tracker.records.models import CodeList, Mark
from tracker.records.services import code_ids
from tracker.rules.quarters import Quarter
from tracker.rules.trends import Flow, Goal

CHEF, COORDINATOR = "chef@kommun.example", "internkontroll@kommun.example"


def days(*texts):
    """Each text as a day; an empty one is none."""
    return [date.fromisoformat(text) if text else None for text in texts]


def cases(*pairs, came="reported_on", went="closed_on"):
    """A row for each `day it came/day it went`."""
    return [dict(zip((came, went), days(*pair.split("/")), strict=True)) for pair in pairs]


@pytest.fixture
def house(app, frozen_day):
    """15 February 2026: the eight quarters are those from April 2024, of which the last still runs."""
    frozen_day(date(2026, 2, 15))
    for name in ("Vuxen", "Barn"):
        make_unit(name)
    for name in ("Vuxen 1", "Vuxen 2"):
        make_unit(name, under="Vuxen")
    return reads_all()


def test_avvikelser_come_as_they_are_reported_and_go_as_they_are_closed(house):
    put(Deviation, cases(
        "2024-03-31/", "2024-03-01/2024-04-01", "2024-03-31/2024-03-31",  # before the first: two are open, one is not
        "2024-04-01/2024-06-30", "2024-06-30/2024-07-01",  # on its first and its last day
        "2025-12-31/2026-02-15", "2026-01-01/2026-02-16", "2026-02-16/",  # what is dated after today does not exist yet
    ))  # fmt: skip
    found = trend(Measure.DEVIATIONS)
    assert found.total.counts == Flow(2, came=(2, 0, 0, 0, 0, 0, 1, 1), went=(2, 1, 0, 0, 0, 0, 0, 1))
    assert found.total.counts.open == (2, 1, 1, 1, 1, 1, 2, 2)
    assert [span.running for span in found.spans] == [False] * 7 + [True]


def test_an_earlier_quarter_is_counted_as_it_ended(house):
    put(Deviation, cases("2025-03-31/2025-04-01", "2025-04-01/", "2025-01-01/2025-03-31"))
    found = trend(Measure.DEVIATIONS, last=Quarter(2025, 1))
    assert found.total.counts == Flow(0, came=(0, 0, 0, 0, 0, 0, 0, 2), went=(0, 0, 0, 0, 0, 0, 0, 1))


def test_a_lex_sarah_case_goes_when_it_is_decided_or_closed_without_a_decision(house):
    put(LexSarahReport, [
        dict(zip(("received_on", "decided_on", "closed_on"), days(*row.split("/")), strict=True))
        for row in (
            "2025-10-01/2025-12-31/2026-01-15",  # went when it was decided, not when it was closed
            "2025-10-01//2025-12-30",
            "2025-10-01/2026-01-31/2026-01-01",  # an oddity: closed before the decision
            "2025-10-01//",
            "//",  # not received yet
        )
    ])  # fmt: skip
    assert trend(Measure.LEX_SARAH).total.counts == Flow(
        0, came=(0, 0, 0, 0, 0, 0, 4, 0), went=(0, 0, 0, 0, 0, 0, 2, 1)
    )


def test_two_months_are_kept_when_the_decision_comes_by_their_last_day(house):
    put(LexSarahReport, [
        dict(zip(("received_on", "target_on", "decided_on"), days(*row.split("/")), strict=True))
        for row in (
            "2025-10-31/2025-12-31/2025-12-31", "2025-10-30/2025-12-30/2025-12-31",  # kept, and not
            "2025-10-29/2025-12-29/",
            "2025-11-01/2026-01-01/2025-11-02",  # counted where its two months ended
            "2025-12-14/2026-02-14/",  # yesterday is over
            "2025-12-15/2026-02-15/", "2025-12-15/2026-02-15/2026-01-01",  # today is not
            "2024-01-31/2024-03-31/", "2024-02-01/2024-04-01/2024-04-01",  # before the eight, and on their first day
        )
    ])  # fmt: skip
    found = trend(Measure.LEX_SARAH_GOAL).total.counts
    assert found == Goal(due=(1, 0, 0, 0, 0, 0, 3, 2), kept=(1, 0, 0, 0, 0, 0, 1, 1))
    assert found.percents == (100, None, None, None, None, None, 33, 50)


def test_on_a_quarters_first_day_none_of_its_promises_is_due(house, frozen_day):
    frozen_day(date(2026, 1, 1))
    put(LexSarahReport, [
        {"received_on": date(2025, 10, 31), "target_on": date(2025, 12, 31), "decided_on": None},
        {"received_on": date(2025, 11, 1), "target_on": date(2026, 1, 1), "decided_on": date(2025, 12, 1)},
    ])  # fmt: skip
    assert trend(Measure.LEX_SARAH_GOAL).total.counts == Goal((0, 0, 0, 0, 0, 0, 1, 0), (0,) * 8)


def test_a_synpunkt_goes_when_it_is_answered_and_praise_is_none(house):
    rows = [
        dict(zip(("received_on", "due_on", "answered_on", "closed_on"), days(*row.split("/")), strict=True))
        for row in (
            "2025-09-30/2025-10-10/2025-10-10/2025-12-01", "2025-12-01/2025-12-11/2025-12-12/",
            "2025-12-02/2025-12-12//2025-12-24", "2025-12-31/2026-01-10//",
        )
    ]  # fmt: skip
    put(Complaint, rows)
    put(Complaint, [row | {"kind": "beröm"} for row in rows])
    assert trend(Measure.COMPLAINTS).total.counts == Flow(
        0, came=(0, 0, 0, 0, 0, 1, 3, 0), went=(0, 0, 0, 0, 0, 0, 3, 0)
    )
    assert trend(Measure.COMPLAINTS_GOAL).total.counts == Goal((0, 0, 0, 0, 0, 0, 3, 1), (0, 0, 0, 0, 0, 0, 1, 0))


def actions(*rows):
    """A row for each `decided/last day/carried out`."""
    names = ("decided_on", "due_on", "done_on")
    return [dict(zip(names, days(*row.split("/")), strict=True)) for row in rows]


def test_an_action_goes_on_from_its_decision_until_it_is_carried_out(house):
    put(ActionItem, actions(
        "2025-09-30/2025-12-31/2025-12-31", "2025-10-01/2025-12-30/2025-12-31", "2025-10-01/2026-01-31/",
        "/2025-12-01/", "/2025-12-02/2025-12-02",  # proposed alone; and carried out without a decision
        "2025-10-01//2025-11-01", "2026-01-01/2026-02-15/2026-02-01",  # without a last day; and due today
    ))  # fmt: skip
    assert trend(Measure.ACTIONS).total.counts == Flow(0, came=(0, 0, 0, 0, 0, 1, 4, 1), went=(0, 0, 0, 0, 0, 0, 4, 1))
    assert trend(Measure.ACTIONS_GOAL).total.counts == Goal((0, 0, 0, 0, 0, 0, 3, 1), (0, 0, 0, 0, 0, 0, 2, 0))


def test_a_decision_waits_from_the_day_after_its_three_months(house):
    make_decisions([
        # Three months end on 30 September: it waits from 1 October.
        {"ref": "A", "beslutsdatum": "2025-06-30"},
        {"ref": "B", "beslutsdatum": "2025-06-30", "verkstalld": "2025-09-30"},  # on the last day
        {"ref": "C", "beslutsdatum": "2025-06-30", "verkstalld": "2025-10-01"},  # on the day after
        {"ref": "D", "beslutsdatum": "2025-06-29", "avslutad": "2026-01-01"},
        {"ref": "E", "beslutsdatum": "2025-06-29", "grund": "dom"},
        {"ref": "F", "beslutsdatum": "2025-06-29"}, {"ref": "G", "beslutsdatum": "2025-06-29"},
        {"ref": "H", "beslutsdatum": "2025-11-15"},  # three months end today
        {"ref": "I", "beslutsdatum": "2023-01-01", "forst_rapporterad": "2023-06-30", "slutrapporterad": "2024-06-30",
         "verkstalld": "2024-05-01"},
    ])  # fmt: skip
    void("F")
    protect("G", QUALITY)
    found = trend(Measure.DECISIONS).total.counts
    # D and G come in the third quarter of 2025; A and C in the fourth, in which C goes; D goes in the first of 2026.
    assert found == Flow(1, came=(0, 0, 0, 0, 0, 2, 2, 0), went=(1, 0, 0, 0, 0, 0, 1, 1))
    assert found.open == (0, 0, 0, 0, 0, 2, 3, 2)


def test_each_unit_counts_what_lies_below_it_and_together_they_are_all(house):
    for unit, number in (("Vuxen", 1), ("Vuxen 1", 2), ("Vuxen 2", 3), ("Barn", 4)):
        put(Deviation, cases(*(["2026-01-01/"] * number)), unit)
    found = trend(Measure.DEVIATIONS, by=Division.UNIT)
    assert {name: counts.open[-1] for name, counts in by_name(found).items()} == {"Vuxen": 6, "Barn": 4}
    assert (found.total.name, found.total.counts.open[-1]) == ("Alla", 10)
    found = trend(Measure.DEVIATIONS, by=Division.UNIT, unit="Vuxen")
    assert {name: counts.open[-1] for name, counts in by_name(found).items()} == {
        "Vuxen, direkt": 1, "Vuxen 1": 2, "Vuxen 2": 3,
    }  # fmt: skip
    assert found.total.counts.open[-1] == 6
    found = trend(Measure.DEVIATIONS, by=Division.UNIT, unit="Vuxen 2")
    assert {name: counts.open[-1] for name, counts in by_name(found).items()} == {"Vuxen 2": 3}


def test_categories_stand_by_what_is_open_and_what_is_not_said_last(house):
    codes = code_ids(CodeList.DEVIATION_CATEGORY)
    for label, number in (("Fall", 1), ("Läkemedel", 2)):
        put(Deviation, [row | {"category_id": codes[label]} for row in cases(*(["2026-01-01/"] * number))])
    put(Deviation, cases(*(["2026-01-01/"] * 3)))
    found = trend(Measure.DEVIATIONS, by=Division.CATEGORY)
    assert [(line.name, line.counts.open[-1]) for line in found.lines] == [
        ("Läkemedel", 2), ("Fall", 1), ("Utan kategori", 3),
    ]  # fmt: skip
    assert reduce(add, (line.counts for line in found.lines)) == found.total.counts
    put(Complaint, [{"received_on": date(2026, 1, 1), "due_on": date(2026, 1, 11), "kind": "synpunkt"}])
    assert list(by_name(trend(Measure.COMPLAINTS, by=Division.CATEGORY))) == ["Synpunkt"]
    make_decisions([{"ref": "A", "beslutsdatum": "2025-06-30", "insats": "Ledsagning"}])
    assert list(by_name(trend(Measure.DECISIONS, by=Division.CATEGORY))) == ["Ledsagning"]


def test_actions_are_told_by_what_they_belong_to_as_far_as_the_reader_sees_it(house):
    deviation, other = put(Deviation, cases("2026-01-01/", "2026-01-01/"))
    (report,) = put(LexSarahReport, [{"received_on": date(2026, 1, 1)}])
    made = put(ActionItem, actions(*(["2026-01-01/2026-03-01/"] * 5)))
    for action_id, of in zip(made, ([deviation], [deviation, other], [report], [report, deviation], []), strict=True):
        belongs(action_id, *of)
    make_user(CHEF, "chef", unit="Vuxen")
    make_user(COORDINATOR, "internkontroll")
    told = {
        mail: {line.name: line.counts.open[-1] for line in trend(Measure.ACTIONS, mail, by=Division.CATEGORY).lines}
        for mail in (QUALITY, CHEF, COORDINATOR)
    }
    assert told == {
        QUALITY: {"Avvikelse": 2, "Flera register": 1, "Lex Sarah": 1, "Inget register": 1},
        CHEF: {"Avvikelse": 3, "Annat": 1, "Inget register": 1},
        COORDINATOR: {"Annat": 4, "Inget register": 1},
    }


def test_what_an_action_belongs_to_elsewhere_or_behind_closed_doors_leaves_no_trace(house):
    (here,) = put(Deviation, cases("2026-01-01/"))
    (elsewhere,) = put(Complaint, [{"received_on": date(2026, 1, 1), "due_on": date(2026, 1, 11)}], "Barn")
    closed, protected = (
        put(Complaint, [{"received_on": date(2026, 1, 1), "due_on": date(2026, 1, 11)}], mark=mark)[0]
        for mark in (Mark.ORDINARY, Mark.PROTECTED)
    )
    make_user(CHEF, "chef", unit="Vuxen")
    close_to(closed, CHEF)
    for hidden in (elsewhere, closed, protected):
        shared, alone = put(ActionItem, actions("2026-01-01/2026-03-01/", "2026-01-01/2026-03-01/"))
        belongs(shared, here, hidden)
        belongs(alone, hidden)
    lines = trend(Measure.ACTIONS, CHEF, by=Division.CATEGORY).lines
    assert {line.name: line.counts.open[-1] for line in lines} == {"Avvikelse": 3, "Annat": 3}


def test_a_manager_counts_the_own_unit_and_what_the_list_holds(house):
    for unit in ("Vuxen", "Vuxen 1", "Barn"):
        put(Deviation, cases("2026-01-01/"), unit)
    (closed,) = put(Deviation, cases("2026-01-01/"))
    put(Deviation, cases("2026-01-01/"), mark=Mark.PROTECTED)
    put(Deviation, cases("2026-01-01/"), mark=Mark.VOIDED)
    make_user(CHEF, "chef", unit="Vuxen")
    close_to(closed, CHEF)
    # That there is a protected one may be what they must not know; whoever reads the year's figures has it there too.
    assert trend(Measure.DEVIATIONS, CHEF).total.counts.open[-1] == 2
    assert trend(Measure.DEVIATIONS).total.counts.open[-1] == 5
    close_to(closed, QUALITY)
    assert trend(Measure.DEVIATIONS).total.counts.open[-1] == 4


def test_a_protected_one_counts_for_who_reads_the_figures_of_its_unit_alone(house):
    for unit in ("Vuxen", "Barn"):
        put(LexSarahReport, [{"received_on": date(2026, 1, 1)}], unit, Mark.PROTECTED)
        put(LexSarahReport, [{"received_on": date(2026, 1, 1)}], unit)
    both = make_user("bo@kommun.example", "kvalitet", unit="Vuxen")
    give(both, "chef", "Barn")
    found = by_name(trend(Measure.LEX_SARAH, both.email, by=Division.UNIT))
    assert {name: counts.open[-1] for name, counts in found.items()} == {"Vuxen": 2, "Barn": 1}
