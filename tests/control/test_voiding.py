"""A risk that should never have been entered is taken out of everything but the trail."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.activity.making import make_activity
from tests.audit.trails import entries, verdict
from tests.control.office import hide, moment, risk
from tests.control.test_plan import step
from tests.decisions.running import snapshot
from tests.factories import make_unit, make_user
from tests.risk.signing import EVA, signed_in
from tests.risk.test_tally import counted, drawn, kept, matrix
from tracker import clock
from tracker.control.plan_queries import find_version
from tracker.control.voiding import void_risk
from tracker.database import db, writer
from tracker.records.models import Mark, Record
from tracker.records.scope import EVERY_RECORD
from tracker.records.versions import StaleVersion
from tracker.risk.queries import list_risks
from tracker.rules.plan_workflow import PlanStep

BO = "bo@kommun.example"
RISK = "ar;ref;risk;sannolikhet;konsekvens\n"
MOMENT = "ar;ref;risk_ref;kontrollmoment\n"


@pytest.fixture
def eva(office):
    """The coordinator, with two risks and a kontrollmoment of the second."""
    office.imports("risks", f"{RISK}2021;R1;Fel rad;3;4\n2021;R2;Jäv;3;4\n")
    office.imports("controls", f"{MOMENT}2021;K2;R2;Bisysslor\n")
    make_user(EVA, "internkontroll")
    return signed_in(office, EVA)


def void(client, ref: str = "R1", reason: str = "Lades in av misstag", status: int = 200):
    client.get(f"/risker/{risk(ref).record_id}/makulera")
    return client.submit({"reason": reason}, status=status, form="reason")


def test_it_leaves_lists_matrix_and_files_and_stays_in_the_trail(eva):
    page = void(eva)
    assert "Risken R1 är makulerad." in page.text
    found = risk("R1")
    record = db.session.get_one(Record, found.record_id)
    assert (found.mark, record.version) == (Mark.VOIDED, 2)
    assert clock.day_of(record.voided_at) == date(2022, 2, 15)
    assert [row.ref for row in list_risks(2021, EVERY_RECORD)] == ["R2"]
    assert matrix(EVERY_RECORD) == drawn(c34=1)
    assert kept() == counted()
    assert "Fel rad" not in eva.get("/risker/export.csv?ar=2021").data.decode()
    eva.get(f"/risker/{found.record_id}", status=404)
    eva.get(f"/risker/{found.record_id}/makulera", status=404)
    (entry,) = [one for one in entries() if one.action == "record.voided"]
    assert entry.record_id == found.record_id
    assert verdict().whole


def test_its_ref_is_taken_for_files_and_pages(eva, office):
    void(eva)
    assert office.refused("risks", f"{RISK}2021;R1;Ny;1;1\n") == [
        "rad 2, kolumn ref: är makulerad. Skriv en annan ref."
    ]
    eva.get("/risker/ny?ar=2021")
    page = eva.submit({"ref": "R1", "risk": "Ny", "sannolikhet": "1", "konsekvens": "1"}, status=422)
    assert "Beteckningen används redan" in page.text


def test_a_reason_is_needed(eva):
    before = snapshot()
    assert "Skriv varför." in void(eva, reason=" ", status=422).text
    assert "personnummer" in void(eva, reason="Gäller 20000101-2384", status=422).text
    assert snapshot() == before


def test_what_a_kontrollmoment_belongs_to_stays_and_its_ref_is_told(eva, office):
    before = snapshot()
    page = void(eva, "R2", status=422)
    assert "K2 hör till risken. Flytta till en annan risk, eller makulera, först." in page.text
    assert "Lades in av misstag" in page.text
    assert snapshot() == before
    office.imports("controls", f"{MOMENT}2021;K2;R1;\n")
    void(eva, "R2")
    assert matrix(EVERY_RECORD) == drawn(c34=1)


def test_what_an_activity_belongs_to_stays_too(eva):
    make_activity(risk_ref="R1")
    before = snapshot()
    assert "A1 hör till risken." in void(eva, status=422).text
    assert snapshot() == before


def test_a_kontrollmoment_that_the_reader_may_not_see_is_not_named(eva, office):
    make_user(BO, "internkontroll")
    hide(moment("K2"), "closed", seer=EVA, other=BO)
    page = void(signed_in(office, BO), "R2", status=422)
    assert "kontrollmoment som du inte ser hör till risken" in page.text
    assert "K2" not in page.text


def test_a_plan_that_is_decided_about_keeps_it(eva):
    eva.get(f"/risker/{risk('R1').record_id}/makulera")
    step(PlanStep.PROPOSE)
    before = snapshot()
    page = eva.submit({"reason": "Fel"}, status=422, form="reason")
    assert "Öppna den för ändring först" in page.text
    assert snapshot() == before
    assert "går inte att makulera" in eva.get(f"/risker/{risk('R1').record_id}/makulera").text


def test_a_later_version_of_the_plan_is_without_it_and_the_earlier_keeps_it(eva):
    for one in (PlanStep.PROPOSE, PlanStep.WITHDRAW):
        step(one)
    void(eva)
    step(PlanStep.PROPOSE)
    held = [[row["ref"] for row in find_version(2021, n, EVERY_RECORD).content["risks"]] for n in (1, 2)]
    assert held == [["R1", "R2"], ["R2"]]


def test_who_acts_on_what_another_has_changed_is_told(eva, office):
    eva.get(f"/risker/{risk('R1').record_id}/makulera")
    office.imports("risks", f"{RISK}2021;R1;Rätt rad;;\n")
    page = eva.submit({"reason": "Fel"}, status=409, form="reason")
    assert "Någon annan har ändrat risken" in page.text
    assert "Rätt rad" in page.text
    assert risk("R1").mark == Mark.ORDINARY
    eva.submit({}, form="reason")
    assert risk("R1").mark == Mark.VOIDED


def test_voided_twice_counts_once(eva):
    void(eva)
    record_id = risk("R1").record_id
    version = db.session.scalars(select(Record.version).where(Record.id == record_id)).one()
    db.session.rollback()
    with writer(), pytest.raises(StaleVersion):
        void_risk(record_id, version, "Igen", EVERY_RECORD, clock.now())
    db.session.rollback()
    assert kept() == counted()


def test_another_units_risk_is_not_there(eva, office):
    make_unit("Barn")
    make_user(BO, "internkontroll", unit="Barn")
    signed_in(office, BO).get(f"/risker/{risk('R1').record_id}/makulera", status=404)
    assert risk("R1").mark == Mark.ORDINARY
