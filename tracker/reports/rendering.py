"""How does a report become a file? JSON as it is, CSV with its main table, XLSX with a sheet for every table."""

import json
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from io import BytesIO

from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.labels import CLASS_LABELS, CLOCK_LABELS, SEX_LABELS
from tracker.reports.audiences import Audience, Document
from tracker.rules.unexecuted import BINS, ClockKind, ReportClass

SUPPRESSION_NOTE = (
    "Ett streck står där ett antal mellan 1 och 4 har dolts, eller där talet skulle avslöja ett sådant antal."
)
HIDDEN = "–"
JSON_ROWS = 500


class ReportFormat(StrEnum):
    """The formats a report can be had in."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


MIME = {
    ReportFormat.JSON: "application/json",
    ReportFormat.CSV: "text/csv; charset=utf-8",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def render(document: Document, report_format: ReportFormat, committee: str = "") -> bytes:
    """The report's file; `committee` heads the sheets of what leaves the house."""
    if report_format is ReportFormat.JSON:
        return _json(document)
    council = document["audience"] == Audience.COUNCIL
    if report_format is ReportFormat.CSV:
        columns, rows = (
            (_GROUP_COLUMNS, _group_cells(document)) if council else (_row_columns(document), _row_cells(document))
        )
        return "".join(write_csv(columns, rows)).encode()
    buffer = BytesIO()
    notes = (SUPPRESSION_NOTE,) if council else ()
    sheets = [
        Sheet("Sammanställning", _SUMMARY_COLUMNS, _summary_cells(document, committee)),
        Sheet("Per insats", _GROUP_COLUMNS, _group_cells(document), notes),
    ]
    if not council:
        left_out = document.get("rows_left_out")
        notes = (f"{left_out} {'skyddad' if left_out == 1 else 'skyddade'} visas inte.",) if left_out else ()
        sheets.append(Sheet("Beslut", _row_columns(document), _row_cells(document), notes))
    write_xlsx(buffer, sheets)
    return buffer.getvalue()


def _json(document: Document) -> bytes:
    """The document as it is. Rows are written some hundred at a time: in one piece it takes half as long again."""
    rows = document["rows"]
    pieces = [
        json.dumps(rows[start : start + JSON_ROWS], ensure_ascii=False)[1:-1]
        for start in range(0, len(rows), JSON_ROWS)
    ]
    without_rows = {name: value for name, value in document.items() if name != "rows"}
    head = json.dumps(without_rows, ensure_ascii=False).removesuffix("}")
    return f'{head}, "rows": [{", ".join(pieces)}]}}\n'.encode()


_SUMMARY_COLUMNS = (Column("uppgift", "uppgift", 46), Column("varde", "värde", 14, "number"))
_GROUP_COLUMNS = (
    Column("insats", "insats", 30),
    Column("clock", "klocka", 12),
    Column("kon", "kön", 10),
    *(Column(item.value, CLASS_LABELS[item].casefold(), 14, "number") for item in ReportClass),
    *(Column(name, f"{name} månader", 12, "number") for name in BINS),
    Column("sum", "dagar, summa", 14, "number"),
    Column("median", "dagar, median", 14, "number"),
    Column("max", "dagar, längst", 14, "number"),
)


def _row_columns(document: Document) -> tuple[Column, ...]:
    columns = (
        Column("person", "person", 16),
        Column("ref", "ref", 14),
        Column("clock", "klocka", 12),
        Column("insats", "insats", 30),
        Column("kon", "kön", 10),
        Column("class", "klass", 40),
        Column("decided_on", "beslutsdatum", 13, "date"),
        Column("interrupted_on", "avbrottsdatum", 13, "date"),
        Column("due_on", "tre månader", 13, "date"),
        Column("executed_on", "verkställd", 13, "date"),
        Column("closed_on", "avslutad", 13, "date"),
        Column("days", "väntetid, dagar", 14, "number"),
        Column("reason", "skäl till dröjsmålet", 44),
    )
    if document["audience"] == Audience.IVO:
        return columns
    return columns[1:] if document["audience"] == Audience.INTERNAL else columns[2:]


def _row_cells(document: Document) -> Iterator[list[object]]:
    columns = _row_columns(document)
    for row in document["rows"]:
        yield [_cell(column, row[column.key]) for column in columns]


def _cell(column: Column, value: object) -> object:
    if value is None:
        return None
    if column.kind == "date":
        return date.fromisoformat(str(value))
    if column.key == "class":
        return CLASS_LABELS[ReportClass(str(value))]
    if column.key == "clock":
        return CLOCK_LABELS[ClockKind(str(value))]
    return value


def _group_cells(document: Document) -> Iterator[list[object]]:
    for group in document["groups"]:
        numbers = [*group["counts"].values(), *group["bins"].values(), *group["days"].values()]
        yield [
            group["insats"],
            CLOCK_LABELS[ClockKind(group["clock"])],
            SEX_LABELS.get(group["kon"], ""),
            *(HIDDEN if number is None else number for number in numbers),
        ]


def _summary_cells(document: Document, committee: str) -> Iterator[list[object]]:
    if committee:
        yield ["nämnd", committee]
    yield ["rubrik", document["title"]]
    yield ["avstämningsdatum", document["cutoff"]]
    yield ["föregående avstämningsdatum", document["previous_cutoff"]]
    for item in ReportClass:
        yield [CLASS_LABELS[item].casefold(), document["counts"][item.value]]
    yield ["saknas i rapporterna", document["counts"]["missed"]]
    for key, label in (("sum", "väntetid, dagar, summa"), ("median", "väntetid, dagar, median"),
                       ("max", "väntetid, dagar, längst")):  # fmt: skip
        value = document["days"][key]
        yield [label, HIDDEN if value is None else value]
