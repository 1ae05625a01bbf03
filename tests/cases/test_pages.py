"""Pages of cases: what each role reads of what, and what is sent."""

from datetime import date

import pytest

from tests.cases.making import assessed, code_id, reported, stands, step
from tests.factories import PASSWORD, make_user
from tests.records.granting import version_of
from tracker import clock
from tracker.cases import case_views
from tracker.cases.models import CaseReporter
from tracker.cases.registers import DEVIATIONS, LEX_SARAH
from tracker.cases.texts import INVESTIGATION, write_words
from tracker.database import db, writer
from tracker.records import access
from tracker.records.models import CodeList
from tracker.rules.case_workflow import Assessment

DAY = date(2026, 3, 2)
SECRET = "Larmet svarade inte"


pytestmark = pytest.mark.usefixtures("two_units")


REPORT = {
    "what": "Larmet svarade inte", "happened_on": "2026-03-01", "at_once": "Ett nytt larm sattes in",
    "suspected": "nej", "kind": "tillbud", "law_area": "SoL", "where": "I köket", "persons": "Akt 12",
}  # fmt: skip


def send_report(visitor, **changed):
    """Fills in the form and sends it."""
    page = visitor.get("/rapportera")
    unit = next(o.get("value") for o in page.tree.iter("option") if (o.text or "").strip() == "Vuxen")
    return visitor.submit(REPORT | {"enhet": unit} | changed, status=None)


def test_an_employee_reports_and_has_a_number_at_once(person):
    visitor, _ = person("medarbetare", "Vuxen")
    page = send_report(visitor)
    assert page.heading == "Avvikelse A-2026-0001"
    assert "Att ta emot" in page.text
    assert "Du rapporterade 2 mars 2026" in page.text
    again = visitor.get("/rapportera")
    assert again.table("Det du har rapporterat").rows == [["A-2026-0001", "Avvikelse", "2026-03-02", "● Att ta emot"]]


def test_a_suspicion_makes_it_a_lex_sarah_report_and_the_employee_is_told_so(person):
    visitor, _ = person("medarbetare", "Vuxen")
    page = send_report(visitor, suspected="ja")
    assert page.heading == "Lex Sarah-rapport LS-2026-0001"
    assert "kan vara ett missförhållande" in page.text
    assert "den utreds alltid" in page.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"what": ""}, "Skriv vad som hände."),
        ({"happened_on": ""}, "Skriv dagen som 2026-03-31."),
        ({"happened_on": "2026-03-03"}, "2026-03-03 ligger i framtiden. Rätta dagen."),
        ({"enhet": ""}, "Välj en enhet."),
        ({"at_once": ""}, "Skriv vad som gjordes, eller att inget gjordes."),
        ({"what": "Gäller 19121212-1212"}, "Texten ser ut att innehålla ett personnummer. Skriv utan det."),
        ({"persons": "19121212-1212"}, "Texten ser ut att innehålla ett personnummer. Skriv utan det."),
        ({"what": "Vi ringde till Anna Berg om larmet"}, '"Anna Berg" ser ut som ett namn.'),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(person, changed, said):
    visitor, _ = person("medarbetare", "Vuxen")
    page = send_report(visitor, **changed)
    assert page.status == 422
    assert said in page.text
    assert "Ett nytt larm sattes in" in page.text or "at_once" in changed
    assert visitor.get("/rapportera").text.count("A-2026-") == 0


def test_a_text_that_only_looks_like_a_name_can_be_sent_anyway(person):
    visitor, _ = person("medarbetare", "Vuxen")
    send_report(visitor, what="Vi ringde till Nya Vägen om larmet")
    page = visitor.submit({"anyway": "y"}, status=None)
    assert page.heading == "Avvikelse A-2026-0001"


def test_a_number_that_is_anothers_leads_nowhere(person):
    first, _ = person("medarbetare", "Vuxen")
    other, _ = person("medarbetare", "Vuxen", name="bo")
    send_report(first)
    address = first.page.path
    for path in (address, "/rapportera/999999"):
        assert other.get(path, status=404).heading == "Sidan finns inte"


