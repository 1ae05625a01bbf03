"""What table does an uploaded file hold?"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta

import python_calamine

from tracker.exchange.archive import check_workbook
from tracker.exchange.columns import fold
from tracker.exchange.errors import Collector, refuse
from tracker.exchange.table import (
    DEFAULT_LIMITS,
    HEAD_ROW,
    Cell,
    Limits,
    Row,
    Table,
    TableBuilder,
    too_many_rows,
)

__all__ = ["DEFAULT_LIMITS", "Cell", "Limits", "Row", "Table", "read_table"]

_DELIMITERS = ";\t,"
_LINE_END = re.compile(rb"\r\n|\n|\r")
EXACT_NUMBER = 10**15
_SAVE_AS_UTF8 = 'Spara den i Excel som "CSV UTF-8".'
_NO_TABLE = "Ladda upp en CSV- eller XLSX-fil."
_SIGNATURES = {
    b"%PDF": f"filen är en PDF och ingen tabell. {_NO_TABLE}",
    b"\xd0\xcf\x11\xe0": (
        "filen är en äldre Excelfil (.xls) eller skyddad med lösenord. Spara den som .xlsx utan lösenord."
    ),
    b"\xff\xfe": f"filen är sparad som UTF-16. {_SAVE_AS_UTF8}",
    b"\xfe\xff": f"filen är sparad som UTF-16. {_SAVE_AS_UTF8}",
    b"{\\rtf": f"filen är ett textdokument och ingen tabell. {_NO_TABLE}",
}

TOO_MANY_DIGITS = "talet har fler siffror än Excel kan lagra. Formatera cellen som text och skriv om talet."
BROKEN_FORMULA = "cellen visar ett fel. Rätta formeln."

RawCell = str | float | bool | date | time | timedelta


def read_table(
    data: bytes,
    *,
    filename: str,
    encoding: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    known: Collection[str] = (),
    collector: Collector | None = None,
) -> Table:
    """Read a CSV file or the first sheet of an XLSX file; the bytes decide which, not the name.

    `encoding` is that of a CSV file, UTF-8 when None. `known` are the column names that can make up a file
    of one single column, whose head row has no delimiter. Cells are stripped texts or dates, empty ones "".
    Raises ImportRefused with every broken place when the file cannot be read whole. With a `collector`, broken
    cells are noted there and read as empty, so that the caller can tell them together with what it finds itself.
    """
    check_file(data, filename, limits)
    if data.startswith(b"PK"):
        return _read_workbook(data, limits, collector)
    return _read_csv(data, encoding or "utf-8", limits, known, collector)


def check_file(data: bytes, filename: str, limits: Limits) -> None:
    """Refuse a file that is empty, too large, or of a kind that holds no table."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise refuse(f"filen {filename} är tom. Välj en fil som har en tabell.")
    if len(data) > limits.max_bytes:
        size = limits.max_bytes // 1_000_000
        raise refuse(f"filen är större än {size} MB, som är det mesta som går att läsa in. Dela upp den i flera filer.")
    for signature, message in _SIGNATURES.items():
        if data.startswith(signature):
            raise refuse(message)


def _read_csv(data: bytes, encoding: str, limits: Limits, known: Collection[str], collector: Collector | None) -> Table:
    check_text(data, encoding)
    if encoding.casefold().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}:
        encoding = "utf-8-sig"
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    delimiter = _delimiter(text, known)
    text.seek(0)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    builder = TableBuilder(limits, collector)
    start = HEAD_ROW
    try:
        for cells in reader:
            if start == HEAD_ROW:
                builder.head(cells)
            else:
                builder.row(start, cells)
            start = reader.line_num + 1
    except csv.Error as broken:
        builder.collector.add(start, None, csv_trouble(str(broken), delimiter, limits))
    return builder.table(raising=collector is None)


def check_text(data: bytes, encoding: str) -> None:
    """Refuse bytes that are no text in the encoding, with the row where it fails."""
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise refuse(f"filen är en webbsida och ingen tabell. {_NO_TABLE}")
    nul = data.find(b"\0")
    if nul >= 0:
        raise refuse(f"filen är ingen textfil. {_NO_TABLE}", row=_line_of(data, nul))
    position = 0
    for line in io.BytesIO(data):
        try:
            line.decode(encoding)
        except UnicodeDecodeError as wrong:
            row = _line_of(data, position + wrong.start)
            raise refuse(_undecodable(encoding), row=row) from None
        except LookupError:
            raise refuse(f"teckenkodningen {encoding} är okänd. Ange utf-8 eller cp1252.") from None
        position += len(line)


