"""A kontrollmoment that should not have been there is taken out of the plan."""

import pytest

from tests.activity.making import make_activity
from tests.audit.trails import entries, verdict
from tests.control.office import hide, moment, risk, versions
from tests.control.test_moment_pages import NEW, NEW_PAGE, signed_in
from tests.control.test_plan import step
from tests.factories import make_user
from tests.stickprov.making import Drawer
from tracker.control.plan_queries import find_version
from tracker.database import db
from tracker.records.models import Mark, Record
from tracker.records.scope import EVERY_RECORD
from tracker.rules.plan_workflow import PlanStep

EVA, BO = "eva@kommun.example", "bo@kommun.example"
CONTROLS = "ar;ref;risk_ref;kontrollmoment;frekvens\n"


@pytest.fixture
def eva(office):
    """The coordinator in 2021, with two kontrollmoment of one risk, the second with a stickprov."""
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Avtal saknas;3;4\n")
    office.imports("controls", f"{CONTROLS}2021;K1;R1;Avtal;kvartal\n2021;K2;R1;Jäv;\n")
    office.imports("samples", "ar;kontroll_ref;ref;utvalda;avvikelser\n2021;K2;P1;10;0\n")
    make_user(EVA, "internkontroll")
    return signed_in(office, EVA)


def void_page(ref: str) -> str:
    return f"/internkontroll/moment/{moment(ref).record_id}/makulera"


def void(eva, ref: str = "K1", reason: str = "Lades in två gånger", status: int = 200):
    eva.get(void_page(ref))
    return eva.submit({"reason": reason}, status=status)


def test_it_is_out_of_everything_and_the_trail_says_why(eva, office):
    record_id = moment("K1").record_id
    eva.get(f"/internkontroll/moment/{record_id}")
    eva.click("Ändra")
    eva.click("Makulera")
    page = eva.submit({"reason": "Lades in två gånger"})
    assert "Kontrollmomentet K1 är makulerat." in page.text
    assert page.table("Kontrollmoment").column("Kontrollmoment") == ["Jäv K2"]
    assert "Försenat" not in page.text
    eva.get(f"/internkontroll/moment/{record_id}", status=404)
    eva.get(f"/internkontroll/moment/{record_id}/makulera", status=404)
    assert "Kontrollmoment, 1" in eva.get(f"/risker/{risk('R1').record_id}").text
    assert [row["ref"] for row in office.report(2021)["moments"]] == ["K2"]
    step(PlanStep.PROPOSE)
    assert [row["ref"] for row in find_version(2021, 1, EVERY_RECORD).content["moments"]] == ["K2"]
    found = db.session.get_one(Record, record_id)
    assert (found.voided_at is not None, found.version, moment("K1").mark) == (True, 2, Mark.VOIDED)
    assert [entry.record_id for entry in entries() if entry.action == "record.voided"] == [record_id]
    assert verdict().whole


def test_its_ref_stays_taken(eva, office):
    void(eva)
    assert office.refused("controls", f"{CONTROLS}2021;K1;;Ny;\n") == [
        "rad 2, kolumn ref: är makulerad. Skriv en annan ref."
    ]
    eva.get(NEW_PAGE)
    assert "Beteckningen används redan" in eva.submit(NEW | {"ref": "K1", "risk_ref": "R1"}, status=422).text


@pytest.mark.parametrize(("reason", "told"), [(" ", "Skriv varför."), ("Gäller 20000101-2384", "Skriv utan det.")])
def test_it_needs_a_reason(eva, reason, told):
    assert told in void(eva, reason=reason, status=422).text
    assert versions()["2021/K1"] == 1


def test_one_that_has_stickprov_stays(eva):
    assert "har stickprov, så det makuleras inte" in eva.get(void_page("K2")).text
    page = eva.post(void_page("K2"), {"version": 2, "reason": "Bort"}, status=422)
    assert "har stickprov" in page.text
    assert moment("K2").mark == Mark.ORDINARY


def test_a_population_that_was_locked_meanwhile_keeps_it(eva):
    eva.get(void_page("K1"))
    Drawer(moment("K1").record_id, make_user(BO, "internkontroll").id).lock()
    assert "har stickprov" in eva.submit({"reason": "Bort"}, status=422).text
    assert moment("K1").mark == Mark.ORDINARY


def test_a_plan_before_the_committee_keeps_it(eva):
    eva.get(void_page("K1"))
    step(PlanStep.PROPOSE)
    assert "Öppna den för ändring först." in eva.submit({"reason": "Bort"}, status=422).text
    assert moment("K1").mark == Mark.ORDINARY
    assert "Öppna planen för ändring" in eva.get(void_page("K1")).text


def test_an_adopted_plan_that_loses_one_is_a_change(eva):
    for one in (PlanStep.PROPOSE, PlanStep.ADOPT, PlanStep.CHANGE):
        step(one)
    void(eva)
    assert "Behåll det fastställda" not in eva.get("/internkontroll/2021/plan").links


def test_what_somebody_else_changed_meanwhile_is_not_voided_unread(eva, office):
    eva.get(void_page("K1"))
    office.imports("controls", f"{CONTROLS}2021;K1;;Ett viktigt moment;\n")
    assert "Läs det igen" in eva.submit({"reason": "Bort"}, status=422).text
    assert moment("K1").mark == Mark.ORDINARY


@pytest.mark.parametrize("way", ["closed", "protected"])
def test_a_hidden_one_is_not_there(eva, office, way):
    make_user(BO, "internkontroll")
    hide(moment("K1"), way, seer=EVA, other=BO)
    signed_in(office, BO).get(void_page("K1"), status=404)
    assert moment("K1").mark != Mark.VOIDED


def test_one_that_an_activity_follows_from_stays_until_the_activity_points_elsewhere(eva):
    make_activity(kontroll_ref="K1")
    assert "A1 följer av kontrollmomentet. Ändra den, eller makulera den, först." in void(eva, status=422).text
    assert moment("K1").mark == Mark.ORDINARY
