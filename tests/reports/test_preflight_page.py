"""Before anything is sent: what IVO would ask about stands on one page, and each line leads to where it is mended."""

from datetime import date

import pytest

from tests.decisions.running import clock as only_clock
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.support.pages import PageClient
from tracker.database import db, writer
from tracker.decisions.writing import keep_marks
from tracker.records.models import Access, Mark, Record

PAGE = "/rapporter/kvartal/2021/4/granskning"
WHOLE = {"lagrum": "SoL 4:1", "beslutsdatum": "2021-08-01", "kon": "man", "person": "191212121212",
         "skal": "RES_BOSTAD"}  # fmt: skip


@pytest.fixture
def officer(app, frozen_day):
    frozen_day(date(2022, 1, 15))
    visitor = PageClient(app)
    visitor.sign_in(make_user("eva@kommun.example", "handlaggare").email, PASSWORD)
    return visitor


def headings(page):
    return {"".join(h.itertext()).split(",")[0]: int("".join(h.itertext()).rsplit(", ", 1)[1])
            for h in page.tree.iter("h2")}  # fmt: skip


def test_a_whole_register_needs_nothing(officer):
    make_decisions([{"ref": "B-01"} | WHOLE])
    page = officer.get(PAGE)
    assert "Inget saknas · 1 av 1 är hela." in page.text


def test_each_thing_that_is_missing_is_told_with_the_way_to_mend_it(officer):
    make_decisions(
        [
            {"ref": "HEL"} | WHOLE,
            {"ref": "UTAN-NR"} | WHOLE | {"person": ""},
            {"ref": "KÖN"} | WHOLE | {"kon": "kvinna"},
            {"ref": "LAGRUM"} | WHOLE | {"lagrum": "SoL 11:1"},
            {"ref": "SKÄL"} | WHOLE | {"skal": ""},
            {"ref": "TUNT"} | WHOLE | {"skal": "väntar"},
            {"ref": "NEJ"} | WHOLE | {"skal": "NEJ"},
            {"ref": "TYST"} | WHOLE | {"beslutsdatum": "2021-06-01"},
            {"ref": "STÄNGD"} | WHOLE | {"avslutad": "2021-12-20"},
        ]
    )
    page = officer.get(PAGE)
    assert "8 individrapporter behöver kompletteras · 1 av 9 är hela." in page.text
    assert headings(page) == {
        "Personnummer saknas": 1, "Kön och personnummer säger olika": 1, "Lagrummet gällde inte den dagen": 1,
        "Skäl till dröjsmålet saknas": 1, "Skälet är för tunt": 1,
        "Tackat nej": 1, "Ingen kontakt på sex månader": 1, "Avslutsorsak saknas": 1,
    }  # fmt: skip
    nej = only_clock("NEJ")
    link = page.links["Komplettera NEJ: tackat nej, men inget erbjudande är noterat"]
    assert link == f"/beslut/{nej.decision_id}/klocka/{nej.id}/erbjudande"
    officer.get(link)
    assert only_clock("SKÄL").delay_reason_id is None
    officer.get(page.links["Komplettera SKÄL: skäl till dröjsmålet saknas"])
    officer.get(page.links["Komplettera KÖN: kön och personnummer säger olika"])
    officer.get(page.links["Komplettera STÄNGD: avslutsorsak saknas"])


def test_a_manager_sees_the_units_own_and_mends_nothing(app, officer):
    for unit in ("Barn", "Vuxen"):
        make_unit(unit)
        make_decisions([{"ref": f"{unit}-1", "enhet": unit} | WHOLE | {"skal": ""}])
    chef = PageClient(app)
    chef.sign_in(make_user("chef@kommun.example", "chef", unit="Barn").email, PASSWORD)
    page = chef.get(PAGE)
    assert page.table("Skäl till dröjsmålet saknas").rows == [["Barn-1", "Kontaktperson"]]


def test_protected_ones_are_counted_and_not_shown(officer):
    make_decisions([{"ref": "B-01"} | WHOLE | {"skal": ""}, {"ref": "B-02"} | WHOLE])
    record_id = only_clock("B-01").decision_id
    with writer():
        db.session.get_one(Record, record_id).access = Access.PROTECTED
        keep_marks(record_id, Mark.PROTECTED)
        db.session.commit()
    page = officer.get(PAGE)
    assert "1 skyddad visas inte" in page.text
    assert "B-01" not in page.text


def test_an_empty_quarter_says_so(officer):
    assert "Inget att granska" in officer.get(PAGE).text
