"""What rows does a file hold that was made for something else: on which sheet, above and below which table?

Nothing is taken to be a head row or a column's name here; that is for whoever knows the file to say.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tracker.exchange.archive import SheetFacts, check_workbook
from tracker.exchange.errors import refuse
from tracker.exchange.reading import (
    DEFAULT_LIMITS,
    EXACT_NUMBER,
    Limits,
    RawCell,
    as_cell,
    check_file,
    check_text,
    csv_trouble,
    opened_sheet,
)
from tracker.exchange.table import HEAD_ROW, Cell, too_many_rows

ENCODINGS = ("utf-8", "cp1252")
DELIMITERS = ";\t,"
LINES_LOOKED_AT = 50
SHEET_TROUBLE = "filen går inte att läsa. Öppna den i Excel och spara den på nytt som .xlsx."
RawRow = tuple[int, list[Cell]]


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of a workbook: its place among all of them, its name, and whether it is hidden in Excel."""

    place: int
    name: str
    hidden: bool


class Inexact(str):
    """A number with more digits than Excel keeps: what stands in the cell is not what was typed."""

    __slots__ = ()


class OpenFile:
    """A file whose rows can be walked, as often as need be. Raises ImportRefused when it is none that can be read."""

    def __init__(
        self, data: bytes, filename: str, encoding: str | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        check_file(data, filename, limits)
        self._data, self._limits = data, limits
        self.is_workbook = data.startswith(b"PK")
        self.sheets: tuple[SheetName, ...] = ()
        self.encoding = ""
        self._facts: dict[int, SheetFacts] = {}
        if self.is_workbook:
            self._facts[0] = check_workbook(data, limits)
            self.sheets = _sheet_names(data)
        else:
            self.encoding = encoding or ("utf-8" if _readable(data, "utf-8") else "cp1252")
            check_text(data, self.encoding)
            self._facts[0] = SheetFacts([], 0, ())

    def rows(self, sheet: int = 0) -> Iterator[RawRow]:
        """(number as the user sees it, cells) for each row, empty ones too; the cells of a sheet begin in column A.

        What is merged downwards counts for each row it spans. Raises ImportRefused at a row that cannot be read.
        """
        return self._sheet_rows(sheet) if self.is_workbook else self._text_rows()

    def facts(self, sheet: int = 0) -> SheetFacts:
        """What a reader should know of a sheet; a text file has nothing hidden."""
        if sheet not in self._facts:
            self._facts[sheet] = check_workbook(self._data, self._limits, sheet)
        return self._facts[sheet]

    def merged(self, sheet: int = 0) -> int:
        """How many groups of merged cells a sheet has."""
        return len(opened_sheet(self._data, sheet).merged_cell_ranges or []) if self.is_workbook else 0

    def _sheet_rows(self, place: int) -> Iterator[RawRow]:
        sheet = opened_sheet(self._data, place)
        if sheet.start is None or sheet.end is None:
            return
        if sheet.end[0] > self._limits.max_rows + LINES_LOOKED_AT:
            raise refuse(too_many_rows(self._limits))
        padding: list[Cell] = [""] * sheet.start[1]
        filled = _MergedDown(sheet)
        for number, raw in enumerate(sheet.iter_rows(), start=HEAD_ROW):
            cells = [cell if type(cell) is str else _as_cell(cell) for cell in raw]
            yield number, filled.fill(number, [*padding, *cells] if padding else cells)

    def _text_rows(self) -> Iterator[RawRow]:
        name = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        text = io.TextIOWrapper(io.BytesIO(self._data), encoding=name, newline="")
        delimiter = delimiter_of(islice(text, LINES_LOOKED_AT))
        text.seek(0)
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        start = HEAD_ROW
        try:
            for cells in reader:
                yield start, list(cells)
                start = reader.line_num + 1
        except csv.Error as broken:
            raise refuse(csv_trouble(str(broken), delimiter, self._limits), row=start) from None


def _readable(data: bytes, encoding: str) -> bool:
    try:
        for line in io.BytesIO(data):
            line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def delimiter_of(lines: Iterable[str]) -> str:
    """The sign that splits the most lines into equally many parts; signs inside quotes do not count."""
    counts: dict[str, Counter[int]] = {sign: Counter() for sign in DELIMITERS}
    here = dict.fromkeys(DELIMITERS, 0)
    inside = False
    for line in lines:
        for sign in line:
            if sign == '"':
                inside = not inside
            elif not inside and sign in here:
                here[sign] += 1
        if not inside:
            for sign, count in here.items():
                if count:
                    counts[sign][count] += 1
            here = dict.fromkeys(DELIMITERS, 0)
    return max(DELIMITERS, key=lambda sign: max((n * count for n, count in counts[sign].items()), default=0))


def _sheet_names(data: bytes) -> tuple[SheetName, ...]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            found = workbook.sheets_metadata
    except (CalamineError, OSError, ValueError):
        raise refuse(SHEET_TROUBLE) from None
    return tuple(
        SheetName(place, sheet.name, sheet.visible != SheetVisibleEnum.Visible)
        for place, sheet in enumerate(found)
        if sheet.typ == SheetTypeEnum.WorkSheet
    )


class _MergedDown:
    """Puts the value of cells that are merged downwards into each row they span, as it looks in Excel."""

    def __init__(self, sheet: CalamineSheet) -> None:
        ranges = [(top, left, bottom) for (top, left), (bottom, _) in sheet.merged_cell_ranges or [] if bottom > top]
        self._waiting = sorted(ranges, reverse=True)
        self._open: dict[int, tuple[int, Cell]] = {}

    def fill(self, number: int, cells: list[Cell]) -> list[Cell]:
        """The row's cells, with what has been merged into them from above."""
        row = number - HEAD_ROW
        for column in [column for column, (bottom, _) in self._open.items() if bottom < row]:
            del self._open[column]
        for column, (_, value) in self._open.items():
            if column < len(cells) and cells[column] == "":
                cells[column] = value
        while self._waiting and self._waiting[-1][0] <= row:
            _, column, bottom = self._waiting.pop()
            if column < len(cells):
                self._open[column] = (bottom, cells[column])
        return cells


def _as_cell(raw: RawCell) -> Cell:
    if type(raw) is float and abs(raw) >= EXACT_NUMBER:
        return Inexact(as_cell(raw))
    return as_cell(raw)


def filled(cells: Sequence[Cell]) -> int:
    """How many of a row's cells hold anything."""
    return sum(1 for cell in cells if (cell.strip() if isinstance(cell, str) else cell))
