"""Files of a case: read as the case is, sealed, never shown as a page, and never telling who reported."""

import hashlib
import io
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from tests.audit.trails import entries, parts, verdict
from tests.cases.filing import attach, kept
from tests.cases.making import reported, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.stickprov.making import PDF, refused
from tests.support.pages import PageClient
from tracker import clock
from tracker.audit.models import AuditRead
from tracker.cases import attaching
from tracker.cases.case_access import change_access
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step
from tracker.records.attachment_models import Attachment
from tracker.rules.case_files import MOST_OF_A_CASE, MOST_OF_A_REPORTER
from tracker.rules.case_workflow import Assessment

DAY = date(2026, 3, 2)
PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0"
PATHS = {"deviations": "/avvikelser", "lex-sarah": "/lex-sarah", "complaints": "/synpunkter"}
WHY = "Fel bild valdes"


@pytest.fixture(autouse=True)
def people(app, frozen_day):
    """It is Monday 2 March 2026: user numbers by role."""
    frozen_day(DAY)
    unit_id_of("Vuxen")
    db.session.commit()
    names = {"ansvarig": "Asta", "kvalitet": "Kajsa", "utredare": "Ulla", "chef": "Karl", "medarbetare": "Rut"}
    return {
        role: make_user(f"{role}@kommun.example", role, name=f"{name} Vuxen", unit="Vuxen").id
        for role, name in names.items()
    }


def visitor(app, role):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(f"{role}@kommun.example", PASSWORD)
    return client


def send(client, path, data=PDF, name="bild.pdf", status=200, of=None):
    """Sends a file from the page that has the form."""
    client.get(of or path.removesuffix("/filer"))
    return client.post(path, {"file": (io.BytesIO(data), name)}, status=status)


def reads():
    """The readings of records in the trail: (record, what was read)."""
    db.session.rollback()
    return [(read.record_id, read.selection) for read in db.session.scalars(select(AuditRead).order_by(AuditRead.id))]


@pytest.mark.parametrize(("kind", "role"), [("deviations", "chef"), ("lex-sarah", "ansvarig"), ("complaints", "chef")])
def test_a_file_is_added_taken_out_and_taken_away(app, kind, role):
    record_id, client = reported(kind), visitor(app, role)
    path = f"{PATHS[kind]}/{record_id}"
    page = send(client, f"{path}/filer", name="../kvitto.exe")
    assert "Filen är sparad, krypterad." in page.text
    who = {"chef": "Karl Vuxen", "ansvarig": "Asta Vuxen"}[role]
    listed = page.table("Filer som hör till ärendet").rows[0]
    assert (listed[0], listed[1], listed[2], listed[4]) == ("kvitto.exe.pdf", "PDF", "1 kB", who)
    link = page.links["kvitto.exe.pdf"]
    file = client.get(link)
    headers = file.response.headers
    assert file.data == PDF
    assert headers["Content-Disposition"] == "attachment; filename=kvitto.exe.pdf"
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert reads()[-1] == (record_id, f"fil={link.rsplit('/', 1)[-1]}")
    client.get(path)
    client.click("Ta bort kvitto.exe.pdf")
    assert "Skriv varför filen tas bort." in client.submit({"reason": " "}, status=422).text
    assert "ser ut att innehålla ett personnummer" in client.submit({"reason": "Gäller 19121212-1212"}, status=422).text
    assert kept() == 1
    page = client.submit({"reason": WHY})
    assert "Filen är borttagen." in page.text
    assert "Inga filer än." in page.text
    assert kept() == 0
    client.get(link, status=404)
    assert {"file.added", "file.removed"} <= {told.action for told in entries()}
    assert verdict().whole


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (PROGRAM, "faktura.pdf", "Filens innehåll är inte av ett slag som tas emot."),
        (b"", "tom.pdf", "Filen är tom. Välj en fil som har innehåll."),
        (PDF, "19121212-1212.pdf", "Namnet ser ut att innehålla ett personnummer."),
    ],
)
def test_what_is_not_taken_is_told_beside_the_field_and_leaves_nothing(app, people, data, name, told):
    record_id = reported("deviations", by=people["medarbetare"])
    page = send(visitor(app, "chef"), f"/avvikelser/{record_id}/filer", data, name, status=422)
    assert page.heading == "Filer, avvikelse A-2026-0001"
    assert told in page.text
    assert "1212" not in page.text
    page = send(visitor(app, "medarbetare"), f"/rapportera/{record_id}/filer", data, name, status=422)
    assert (page.heading, told in page.text) == ("Avvikelse A-2026-0001", True)
    assert kept() == 0


