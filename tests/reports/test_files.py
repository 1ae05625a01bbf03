"""Every file of every reader is opened and read back: each number is the document's, and nothing is too much."""

import io
import json
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.decisions.running import run
from tests.reports.reading import made, number, part, pdf_text, squeezed, unpacked, word_parts
from tests.reports.test_quarter_command import CLASS_NAMES, REGISTER, make_decisions
from tests.reports.test_quarter_page_readers import COMMAND, PUBLISHED
from tracker.database import db
from tracker.decisions.models import DecisionClock
from tracker.records.models import Mark

AUDIENCES = ("intern", "namnd", "revisor", "fullmaktige")
HEADINGS = {
    "executed": "Återrapportering, verkställda",
    "closed": "Återrapportering, avslutade utan verkställighet",
    "still_unexecuted": "Återrapportering, ännu inte verkställda",
    "new": "Nya att rapportera",
    "late_executed": "Sent verkställda, ej tidigare rapporterade",
    "late_closed": "Sent avslutade, ej tidigare rapporterade",
}
LABELS = {"beslut": "Beslut", "avbrott": "Avbrott", "kvinna": "Kvinna", "man": "Man", None: "Ej angivet"}
BINS = {"0-2": "0–2", "3-6": "3–6", "7-9": "7–9", "10-12": "10–12", "13-17": "13–17", "18+": "18 eller fler"}
BY_GROUP = "Per insats, klocka och kön"


@pytest.fixture
def office(app, frozen_day):
    """A register with every class and one protected person."""
    frozen_day(date(2025, 7, 15))
    make_decisions(REGISTER)
    db.session.query(DecisionClock).filter_by(ref="F-9").update({"mark": Mark.PROTECTED})
    db.session.commit()
    return app


def file(app, report_format: str, audience: str) -> bytes:
    ran = run(app, "report", "quarter", 2025, 2, "--format", report_format, "--audience", audience)
    assert ran.code == 0, ran.err
    return ran.raw


def numbers(group: dict) -> list[float | None]:
    return [*group["counts"].values(), *group["bins"].values(), *group["days"].values()]


def on_paper(value: float | None) -> str:
    """270.0 as 270, 270.5 as 270,5, and a dash for what is hidden."""
    if value is None:
        return "–"
    return str(int(value)) if value == int(value) else str(value).replace(".", ",")


def of_class(document: dict, name: str) -> list[dict]:
    return [row for row in document["rows"] if row["class"] == name]


def row_on_paper(row: dict, at: int, *, interruptions: bool = True) -> list[str]:
    """A row's cells on paper, worked out from the JSON; PDF leaves out a column in which nothing stands."""
    ended = row["executed_on"] or row["closed_on"]
    return [
        row.get("ref") or str(at), row["insats"], LABELS[row["clock"]], LABELS[row["kon"]], row["decided_on"],
        *([row["interrupted_on"] or "–"] if interruptions else []), row["due_on"],
        *([ended] if ended else []), str(row["days"]), row["reason"] or "–",
    ]  # fmt: skip


def shown_classes(document: dict) -> list[str]:
    four = list(HEADINGS)[:4]
    return [name for name in HEADINGS if name in four or document["counts"][name]]


