"""The demonstration's avvikelser, lex Sarah-rapporter and synpunkter hang together, whatever day it is loaded."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tracker.cases.importing import (
    COMPLAINT_COLUMNS,
    DEVIATION_COLUMNS,
    LEX_SARAH_COLUMNS,
    parse_complaints,
    parse_deviations,
    parse_lex_sarah,
)
from tracker.cases.texts import INVESTIGATION
from tracker.demo.case_rows import complaint_rows, deviation_rows, lex_sarah_rows
from tracker.demo.case_stories import STORIES
from tracker.demo.case_words import ANSWERS, CATEGORIES, FOLLOWED_UP, INVESTIGATION_WORDS
from tracker.demo.municipality import UNITS
from tracker.demo.tables import as_table
from tracker.exchange.errors import Collector
from tracker.rules.calendar import add_months
from tracker.rules.case_workflow import CaseKind, row_of
from tracker.rules.identity import holds_person_number
from tracker.rules.name_like import name_like

DAYS = [date(2026, 11, 22), date(2024, 2, 29), date(2026, 1, 1), date(2027, 1, 6), date(2025, 7, 1), date(2028, 8, 13)]
FILES = {
    "deviations": (deviation_rows, DEVIATION_COLUMNS, parse_deviations, 280, "rapporterad"),
    "lex-sarah": (lex_sarah_rows, LEX_SARAH_COLUMNS, parse_lex_sarah, 46, "mottagen"),
    "complaints": (complaint_rows, COMPLAINT_COLUMNS, parse_complaints, 68, "mottagen"),
}


@pytest.fixture(params=DAYS, ids=str)
def today(request):
    return request.param


@pytest.mark.parametrize("kind", FILES)
def test_the_import_reads_every_row_of_three_years_without_a_remark(kind, today):
    make, columns, parse, count, day = FILES[kind]
    rows = make(today)
    collector = Collector()
    lines = parse(as_table(rows, columns), collector)
    collector.raise_if_any()
    assert len(lines) == len(rows) == count
    assert rows == make(today)
    days = [row[day] for row in rows]
    assert days == sorted(days)
    assert add_months(today, -36) <= days[0] <= add_months(today, -31)
    assert days[-1] < today


def test_most_avvikelser_are_closed_and_the_newest_are_not(today):
    rows = deviation_rows(today)
    waiting = [row["ref"] for row in rows if not row["avslutad"]]
    assert 7 <= len(waiting) <= 20
    assert {row["ref"] for row in rows[-7:]} <= set(waiting)
    assert {row["kategori"] for row in rows} == set(CATEGORIES)
    assert {row["lagomrade"] for row in rows} == {"SoL", "LSS", "HSL"}
    assert {row["allvarlighet"] for row in rows} == {"1", "2", "3", "4"}


def test_every_serious_lex_sarah_is_notified_and_no_other(today):
    rows = lex_sarah_rows(today)
    by_degree = Counter(row["bedomning"] for row in rows)
    assert by_degree == {"inget": 11, "risk": 12, "missförhållande": 15, "risk_allvarligt": 4, "allvarligt": 4}
    notified = {row["ref"] for row in rows if row["ivo_anmald"]}
    assert notified == {row["ref"] for row in rows if row["bedomning"] in {"risk_allvarligt", "allvarligt"}}
    in_time = sum(row["beslutad"] <= add_months(row["mottagen"], 2) for row in rows)
    assert 25 <= in_time <= 43


def test_synpunkter_are_answered_in_time_late_and_not_at_all(today):
    rows = complaint_rows(today)
    waits = [(row["besvarad"] - row["mottagen"]).days for row in rows if row["besvarad"]]
    assert len(rows) - len(waits) == 2
    assert 40 <= sum(wait < 10 for wait in waits) <= 63
    assert 3 <= sum(wait > 12 for wait in waits) <= 26


def test_texts_name_nobody():
    said = [story.what for story in STORIES] + [story.at_once for story in STORIES]
    said += [row["beskrivning"] for make, *_ in FILES.values() for row in make(DAYS[0])]
    said += [*ANSWERS, *FOLLOWED_UP, *(words for of in INVESTIGATION_WORDS.values() for words in of)]
    assert [text for text in said if holds_person_number(text)] == []
    assert [text for text in said if name_like(text)] == []
    assert len({row["beskrivning"] for row in deviation_rows(DAYS[0])}) > 180


def test_stories_keep_to_the_table_and_to_the_units():
    units = {unit for below in UNITS.values() for unit in below}
    assert {story.unit for story in STORIES} <= units
    assert Counter(story.kind for story in STORIES) == {
        CaseKind.DEVIATION: 20, CaseKind.LEX_SARAH: 13, CaseKind.COMPLAINT: 12,
    }  # fmt: skip
    for story in STORIES:
        assert all(row_of(story.kind, taken.step).kind is story.kind for taken in story.steps)
        days = [taken.after for taken in story.steps]
        assert days == sorted(days)
        assert not days or days[-1] <= story.days_ago
    assert set(INVESTIGATION_WORDS) == set(INVESTIGATION)
    assert timedelta(days=max(story.days_ago for story in STORIES)) < timedelta(days=130)
