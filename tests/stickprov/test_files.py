"""A population that comes in a file: what is read, what is refused and told with its rows, and how large it may be."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from tests.factories import PASSWORD
from tests.intake.walking import send_large
from tests.stickprov.making import CAROL, FOUR, items, refused, row
from tests.support.pages import PageClient
from tracker import clock
from tracker.rules.errors import RuleViolation
from tracker.rules.sampling import Item, Selection
from tracker.stickprov import population as files
from tracker.stickprov import services
from tracker.stickprov.population import read_file
from tracker.stickprov.queries import population_of


def book(*rows) -> bytes:
    workbook = Workbook()
    for cells in rows:
        workbook.active.append(cells)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"A-2\nA-1\n", [Item("A-1"), Item("A-2")]),
        (b"Referens\nA-1\n", [Item("A-1")]),
        ("\ufeffEnhet;Referens;M\u00e5nad;Belopp\r\nNord;A-1;2021-05;17\r\n;A-2;;\r\n".encode(),
         [Item("A-1", "2021-05", "Nord"), Item("A-2")]),
        ("referens,enhet\nA-1,\u00c5by\n".encode("cp1252"), [Item("A-1", None, "Åby")]),
        (book(["referens", "manad"], [4711, date(2021, 5, 3)], ["B", "2021-06"]),
         [Item("4711", "2021-05"), Item("B", "2021-06")]),
        (book(["A-1"], ["A-2"]), [Item("A-1"), Item("A-2")]),
        (book([None, "A-1"], [None, "A-2"]), [Item("A-1"), Item("A-2")]),
        (b"Alfa\nBeta\n", [Item("Alfa"), Item("Beta")]),
    ],
)  # fmt: skip
def test_what_is_read(data, found):
    assert list(read_file(data, "lista")) == found


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "tom"),
        (b"\n\n;;\n", "Filen är tom. Välj en fil som har minst en referens."),
        (b"referens\n\n", "Det finns inga referenser."),
        (b"%PDF-1.7", "en PDF och ingen tabell"),
        (b"A-1;Nord\nA-2;Syd\n", "Rad 1: ingen kolumn heter referens."),
        (b"enhet\nNord\n", "Rad 1: ingen kolumn heter referens."),
        (b"referens;ref\nA;B\n", "Rad 1: kolumnen referens finns två gånger."),
        (b"Verifikation\nA-1\nA-2\n", "Den första raden, ”Verifikation”, ser ut som en rubrik."),
        (b"A-1\n" * 3, "av ”A-1” (rad 1, 2, 3)."),
        (b"\nA-1\nA-2\nA-1\n", "av ”A-1” (rad 2, 4)."),
        (b"referens;manad\nA-1;2021-01\n\nA-1;2021-02\n", "av ”A-1” (rad 2, 4)."),
        (b"referens;manad\nA-1;2021-13\n", "Rad 2: ”2021-13” är ingen månad."),
        (b"A-1\n" + b"A-%d;x\n" * 1, "Rad 2 har mer än en kolumn"),
        (book(["referens"], [123456789012345678]), "Rad 2: talet har fler siffror"),
    ],
)
def test_what_is_refused_and_where(data, told):
    with pytest.raises(RuleViolation) as violation:
        read_file(data, "lista.csv")
    assert told in violation.value.message
    assert violation.value.field == "population"


def test_a_file_that_is_too_large_says_what_to_do(monkeypatch):
    monkeypatch.setattr(files, "LARGEST_FILE", 1_000_000)
    with pytest.raises(RuleViolation, match=r"större än 1 MB\. Behåll bara kolumnerna referens, manad och enhet"):
        read_file(b"x" * 1_000_001, "lista.csv")


def test_more_than_a_million_is_refused():
    with pytest.raises(RuleViolation, match="Högst en miljon poster ryms"):
        read_file(b"".join(b"%d\n" % number for number in range(1_000_001)), "lista.csv")


@pytest.fixture
def carol(app, drawer):
    visitor = PageClient(app)
    visitor.sign_in(CAROL, PASSWORD)
    return visitor


def send(carol, drawer, data: bytes, status: int = 200, **fields):
    carol.get(f"/internkontroll/moment/{drawer.moment_id}/stickprov")
    sent = {"ref": "S1", "criteria": "Attest", "retest_of": "0", "file": (io.BytesIO(data), "lista.csv")} | fields
    return carol.post(carol.page.path, sent, status=status)


def test_a_file_is_locked_sealed_and_drawn_from(drawer, carol):
    page = send(carol, drawer, b"referens;enhet\nA-1;Nord\n\nA-2;Syd\nA-3;Syd\n;Syd\nA-4;Nord\n")
    assert "Populationen är låst: 4 poster. 2 tomma rader är inte med (rad 3, 6)." in page.text
    page = carol.submit({"by": "alla", "amount": ""})
    sample_id = int(page.path.rsplit("/", 1)[-1])
    assert b"A-1" not in row(sample_id).drawn.population_refs
    assert {found.reference for found in items(sample_id)} == {"A-1", "A-2", "A-3", "A-4"}
    assert population_of(row(sample_id)).units == ("Nord", "Syd", "Syd", "Nord")


@pytest.mark.parametrize(
    ("data", "fields", "told"),
    [
        (b"A-1\nA-1\n", {}, "av ”A-1” (rad 1, 2). Välj filen igen när den är rättad."),
        (b"A-1\n19121212-1212\n", {}, "1 av referenserna ser ut att innehålla personnummer (rad 2)."),
        (b"A-1\n", {"population": "B-1"}, "Välj en fil, eller skriv här på sidan. Inte båda."),
        (b"A-1\n", {"size": "10"}, "Välj en fil, eller skriv här på sidan. Inte båda."),
        (b"A-1\n", {"ref": "P1"}, "Kontrollmomentet har redan stickprovet P1."),
    ],
)
def test_a_file_that_is_refused_keeps_what_was_typed(drawer, carol, data, fields, told):
    page = send(carol, drawer, data, 422, **fields)
    assert told in page.text
    assert "1212" not in page.text
    assert "Attest" in "".join(page.form("criteria").itertext())


def test_the_page_takes_more_than_a_form_may_have_elsewhere(drawer, carol):
    many = b"".join(b"VER-2021-%09d\n" % number for number in range(60_000))
    assert len(many) > 1_000_000
    path = f"/internkontroll/moment/{drawer.moment_id}/stickprov"
    carol.get(path)
    page = send_large(carol, path, many, ref="S1", retest_of="0")
    assert "60 000 poster" in page.text
    carol.get(path)
    page = carol.submit({"ref": "S2", "population": many.decode()})
    assert "60 000 poster" in page.text


def test_more_than_there_are_is_refused_and_told(drawer):
    sample_id = drawer.lock()
    violation = refused(services.draw, sample_id, 1, Selection(FOUR.by, 13), "", drawer.user_id, clock.now())
    assert violation.message.startswith("Det finns 12 att dra ur.")