def histogram(document: dict) -> dict[str, float | None]:
    """The waiting times of all groups together, hidden where one of them is."""
    found = {}
    for name, label in BINS.items():
        counts = [group["bins"][name] for group in document["groups"]]
        found[label] = None if None in counts else sum(counts)
    return found


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_number_in_the_word_file_is_the_jsons(office, audience):
    document = json.loads(file(office, "json", audience))
    parts = word_parts(file(office, "docx", audience))
    (summary,) = part(parts, "Sammanställning").tables
    names = shown_classes(document)
    assert summary[0] == ["Klass", "Antal"]
    assert [(row[0], number(row[1])) for row in summary[1:]] == [
        *((HEADINGS[name], document["counts"][name]) for name in names),
        ("Alla", sum(document["counts"][name] for name in HEADINGS)),
    ]
    assert any(text.startswith("1 klocka saknas i rapporterna") for text in part(parts, "Sammanställning").texts)
    waiting = part(parts, "Väntetid")
    days = document["days"]
    said = [number(word) for word in waiting.texts[0].rstrip(".").split(" ") if word[0].isdigit() or word == "–"]
    assert said == [days["median"], days["max"], days["sum"]]
    assert {row[0]: number(row[1]) for row in waiting.tables[0][1:]} == histogram(document)
    (groups,) = part(parts, BY_GROUP).tables
    assert [(row[:3], [number(cell) for cell in row[3:]]) for row in groups[1:]] == [
        ([group["insats"], LABELS[group["clock"]], LABELS[group["kon"]]], numbers(group))
        for group in document["groups"]
    ]
    sections = [found for found in parts if found.heading.split(", ")[-1].isdigit() and found.heading[0] in "ÅNS"]
    assert [found.heading for found in sections] == (
        [] if audience == "fullmaktige" else [f"{HEADINGS[name]}, {document['counts'][name]}" for name in names]
    )
    for name, section in zip(names, sections, strict=False):
        rows = section.tables[0][1:] if section.tables else []
        cells = [[cell for at, cell in enumerate(row) if at != 7 or cell != "–"] for row in rows]
        assert cells == [row_on_paper(row, at) for at, row in enumerate(of_class(document, name), start=1)]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_number_in_the_pdf_is_the_jsons(office, audience):
    document = json.loads(file(office, "json", audience))
    text = pdf_text(file(office, "pdf", audience))
    names = shown_classes(document)
    total = sum(document["counts"][name] for name in HEADINGS)
    summary = "".join(f"{HEADINGS[name]}{document['counts'][name]}" for name in names)
    assert squeezed(f"KlassAntal{summary}Alla{total}1klocka saknas i rapporterna") in text
    counts = {label: "–" if count is None else count for label, count in histogram(document).items()}
    assert squeezed("Hela månaderKlockor" + "".join(f"{label}{count}" for label, count in counts.items())) in text
    days = [on_paper(document["days"][key]) for key in ("median", "max", "sum")]
    said = "Väntetiden är {} dagar i median och {} dagar som längst. Sammanlagt är den {} dagar."
    assert squeezed(said.format(*days)) in text
    for group in document["groups"]:
        cells = [on_paper(value) for value in numbers(group)]
        line = "".join((group["insats"], LABELS[group["clock"]], LABELS[group["kon"]], *cells))
        assert squeezed(line) in text, line
    if audience == "fullmaktige":
        assert "Besluten" not in text
        return
    for name in names:
        rows = of_class(document, name)
        with_interruptions = any(row["interrupted_on"] for row in rows)
        lines = [row_on_paper(row, at, interruptions=with_interruptions) for at, row in enumerate(rows, start=1)]
        for line in lines:
            assert squeezed("".join(line)) in text, line
        assert squeezed(f"{HEADINGS[name]}, {document['counts'][name]}") in text


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_cell_of_the_workbook_is_the_jsons_with_real_days_and_a_head_that_stays(office, audience):
    document = json.loads(file(office, "json", audience))
    book = load_workbook(io.BytesIO(file(office, "xlsx", audience)))
    for sheet in book:
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{_last(sheet)}", sheet.title
    groups = [[cell.value for cell in row] for row in book["Per insats"].iter_rows(min_row=2)]
    assert groups[: len(document["groups"])] == [
        [
            group["insats"],
            LABELS[group["clock"]],
            LABELS[group["kon"]],
            *("–" if n is None else n for n in numbers(group)),
        ]
        for group in document["groups"]
    ]
    summary = {row[0].value: row[1] for row in book["Sammanställning"].iter_rows(min_row=2)}
    assert summary["avstämningsdatum"].value.date() == date(2025, 6, 30)
    assert summary["avstämningsdatum"].number_format == "yyyy-mm-dd"
    for name, label in CLASS_NAMES.items():
        assert summary[label.casefold()].value == document["counts"][name]
        assert summary[label.casefold()].number_format == "#,##0"
    if audience == "fullmaktige":
        assert "Beslut" not in book.sheetnames
        return
    heads = [cell.value for cell in book["Beslut"][1]]
    for cells, row in zip(book["Beslut"].iter_rows(min_row=2), document["rows"], strict=False):
        by_head = dict(zip(heads, cells, strict=True))
        for head, key in {"beslutsdatum": "decided_on", "avbrottsdatum": "interrupted_on", "tre månader": "due_on",
                          "verkställd": "executed_on", "avslutad": "closed_on"}.items():  # fmt: skip
            value = by_head[head].value
            assert (value.date().isoformat() if value else None) == row[key]
        assert (by_head["väntetid, dagar"].value, by_head["insats"].value) == (row["days"], row["insats"])


