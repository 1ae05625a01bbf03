"""A kontrollmoment written on a page: new, changed, and what stops it."""

import json

import pytest

from tests.audit.trails import entries, verdict
from tests.control.office import hide, moment, risk, versions
from tests.control.test_plan import step
from tests.factories import PASSWORD, make_unit, make_user
from tests.support.pages import PageClient
from tracker.control.models import PlanVersion
from tracker.database import db, writer
from tracker.rules.plan_workflow import PlanState, PlanStep

EVA, BO = "eva@kommun.example", "bo@kommun.example"
RISKS = "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Avtal saknas;3;4\n2021;R2;Jäv;2;2\n"
HEAD = "ar;ref;risk_ref;kontrollmoment;ej_genomford\n"
NEW = {
    "ref": "K2", "kontrollmoment": "Fakturor för representation", "risk_ref": "R2",
    "kontrolleras": "Verifikationer över 500 kr", "kriterier": "Attest\nDeltagarlista\n\nAttest\nSyfte",
    "metod": "stickprov", "frekvens": "kvartal", "kontrollerad": "Enhet Nord", "utforare": "Controllern",
    "ansvarig": "Ekonomichefen", "rapporteras_till": "Ledningsgruppen", "god_grans": "95", "godtagbar_grans": "70",
}  # fmt: skip
NEW_PAGE = "/internkontroll/2021/moment/nytt"


@pytest.fixture
def eva(office):
    """The coordinator, in a year with two risks and one kontrollmoment."""
    office.imports("risks", RISKS)
    office.imports("controls", f"{HEAD}2021;K1;R1;Avtal;\n")
    make_user(EVA, "internkontroll")
    return signed_in(office, EVA)