def test_a_manager_reads_and_moves_the_units_avvikelser_and_no_others(person):
    mine, others = reported("deviations", "Vuxen"), reported("deviations", "Barn")
    chef, _ = person("chef", "Vuxen")
    page = chef.get("/avvikelser")
    assert page.table("Avvikelser").column("Nummer") == ["A-2026-0001"]
    chef.get(f"/avvikelser/{others}", status=404)
    chef.get(f"/avvikelser/{others}/steg/ta-emot", status=404)
    page = chef.get(f"/avvikelser/{mine}")
    assert SECRET in page.text
    assert {"Ta emot", "Gör till lex Sarah-rapport"} <= set(page.links)
    chef.get(page.links["Ta emot"])
    page = chef.submit({}, form="version", status=None)
    assert "Mottagen" in page.text
    assert stands(DEVIATIONS, mine)["state"] == "received"


def test_a_step_that_the_state_does_not_have_leads_nowhere(person):
    record_id = reported("deviations")
    chef, _ = person("chef", "Vuxen")
    for name in ("avsluta", "oppna-igen", "besluta", "close", "nagot"):
        assert chef.get(f"/avvikelser/{record_id}/steg/{name}", status=404).heading == "Sidan finns inte"


def test_sending_back_without_a_word_is_told_beside_the_field(person):
    record_id = reported("deviations")
    chef, chef_id = person("chef", "Vuxen")
    step("deviations", record_id, "receive", chef_id)
    chef.get(f"/avvikelser/{record_id}/steg/skicka-tillbaka")
    page = chef.submit({"comment": ""}, status=422)
    assert "Skriv varför, så att nästa person förstår." in page.text


def test_who_comes_second_keeps_the_words_and_is_told(person):
    record_id = reported("complaints")
    chef, chef_id = person("chef", "Vuxen")
    step("complaints", record_id, "receive", chef_id)
    chef.get(f"/synpunkter/{record_id}/steg/besvara")
    with writer():
        access.name(
            record_id, version_of(record_id), make_user("x@kommun.example", "chef").id, chef_id, clock.now(), "Så"
        )
        db.session.commit()
    page = chef.submit({"comment": "Vi har bytt larmet"}, status=422)
    assert "Någon annan har ändrat ärendet" in page.text
    assert "Vi har bytt larmet" in page.text
    page = chef.submit({}, form="version", status=None)
    assert "Besvarad" in page.text


def lex_sarah(person, until="received"):
    """A lex Sarah-rapport of Vuxen, made by an employee, with its ansvarig."""
    _, reporter = person("medarbetare", "Vuxen", name="rapportor")
    ansvarig, boss = person("ansvarig")
    record_id = reported("lex-sarah", "Vuxen", by=reporter)
    step("lex-sarah", record_id, "receive", boss)
    return record_id, ansvarig, boss


def test_a_manager_sees_a_lex_sarah_report_in_short(person):
    record_id, _, boss = lex_sarah(person)
    step("lex-sarah", record_id, "assess", boss, assessment=Assessment.SERIOUS, motivation="Allvarligt")
    chef, _ = person("chef", "Vuxen")
    page = chef.get(f"/lex-sarah/{record_id}")
    assert "Du ser ärendet i korthet." in page.text
    for hidden in (SECRET, "Akt 12", "Allvarligt missförhållande", "rapportor", "Vad som har gjorts"):
        assert hidden not in page.text
    page = chef.get("/lex-sarah")
    [row] = page.table("Lex Sarah").dicts()
    assert row["Nummer"] == "LS-2026-0001"
    assert "Bedömning" not in page.text
    assert "Anmälda till IVO" not in page.text
    chef.get(f"/lex-sarah/{record_id}/steg/ge-till-utredare", status=403)
    chef.get("/lex-sarah/export.csv", status=403)


def test_no_filter_tells_a_manager_what_the_page_does_not(person):
    record_id, _, boss = lex_sarah(person)
    step("lex-sarah", record_id, "assess", boss, assessment=Assessment.SERIOUS, motivation="Allvarligt")
    step("lex-sarah", record_id, "notify_ivo", boss)
    chef, _ = person("chef", "Vuxen")
    for asked in ("bedomning=allvarligt", "bedomning=inget", "status=till-ivo"):
        assert "LS-2026-0001" not in chef.get(f"/lex-sarah?{asked}").text


