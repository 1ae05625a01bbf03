"""Which criteria failed, over a year: counted once a stickprov is accepted, for those who may see it."""

import pytest
from sqlalchemy import select

from tests.control.making import make_control, record_of
from tests.control.office import hide, moment
from tests.factories import PASSWORD, make_unit, make_user
from tests.stickprov.making import Drawer, entry, note
from tests.support.pages import PageClient
from tracker.control.drawn import SampleCriterion
from tracker.control.queries import list_failed_criteria
from tracker.database import db
from tracker.records.scope import EVERY_RECORD
from tracker.rules.sample_work import Verdict

EVA, BO, UNA = "eva@kommun.example", "bo@kommun.example", "una@kommun.example"
BOTH = entry(Verdict.DEVIATING, "Attest", "Deltagarlista")
ATTEST, FINE = entry(Verdict.DEVIATING, "Attest"), entry(Verdict.APPROVED)


@pytest.fixture
def drawer(app):
    make_control()
    return Drawer(record_of("control", 2021, "K1"), make_user(EVA, "internkontroll").id)


def told():
    db.session.rollback()
    return [tuple(row) for row in list_failed_criteria(2021, EVERY_RECORD)]


def test_items_are_counted_by_criterion_when_they_are_accepted_and_not_before(drawer):
    sample_id = drawer.drawn()
    note(sample_id, {1: BOTH, 2: ATTEST, 3: FINE, 4: FINE})
    drawer.propose(sample_id)
    assert told() == []
    drawer.accept(sample_id)
    assert told() == [("Attest", 2, 1), ("Deltagarlista", 1, 1)]
    drawer.accepted("S2")
    assert told() == [("Attest", 3, 1), ("Deltagarlista", 1, 1)]


def test_an_earlier_draw_and_a_retest_do_not_count(drawer):
    sample_id = drawer.drawn()
    note(sample_id, {1: BOTH})
    drawer.draw(sample_id, reason="Listan hade fel månad")
    note(sample_id, {1: ATTEST, 2: FINE, 3: FINE, 4: FINE})
    drawer.propose(sample_id)
    drawer.accept(sample_id)
    drawer.accepted("S2", retest_of=sample_id)
    assert told() == [("Attest", 1, 1)]
    assert len(list(db.session.scalars(select(SampleCriterion)))) == 2


def test_the_years_page_tells_of_them_to_whoever_sees_the_kontrollmoment(app, drawer):
    drawer.accepted()
    make_unit("Vuxen")
    make_user(UNA, "internkontroll", unit="Vuxen")
    make_user(BO, "internkontroll")
    eva, una, bo = PageClient(app), PageClient(app), PageClient(app)
    for visitor, email in ((eva, EVA), (una, UNA), (bo, BO)):
        visitor.sign_in(email, PASSWORD)
    table = eva.get("/internkontroll/2021").table("Avvikelser efter kriterium 2021")
    assert table.dicts() == [{"Kriterium": "Attest", "Poster": "1", "Kontrollmoment": "1"}]
    assert "Avvikelser efter kriterium" not in una.get("/internkontroll/2021").text
    hide(moment("K1"), "closed", seer=EVA, other=BO)
    assert "Avvikelser efter kriterium" not in bo.get("/internkontroll/2021").text


def test_whoever_accepts_sees_that_it_was_drawn_more_than_once(app, drawer):
    sample_id = drawer.drawn()
    drawer.draw(sample_id, reason="Listan hade fel månad")
    note(sample_id, {1: ATTEST, 2: FINE, 3: FINE, 4: FINE})
    drawer.propose(sample_id)
    make_user(BO, "internkontroll")
    bo = PageClient(app)
    bo.sign_in(BO, PASSWORD)
    page = bo.get(f"/internkontroll/stickprov/{sample_id}/beslut")
    assert "1 avvikelse: följsamhet 75 % · draget 2 gånger" in page.text