def _undecodable(encoding: str) -> str:
    if encoding.casefold().startswith("utf"):
        return f"filen är inte sparad som UTF-8. {_SAVE_AS_UTF8[:-1]}, eller ange --encoding cp1252."
    return f"filen är inte sparad som {encoding}. {_SAVE_AS_UTF8[:-1]} och läs in den utan --encoding."


def _line_of(data: bytes, position: int) -> int:
    return sum(1 for _ in _LINE_END.finditer(data, 0, position)) + 1


def _delimiter(text: Iterator[str], known: Collection[str]) -> str:
    """Find the sign that splits the head row; signs inside quotes do not count."""
    counts = dict.fromkeys(_DELIMITERS, 0)
    inside = False
    head = ""
    for line in text:
        head += line
        for sign in line:
            if sign == '"':
                inside = not inside
            elif not inside and sign in counts:
                counts[sign] += 1
        if not inside:
            break
    best = max(counts, key=counts.__getitem__)
    if not counts[best] and head.strip() and fold(head.strip().strip('"')) not in {fold(name) for name in known}:
        message = "hittar inga kolumner. Skilj dem åt med semikolon, komma eller tabb, och ha namnen på första raden."
        raise refuse(message, row=HEAD_ROW)
    return best


def csv_trouble(reason: str, delimiter: str, limits: Limits) -> str:
    if "field larger" in reason or "unexpected end" in reason:
        long = f" eller så är en cell längre än {limits.max_cell_chars} tecken" if "larger" in reason else ""
        return f'ett citattecken (") öppnas men stängs aldrig{long}. Rätta raden, eller läs in filen som .xlsx.'
    if "expected after" in reason:
        sign = "tabb" if delimiter == "\t" else delimiter
        return (
            f'ett citattecken (") följs av text. Sätt {sign} efter det sista citattecknet, '
            'och skriv "" för ett citattecken inne i texten.'
        )
    return "raden går inte att läsa. Kontrollera citattecken och radbrytningar, eller läs in filen som .xlsx."


def _read_workbook(data: bytes, limits: Limits, collector: Collector | None) -> Table:
    errors = check_workbook(data, limits).errors
    sheet = opened_sheet(data, 0)
    if sheet.start is None or sheet.end is None:
        raise refuse("det första bladet är tomt. Lägg tabellen på det första bladet.")
    if sheet.end[0] > limits.max_rows:
        raise refuse(too_many_rows(limits))
    first_row, first_column = sheet.start
    builder = TableBuilder(limits, collector, typed=True)
    if first_row:
        builder.head([])
    padding: list[RawCell] = [""] * first_column
    for number, cells in enumerate(sheet.iter_rows(), start=HEAD_ROW):
        _take(builder, number, padding + cells)
        if number == HEAD_ROW:
            for row, index in errors:
                builder.collector.add(row, builder.column_name(index), BROKEN_FORMULA)
    return builder.table(raising=collector is None)


def opened_sheet(data: bytes, place: int) -> python_calamine.CalamineSheet:
    """One sheet of a workbook that `check_workbook` has let through. Raises ImportRefused when it cannot be read."""
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return workbook.get_sheet_by_index(place)
    except python_calamine.PasswordError:
        raise refuse("filen är skyddad med lösenord. Ta bort lösenordet i Excel och spara filen på nytt.") from None
    except (python_calamine.CalamineError, OSError, ValueError, IndexError):
        raise refuse("filen går inte att läsa. Öppna den i Excel och spara den på nytt som .xlsx.") from None


def _take(builder: TableBuilder, number: int, raw: Sequence[RawCell]) -> None:
    cells = [cell if type(cell) is str else as_cell(cell) for cell in raw]
    for index, cell in enumerate(raw):
        if type(cell) is float and abs(cell) >= EXACT_NUMBER:
            builder.collector.add(number, builder.column_name(index), TOO_MANY_DIGITS)
    if number == HEAD_ROW:
        builder.head(cells)
    else:
        builder.row(number, cells)


def as_cell(cell: RawCell) -> Cell:
    """Turn a spreadsheet's value into a text or a date; a moment with a time of day becomes its ISO text."""
    if type(cell) is date:
        return cell
    if isinstance(cell, bool):
        return "sant" if cell else "falskt"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time() else cell.isoformat(sep=" ")
    return str(cell)
