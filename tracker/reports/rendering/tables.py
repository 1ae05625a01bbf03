"""Which tables does a report hold, for a file of rows and columns? The same for CSV and XLSX."""

from collections.abc import Iterator
from datetime import date

from tracker.exchange.writing import Column
from tracker.labels import CLASS_LABELS, CLOCK_LABELS, SEX_LABELS
from tracker.reports.audiences import Audience, Document
from tracker.rules.unexecuted import BINS, ClockKind, ReportClass

HIDDEN = "–"

GROUP_COLUMNS = (
    Column("insats", "insats", 30),
    Column("clock", "klocka", 12),
    Column("kon", "kön", 10),
    *(Column(item.value, CLASS_LABELS[item].casefold(), 14, "number") for item in ReportClass),
    *(Column(name, f"{name} månader", 12, "number") for name in BINS),
    Column("sum", "dagar, summa", 14, "number"),
    Column("median", "dagar, median", 14, "number"),
    Column("max", "dagar, längst", 14, "number"),
)
_ROW_COLUMNS = (
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


def row_columns(document: Document) -> tuple[Column, ...]:
    """The columns of the rows: `ref` for those who keep the register, and with it the person for IVO."""
    if document["audience"] == Audience.IVO:
        return _ROW_COLUMNS
    return _ROW_COLUMNS[1:] if document["audience"] == Audience.INTERNAL else _ROW_COLUMNS[2:]


def row_cells(document: Document) -> Iterator[list[object]]:
    """The rows, cell by cell in the order of `row_columns`: texts, days, numbers, None where nothing stands."""
    columns = row_columns(document)
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


def group_cells(document: Document) -> Iterator[list[object]]:
    """The groups, cell by cell in the order of GROUP_COLUMNS; a dash for what is hidden."""
    for group in document["groups"]:
        numbers = [*group["counts"].values(), *group["bins"].values(), *group["days"].values()]
        yield [
            group["insats"],
            CLOCK_LABELS[ClockKind(group["clock"])],
            SEX_LABELS.get(group["kon"], ""),
            *(HIDDEN if number is None else number for number in numbers),
        ]
