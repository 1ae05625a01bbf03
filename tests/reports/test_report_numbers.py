"""The lex Sarah-rapporter that the committee is told of: numbers alone, by the days on which things happened."""

from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.cases.office import CaseOffice, case
from tests.cases.published_year import lines
from tests.factories import PASSWORD, make_unit, make_user
from tests.records.granting import REASON, user_id_of, version_of
from tests.reports.reading import part, pdf_text, squeezed, word_parts
from tests.support.pages import PageClient
from tracker import clock
from tracker.audit.models import AuditRead
from tracker.database import db, writer
from tracker.records import access
from tracker.records.models import Mark

PAGE = "/rapporter/kvalitet/anmalningsarenden"
MARCH = "fran=2021-03-01&till=2021-03-31"


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """On 5 April 2021. In March: LS-2, LS-10 and LS-3 came, LS-1 was decided, LS-2 notified; others beside it."""
    frozen_day(date(2021, 4, 5))
    for name in ("Vuxen", "Barn"):
        make_unit(name)
    made = CaseOffice(app, tmp_path)
    made.imports("lex-sarah", lines(
        "ref;enhet;mottagen;beslutad;bedomning;ivo_anmald;beskrivning",
        ("LS-1", "Vuxen", "2021-02-28", "2021-03-31", "inget", "", "Hemligt ett"),
        ("LS-2", "Vuxen", "2021-03-01", "2021-04-01", "allvarligt", "2021-03-02", "Hemligt två"),
        ("LS-10", "Barn", "2021-03-31", "", "", "", "Hemligt tio"),
        ("LS-3", "Barn", "2021-03-15", "", "", "", "Hemligt tre"),
        ("LS-4", "Barn", "2021-04-01", "", "", "", "Hemligt fyra"),
    ))  # fmt: skip
    return made


def reader(office: CaseOffice, role: str, unit: str | None = None) -> PageClient:
    visitor = PageClient(office.app)
    visitor.sign_in(make_user(f"{role}@kommun.example", role, unit=unit).email, PASSWORD)
    return visitor


def headings(page) -> list[str]:
    return [element.text for element in page.tree.iter("h2") if (element.get("id") or "").startswith("lista-")]


def numbers(page) -> list[str]:
    return [item.text for items in page.tree.iter("ul") if items.get("class") == "numbers" for item in items]


def test_the_secretary_sees_the_numbers_of_the_days_asked_for_and_nothing_else(office):
    visitor = reader(office, "sekreterare")
    page = visitor.get(f"{PAGE}?{MARCH}")
    assert headings(page) == ["Inkomna, 3", "Beslutade, 1", "Anmälda till IVO, 1"]
    assert numbers(page) == ["LS-2", "LS-3", "LS-10", "LS-1", "LS-2"]
    assert not [word for word in ("Hemligt", "Vuxen", "Barn", "allvarligt") if word in page.text]
    # The last whole month where no days are asked for.
    assert numbers(visitor.get(PAGE)) == numbers(page)
    page = visitor.get(f"{PAGE}?fran=2021-03-02&till=2021-03-30")
    assert headings(page) == ["Inkomna, 1", "Beslutade, 0", "Anmälda till IVO, 1"]
    page = visitor.get(f"{PAGE}?fran=2021-02-28&till=2021-04-01")
    assert headings(page) == ["Inkomna, 5", "Beslutade, 2", "Anmälda till IVO, 1"]


def test_every_file_says_the_same(office, tmp_path):
    visitor = reader(office, "sekreterare")
    files = {shape: visitor.get(f"{PAGE}/export.{shape}?{MARCH}").data for shape in ("csv", "xlsx", "docx", "pdf")}
    rows = [["LS-2", "LS-1", "LS-2"], ["LS-3", "", ""], ["LS-10", "", ""]]
    text = files["csv"].decode("utf-8-sig").splitlines()
    assert [line.split(";") for line in text[1:]] == rows
    (tmp_path / "n.xlsx").write_bytes(files["xlsx"])
    sheet = CalamineWorkbook.from_path(str(tmp_path / "n.xlsx")).get_sheet_by_index(0).to_python()
    assert sheet == [["inkomna", "beslutade", "anmälda till IVO"], *rows]
    word = word_parts(files["docx"])
    assert part(word, "Inkomna, 3").texts == ["LS-2, LS-3, LS-10"]
    assert part(word, "Anmälda till IVO, 1").texts[0] == "LS-2"
    assert "1 mars 2021 till och med 31 mars 2021 · Anmälningsärende" in word[1].texts
    assert squeezed("Inkomna, 3 LS-2, LS-3, LS-10 Beslutade, 1 LS-1") in pdf_text(files["pdf"])
    db.session.rollback()
    noted = db.session.scalars(select(AuditRead.row_count).order_by(AuditRead.id.desc()).limit(4)).all()
    assert noted == [5, 5, 5, 5]


