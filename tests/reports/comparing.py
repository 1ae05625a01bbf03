"""Is every number of a report's file the JSON's? Word, PDF, workbook and CSV are held against the document.

Each fails where a count, a group, a bin, a wait or a row of the file is another than the document's, or is missing.
"""

import csv
import io

from openpyxl import load_workbook

from tests.reports.reading import number, part, pdf_text, squeezed, word_parts

HEADINGS = {
    "executed": "Återrapportering, verkställda",
    "closed": "Återrapportering, avslutade utan verkställighet",
    "still_unexecuted": "Återrapportering, ännu inte verkställda",
    "new": "Nya att rapportera",
    "late_executed": "Sent verkställda, ej tidigare rapporterade",
    "late_closed": "Sent avslutade, ej tidigare rapporterade",
}
CLASS_NAMES = {
    "executed": "Verkställt",
    "closed": "Avslutat utan verkställighet",
    "still_unexecuted": "Ännu inte verkställt",
    "new": "Ny rapportering",
    "late_executed": "Sent verkställt, ej tidigare rapporterat",
    "late_closed": "Sent avslutat, ej tidigare rapporterat",
}
LABELS = {"beslut": "Beslut", "avbrott": "Avbrott", "kvinna": "Kvinna", "man": "Man", None: "Ej angivet"}
BINS = {"0-2": "0–2", "3-6": "3–6", "7-9": "7–9", "10-12": "10–12", "13-17": "13–17", "18+": "18 eller fler"}
BY_GROUP = "Per insats, klocka och kön"
AT_INTERRUPTION, AT_END = 5, 7  # the columns of a row on paper


def check_file(document: dict, report_format: str, data: bytes) -> None:
    """A file of any format that is not JSON against the document it was made from."""
    {"docx": check_word, "pdf": check_pdf, "xlsx": check_workbook, "csv": check_csv}[report_format](document, data)


def numbers(group: dict) -> list[float | None]:
    """A group's counts, bins and waits, in the order of its columns."""
    return [*group["counts"].values(), *group["bins"].values(), *group["days"].values()]


def on_paper(value: float | None) -> str:
    """270.0 as 270, 270.5 as 270,5, and a dash for what is hidden."""
    if value is None:
        return "–"
    return str(int(value)) if value == int(value) else str(value).replace(".", ",")


def of_class(document: dict, name: str) -> list[dict]:
    """The rows of one class."""
    return [row for row in document["rows"] if row["class"] == name]


def row_on_paper(row: dict, at: int) -> list[str]:
    """A row's cells on paper, worked out from the JSON; numbered where it bears no ref."""
    return [
        " ".join(filter(None, (row.get("person"), row.get("ref")))) or str(at), row["insats"], LABELS[row["clock"]],
        LABELS[row["kon"]], row["decided_on"], row["interrupted_on"] or "–", row["due_on"],
        row["executed_on"] or row["closed_on"] or "–", str(row["days"]), row["reason"] or "–",
    ]  # fmt: skip


def shown_classes(document: dict) -> list[str]:
    """The classes that paper shows: the committee's four, and the late ones when anything stands in them."""
    four = list(HEADINGS)[:4]
    return [name for name in HEADINGS if name in four or document["counts"][name]]


def histogram(document: dict) -> dict[str, float | None]:
    """The waiting times of all groups together, hidden where one of them is."""
    found = {}
    for name, label in BINS.items():
        counts = [group["bins"][name] for group in document["groups"]]
        found[label] = None if None in counts else sum(counts)
    return found


def missed_on_paper(document: dict) -> str:
    """How the clocks begin to be told that no report has held."""
    count = document["counts"]["missed"]
    return f"{count} {'klocka' if count == 1 else 'klockor'} saknas i rapporterna"


def check_word(document: dict, data: bytes) -> None:
    """The Word file, read with python-docx."""
    parts = word_parts(data)
    (summary,) = part(parts, "Sammanställning").tables
    names = shown_classes(document)
    assert summary[0] == ["Klass", "Antal"]
    assert [(row[0], number(row[1])) for row in summary[1:]] == [
        *((HEADINGS[name], document["counts"][name]) for name in names),
        ("Alla", sum(document["counts"][name] for name in HEADINGS)),
    ]
    told = any(text.startswith(missed_on_paper(document)) for text in part(parts, "Sammanställning").texts)
    assert told == (document["counts"]["missed"] > 0)
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
    if document["audience"] == "fullmaktige":
        assert sections == []
        return
    assert [found.heading for found in sections] == [f"{HEADINGS[name]}, {document['counts'][name]}" for name in names]
    for name, section in zip(names, sections, strict=True):
        rows = section.tables[0][1:] if section.tables else []
        assert rows == [row_on_paper(row, at) for at, row in enumerate(of_class(document, name), start=1)], name


