"""The anmälan to IVO: what it holds, what lacks, and that it never tells who reported."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.cases.making import reported, stands, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.audit.models import AuditRead
from tracker.cases.anmalan import anmalan_of
from tracker.cases.registers import LEX_SARAH
from tracker.cases.texts import INVESTIGATION, Section, write_words
from tracker.database import db, writer
from tracker.rules.case_workflow import Assessment

DAY = date(2026, 3, 2)
BOSS, REPORTER = "ansvarig@kommun.example", "rapport@kommun.example"
NAME = "Rut Rapportsson"


@pytest.fixture
def case(app, frozen_day):
    """A serious case of Vuxen that Rut has reported, received on Monday 2 March 2026; gives (record, boss)."""
    frozen_day(DAY)
    unit_id_of("Vuxen")
    db.session.commit()
    boss = make_user(BOSS, "ansvarig").id
    by = make_user(REPORTER, "medarbetare", name=NAME).id
    record_id = reported("lex-sarah", "Vuxen", by=by, law="SoL", happened_on=date(2026, 2, 27))
    step("lex-sarah", record_id, "receive", boss)
    step("lex-sarah", record_id, "assess", boss, assessment=Assessment.SERIOUS, motivation="Fallet")
    return record_id, boss


def visitor(app, mail=BOSS):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


def lines(record_id):
    """Label → (value, what lacks) of an anmälan."""
    found = anmalan_of(stands(LEX_SARAH, record_id), "Exempelby", "Socialnämnden", "Vuxen")
    return {one.label: (one.value, one.lacks) for part in found.parts for one in part.fields}


def written(record_id, **bodies):
    """Something under headings, by their names."""
    with writer():
        for name, body in bodies.items():
            write_words(record_id, Section(name), body, None, clock.now())
        db.session.commit()


def test_it_holds_what_the_form_asks_for_and_tells_what_lacks(case):
    record_id, _ = case
    found = lines(record_id)
    assert found["Kommun"] == ("Exempelby", "")
    assert found["Nämnd"] == ("Socialnämnden", "")
    assert found["Lagrum"] == ("27 kap. 6 § SoL (anmälan), 27 kap. 2 § SoL (rapport)", "")
    assert found["Hände"] == ("27 februari 2026", "")
    assert found["Vad som hände"] == ("Larmet svarade inte", "")
    assert found["Omedelbara åtgärder"] == ("Nytt larm sattes in", "")
    assert found["Konsekvenser för den enskilde"] == ("", "Skriv under Konsekvenser för den enskilde.")
    assert found["Bedömning"] == ("Allvarligt missförhållande", "")
    assert found["Utredningen bifogas"] == ("Nej, den pågår", "")
    assert found["Utredningen skickas senast"] == ("Två månader efter dagen för anmälan", "")
    assert "Orsaker" not in found


def test_an_anmalan_before_the_investigation_is_done_has_its_two_months(app, case):
    record_id, boss = case
    step("lex-sarah", record_id, "notify_ivo", boss, comment="IVO 2026-55")
    found = lines(record_id)
    assert found["Läge hos IVO"] == ("Anmäld, utredning pågår", "")
    assert found["Utredningen skickas senast"] == ("2 maj 2026", "")
    assert found["IVO:s diarienummer"] == ("IVO 2026-55", "")
    page = visitor(app).get(f"/lex-sarah/{record_id}")
    facts = [(element.text or "") for element in page.tree.iter("dd")]
    assert {"2 maj 2026", "IVO 2026-55", "Anmäld, utredning pågår"} <= set(facts)


def test_a_finished_investigation_goes_with_it(app, case):
    record_id, boss = case
    one = make_user("utredare@kommun.example", "utredare").id
    step("lex-sarah", record_id, "assign", boss, investigator_id=one)
    written(record_id, **{section.value: f"Om {section}" for section in INVESTIGATION})
    step("lex-sarah", record_id, "complete", one)
    found = lines(record_id)
    assert found["Utredningen bifogas"] == ("Ja", "")
    assert found["Orsaker"] == ("Om causes", "")
    assert "Utredningen skickas senast" not in found


def test_the_files_hold_the_same_and_nobody_who_reported(app, case):
    record_id, _ = case
    client = visitor(app)
    page = client.get(f"/lex-sarah/{record_id}/anmalan")
    assert page.heading == "Anmälan enligt lex Sarah, LS-2026-0001"
    assert NAME not in page.text
    pdf = client.get(f"/lex-sarah/{record_id}/anmalan.pdf").data
    assert pdf.startswith(b"%PDF-")
    assert b"pdfuaid" in pdf
    book = load_workbook(BytesIO(client.get(f"/lex-sarah/{record_id}/anmalan.xlsx").data))
    rows = {row[1]: row[2] for row in book["Anmälan"].iter_rows(values_only=True)}
    assert rows["Vad som hände"] == "Larmet svarade inte"
    assert rows["Eget diarienummer"] == "Saknas"
    assert NAME not in " ".join(str(value) for value in rows.values())
    db.session.rollback()
    kinds = [(row.kind, row.what, row.selection) for row in db.session.query(AuditRead).order_by(AuditRead.id)]
    assert kinds[-2:] == [("export", "anmälan till IVO", "pdf"), ("export", "anmälan till IVO", "xlsx")]


@pytest.mark.parametrize("named", [NAME, "Rapportsson, Rut,", "Rut (Rapportsson)", "Rut  Rapportsson"])
def test_a_text_that_names_who_reported_is_pointed_out_and_no_file_is_made(app, case, named):
    record_id, _ = case
    written(record_id, event=f"{named} såg att larmet inte svarade")
    client = visitor(app)
    page = client.get(f"/lex-sarah/{record_id}/anmalan")
    assert "Texten innehåller namnet på den som rapporterade. Skriv funktionen i stället." in page.text
    assert "PDF" not in page.links
    page = client.get(f"/lex-sarah/{record_id}/anmalan.pdf")
    assert page.is_html
    assert "Ingen fil gjordes" in page.text


def test_the_numbers_are_kept(app, case):
    record_id, _ = case
    client = visitor(app)
    client.get(f"/lex-sarah/{record_id}/anmalan")
    page = client.submit({"own": "SN 2026/12", "ivo": "IVO 7"}, form="own")
    assert "Diarienumren är sparade." in page.text
    assert lines(record_id)["Eget diarienummer"] == ("SN 2026/12", "")
    assert stands(LEX_SARAH, record_id)["ivo_case_number"] == "IVO 7"


def test_only_those_who_decide_have_it_and_only_once_it_is_received(app, case):
    record_id, _ = case
    new = reported("lex-sarah", "Vuxen")
    visitor(app).get(f"/lex-sarah/{new}/anmalan", status=404)
    for role, unit in (("chef", "Vuxen"), ("kvalitet", None), ("utredare", None)):
        mail = f"annan.{role}@kommun.example"
        make_user(mail, role, **({"unit": unit} if unit else {}))
        for ending in ("", ".pdf", ".xlsx"):
            assert visitor(app, mail).get(f"/lex-sarah/{record_id}/anmalan{ending}", status=403).status == 403
