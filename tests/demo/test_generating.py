"""The demonstration's rows hang together, whatever day it is loaded."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from tracker.decisions.importing import COLUMNS, parse_rows
from tracker.demo.cases import JUDGMENTS, newest_finished_quarter
from tracker.demo.generating import generate_rows
from tracker.demo.municipality import HANDLER, MANAGED_UNIT, OFFERS, UNITS
from tracker.demo.tables import as_table
from tracker.exchange.errors import Collector
from tracker.rules.calendar import add_months
from tracker.rules.clock_facts import contradictions
from tracker.rules.identity import holds_person_number, sex_of
from tracker.rules.quarters import Quarter
from tracker.rules.unexecuted import Clock, ClockKind, ReportClass, classify

SHOWN_DAY = date(2026, 11, 22)
DAYS = [
    SHOWN_DAY,
    date(2024, 2, 29),
    date(2028, 2, 29),
    date(2025, 7, 1),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 7, 1),
    date(2026, 8, 31),
    date(2026, 10, 1),
    date(2027, 1, 6),
    date(2027, 5, 31),
    date(2028, 10, 2),
    *(date(2026, 1, 1) + timedelta(days=83 * n) for n in range(10)),
]
FINISHING = {ReportClass.EXECUTED, ReportClass.CLOSED, ReportClass.LATE_EXECUTED, ReportClass.LATE_CLOSED}


@pytest.fixture(scope="module", params=DAYS, ids=str)
def today(request):
    return request.param


@pytest.fixture(scope="module")
def rows(today):
    return generate_rows(today)


def clock_of(row):
    interrupted = row["avbrottsdatum"] or None
    return Clock(
        ClockKind.INTERRUPTION if interrupted else ClockKind.DECISION,
        interrupted or row["beslutsdatum"],
        row["verkstalld"] or None,
        row["avslutad"] or None,
        row["forst_rapporterad"] or None,
        row["slutrapporterad"] or None,
        row["grund"] == "dom",
    )


def verdicts(rows, quarter):
    return [classify(clock_of(row), quarter.last_day, quarter.before.last_day) for row in rows]


def class_counts(rows, quarter):
    return Counter(verdict.report_class for verdict in verdicts(rows, quarter) if verdict.report_class)


def test_one_day_gives_one_list(today, rows):
    assert generate_rows(today) == rows


def test_no_clock_contradicts_itself(today, rows):
    wrong = [
        (row["ref"], problem) for row in rows for problem in contradictions(clock_of(row), row["beslutsdatum"], today)
    ]
    assert wrong == []


def test_the_import_reads_every_row_without_a_remark(rows):
    collector = Collector()
    by_ref = parse_rows(as_table(rows, COLUMNS), collector)
    collector.raise_if_any()
    assert sum(len(of_ref) for of_ref in by_ref.values()) == len(rows)


def test_the_size_and_mix_is_that_of_a_small_municipality(today, rows):
    clocks = [clock_of(row) for row in rows]
    late = [c for c in clocks if (c.ended_on or today) > c.due_on]
    interruptions = [c for c in clocks if c.kind is ClockKind.INTERRUPTION]
    assert len({row["ref"] for row in rows}) == 600
    assert 36 <= len(interruptions) <= 60
    assert len(late) < len(clocks) * 0.4
    assert 15 <= sum(c.ended_on is None for c in clocks) <= 80
    assert sum(row["grund"] == "dom" for row in rows) == JUDGMENTS
    assert all(row["beslutsdatum"] >= add_months(today, -36) for row in rows)
    assert min(row["beslutsdatum"] for row in rows) < add_months(today, -35)


def test_an_interruption_begins_after_the_decision_was_executed(rows):
    executed = {row["ref"]: row["verkstalld"] for row in rows if not row["avbrottsdatum"]}
    for row in rows:
        if row["avbrottsdatum"]:
            assert executed[row["ref"]]
            assert executed[row["ref"]] < row["avbrottsdatum"]


def test_the_newest_finished_quarter_shows_every_class(today, rows):
    quarter = newest_finished_quarter(today)
    counts = class_counts(rows, quarter)
    ranges = {
        ReportClass.EXECUTED: (9, 11),
        ReportClass.CLOSED: (2, 4),
        ReportClass.STILL_UNEXECUTED: (11, 19),
        ReportClass.NEW: (7, 9),
        ReportClass.LATE_EXECUTED: (2, 4),
        ReportClass.LATE_CLOSED: (1, 2),
    }
    outside = {c: counts[c] for c, (low, high) in ranges.items() if not low <= counts[c] <= high}
    assert outside == {}
    assert sum(verdict.missed for verdict in verdicts(rows, quarter)) == 2


def test_earlier_quarters_look_reported_and_the_newest_does_not(today, rows):
    newest = newest_finished_quarter(today)
    forgotten = {row["ref"] for row, found in zip(rows, verdicts(rows, newest), strict=True) if found.missed}
    reported = {row["forst_rapporterad"] for row in rows} | {row["slutrapporterad"] for row in rows}
    quarter = newest.before
    for _ in range(6):
        assert quarter.last_day in reported
        for row, found in zip(rows, verdicts(rows, quarter), strict=True):
            if found.report_class is None or row["ref"] in forgotten:
                continue
            assert row["forst_rapporterad"]
            assert row["forst_rapporterad"] <= quarter.last_day
            assert (row["slutrapporterad"] == quarter.last_day) == (found.report_class in FINISHING)
        quarter = quarter.before
    assert all(not day or day < newest.last_day for day in reported)


def test_earlier_quarters_have_believable_numbers(today, rows):
    quarter = newest_finished_quarter(today).before
    for _ in range(4):
        counts = class_counts(rows, quarter)
        assert 5 <= counts[ReportClass.EXECUTED] <= 16
        assert 10 <= counts[ReportClass.STILL_UNEXECUTED] <= 22
        assert 9 <= counts[ReportClass.NEW] <= 15
        quarter = quarter.before


def test_no_row_holds_the_number_of_a_person(rows):
    """A T-number is nobody's: IVO's own form for those who have none."""
    numbers = {row["ref"]: row["person"] for row in rows}
    assert all(re.fullmatch(r"19\d{6}-T\d{3}|20\d{6}-T\d{3}", number) for number in numbers.values() if number)
    assert 0 < sum(not number for number in numbers.values()) < 40
    assert all(sex_of(row["person"]) == row["kon"] for row in rows if row["person"] and row["kon"])
    texts = {str(cell) for row in rows for name, cell in row.items() if name != "person"}
    assert [text for text in texts if holds_person_number(text)] == []


def test_provisions_follow_the_law_of_the_day(rows):
    new_law = date(2025, 7, 1)
    for row in rows:
        if row["omrade"] == "LSS":
            assert row["lagrum"].startswith("LSS 9:")
        elif row["beslutsdatum"] < new_law:
            assert row["lagrum"] == "SoL 4:1"
        else:
            assert row["lagrum"] == ("SoL 12:1" if row["insats"] == "Ekonomiskt bistånd" else "SoL 11:1")


def test_a_late_clock_says_why_and_a_closed_one_how(today, rows):
    for row in rows:
        clock = clock_of(row)
        if (clock.ended_on or today) > clock.due_on:
            assert row["skal"]
        assert bool(row["avslutsorsak"]) == bool(row["avslutad"])


def test_names_are_those_of_the_demonstration(rows):
    units = {unit for below in UNITS.values() for unit in below}
    assert MANAGED_UNIT in units
    assert {offer.unit for offer in OFFERS} == units
    assert {row["enhet"] for row in rows} <= units
    assert {row["handlaggare"] for row in rows} == {HANDLER}
    assert all(set(row) <= set(COLUMNS) for row in rows)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 22), Quarter(2026, 3)),
        (date(2026, 10, 1), Quarter(2026, 3)),
        (date(2026, 9, 30), Quarter(2026, 2)),
        (date(2026, 1, 1), Quarter(2025, 4)),
        (date(2028, 2, 29), Quarter(2027, 4)),
    ],
)
def test_newest_finished_quarter(today, expected):
    assert newest_finished_quarter(today) == expected