def signed_in(office, email: str) -> PageClient:
    """A client in this user's name."""
    visitor = PageClient(office.app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def change_page(ref: str) -> str:
    return f"/internkontroll/moment/{moment(ref).record_id}/andra"


def test_a_new_one_is_saved_with_all_that_was_written(eva):
    eva.get("/internkontroll/2021")
    eva.click("Nytt kontrollmoment")
    page = eva.submit(NEW)
    assert page.heading == "Kontrollmoment K2, 2021"
    found = moment("K2")
    assert (found.name, found.subject, found.method, found.frequency) == (
        "Fakturor för representation", "Verifikationer över 500 kr", "stickprov", "kvartal",
    )  # fmt: skip
    assert (found.criteria, found.controlled_party) == ("Attest\nDeltagarlista\nSyfte", "Enhet Nord")
    assert (found.performer, found.responsible, found.reported_to) == (
        "Controllern", "Ekonomichefen", "Ledningsgruppen",
    )  # fmt: skip
    assert (found.good_limit, found.acceptable_limit, found.risk_id) == (95, 70, risk("R2").record_id)
    for told in ("Verifikationer över 500 kr", "Attest, Deltagarlista, Syfte", "Enhet Nord", "Ledningsgruppen"):
        assert told in page.text
    assert verdict().whole


def test_several_stand_against_one_risk_and_its_page_lists_them(eva):
    eva.get(f"/risker/{risk('R1').record_id}")
    eva.click("Nytt kontrollmoment")
    eva.submit({"ref": "K10", "kontrollmoment": "Ett till"})
    assert moment("K10").risk_id == risk("R1").record_id
    page = eva.get(f"/risker/{risk('R1').record_id}")
    assert "Kontrollmoment, 2" in page.text
    assert page.links["Avtal"] == f"/internkontroll/moment/{moment('K1').record_id}"
    assert page.links["Ett till"] == f"/internkontroll/moment/{moment('K10').record_id}"
    assert "Kontrollmoment, 0" in eva.get(f"/risker/{risk('R2').record_id}").text


def test_a_change_keeps_the_rest_and_an_emptied_field_is_empty(eva):
    eva.get(NEW_PAGE)
    eva.submit(NEW)
    eva.click("Ändra")
    page = eva.submit({"kontrollmoment": "Representation", "god_grans": "", "godtagbar_grans": "", "risk_ref": ""})
    assert "Kontrollmomentet är ändrat." in page.text
    found = moment("K2")
    assert (found.name, found.good_limit, found.acceptable_limit, found.risk_id) == ("Representation", None, None, None)
    assert (found.criteria, found.performer) == ("Attest\nDeltagarlista\nSyfte", "Controllern")
    assert versions()["2021/K2"] == 2


def test_a_result_that_is_there_is_not_touched_by_the_plan_page(eva, office):
    office.imports("controls", f"{HEAD}2021;K1;;;Hanns inte\n")
    eva.get(change_page("K1"))
    eva.submit({"kontrollmoment": "Avtal och beställningar"})
    assert (moment("K1").name, moment("K1").not_done) == ("Avtal och beställningar", "Hanns inte")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"ref": ""}, "Skriv en beteckning, som K1."),
        ({"ref": "K1"}, "Beteckningen används redan det här året. Skriv en annan."),
        ({"kontrollmoment": " "}, "Skriv vad kontrollmomentet heter."),
        ({"risk_ref": "R9"}, "Välj ett av alternativen i listan."),
        ({"god_grans": "101"}, "Skriv ett tal från 0 till 100."),
        ({"godtagbar_grans": "-1"}, "Skriv ett tal från 0 till 100."),
        ({"god_grans": "nio"}, "Skriv ett helt tal med siffror."),
        ({"god_grans": "70", "godtagbar_grans": "71"}, "Gränsen för godtagbar (71) ligger över den för god (70)."),
        ({"god_grans": "", "godtagbar_grans": "91"}, "Gränsen för godtagbar (91) ligger över den för god (90)."),
        ({"kontrolleras": "Gäller 20000101-2384"}, "Skriv utan det."),
        ({"utforare": "x" * 121}, "Skriv högst 120 tecken."),
        ({"kriterier": "x" * 61}, "Korta varje kriterium till högst 60 tecken."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(eva, typed, told):
    eva.get(NEW_PAGE)
    page = eva.submit(NEW | typed, status=422)
    assert told in page.text
    assert sum(field.get("aria-invalid") == "true" for field in page.tree.iter()) == 1
    assert "Ledningsgruppen" in page.response.text
    assert list(versions()) == ["2021/R1", "2021/R2", "2021/K1"]


def test_who_controls_themselves_is_warned_and_may_say_that_it_is_meant(eva):
    eva.get(NEW_PAGE)
    page = eva.submit(NEW | {"kontrollerad": "controllern "}, status=422)
    assert "Utföraren är den som kontrolleras. Välj någon annan, eller kryssa i att det ska vara så." in page.text
    assert "2021/K2" not in versions()
    page = eva.submit({"samma": "y"})
    assert moment("K2").controlled_party == "controllern"
    assert "Utföraren är den som kontrolleras." in page.text
    told = [entry for entry in entries() if "same_party_meant" in (entry.fields or "")]
    assert [(entry.action, entry.actor_id is not None) for entry in told] == [("record.changed", True)]


def test_who_saves_on_top_of_another_is_told_what_stands(eva, office):
    eva.get(change_page("K1"))
    office.imports("controls", f"{HEAD}2021;K1;;Avtal följs inte;\n")
    page = eva.submit({"kontrollmoment": "Min text"}, status=422)
    assert "Så här står det nu: Avtal följs inte." in page.text
    assert "Min text" in page.response.text
    assert moment("K1").name == "Avtal följs inte"
    eva.submit({}, form="version")
    assert moment("K1").name == "Min text"


def test_a_plan_before_the_committee_is_not_changed(eva):
    eva.get(change_page("K1"))
    step(PlanStep.PROPOSE)
    page = eva.submit({"kontrollmoment": "Min text"}, status=422)
    assert "Öppna den för ändring först" in page.text
    assert moment("K1").name == "Avtal"
    assert "Nytt kontrollmoment" not in eva.get("/internkontroll/2021").links
    assert "Öppna planen för ändring" in eva.get(NEW_PAGE).text


@pytest.mark.parametrize("way", ["closed", "protected"])
def test_a_hidden_one_is_not_there_and_its_ref_is_taken(eva, office, way):
    make_user(BO, "internkontroll")
    hide(moment("K1"), way, seer=EVA, other=BO)
    bo = signed_in(office, BO)
    bo.get(change_page("K1"), status=404)
    assert "Avtal" not in bo.get(f"/risker/{risk('R1').record_id}").links
    bo.get(NEW_PAGE)
    assert "Beteckningen används redan" in bo.submit(NEW | {"ref": "K1"}, status=422).text


@pytest.mark.parametrize("way", ["closed", "protected"])
def test_a_hidden_risk_is_no_choice_and_what_points_at_it_still_does(eva, office, way):
    make_user(BO, "internkontroll")
    hide(risk("R1"), way, seer=EVA, other=BO)
    bo = signed_in(office, BO)
    page = bo.get(change_page("K1"))
    assert "R1" not in page.text
    bo.submit({"kontrollmoment": "Nytt namn"})
    assert (moment("K1").name, moment("K1").risk_id) == ("Nytt namn", risk("R1").record_id)
    bo.get(change_page("K1"))
    bo.submit({"risk_ref": "R2"})
    assert moment("K1").risk_id == risk("R2").record_id


def test_another_units_kontrollmoment_is_not_changed(eva, office):
    make_unit("Barn")
    make_user(BO, "internkontroll", unit="Barn")
    signed_in(office, BO).get(change_page("K1"), status=404)
    assert moment("K1").name == "Avtal"


def test_of_very_many_risks_the_ref_is_written(eva, office):
    office.imports("risks", RISKS + "".join(f"2021;S{n};Risk {n};1;1\n" for n in range(1, 200)))
    eva.get(NEW_PAGE)
    page = eva.submit(NEW | {"risk_ref": "S500"}, status=422)
    assert "Risken S500 finns inte 2021." in page.text
    eva.submit({"risk_ref": "S199"})
    assert moment("K2").risk_id == risk("S199").record_id


def test_a_new_stickprov_begins_with_the_criteria(eva):
    eva.get(NEW_PAGE)
    eva.submit(NEW)
    eva.click("Nytt stickprov")
    eva.submit({"population": "F-1\nF-2"})
    page = eva.get(f"/internkontroll/moment/{moment('K2').record_id}")
    assert "låst" in page.table("Stickprov").column("Stickprov")[0]
    page = eva.click("S1")
    assert "Deltagarlista" in page.text


def test_the_plan_keeps_what_is_controlled_and_tells_what_changed(eva):
    eva.get(NEW_PAGE)
    eva.submit(NEW)
    for one in (PlanStep.PROPOSE, PlanStep.ADOPT, PlanStep.CHANGE):
        step(one)
    eva.get(change_page("K2"))
    eva.submit({"utforare": "Revisorn"})
    step(PlanStep.PROPOSE)
    page = eva.get("/internkontroll/2021/plan/version/2?mot=1")
    assert page.table("Skillnader i kontrollmoment").rows == [["K2", "Ändrad", "Utförare", "Controllern", "Revisorn"]]
    assert "utförare: Revisorn" in page.table("Versionens kontrollmoment").column("Ansvar")[1]


def test_a_version_from_before_there_were_such_fields_is_no_change(eva):
    for one in (PlanStep.PROPOSE, PlanStep.ADOPT):
        step(one)
    with writer():
        kept = db.session.query(PlanVersion).one()
        content = json.loads(kept.content)
        for one in content["moments"]:
            for name in ("subject", "criteria", "performer", "controlled_party", "reported_to"):
                del one[name]
        kept.content = json.dumps(content)
        db.session.commit()
    step(PlanStep.CHANGE)
    assert step(PlanStep.KEEP) is PlanState.ADOPTED