def test_an_utredare_reads_the_cases_that_are_given_and_no_others(person):
    record_id, _, boss = lex_sarah(person)
    other = reported("lex-sarah", "Vuxen")
    visitor, one = person("utredare")
    assert "Registret är tomt" in visitor.get("/lex-sarah").text
    visitor.get(f"/lex-sarah/{record_id}", status=404)
    step("lex-sarah", record_id, "assign", boss, investigator_id=one)
    visitor.sign_out()
    visitor.sign_in("anna.utredare@kommun.example", PASSWORD)
    assert visitor.get("/lex-sarah").table("Lex Sarah").column("Nummer") == ["LS-2026-0001"]
    page = visitor.get(f"/lex-sarah/{record_id}")
    assert SECRET in page.text
    assert "Markera utredningen klar" in page.links
    assert "Besluta" not in page.links
    visitor.get(f"/lex-sarah/{other}", status=404)


def test_the_reporter_is_seen_by_who_handles_the_case_and_not_by_the_quality_lead(person):
    record_id, ansvarig, _ = lex_sarah(person)
    name = make_user("namn@kommun.example", "medarbetare", name="Rut Rapport").id
    with writer():
        db.session.get_one(CaseReporter, record_id).user_id = name
        db.session.commit()
    assert "Rut Rapport" in ansvarig.get(f"/lex-sarah/{record_id}").text
    quality, _ = person("kvalitet")
    page = quality.get(f"/lex-sarah/{record_id}")
    assert SECRET in page.text
    assert "Rut Rapport" not in page.text
    assert "Visas inte" in page.text


def test_a_case_that_is_closed_to_its_manager_is_nowhere_for_them(person):
    record_id, _, boss = lex_sarah(person)
    chef, chef_id = person("chef", "Vuxen")
    with writer():
        access.close(record_id, version_of(record_id), chef_id, boss, clock.now(), "Rapporten handlar om chefen")
        db.session.commit()
    chef.sign_out()
    chef.sign_in("anna.chef@kommun.example", PASSWORD)
    chef.get(f"/lex-sarah/{record_id}", status=404)
    page = chef.get("/lex-sarah")
    assert "LS-2026-0001" not in page.text
    assert "Registret är tomt" in page.text


def test_an_avvikelse_that_became_lex_sarah_is_no_longer_read_among_avvikelser(person):
    record_id = reported("deviations", "Vuxen")
    chef, chef_id = person("chef", "Vuxen")
    step("deviations", record_id, "make_lex_sarah", chef_id, comment="Den enskilde skadades svårt")
    page = chef.get(f"/avvikelser/{record_id}")
    assert "Avvikelsen blev en lex Sarah-rapport" in page.text
    for hidden in (SECRET, "skadades svårt", "Akt 12"):
        assert hidden not in page.text
    assert chef.get("/avvikelser").table("Avvikelser").column("Status") == ["— Blev lex Sarah"]
    assert "Du ser ärendet i korthet." in chef.get(f"/lex-sarah/{record_id}").text
    exported = chef.get("/avvikelser/export.csv").data.decode()
    assert SECRET not in exported


def test_a_report_is_called_received_once_somebody_has_received_it(person):
    record_id, (boss, number) = reported("lex-sarah", "Vuxen"), person("ansvarig")
    chef, _ = person("chef", "Vuxen")
    for reader in (boss, chef):
        page = reader.get(f"/lex-sarah/{record_id}")
        assert ("Rapporterad2 mars 2026" in page.text, "Mottagen" in page.text) == (True, False)
    step("lex-sarah", record_id, "receive", number)
    for reader in (boss, chef):
        assert "Mottagen2 mars 2026" in reader.get(f"/lex-sarah/{record_id}").text


def test_a_lex_sarah_case_goes_from_report_to_closed_on_its_pages(person):
    record_id, ansvarig, _ = lex_sarah(person)
    utredare, one = person("utredare")
    ansvarig.get(f"/lex-sarah/{record_id}/steg/ge-till-utredare")
    ansvarig.submit({"investigator": str(one)}, status=None)
    with writer():
        for section in INVESTIGATION:
            write_words(record_id, section, f"Om {section}", one, clock.now())
        db.session.commit()
    utredare.sign_out()
    utredare.sign_in("anna.utredare@kommun.example", PASSWORD)
    utredare.get(f"/lex-sarah/{record_id}/steg/utredning-klar")
    assert "Utredning klar" in utredare.submit({}, form="version", status=None).text
    sent = (
        ("besluta", {"assessment": "allvarligt", "motivation": "Allvarliga följder"}),
        ("anmald-till-ivo", {"comment": "IVO 1-2"}),
        ("enskild-informerad", {"comment": "Ringde"}), ("aterkoppling", {"comment": "Larmen byts"}),
        ("folj-upp", {"comment": "Larmen fungerar"}), ("avsluta", {}),
    )  # fmt: skip
    for name, given in sent:
        ansvarig.get(f"/lex-sarah/{record_id}/steg/{name}")
        page = ansvarig.submit(given, form="version", status=None)
        assert page.status == 200, (name, page.text)
    row = stands(LEX_SARAH, record_id)
    assert (row["state"], row["assessment"], row["ivo_investigation_sent_on"]) == ("closed", "allvarligt", DAY)
    assert "IVO 1-2" in page.text