def _last(sheet) -> int:
    """The last row of the table: notes stand one line below it."""
    return next((at - 1 for at in range(2, sheet.max_row + 1) if sheet.cell(at, 1).value is None), sheet.max_row)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_workbook_explains_every_column_and_every_class(office, audience):
    book = load_workbook(io.BytesIO(file(office, "xlsx", audience)))
    explained = {(row[0], row[1]): row[2] for row in book["Förklaring"].iter_rows(min_row=2, values_only=True)}
    for name in ("Per insats", "Beslut"):
        if name in book.sheetnames:
            for cell in book[name][1]:
                assert len(explained[name, cell.value]) > 10
    for row in book["Sammanställning"].iter_rows(min_row=5, values_only=True):
        if row[0] not in {"avstämningsdatum", "föregående avstämningsdatum"}:
            assert explained["Sammanställning", row[0]]
    assert any("16 kap. 6 f–6 h §§" in text for text in explained.values()), "the law of the cut-off day"


@pytest.mark.parametrize("audience", AUDIENCES[1:])
def test_no_file_that_leaves_the_house_holds_a_ref_an_identity_or_somebodys_own_words(office, audience):
    secrets = [str(row["ref"]) for row in REGISTER] + ["19121212", "121212", "Svensson", "Storgatan"]
    for report_format in ("docx", "xlsx"):
        for member in unpacked(file(office, report_format, audience)):
            assert not [secret for secret in secrets if secret.encode() in member]
    data = file(office, "pdf", audience)
    assert not [secret for secret in secrets if secret in pdf_text(data)]
    assert not [secret for secret in secrets if secret in str(PdfReader(io.BytesIO(data)).metadata)]


@pytest.mark.parametrize("report_format", ["docx", "pdf", "xlsx"])
def test_a_protected_person_is_told_but_not_listed_on_paper(office, report_format):
    data = file(office, report_format, "namnd")
    said = pdf_text(data) if report_format == "pdf" else squeezed(b"".join(unpacked(data)).decode(errors="ignore"))
    assert squeezed("1 skyddad visas inte") in said
    day = "45627" if report_format == "xlsx" else "2024-12-01"  # the same day, as Excel counts
    assert said.count(day) == 1, "F-10 is listed and F-9, of the same day, is not"


@pytest.mark.parametrize("report_format", ["docx", "pdf"])
def test_the_published_list_gives_the_committees_four_headings_in_its_order_with_its_sums(
    app, frozen_day, report_format
):
    """Ten executed, two closed, sixteen still unexecuted and five new: 33, as in the paper of 2022-02-15."""
    frozen_day(date(2022, 2, 15))
    assert run(app, "import", "decisions", PUBLISHED).code == 0
    data = run(app, *COMMAND, "--audience", "namnd", "--format", report_format).raw
    headings = ["Återrapportering, verkställda, 10", "Återrapportering, avslutade utan verkställighet, 2",
                "Återrapportering, ännu inte verkställda, 16", "Nya att rapportera, 5"]  # fmt: skip
    if report_format == "pdf":
        text = pdf_text(data)
        places = [text.index(squeezed(heading)) for heading in headings]
        assert places == sorted(places)
        assert "Alla33" in text
        assert "Sent" not in text[: text.index("Perinsats")], "a late class that is empty is left out"
        return
    parts = word_parts(data)
    assert [found.heading for found in parts if found.heading[:2] in {"Åt", "Ny", "Se"}] == headings
    assert part(parts, "Sammanställning").tables[0][-1] == ["Alla", "33"]
    reasons = [row[-1] for row in part(parts, headings[3]).tables[0][1:]]
    assert reasons == ["Resursbrist: utförare saknas"] * 3 + ["Resursbrist: lägenhet saknas"] * 2


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("report_format", ["docx", "pdf"])
def test_an_empty_register_gives_a_paper_of_zeros(app, audience, report_format):
    data = file(app, report_format, audience)
    text = pdf_text(data) if report_format == "pdf" else squeezed(str(word_parts(data)))
    assert squeezed("Noll är också en rapport") in text


def test_the_same_document_gives_the_same_bytes(office):
    document = json.loads(file(office, "json", "namnd"))
    for report_format in ("xlsx", "docx", "pdf"):
        assert made(document, report_format) == made(document, report_format)
