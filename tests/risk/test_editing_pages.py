"""A risk written on a page: new, changed, and what stops it."""

import pytest

from tests.control.office import hide, risk, versions
from tests.factories import make_unit, make_user
from tests.risk.signing import EVA, HEAD, signed_in
from tests.risk.test_tally import EMPTY, drawn, matrix
from tracker.records.scope import EVERY_RECORD

BO = "bo@kommun.example"
NEW = {
    "ref": "R2", "risk": "Jäv, vilket leder till fel beslut", "omrade": "Personal", "niva": "enhet", "sannolikhet": "2",
    "konsekvens": "4", "motivering": "Små enheter", "hantering": "bevaka",
}  # fmt: skip


def test_a_new_risk_is_saved_with_all_that_was_written_and_counted(eva):
    eva.get("/risker?ar=2021")
    eva.click("Ny risk")
    page = eva.submit(NEW)
    assert page.heading == "Risk R2, 2021"
    found = risk("R2")
    assert (found.text, found.area, found.level, found.likelihood, found.consequence, found.score) == (
        "Jäv, vilket leder till fel beslut", "Personal", "enhet", 2, 4, 8,
    )  # fmt: skip
    assert (found.motivation, found.handling) == ("Små enheter", "bevaka")
    assert matrix(EVERY_RECORD) == drawn(c34=1, c24=1)


def test_a_change_moves_the_risk_and_an_emptied_field_is_empty(eva):
    eva.get("/risker/ny?ar=2021")
    eva.submit(NEW)
    eva.click("Ändra")
    page = eva.submit({"sannolikhet": "4", "motivering": "", "hantering": ""})
    assert "Risken är ändrad." in page.text
    found = risk("R2")
    assert (found.score, found.motivation, found.handling, found.area) == (16, None, None, "Personal")
    assert matrix(EVERY_RECORD) == drawn(c34=1, c44=1)
    assert versions()["2021/R2"] == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"ref": ""}, "Skriv en beteckning, som R1."),
        ({"ref": "R1"}, "Beteckningen används redan det här året. Skriv en annan."),
        ({"risk": " "}, "Skriv vad som kan hända."),
        ({"sannolikhet": ""}, "Välj hur sannolikt det är."),
        ({"konsekvens": "5"}, "Välj ett av alternativen i listan."),
        ({"motivering": "Gäller 20000101-2384"}, "Texten ser ut att innehålla ett personnummer. Skriv utan det."),
        ({"omrade": "x" * 121}, "Skriv högst 120 tecken."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(eva, typed, told):
    eva.get("/risker/ny?ar=2021")
    page = eva.submit(NEW | typed, status=422)
    assert told in page.text
    assert "Små enheter" in page.text or "motivering" in typed
    assert matrix(EVERY_RECORD) == drawn(c34=1)


def test_who_saves_on_top_of_another_is_told_what_stands(eva, office):
    record_id = risk("R1").record_id
    eva.get(f"/risker/{record_id}/andra")
    office.imports("risks", f"{HEAD}2021;R1;Avtal följs inte;;\n")
    page = eva.submit({"risk": "Min text"}, status=422)
    assert "Så här står den nu: Avtal följs inte." in page.text
    assert "Min text" in page.text
    assert risk("R1").text == "Avtal följs inte"
    eva.submit({}, form="version")
    assert risk("R1").text == "Min text"


def test_a_plan_before_the_committee_is_not_changed(eva, office):
    office.imports("controls", "ar;ref;kontrollmoment\n2021;K1;Avtal\n")
    record_id = risk("R1").record_id
    eva.get(f"/risker/{record_id}/andra")
    other = signed_in(office, EVA)
    other.get("/internkontroll/2021/plan/steg/foresla")
    other.submit({}, form="version")
    page = eva.submit({"risk": "Min text"}, status=422)
    assert "Öppna den för ändring först" in page.text
    assert risk("R1").text == "Avtal saknas"
    assert "Ny risk" not in eva.get("/risker?ar=2021").links


@pytest.mark.parametrize("way", ["closed", "protected"])
def test_a_risk_that_is_hidden_is_not_there_and_its_ref_is_taken(eva, office, way):
    make_user(BO, "internkontroll")
    hide(risk("R1"), way, seer=EVA, other=BO)
    bo = signed_in(office, BO)
    bo.get(f"/risker/{risk('R1').record_id}/andra", status=404)
    bo.get("/risker/ny?ar=2021")
    assert "Beteckningen används redan" in bo.submit(NEW | {"ref": "R1"}, status=422).text


def test_another_units_risk_is_not_changed(eva, office):
    make_unit("Barn")
    make_user(BO, "internkontroll", unit="Barn")
    signed_in(office, BO).get(f"/risker/{risk('R1').record_id}/andra", status=404)
    assert risk("R1").text == "Avtal saknas"


def test_a_year_out_of_reach_is_not_there(eva):
    eva.get("/risker/ny?ar=1989", status=404)
    assert matrix(EVERY_RECORD, 1990) == EMPTY
