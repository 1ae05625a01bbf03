"""How does a list leave as CSV or XLSX, so that no program takes its text for a formula?"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import IO, Any, Literal, NamedTuple

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tracker.exchange.table import column_letter
from tracker.exchange.texts import legal

WATCHED_ROWS = 1_000
_CHUNK_ROWS = 500
_A4 = 9  # Excel's number for the paper
_LAST_SHEET_ROW = 1_048_575
_LONGEST_XLSX_TEXT = 32_767
_EXCEL_DAY_ZERO = date(1899, 12, 30).toordinal()
_EXCEL_FIRST_EXACT_DAY = date(1900, 3, 1)
_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r]")
_ESCAPE_LOOKALIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_WORKBOOK_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True)
class Column:
    """One column of an export: `label` is its head, `width` is in characters.

    A file can be imported again when `fold(label)` is the import's column name. A `paragraph` is broken into lines.
    """

    key: str
    label: str
    width: float = 16
    kind: Literal["text", "date", "number", "paragraph"] = "text"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; `notes` are lines below the table, rows may be a generator."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    notes: Sequence[str] = ()


_told: ContextVar[Callable[[int], None] | None] = ContextVar("told", default=None)


@contextmanager
def watched(told: Callable[[int], None]) -> Iterator[None]:
    """Inside, `told` is given the number of rows written so far each thousand rows and at the end of a table."""
    token = _told.set(told)
    try:
        yield
    finally:
        _told.reset(token)


def _numbered(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows from 1, told to who watches."""
    told, number = _told.get(), 0
    for number, row in enumerate(rows, start=1):
        yield number, row
        if told and number % WATCHED_ROWS == 0:
            told(number)
    if told:
        told(number)


def safe_cell(text: str) -> str:
    """Put `'` before a text that a spreadsheet could take for a formula, as `=1+1`, `-` or ` @x`."""
    return f"'{text}" if _FORMULA.match(text) else text


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Give a CSV file in pieces of some hundred rows: UTF-8 mark first, `;` between cells, CRLF, ISO dates."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_csv_value(column.label) for column in columns])
    for count, row in _numbered(rows):
        writer.writerow([_csv_value(value) for value in row])
        if count % _CHUNK_ROWS == 0:
            yield _taken(buffer)
    last = _taken(buffer)
    if last:
        yield last


def write_xlsx(
    target: str | IO[bytes], sheets: Sequence[Sheet], *, title: str = "", made_on: date | None = None
) -> None:
    """Write a workbook to a path or a binary file, row by row; text is always text, never formula or link.

    Days, whole numbers and fractions carry their format. With `made_on` the same sheets give the same bytes.
    Raises ValueError when a sheet has more rows than XLSX can hold.
    """
    with xlsxwriter.Workbook(target, _WORKBOOK_OPTIONS) as workbook:
        properties: dict[str, object] = {"title": title}
        if made_on is not None:
            properties["created"] = datetime.combine(made_on, time(), UTC)
        workbook.set_properties(properties)
        formats = _Formats(
            head=workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            day=workbook.add_format({"num_format": "yyyy-mm-dd"}),
            whole=workbook.add_format({"num_format": "#,##0"}),
            fraction=workbook.add_format({"num_format": "#,##0.0"}),
            paragraph=workbook.add_format({"text_wrap": True, "valign": "top"}),
        )
        for sheet in sheets:
            _write_sheet(workbook.add_worksheet(sheet.name, _PlainSheet), sheet, formats)


class _Formats(NamedTuple):
    """How the cells of a workbook look, by what they hold."""

    head: object
    day: object
    whole: object
    fraction: object
    paragraph: object


def _write_sheet(worksheet: Any, sheet: Sheet, formats: _Formats) -> None:  # noqa: ANN401 - untyped library
    worksheet.freeze_panes(1, 0)
    worksheet.set_paper(_A4)
    worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    for index, column in enumerate(sheet.columns):
        worksheet.set_column(index, index, column.width, formats.day if column.kind == "date" else None)
        worksheet.write_string(0, index, legal(column.label), formats.head)
    wrapped = frozenset(index for index, column in enumerate(sheet.columns) if column.kind == "paragraph")
    write = _cell_writer(worksheet, formats, wrapped)
    last = 0
    for number, row in _numbered(sheet.rows):
        if number > _LAST_SHEET_ROW:
            raise ValueError(f"more than {_LAST_SHEET_ROW} rows in sheet {sheet.name!r}")
        for index, value in enumerate(row):
            if value is not None and value != "":
                write(number, index, value)
        last = number
    if sheet.columns:
        worksheet.autofilter(0, 0, last, len(sheet.columns) - 1)
    for number, note in enumerate(sheet.notes, start=last + 2):
        worksheet.write_string(number, 0, legal(note))


class _PlainSheet(Worksheet):  # type: ignore[misc]
    """A sheet whose texts and numbers are written as they are.

    The library's own way takes half as long again, and lets a text that starts with `<r>` and ends with
    `</r>` through as raw XML, which could hold a formula.
    """

    def _write_cell(self, row: int, col: int, cell: Any) -> None:  # noqa: ANN401 - untyped library
        style = f' s="{cell.format._get_xf_index()}"' if cell.format else ""
        place = f'r="{column_letter(col)}{row + 1}"{style}'
        kind = type(cell).__name__
        if kind == "Number":
            self.fh.write(f"<c {place}><v>{cell.number:.16G}</v></c>")
        elif kind == "String":
            text = cell.string.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            if "_x" in text:
                text = _ESCAPE_LOOKALIKE.sub("_x005F_", text)
            self.fh.write(f'<c {place} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
        else:
            raise TypeError(f"a sheet holds texts and numbers, not {kind}")


def _cell_writer(
    worksheet: Any,  # noqa: ANN401 - untyped library
    formats: _Formats,
    wrapped: frozenset[int],
) -> Callable[[int, int, object], None]:
    write_string, write_number = worksheet.write_string, worksheet.write_number
    day, whole, fraction = formats.day, formats.whole, formats.fraction
    first_ordinal = _EXCEL_FIRST_EXACT_DAY.toordinal()

    def write(row: int, column: int, value: object) -> None:
        if isinstance(value, str):
            text = legal(value)[:_LONGEST_XLSX_TEXT]
            if column in wrapped:
                write_string(row, column, text, formats.paragraph)
            else:
                write_string(row, column, text)
        elif type(value) is date and value.toordinal() >= first_ordinal:
            write_number(row, column, value.toordinal() - _EXCEL_DAY_ZERO, day)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            write_number(row, column, value, whole if isinstance(value, int) else fraction)
        else:
            write_string(row, column, _plain_text(value))

    return write


def _plain_text(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return legal(str(value))


def _csv_value(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, int | float | date) and not isinstance(value, bool | datetime):
        return value
    return safe_cell(_plain_text(value))


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
