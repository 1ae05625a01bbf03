"""Two thousand random rows of each register, counted by SQL and by a plain loop over the rows."""

import random
from datetime import date, timedelta
from functools import reduce
from operator import add

import pytest

from tests.decisions.test_classes_in_sql import as_row, random_clock
from tests.factories import make_decisions, make_unit, make_user
from tests.pictures.making import QUALITY, by_name, close_to, put, reads_all, trend
from tracker.actions.models import ActionItem
from tracker.cases.models import Complaint, Deviation, LexSarahReport
from tracker.pictures.lines import EightQuarters
from tracker.pictures.measures import WORDS, Division, Measure
from tracker.records.models import CodeList, Mark
from tracker.records.services import code_ids
from tracker.rules.calendar import add_months
from tracker.rules.quarters import Quarter
from tracker.rules.trends import Flow

ROWS = 2_000  # in each register
TODAY = date(2026, 2, 15)
FIRST, LAST = date(2023, 10, 1), TODAY
UNITS = ("Vuxen", "Vuxen 1", "Vuxen 2", "Barn")
MARKS = [Mark.ORDINARY] * 8 + [Mark.PROTECTED, Mark.VOIDED]
CHEF = "chef@kommun.example"
# Quarters as three last days can end them, and whom they are asked for.
LASTS = (Quarter(2026, 1), Quarter(2025, 2))
UNIT_OF = {QUALITY: set(UNITS), CHEF: {"Vuxen", "Vuxen 1", "Vuxen 2"}}


@pytest.fixture
def chance(app, frozen_day):
    """The same rows every time; it is 15 February 2026."""
    frozen_day(TODAY)
    for name in ("Vuxen", "Barn"):
        make_unit(name)
    for name in ("Vuxen 1", "Vuxen 2"):
        make_unit(name, under="Vuxen")
    reads_all()
    make_user(CHEF, "chef", unit="Vuxen")
    return random.Random(20261128)  # noqa: S311 - the same rows every time


def some_day(chance):
    """A day, often the first or the last of a quarter."""
    day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
    quarter = Quarter.holding(day)
    return chance.choice([day, day, day, quarter.first_day, min(quarter.last_day, LAST)])


def later(chance, day, never=0.3):
    """A day on or after another, up to today; None for some."""
    if chance.random() < never:
        return None
    return chance.choice(
        [min(day + timedelta(days=chance.randrange(200)), LAST), min(Quarter.holding(day).last_day, LAST)]
    )


def random_rows(chance, make):
    """Rows with days, units and marks."""
    days = (some_day(chance) for _ in range(ROWS))
    return [make(day) | {"unit": chance.choice(UNITS), "mark": chance.choice(MARKS)} for day in days]


def seen(row, mail):
    """Whether somebody counts a row: the quality lead protected ones too, nobody what is voided or closed to them."""
    marks = {Mark.ORDINARY, Mark.PROTECTED} if mail == QUALITY else {Mark.ORDINARY}
    return row["unit"] in UNIT_OF[mail] and row["mark"] in marks and mail != row.get("closed_to")


def open_on(rows, day, came, went):
    """How many had come by a day and not gone by it."""
    return sum(came(row) is not None and came(row) <= day and (went(row) is None or went(row) > day) for row in rows)


def check_flow(found: EightQuarters, rows, came, went):
    """A trend is what a loop over the rows says of each quarter."""
    counts = found.total.counts
    quarters = [span.quarter for span in found.spans]
    assert counts.open == tuple(open_on(rows, min(one.last_day, TODAY), came, went) for one in quarters)
    assert counts.opening == open_on(rows, quarters[0].first_day - timedelta(days=1), came, went)
    for place, quarter in enumerate(quarters):
        first, last = quarter.first_day, min(quarter.last_day, TODAY)  # what is dated after today does not exist yet
        for day_of, number in ((came, counts.came[place]), (went, counts.went[place])):
            told = [day_of(row) for row in rows if came(row) is not None and day_of(row) is not None]
            assert number == sum(first <= day <= last for day in told), quarter
        assert counts.open_before[place] + counts.came[place] - counts.went[place] == counts.open[place]


def check_goal(found: EightQuarters, rows, due, kept):
    """The same of what was kept in time."""
    counts = found.total.counts
    for place, span in enumerate(found.spans):
        of_quarter = [
            row for row in rows
            if due(row) is not None and due(row) < TODAY
            and span.quarter.first_day <= due(row) <= span.quarter.last_day
        ]  # fmt: skip
        in_time = [row for row in of_quarter if kept(row) is not None and kept(row) <= due(row)]
        assert (counts.due[place], counts.kept[place]) == (len(of_quarter), len(in_time)), span


def check_divided(measure, mail, last):
    """Each way to divide it gives lines that together are all of it."""
    whole = trend(measure, mail, last=last)
    assert not whole.total.counts.empty
    for division in Division if WORDS[measure].category else (Division.UNIT,):
        found = trend(measure, mail, by=division, last=last)
        assert len(found.lines) > 1
        assert found.total == whole.total
        assert reduce(add, (line.counts for line in found.lines)) == whole.total.counts
    return whole