def test_no_file_chosen_is_told_beside_the_field(app):
    record_id, client = reported("deviations"), visitor(app, "chef")
    client.get(f"/avvikelser/{record_id}")
    assert "Välj en fil." in client.post(f"/avvikelser/{record_id}/filer", {}, status=422).text


def test_what_lies_in_the_database_and_the_trail_tells_nothing(people):
    record_id = reported("complaints")
    attach(record_id, people["chef"], b"Kvitto till Anna", "kvitto.txt")
    found = db.session.scalars(select(Attachment)).one()
    assert b"kvitto" not in found.name + found.content
    assert b"Anna" not in found.content
    digest = hashlib.sha256(b"Kvitto till Anna").hexdigest()
    texts = [part.open_values or "" for told in entries() for part in parts(told.id)]
    assert not any("kvitto" in text or digest in text for text in texts)


def test_who_reported_adds_a_photo_and_takes_out_their_own_alone(app, people):
    record_id = reported("lex-sarah", by=people["medarbetare"])
    theirs = attach(record_id, people["ansvarig"], PDF + b"2", "beslut.pdf")
    client = visitor(app, "medarbetare")
    page = send(client, f"/rapportera/{record_id}/filer", name="foto.pdf")
    assert "Filen är sparad, krypterad." in page.text
    assert page.table("Filer som hör till ärendet").column("Fil") == ["foto.pdf"]
    assert "Ta bort" not in page.text
    assert client.get(page.links["foto.pdf"]).data == PDF
    assert reads() == []  # the log would tell who reported
    client.get(f"/rapportera/{record_id}/filer/{theirs}", status=404)
    mine = page.links["foto.pdf"].rsplit("/", 1)[-1]
    client.get(f"/lex-sarah/{record_id}/filer/{mine}", status=403)
    visitor(app, "chef").get(f"/rapportera/{record_id}/filer/{mine}", status=404)


def test_the_file_of_who_reported_names_them_to_those_alone_who_may_know(app, people):
    record_id = reported("lex-sarah", by=people["medarbetare"])
    send(visitor(app, "medarbetare"), f"/rapportera/{record_id}/filer", name="foto.pdf")
    page = visitor(app, "kvalitet").get(f"/lex-sarah/{record_id}")
    assert page.table("Filer som hör till ärendet").column("Av") == ["Den som rapporterade"]
    assert "Rut" not in page.text
    page = visitor(app, "ansvarig").get(f"/lex-sarah/{record_id}")
    assert page.table("Filer som hör till ärendet").column("Av") == ["Rut Vuxen"]
    told = next(told for told in entries() if told.action == "file.added")
    assert (told.actor_kind, told.actor_id, told.session_id, told.request_id) == ("reporter", None, None, None)


def test_of_a_handler_who_reported_the_file_names_nobody_either(people):
    record_id = reported("deviations", by=people["chef"])
    attach(record_id, people["chef"])
    told = next(told for told in entries() if told.action == "file.added")
    assert (told.actor_kind, told.actor_id) == ("reporter", None)


def test_a_manager_who_sees_a_case_in_short_gets_no_file(app, people):
    record_id = reported("lex-sarah")
    file = attach(record_id, people["ansvarig"])
    chef = visitor(app, "chef")
    assert "Filer" not in [e.text for e in chef.get(f"/lex-sarah/{record_id}").tree.iter("h2")]
    for what in ("filer", f"filer/{file}"):
        chef.get(f"/lex-sarah/{record_id}/{what}", status=404)
    chef.get(f"/lex-sarah/{record_id}/filer/{file}/ta-bort", status=403)
    chef.post(f"/lex-sarah/{record_id}/filer", {"file": (io.BytesIO(PDF), "a.pdf")}, status=404)


def test_a_case_that_is_closed_to_somebody_gives_them_no_file(app, people):
    record_id = reported("deviations")
    file = attach(record_id, people["kvalitet"])
    chef = visitor(app, "chef")
    assert chef.get(f"/avvikelser/{record_id}/filer/{file}").data == PDF
    with writer():
        change_access(
            Act(record_id, 1, people["kvalitet"], True, "Rör chefen", clock.now()), Step.CLOSE, people["chef"]
        )
        db.session.commit()
    for what in ("filer", f"filer/{file}", f"filer/{file}/ta-bort"):
        chef.get(f"/avvikelser/{record_id}/{what}", status=404)