def test_what_has_to_be_done_first_is_told_on_the_page_of_the_step(person):
    record_id, _, boss = lex_sarah(person)
    utredare, one = person("utredare")
    step("lex-sarah", record_id, "assign", boss, investigator_id=one)
    utredare.sign_out()
    utredare.sign_in("anna.utredare@kommun.example", PASSWORD)
    page = utredare.get(f"/lex-sarah/{record_id}/steg/utredning-klar")
    assert "Skriv först under När och från vem rapporten kom" in page.text
    with pytest.raises(AssertionError, match="no form"):
        page.form("version")


def test_a_manager_writes_what_the_investigation_shows(person):
    record_id = reported("deviations", "Vuxen")
    chef, chef_id = person("chef", "Vuxen")
    chef.get(f"/avvikelser/{record_id}/utredning", status=404)  # before it has been received
    step("deviations", record_id, "receive", chef_id)
    chef.get(f"/avvikelser/{record_id}/utredning")
    given = {"category": str(code_id(CodeList.DEVIATION_CATEGORY, "Fall")), "severity": "3", "likelihood": "2"}
    page = chef.submit(given | {"causes": "Larmet var trasigt"}, status=422)
    assert "Välj ett orsaksområde." in page.text
    assert "Larmet var trasigt" in page.text
    cause = str(code_id(CodeList.DEVIATION_CAUSE, "Teknik, utrustning och IT"))
    page = chef.submit({"cause": cause}, status=None)
    for shown in ("Fall", "Teknik, utrustning och IT", "3 av 4", "2 av 4", "Larmet var trasigt"):
        assert shown in page.text
    row = stands(DEVIATIONS, record_id)
    assert (row["severity"], row["likelihood"], row["version"]) == (3, 2, 3)
    chef.get(f"/avvikelser/{record_id}/utredning")
    page = chef.submit({"causes": "Larmet var trasigt"}, status=None)
    assert "Inget var ändrat." in page.text
    assert stands(DEVIATIONS, record_id)["version"] == 3


def test_a_manager_of_another_unit_writes_nothing(person):
    record_id = reported("deviations", "Vuxen")
    other, other_id = person("chef", "Barn")
    step("deviations", record_id, "receive", other_id)
    assert other.get(f"/avvikelser/{record_id}/utredning", status=404).heading == "Sidan finns inte"


def test_a_long_timeline_shows_its_newest_steps_and_the_rest_when_asked(person, monkeypatch):
    monkeypatch.setattr(case_views, "STEPS_SHOWN", 2)
    record_id = reported("deviations", **assessed())
    chef, chef_id = person("chef", "Vuxen")
    for name in ("receive", "investigate", "act"):
        step("deviations", record_id, name, chef_id)
    page = chef.get(f"/avvikelser/{record_id}")
    assert "Togs emot" not in page.text
    assert page.text.index("Utredningen började") < page.text.index("Åtgärderna började")
    page = chef.get(page.links["Visa också de tidigare stegen"])
    assert page.text.index("Togs emot") < page.text.index("Åtgärderna började")
    assert "Visa också de tidigare stegen" not in page.links


def test_only_steps_towards_ivo_that_mean_something_are_offered(person):
    record_id, ansvarig, boss = lex_sarah(person)
    later = {"Skriv in att utredningen är skickad till IVO", "Skriv in svar från IVO"}
    offered = set(ansvarig.get(f"/lex-sarah/{record_id}").links)
    assert "Skriv in anmälan till IVO" in offered
    assert not later & offered
    step("lex-sarah", record_id, "notify_ivo", boss)
    offered = set(ansvarig.get(f"/lex-sarah/{record_id}").links)
    assert "Skriv in svar från IVO" in offered
    assert not {"Skriv in anmälan till IVO", "Skriv in att utredningen är skickad till IVO"} & offered
