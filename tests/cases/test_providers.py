"""What private providers tell: noted, followed up, closed; filtered, walked page by page, taken out; seen by whom."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.accounts.forms import field_value
from tests.cases.making import reported, unit_id_of
from tests.cases.provider_making import told_by_provider
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.audit.models import AuditEntry, AuditPart
from tracker.cases.provider_models import ProviderReport, ProviderStepTaken
from tracker.database import db

DAY = date(2026, 3, 2)
ALL = "/lex-sarah/fran-utforare"


@pytest.fixture
def officer(app, client, frozen_day):
    """The ansvarig on Monday 2 March 2026."""
    frozen_day(DAY)
    unit_id_of("Vuxen")
    make_user("ansvarig@kommun.example", "ansvarig", name="Stina")
    client.sign_in("ansvarig@kommun.example", PASSWORD)
    return client


def noted(client, **fields):
    """What the page answers when something is noted."""
    client.get(f"{ALL}/ny")
    return {
        "utforare": "Solgården AB", "nummer": "SG-7", "enhet": str(unit_id_of("Vuxen")), "typ": "allvarlig",
        "mottagen": "2026-02-20", "kom": "2026-03-01", "ivo_dag": "2026-02-27", "ivo_nummer": "3.1-2026",
        "beskrivning": "Larmet svarade inte på natten",
    } | fields  # fmt: skip


def test_it_is_noted_followed_up_closed_and_opened_again(officer):
    page = officer.submit(noted(officer), form="utforare")
    assert "Informationen har nummer U-2026-0001." in page.text
    assert (page.heading, "Noterad · Solgården AB · Vuxen" in page.text) == ("Från utförare U-2026-0001", True)
    assert "27 februari 2026" in page.text
    path = page.path
    officer.get(f"{path}/steg/avsluta", status=404)
    officer.get(path)
    officer.click("Skriv uppföljningen")
    page = officer.submit({"gjort": "", "dag": "2026-03-01"}, status=422)
    officer.submit({"gjort": "Begärde in utredningen", "dag": "2026-02-28"}, status=422)
    page = officer.submit({"gjort": "Begärde in utredningen", "dag": "2026-03-01"})
    assert "Uppföljd · Solgården AB" in page.text
    officer.click("Avsluta")
    page = officer.submit({"gjort": "Utredningen är läst"})
    assert "Avslutad2 mars 2026" in page.text
    officer.click("Öppna igen")
    page = officer.submit({"gjort": "Nya uppgifter"})
    assert "Uppföljd · Solgården AB" in page.text
    assert [text for text in ("Begärde in utredningen", "Utredningen är läst", "Nya uppgifter") if text in page.text]
    db.session.rollback()
    assert db.session.scalars(select(ProviderReport.closed_on)).one() is None


def test_words_lie_sealed_and_every_change_is_in_the_trail(officer):
    page = officer.submit(noted(officer), form="utforare")
    officer.click("Rätta")
    officer.submit({"beskrivning": "Larmet var avstängt"})
    officer.get(page.path)
    officer.click("Skriv uppföljningen")
    officer.submit({"gjort": "Ringde utföraren"})
    db.session.rollback()
    report, step = db.session.scalars(select(ProviderReport)).one(), db.session.scalars(select(ProviderStepTaken)).one()
    assert (b"Larmet" in report.description, b"Ringde" in step.note) == (False, False)
    entries = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.record_id == report.record_id).order_by(AuditEntry.id)
    ).all()
    assert entries == ["record.created", "record.corrected", "record.changed"]
    told = db.session.scalars(select(AuditPart.open_values).where(AuditPart.record_id == report.record_id)).all()
    assert not any("Larmet" in (values or "") or "Ringde" in (values or "") for values in told)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kom": "2026-03-03"}, "2026-03-03 ligger i framtiden."),
        ({"kom": "2026-02-19"}, "Informationen kan inte ha kommit före 2026-02-20"),
        ({"typ": "rapport"}, "Dagen hör till det som är anmält till IVO."),
        ({"utforare": ""}, "Skriv vilken utförare."),
        ({"beskrivning": "Om 19121212-1212"}, "personnummer"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(officer, fields, said):
    page = officer.submit(noted(officer, **fields), form="utforare", status=422)
    assert said in page.text
    assert field_value(page, "nummer") == "SG-7"
    db.session.rollback()
    assert db.session.scalars(select(ProviderReport)).all() == []


def test_who_saves_on_top_of_another_is_told(officer, app):
    record_id = told_by_provider()
    officer.get(f"{ALL}/{record_id}/andra")
    other = PageClient(app)
    other.sign_in(make_user("kvalitet@kommun.example", "kvalitet").email, PASSWORD)
    other.get(f"{ALL}/{record_id}/andra")
    other.submit({"nummer": "SG-8"})
    page = officer.submit({"nummer": "SG-9"}, status=422)
    assert "Någon annan har ändrat uppgifterna" in page.text
    assert field_value(page, "nummer") == "SG-9"
    assert "SG-9" in officer.submit({}, form="nummer").text


def test_each_filter_holds_just_its_own_and_the_files_say_the_same(officer):
    first = told_by_provider(came_on=date(2026, 2, 1))
    told_by_provider(came_on=date(2026, 2, 10), provider="Ängen Omsorg", kind="allvarlig")
    told_by_provider("Barn", came_on=date(2026, 2, 20), provider="Bäcken AB")
    officer.get(f"{ALL}/{first}/steg/folj-upp")
    officer.submit({"gjort": "Läst"})
    for query, refs in {
        "": ["U-2026-0003", "U-2026-0002", "U-2026-0001"], "status=noterad": ["U-2026-0003", "U-2026-0002"],
        "status=oppna": ["U-2026-0003", "U-2026-0002", "U-2026-0001"], "typ=allvarlig": ["U-2026-0002"],
        "utforare=b%C3%A4cken": ["U-2026-0003"], "fran=2026-02-02&till=2026-02-10": ["U-2026-0002"],
        f"enhet={unit_id_of('Barn')}": ["U-2026-0003"],
    }.items():  # fmt: skip
        assert officer.get(f"{ALL}?{query}").table("Från privata").column("Nummer") == refs, query
        lines = officer.get(f"{ALL}/export.csv?{query}").data.decode("utf-8-sig").splitlines()
        assert [line.partition(";")[0] for line in lines[1:]] == refs, query
    assert "Inget passar filtret" in officer.get(f"{ALL}?status=avslutad").text
    book = load_workbook(io.BytesIO(officer.get(f"{ALL}/export.xlsx?typ=allvarlig").data))
    assert list(book.active.values)[1][:5] == (
        "U-2026-0002", "Ängen Omsorg", "SG-7", "Vuxen", "Allvarligt, anmält till IVO av utföraren",
    )  # fmt: skip


def test_the_list_is_walked_page_by_page_and_back(officer):
    for days in range(27):
        told_by_provider(came_on=DAY - timedelta(days=days // 2))
    first = officer.get(ALL).table("Från privata").column("Nummer")
    rest = officer.click("Nästa sida").table("Från privata").column("Nummer")
    assert (len(first), len(rest), len({*first, *rest})) == (25, 2, 27)
    assert officer.click("Föregående sida").table("Från privata").column("Nummer") == first


def test_only_those_who_read_the_units_cases_see_it(officer, app):
    record_id = told_by_provider("Barn")
    other = PageClient(app)
    other.sign_in(make_user("del@kommun.example", "ansvarig", unit="Vuxen").email, PASSWORD)
    assert "Inget har kommit än" in other.get(ALL).text
    for what in ("", "/andra", "/steg/folj-upp"):
        other.get(f"{ALL}/{record_id}{what}", status=404)
    assert len(other.get(f"{ALL}/export.csv").data.decode("utf-8-sig").splitlines()) == 1


def test_a_case_is_handed_over_to_somebody_named_and_their_answer_is_written_in(officer):
    record_id = reported("lex-sarah", "Vuxen", happened_on=date(2026, 2, 27))
    path = f"/lex-sarah/{record_id}"
    for name, fields in (("ta-emot", {}), ("overlamna", None)):
        officer.get(f"{path}/steg/{name}")
        if fields is not None:
            officer.submit(fields, form="day")
    given = {"receiver_kind": "utforare", "receiver": "", "sent_by": "post", "comment": "Det hände hos dem"}
    page = officer.submit(given, status=422)
    assert "Skriv vem som tar över ärendet." in page.text
    page = officer.submit({"receiver": "Solgården AB"})
    for said in ("Solgården AB (privat utförare)", "2 mars 2026, med post", "Inget svar än", "Det hände hos dem"):
        assert said in page.text
    officer.click("Skriv in svar från mottagaren")
    page = officer.submit({"day": "2026-03-01", "comment": "De tar över"}, status=422)
    assert "2026-03-01 ligger före 2026-03-02" in page.text
    page = officer.submit({"day": "2026-03-02"})
    assert "Mottagarens svar2 mars 2026" in page.text
    assert ("Mottagaren svarade" in page.text, "Överlämnad" in page.text) == (True, True)
    db.session.rollback()
    fields = db.session.scalars(
        select(AuditEntry.fields).where(AuditEntry.record_id == record_id).order_by(AuditEntry.id)
    ).all()
    assert all(name in fields[-2] for name in ("receiver", "receiver_kind", "sent_by", "handed_on"))
    assert "answered_on" in fields[-1]
