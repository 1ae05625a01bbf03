"""How does a list leave as CSV or XLSX, so that no program takes its text for a formula?"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Literal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tracker.exchange.table import column_letter

_CHUNK_ROWS = 500
_LAST_SHEET_ROW = 1_048_575
_LONGEST_XLSX_TEXT = 32_767
_EXCEL_DAY_ZERO = date(1899, 12, 30).toordinal()
_EXCEL_FIRST_EXACT_DAY = date(1900, 3, 1)
_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r]")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
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

    A file can be imported again when `fold(label)` is the import's column name.
    """

    key: str
    label: str
    width: float = 16
    kind: Literal["text", "date", "number"] = "text"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; `notes` are lines below the table, rows may be a generator."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    notes: Sequence[str] = ()


def safe_cell(text: str) -> str:
    """Put `'` before a text that a spreadsheet could take for a formula, as `=1+1`, `-` or ` @x`."""
    return f"'{text}" if _FORMULA.match(text) else text


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Give a CSV file in pieces of some hundred rows: UTF-8 mark first, `;` between cells, CRLF, ISO dates."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_csv_value(column.label) for column in columns])
    for count, row in enumerate(rows, start=1):
        writer.writerow([_csv_value(value) for value in row])
        if count % _CHUNK_ROWS == 0:
            yield _taken(buffer)
    last = _taken(buffer)
    if last:
        yield last


def write_xlsx(target: str | IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write a workbook to a path or a binary file, row by row; text is always text, never formula or link.

    Raises ValueError when a sheet has more rows than XLSX can hold.
    """
    with xlsxwriter.Workbook(target, _WORKBOOK_OPTIONS) as workbook:
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            _write_sheet(workbook.add_worksheet(sheet.name, _PlainSheet), sheet, bold, day)


def _write_sheet(worksheet: Any, sheet: Sheet, bold: object, day: object) -> None:  # noqa: ANN401 - untyped library
    worksheet.freeze_panes(1, 0)
    for index, column in enumerate(sheet.columns):
        worksheet.set_column(index, index, column.width, day if column.kind == "date" else None)
        worksheet.write_string(0, index, _legal(column.label), bold)
    write = _cell_writer(worksheet, day)
    last = 0
    for number, row in enumerate(sheet.rows, start=1):
        if number > _LAST_SHEET_ROW:
            raise ValueError(f"more than {_LAST_SHEET_ROW} rows in sheet {sheet.name!r}")
        for index, value in enumerate(row):
            if value is not None and value != "":
                write(number, index, value)
        last = number
    if sheet.columns:
        worksheet.autofilter(0, 0, last, len(sheet.columns) - 1)
    for number, note in enumerate(sheet.notes, start=last + 2):
        worksheet.write_string(number, 0, _legal(note))


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


def _cell_writer(worksheet: Any, day: object) -> Callable[[int, int, object], None]:  # noqa: ANN401 - untyped library
    write_string, write_number = worksheet.write_string, worksheet.write_number
    first_ordinal = _EXCEL_FIRST_EXACT_DAY.toordinal()

    def write(row: int, column: int, value: object) -> None:
        if isinstance(value, str):
            write_string(row, column, _legal(value)[:_LONGEST_XLSX_TEXT])
        elif type(value) is date and value.toordinal() >= first_ordinal:
            write_number(row, column, value.toordinal() - _EXCEL_DAY_ZERO, day)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            write_number(row, column, value)
        else:
            write_string(row, column, _plain_text(value))

    return write


def _legal(text: str) -> str:
    return text if text.isprintable() else _ILLEGAL.sub("", text)


def _plain_text(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return _legal(str(value))


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