def check_pdf(document: dict, data: bytes) -> None:
    """The PDF, its text read with pypdf; it leaves out a column in which nothing stands."""
    text = pdf_text(data)
    names = shown_classes(document)
    total = sum(document["counts"][name] for name in HEADINGS)
    summary = "".join(f"{HEADINGS[name]}{document['counts'][name]}" for name in names)
    missed = missed_on_paper(document) if document["counts"]["missed"] else ""
    assert squeezed(f"KlassAntal{summary}Alla{total}{missed}") in text
    counts = {label: "–" if count is None else count for label, count in histogram(document).items()}
    assert squeezed("Hela månaderKlockor" + "".join(f"{label}{count}" for label, count in counts.items())) in text
    days = [on_paper(document["days"][key]) for key in ("median", "max", "sum")]
    said = "Väntetiden är {} dagar i median och {} dagar som längst. Sammanlagt är den {} dagar."
    assert squeezed(said.format(*days)) in text
    for group in document["groups"]:
        cells = [on_paper(value) for value in numbers(group)]
        line = "".join((group["insats"], LABELS[group["clock"]], LABELS[group["kon"]], *cells))
        assert squeezed(line) in text, line
    if document["audience"] == "fullmaktige":
        assert "Besluten" not in text
        return
    for name in names:
        rows = of_class(document, name)
        left_out = set() if any(row["interrupted_on"] for row in rows) else {AT_INTERRUPTION}
        if name in {"new", "still_unexecuted"}:
            left_out.add(AT_END)
        for at, row in enumerate(rows, start=1):
            line = "".join(cell for place, cell in enumerate(row_on_paper(row, at)) if place not in left_out)
            assert squeezed(line) in text, line
        assert squeezed(f"{HEADINGS[name]}, {document['counts'][name]}") in text


def check_workbook(document: dict, data: bytes) -> None:
    """The workbook, read with openpyxl: numbers are numbers and days are days."""
    book = load_workbook(io.BytesIO(data))
    summary = {row[0].value: row[1] for row in book["Sammanställning"].iter_rows(min_row=2)}
    for head, key in {"avstämningsdatum": "cutoff", "föregående avstämningsdatum": "previous_cutoff"}.items():
        assert summary[head].value.date().isoformat() == document[key]
        assert summary[head].number_format == "yyyy-mm-dd"
    for name, label in CLASS_NAMES.items():
        assert summary[label.casefold()].value == document["counts"][name], name
        assert summary[label.casefold()].number_format == "#,##0"
    assert summary["saknas i rapporterna"].value == document["counts"]["missed"]
    for label, key in {"summa": "sum", "median": "median", "längst": "max"}.items():
        assert summary[f"väntetid, dagar, {label}"].value == _or_dash(document["days"][key]), key
    groups = _table(book["Per insats"])
    assert groups == [group_cells(group) for group in document["groups"]]
    if document["audience"] == "fullmaktige":
        assert "Beslut" not in book.sheetnames
        return
    rows = [["" if cell is None else _day_or_text(cell) for cell in row] for row in _table(book["Beslut"])]
    assert rows == [row_cells(row) for row in document["rows"]]


def check_csv(document: dict, data: bytes) -> None:
    """The CSV file: the rows, for the council the groups."""
    _, *lines = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    if document["audience"] == "fullmaktige":
        assert lines == [[str(cell) for cell in group_cells(group)] for group in document["groups"]]
    else:
        assert lines == [row_cells(row) for row in document["rows"]]


def group_cells(group: dict) -> list[object]:
    """A group as it stands in a table."""
    return [group["insats"], LABELS[group["clock"]], LABELS[group["kon"]], *map(_or_dash, numbers(group))]


def row_cells(row: dict) -> list[str]:
    """A row as it stands in a table: person and ref first, where the reader gets them."""
    shown = row | {"clock": LABELS[row["clock"]], "class": CLASS_NAMES[row["class"]]}
    return ["" if value is None else str(value) for value in shown.values()]


def _or_dash(value: float | None) -> float | str:
    return "–" if value is None else value


def _day_or_text(cell: object) -> str:
    return cell.date().isoformat() if hasattr(cell, "date") else str(cell)


def _table(sheet) -> list[list[object]]:
    """The lines below the head; a note stands one empty line below them."""
    found = []
    for row in sheet.iter_rows(min_row=2, values_only=True):
        if row[0] is None and not any(row):
            break
        found.append(list(row))
    return found