def test_a_protected_case_is_counted_and_not_listed(office):
    row = case("lex-sarah", "LS-3")
    with writer():
        row.mark = Mark.PROTECTED.value
        db.session.commit()
    visitor = reader(office, "sekreterare")
    page = visitor.get(f"{PAGE}?{MARCH}")
    assert headings(page)[0] == "Inkomna, 3"
    assert numbers(page)[:2] == ["LS-2", "LS-10"]
    assert "Dessutom 1 som inte visas." in page.text
    assert b"LS-3" not in visitor.get(f"{PAGE}/export.csv?{MARCH}").data
    word = word_parts(visitor.get(f"{PAGE}/export.docx?{MARCH}").data)
    assert part(word, "Inkomna, 3").texts == ["LS-2, LS-10", "Dessutom 1 som inte visas."]


def test_a_case_that_is_closed_to_the_reader_is_counted_and_not_listed_for_them_alone(office):
    visitor, other = reader(office, "sekreterare"), reader(office, "kvalitet")
    record_id = case("lex-sarah", "LS-10").record_id
    version, hidden, seeing = (
        version_of(record_id), user_id_of("sekreterare@kommun.example"), user_id_of("kvalitet@kommun.example"),
    )  # fmt: skip
    with writer():
        access.close(record_id, version, hidden, seeing, clock.now(), REASON)
        db.session.commit()
    page = visitor.get(f"{PAGE}?{MARCH}")
    assert (headings(page)[0], numbers(page)[:2]) == ("Inkomna, 3", ["LS-2", "LS-3"])
    assert "Dessutom 1 som inte visas." in page.text
    assert numbers(other.get(f"{PAGE}?{MARCH}"))[:3] == ["LS-2", "LS-3", "LS-10"]


def test_one_given_by_name_from_another_unit_does_not_hide_how_many_are_hidden(office):
    """In Vuxen LS-2, which is protected and came in March; of Barn LS-3 is given by name, LS-10 is nothing to them."""
    visitor = reader(office, "ansvarig", unit="Vuxen")
    protected, named = case("lex-sarah", "LS-2"), case("lex-sarah", "LS-3").record_id
    who, giver = user_id_of("ansvarig@kommun.example"), make_user("annan@kommun.example", "ansvarig").id
    with writer():
        protected.mark = Mark.PROTECTED.value
        db.session.commit()
    version = version_of(named)
    with writer():
        access.name(named, version, who, giver, clock.now(), REASON)
        db.session.commit()
    page = visitor.get(f"{PAGE}?{MARCH}")
    assert headings(page) == ["Inkomna, 2", "Beslutade, 1", "Anmälda till IVO, 1"]
    assert numbers(page) == ["LS-3", "LS-1"]
    assert page.text.count("Dessutom 1 som inte visas.") == 2  # of those that came in, and of those notified


def test_a_voided_case_is_neither(office):
    row = case("lex-sarah", "LS-3")
    with writer():
        row.mark = Mark.VOIDED.value
        db.session.commit()
    assert headings(reader(office, "sekreterare").get(f"{PAGE}?{MARCH}"))[0] == "Inkomna, 2"


def test_who_reaches_a_part_of_the_house_sees_its_numbers(office):
    page = reader(office, "ansvarig", unit="Barn").get(f"{PAGE}?{MARCH}")
    assert numbers(page) == ["LS-3", "LS-10"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("fran=igår", "Skriv datumet som 2026-03-31."),
        ("fran=2021-03-31&till=2021-03-30", "Sista dagen ligger före den första. Skriv en senare dag."),
    ],
)
def test_days_that_cannot_be_are_told_beside_their_field(office, query, said):
    visitor = reader(office, "kvalitet")
    page = visitor.get(f"{PAGE}?{query}", status=422)
    assert said in page.text
    assert said in visitor.get(f"{PAGE}/export.csv?{query}").text
    visitor.get(f"{PAGE}/export.json", status=404)
