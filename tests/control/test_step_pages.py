"""What a step with the plan may say, and whom its page names."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.activity.making import make_activity
from tests.control.office import hide, moment
from tests.control.test_plan import step
from tests.factories import make_user
from tests.risk.signing import signed_in
from tracker.activity.models import Activity
from tracker.control.models import PlanEvent
from tracker.database import db
from tracker.risk.queries import year_at_hand
from tracker.rules.plan_workflow import PlanState, PlanStep

EVA, BO, SVEN = "eva@kommun.example", "bo@kommun.example", "sven@kommun.example"
PLAN = "/internkontroll/2021/plan"


@pytest.fixture
def house(office):
    """A risk, and two kontrollmoment that were not carried out."""
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Avtal saknas;3;4\n")
    rows = "2021;K1;R1;Avtal;Hanns inte\n2021;K2;R1;Bisysslor;Hanns inte\n"
    office.imports("controls", f"ar;ref;risk_ref;kontrollmoment;ej_genomford\n{rows}")
    for email in (EVA, BO):
        make_user(email, "internkontroll")
    make_user(SVEN, "sekreterare")
    return office


def typed_in(page) -> dict[str, str]:
    """What stands in the fields of a decision."""
    named = [one for one in page.form("version").iter() if one.get("name") and one.get("type") != "hidden"]
    return {one.get("name"): (one.get("value") or (one.text or "").strip()) for one in named if one.tag != "button"}


def test_the_number_of_a_person_is_refused_beside_its_field_and_never_kept(house):
    step(PlanStep.PROPOSE)
    eva, sven = signed_in(house, EVA), signed_in(house, SVEN)
    eva.get(f"{PLAN}/steg/dra-tillbaka")
    page = eva.submit({"reason": "Gäller 20000101-2384"}, form="version", status=422)
    assert "Texten ser ut att innehålla ett personnummer." in page.text
    sven.get(f"{PLAN}/beslut/faststall")
    said = {"decided_on": "2022-02-01", "paragraph": "§ 14", "case_number": "SN 20000101-2384"}
    assert "Texten ser ut att innehålla ett personnummer." in sven.submit(said, form="version", status=422).text
    assert "20000101" not in eva.get(PLAN).text


def test_the_step_names_only_the_kontrollmoment_that_its_reader_sees(house):
    for one in (PlanStep.PROPOSE, PlanStep.ADOPT):
        step(one)
    hide(moment("K2"), "closed", seer=EVA, other=BO)
    told = [signed_in(house, email).get(f"{PLAN}/steg/folj-upp").text for email in (EVA, BO)]
    assert ["K1, K2" in text for text in told] == [True, False]
    assert "utan vad som händer nu: K1 och 1 som du inte har behörighet att se." in told[1]
    bo = signed_in(house, BO)
    bo.get(f"{PLAN}/steg/folj-upp")
    refused = bo.submit({}, form="version", status=422).text
    assert "utan vad som händer nu: K1 och 1 som du inte har behörighet att se." in refused
    assert "K2" not in refused


@pytest.mark.parametrize("year", ["1989", "2101", "100000000000000000000000"])
def test_a_plan_of_no_year_is_not_found(house, year):
    assert signed_in(house, EVA).get(f"/internkontroll/{year}/plan.docx", status=404).heading == "Sidan finns inte"


def test_the_secretary_reads_no_draft_and_what_was_proposed(house):
    sven = signed_in(house, SVEN)
    assert sven.get("/internkontroll/2021/plan.docx", status=404).heading == "Sidan finns inte"
    assert "Utkastet som det är nu" not in sven.get(PLAN).text
    step(PlanStep.PROPOSE)
    assert sven.get("/internkontroll/2021/plan.docx").response.mimetype.endswith("wordprocessingml.document")


def test_a_plan_that_somebody_has_begun_too_early_is_not_where_everybody_begins(house):
    house.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2099;R1;Avtal saknas;3;4\n")
    eva = signed_in(house, EVA)
    assert (eva.get("/internkontroll").heading, eva.get("/risker").heading) == ("Internkontroll 2021", "Risker 2021")
    assert [year_at_hand(years, date(2022, 12, 31)) for years in ([2024, 2023, 2021], [2024], [])] == [2023, 2024, 2022]


def test_what_was_adopted_can_be_kept_after_a_proposal_with_a_later_activity_was_withdrawn(house):
    make_activity(ref="A1", today=date(2021, 1, 2))
    for one in (PlanStep.PROPOSE, PlanStep.ADOPT):
        step(one)
    make_activity(ref="A9")
    for one in (PlanStep.CHANGE, PlanStep.PROPOSE, PlanStep.WITHDRAW):
        step(one)
    stands = dict(db.session.execute(select(Activity.ref, Activity.in_plan)).all())
    db.session.rollback()
    assert stands == {"A1": True, "A9": False}
    assert step(PlanStep.KEEP) is PlanState.ADOPTED


def test_which_control_an_activity_follows_from_is_a_change_of_the_plan_and_hidden_with_the_control(house):
    record_id = make_activity(ref="A1", today=date(2021, 1, 2))
    for one in (PlanStep.PROPOSE, PlanStep.ADOPT, PlanStep.CHANGE):
        step(one)
    eva = signed_in(house, EVA)
    eva.get(f"/internkontroll/aktivitet/{record_id}/andra")
    eva.submit({"kontroll": "K2"}, form="kontroll")
    assert "Behåll det fastställda" not in eva.get(PLAN).links
    step(PlanStep.PROPOSE)
    assert "Följer av kontrollmoment" in eva.get(f"{PLAN}/version/2?mot=1").text
    hide(moment("K2"), "closed", seer=EVA, other=BO)
    assert "Följer av kontrollmoment" not in signed_in(house, BO).get(f"{PLAN}/version/2?mot=1").text


def test_a_decision_dated_before_the_proposal_is_entered_with_a_reason_that_stays_with_it(house):
    step(PlanStep.PROPOSE)
    sven = signed_in(house, SVEN)
    assert typed_in(sven.get(f"{PLAN}/beslut/faststall")) == {"decided_on": "", "paragraph": "", "case_number": ""}
    said = {"decided_on": "2022-02-14", "paragraph": "§ 14", "case_number": "SN 2021/7"}
    page = sven.submit(said, form="version", status=422)
    told = "Beslutsdagen ligger före den dag då planen föreslogs här, 2022-02-15. Skriv varför."
    assert told in page.text
    assert typed_in(page) == said | {"reason": ""}
    sven.submit({"reason": "Nämnden beslutade innan planen lades in här"}, form="version")
    event = db.session.scalars(select(PlanEvent).order_by(PlanEvent.id.desc())).first()
    assert (event.step, event.decided_on, event.reason) == (
        "adopt", date(2022, 2, 14), "Nämnden beslutade innan planen lades in här",
    )  # fmt: skip
    assert "Nämnden beslutade innan planen lades in här" in sven.get(PLAN).text


def test_the_day_of_the_proposal_itself_needs_no_reason(house):
    step(PlanStep.PROPOSE)
    sven = signed_in(house, SVEN)
    sven.get(f"{PLAN}/beslut/faststall")
    sven.submit({"decided_on": "2022-02-15", "paragraph": "§ 14", "case_number": "SN 2021/7"}, form="version")
    event = db.session.scalars(select(PlanEvent).order_by(PlanEvent.id.desc())).first()
    assert (event.step, event.reason) == ("adopt", None)
