"""How guarantees were kept, month by month, against numbers counted by hand."""

from datetime import date
from fractions import Fraction

import pytest

from tests.cases.making import reported, step
from tests.guarantees.making import cancelled, cause, done, ended, prolonged, started
from tests.guarantees.test_missed import answer
from tests.guarantees.test_pages import rows
from tracker.accounts.queries import find_unit
from tracker.accounts.reader import Reach
from tracker.database import db
from tracker.guarantees.figures import YearFigures, complaint_figures, months_of, year_figures, year_of_months
from tracker.guarantees.pages import one_decimal, percent_words
from tracker.guarantees.queries import find_guarantee
from tracker.records.scope import EVERY_RECORD, Scope

TODAY = date(2026, 6, 1)


@pytest.fixture
def spring(officer):
    """Förhandsbedömningar of a spring: 14 days each, so that one from 5 January runs to the 19th."""
    other = cause("Kompetens och utbildning")
    done("forhandsbedomning", date(2025, 12, 29), date(2026, 1, 12), officer, ref="A")  # on the last day
    done("forhandsbedomning", date(2026, 1, 5), date(2026, 1, 21), officer, ref="B", cause_id=cause())  # 2 late
    done("forhandsbedomning", date(2026, 1, 5), date(2026, 1, 20), officer, ref="C", cause_id=other)  # 1
    done("forhandsbedomning", date(2026, 1, 7), date(2026, 1, 30), officer, ref="D", cause_id=other)  # 9
    done("forhandsbedomning", date(2026, 1, 8), date(2026, 2, 3), officer, ref="E", cause_id=cause())  # 12, in February
    done("forhandsbedomning", date(2026, 1, 9), date(2026, 1, 10), officer, ref="F", unit="Barn")
    long = started("forhandsbedomning", date(2026, 2, 2), ref="G")  # to the 16th, prolonged to 2 March
    prolonged(long, date(2026, 3, 2), date(2026, 2, 10), officer)
    ended(long, date(2026, 3, 2), officer)
    cancelled(started("forhandsbedomning", date(2026, 2, 3), ref="H"), date(2026, 2, 4), officer)
    started("forhandsbedomning", date(2026, 5, 4), ref="I")  # late since the 19th
    db.session.rollback()


def test_twelve_months_by_hand(spring):
    found = months_of(find_guarantee("forhandsbedomning"), 2026, EVERY_RECORD)
    told = [(one.started, one.ended, one.in_time, one.missed, one.mean, one.median, one.commonest) for one in found]
    competence = cause("Kompetens och utbildning")
    # January ended A, B, C, D, F: three late by 2, 1 and 9, two of them for want of competence.
    assert told[:5] == [
        (5, 5, 2, 3, Fraction(4), Fraction(2), competence),
        (1, 1, 0, 1, Fraction(12), Fraction(12), cause()),
        (0, 1, 1, 0, None, None, None),
        (0, 0, 0, 0, None, None, None),
        (1, 0, 0, 0, None, None, None),
    ]
    assert told[5:] == [(0, 0, 0, 0, None, None, None)] * 7
    whole = year_of_months(found, 2026)
    # 2, 1, 9 and 12: 24 over four; halfway between 2 and 9. Two causes of two each: the first in the list.
    assert (whole.started, whole.ended, whole.in_time, whole.mean, whole.median) == (
        7, 7, 3, Fraction(6), Fraction(11, 2),
    )  # fmt: skip
    assert whole.commonest == min(cause(), competence)
    assert [one.started for one in months_of(find_guarantee("forhandsbedomning"), 2025, EVERY_RECORD)][11] == 1


def test_the_year_of_all_and_of_one_unit(spring):
    guarantee = find_guarantee("forhandsbedomning")
    assert year_figures(2026, TODAY, EVERY_RECORD) == {guarantee.id: YearFigures(7, 3, 1, 1, 1)}
    unit = find_unit("Barn")
    barn = Scope(Reach(intervals=((unit.tree_from, unit.tree_to),), only_unit_id=unit.id))
    assert year_figures(2026, TODAY, barn) == {guarantee.id: YearFigures(1, 1, 0, 0, 0)}
    assert [one.started for one in months_of(guarantee, 2026, barn)] == [1] + [0] * 11
    assert year_figures(2026, date(2026, 1, 20), EVERY_RECORD)[guarantee.id].ended == 3  # A, C and F


def test_the_page_of_months(spring, person):
    page = person("kvalitet").get("/garantier/forhandsbedomning/manader")
    found = {row[0]: row[1:] for row in rows(page)[1:]}
    assert found["januari"] == ["5", "5", "2", "3", "4,0", "2,0", "Kompetens och utbildning"]
    assert found["april"] == ["0", "0", "0", "0", "–", "–", "–"]
    assert found["Hela året"][:6] == ["7", "7", "3", "4", "6,0", "5,5"]
    assert "42,9 % i tid, målet inte nått" in page.text
    assert page.heading == "Förhandsbedömning, månad för månad 2026"
    assert "inget är avslutat" in person("chef").get("/garantier/kontakt/manader?ar=2024").text


def test_contact_within_seven_working_days_as_published(officer, person):
    """Nineteen of twenty within seven working days: 95 %, which is the target itself."""
    for number in range(19):
        done("kontakt", date(2026, 3, 2), date(2026, 3, 11), officer, ref=f"SN-{number}")
    done("kontakt", date(2026, 3, 2), date(2026, 3, 16), officer, ref="SN-19", cause_id=cause())
    visitor = person("kvalitet")
    row = next(row for row in rows(visitor.get("/garantier")) if row[0].startswith("Kontakt"))
    assert row[1:6] == ["7 arbetsdagar", "20", "19", "95,0 %", "95 % ● Målet nått"]
    assert rows(visitor.get("/garantier/kontakt/manader"))[3][1:] == [
        "20", "20", "19", "1", "3,0", "3,0", "Samverkan",
    ]  # fmt: skip
    assert "Medel, arbetsdagar" in visitor.get("/garantier/kontakt/manader").text


def test_synpunkter_are_counted_from_their_own_register(officer):
    for came, on in ((date(2026, 5, 4), date(2026, 5, 14)), (date(2026, 5, 4), date(2026, 5, 18)),
                     (date(2026, 5, 5), date(2026, 5, 16)), (date(2026, 4, 30), None)):  # fmt: skip
        record_id = reported("complaints", received_on=came)
        step("complaints", record_id, "receive", officer)
        if on:
            answer(record_id, officer, on, cause())
    reported("complaints", received_on=date(2026, 5, 4), kind="beröm")
    may = months_of(find_guarantee("synpunkt"), 2026, EVERY_RECORD)[4]
    # Their last days were the 14th, the 14th and the 15th: in time, four days late, one.
    assert (may.started, may.ended, may.in_time, sorted(may.excesses), may.commonest) == (3, 3, 1, [1, 4], cause())
    assert complaint_figures(2026, TODAY, EVERY_RECORD) == YearFigures(3, 1, 1, 1, 0)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Fraction(258, 262), "98,5 %"),  # 98,47
        (Fraction(1999, 2000), "100,0 %"),
        (Fraction(1, 800), "0,1 %"),
        (Fraction(1, 1), "100,0 %"),
        (None, "–"),
    ],
)
def test_shares_with_one_decimal(share, said):
    assert percent_words(share) == said
    assert one_decimal(None) == "–"