def test_an_utredare_adds_to_what_they_have_been_given_and_who_only_reads_adds_nothing(app, people):
    record_id = reported("lex-sarah")
    ulla = visitor(app, "utredare")
    ulla.get(f"/lex-sarah/{record_id}/filer", status=404)
    step("lex-sarah", record_id, "receive", people["ansvarig"])
    step("lex-sarah", record_id, "assign", people["ansvarig"], investigator_id=people["utredare"])
    page = send(ulla, f"/lex-sarah/{record_id}/filer")
    assert "Filen är sparad, krypterad." in page.text
    kajsa = visitor(app, "kvalitet")
    assert "Lägg till filen" not in kajsa.get(f"/lex-sarah/{record_id}").text
    kajsa.post(f"/lex-sarah/{record_id}/filer", {"file": (io.BytesIO(PDF + b"2"), "a.pdf")}, status=404)
    assert kept() == 1


def test_the_same_file_is_kept_once_and_a_case_has_at_most_thirty(people):
    record_id, rut = reported("deviations", by=people["medarbetare"]), people["medarbetare"]
    for number in range(MOST_OF_A_REPORTER):
        attach(record_id, rut, PDF + b"%d" % number, as_reporter=True)
    one = (record_id, PDF + b"0", "bild.pdf", people["chef"], clock.now())
    assert refused(attaching.attach, *one).message == "Filen finns redan i ärendet."
    as_reporter = partial(attaching.attach, as_reporter=True)
    violation = refused(as_reporter, record_id, PDF, "en.pdf", rut, clock.now())
    assert violation.message.startswith("Du har redan skickat 10 filer.")
    for number in range(MOST_OF_A_REPORTER, MOST_OF_A_CASE):
        attach(record_id, people["chef"], PDF + b"%d" % number)
    violation = refused(attaching.attach, record_id, PDF, "en.pdf", people["chef"], clock.now())
    assert violation.message.startswith("Ärendet har redan 30 filer.")


def test_a_file_of_another_case_is_not_found_here(app, people):
    mine, other = reported("deviations"), reported("deviations")
    file = attach(other, people["chef"])
    chef = visitor(app, "chef")
    chef.get(f"/avvikelser/{mine}/filer/{file}", status=404)
    chef.get(f"/avvikelser/{mine}/filer/{file}/ta-bort", status=404)
    assert refused(attaching.detach, mine, file, WHY).code == "stale"


def test_what_became_a_lex_sarah_case_has_its_files_there_alone(app, people):
    record_id = reported("deviations", by=people["medarbetare"])
    file = attach(record_id, people["chef"])
    step("deviations", record_id, "make_lex_sarah", people["chef"], comment="Kan vara ett missförhållande")
    chef = visitor(app, "chef")
    chef.get(f"/avvikelser/{record_id}/filer", status=404)
    chef.get(f"/avvikelser/{record_id}/filer/{file}", status=404)
    assert visitor(app, "ansvarig").get(f"/lex-sarah/{record_id}/filer/{file}").data == PDF
    assert "Filen är sparad" in send(visitor(app, "medarbetare"), f"/rapportera/{record_id}/filer", PDF + b"2").text


def test_a_closed_case_keeps_its_files_as_they_are(app, people):
    record_id = reported("complaints", by=people["medarbetare"])
    file = attach(record_id, people["chef"])
    step("complaints", record_id, "receive", people["chef"])
    step("complaints", record_id, "answer", people["chef"], comment="Tack")
    chef = visitor(app, "chef")
    page = chef.get(f"/synpunkter/{record_id}")
    assert "bild.pdf" in page.text
    assert not {"Lägg till filen", "Ta bort bild.pdf"} & {*page.links, page.text}
    chef.post(f"/synpunkter/{record_id}/filer", {"file": (io.BytesIO(PDF), "a.pdf")}, status=404)
    chef.get(f"/synpunkter/{record_id}/filer/{file}/ta-bort", status=404)
    assert "Lägg till filen" not in visitor(app, "medarbetare").get(f"/rapportera/{record_id}").text
    violation = refused(attaching.attach, record_id, PDF, "a.pdf", people["medarbetare"], clock.now())
    assert violation.message == "Ärendet är avslutat. Filerna står som de är."


def test_a_case_that_was_handed_over_takes_no_more_files(people):
    record_id, asta = reported("lex-sarah"), people["ansvarig"]
    step("lex-sarah", record_id, "receive", asta)
    step("lex-sarah", record_id, "assess", asta, assessment=Assessment.RISK, motivation="Kunde ha gått illa")
    handed = {"receiver_kind": "namnd", "receiver": "Region Norr", "sent_by": "post"}
    step("lex-sarah", record_id, "hand_over", asta, comment="Hände där", other=handed)
    assert refused(attaching.attach, record_id, PDF, "a.pdf", asta, clock.now()).code == "files_closed"