def check(measure, rows, how, *days):
    """For each reader and each row of quarters; one of the reader's units alone."""
    for mail in (QUALITY, CHEF):
        for last in LASTS:
            mine = [row for row in rows if seen(row, mail)]
            how(check_divided(measure, mail, last), mine, *days)
        alone = by_name(trend(measure, mail, by=Division.UNIT, unit="Vuxen 1"))["Vuxen 1"]
        found = trend(measure, mail, unit="Vuxen 1")
        assert found.total.counts == alone
        how(found, [row for row in rows if seen(row, mail) and row["unit"] == "Vuxen 1"], *days)


def put_closed(chance, model, rows):
    """Puts rows, and closes some to the manager."""
    for record_id, row in zip(put(model, rows), rows, strict=True):
        if chance.random() < 0.02 and row["unit"] != "Barn":
            close_to(record_id, CHEF)
            row["closed_to"] = CHEF


def test_avvikelser(chance):
    categories = [None, *list(code_ids(CodeList.DEVIATION_CATEGORY).values())[:3]]
    rows = random_rows(chance, lambda day: {
        "reported_on": day, "closed_on": later(chance, day), "category_id": chance.choice(categories),
    })  # fmt: skip
    put_closed(chance, Deviation, rows)
    check(Measure.DEVIATIONS, rows, check_flow, lambda row: row["reported_on"], lambda row: row["closed_on"])


def test_lex_sarah_reports(chance):
    rows = random_rows(chance, lambda day: {
        "received_on": day, "target_on": add_months(day, 2), "decided_on": later(chance, day),
        "closed_on": later(chance, day, 0.7),
    })  # fmt: skip
    put_closed(chance, LexSarahReport, rows)

    def gone(row):
        return min((day for day in (row["decided_on"], row["closed_on"]) if day), default=None)

    check(Measure.LEX_SARAH, rows, check_flow, lambda row: row["received_on"], gone)
    check(
        Measure.LEX_SARAH_GOAL, rows, check_goal, lambda row: add_months(row["received_on"], 2),
        lambda row: row["decided_on"],
    )  # fmt: skip


def test_synpunkter(chance):
    rows = random_rows(chance, lambda day: {
        "received_on": day, "due_on": day + timedelta(days=10), "answered_on": later(chance, day, 0.2),
        "closed_on": later(chance, day, 0.7), "kind": chance.choice(["synpunkt", "klagomål", "beröm"]),
    })  # fmt: skip
    put_closed(chance, Complaint, rows)
    counted = [row for row in rows if row["kind"] != "beröm"]

    def gone(row):
        return min((day for day in (row["answered_on"], row["closed_on"]) if day), default=None)

    check(Measure.COMPLAINTS, counted, check_flow, lambda row: row["received_on"], gone)
    check(Measure.COMPLAINTS_GOAL, counted, check_goal, lambda row: row["due_on"], lambda row: row["answered_on"])


def test_actions(chance):
    rows = random_rows(chance, lambda day: {
        "decided_on": day if chance.random() < 0.9 else None, "due_on": later(chance, day, 0.1),
        "done_on": later(chance, day),
    })  # fmt: skip
    put_closed(chance, ActionItem, rows)
    real = [row for row in rows if row["decided_on"] or row["done_on"]]
    for measure, how, *ours in (
        (Measure.ACTIONS, check_flow, lambda row: row["decided_on"] or row["done_on"], lambda row: row["done_on"]),
        (Measure.ACTIONS_GOAL, check_goal, lambda row: row["due_on"], lambda row: row["done_on"]),
    ):
        for mail in (QUALITY, CHEF):
            how(trend(measure, mail), [row for row in real if seen(row, mail)], *ours)
            found = trend(measure, mail, by=Division.UNIT)
            assert reduce(add, (line.counts for line in found.lines)) == trend(measure, mail).total.counts


def test_decisions_that_wait(chance):
    insatser = ("Boendestöd", "Kontaktperson", "Ledsagning")
    made = [random_clock(chance) for _ in range(600)]
    units = [chance.choice(UNITS) for _ in made]
    rows = [
        as_row(f"R-{at:03}", one, enhet=units[at], insats=insatser[at % 3]) for at, one in enumerate(made)
    ]  # fmt: skip
    make_decisions(rows, today=date(2030, 1, 1))
    rows = [{"clock": one, "unit": unit, "mark": Mark.ORDINARY} for one, unit in zip(made, units, strict=True)]
    rows = [row for row in rows if not row["clock"].judgment]
    waited = [row for row in rows if (row["clock"].ended_on or date.max) > row["clock"].due_on]

    def came(row):
        return row["clock"].due_on + timedelta(days=1)

    check(Measure.DECISIONS, waited, check_flow, came, lambda row: row["clock"].ended_on)


def test_a_loop_over_nothing_is_nothing(chance):
    for measure in Measure:
        found = trend(measure, by=Division.UNIT)
        assert (found.total.counts.empty, found.lines) == (True, ())
    assert trend(Measure.DEVIATIONS).total.counts == Flow(0, (0,) * 8, (0,) * 8)
