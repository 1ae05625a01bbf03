"""What is a table that came in from a file, and how large may it be?"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from tracker.exchange.errors import BadCell, Collector, refuse

Cell = str | date

HEAD_ROW = 1
_REMEMBERED = 50_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FORMULA = re.compile(r"[=@+]|-(?!\d+(?:[.,]\d+)?$)[\d(=+@]")
_GUARD = re.compile(r"'(?=\s*[=+\-@]|\t)")


@dataclass(frozen=True)
class Limits:
    """The largest file that is read; sizes in bytes, rows without the head.

    `max_cells` bounds the rectangle that holds all of a sheet's cells: a sheet is unfolded as a rectangle,
    however few of its cells are filled.
    """

    max_bytes: int = 50_000_000
    max_rows: int = 150_000
    max_columns: int = 200
    max_cell_chars: int = 10_000
    max_unpacked: int = 400_000_000
    max_members: int = 1_000
    max_ratio: int = 150
    max_cells: int = 6_000_000


DEFAULT_LIMITS = Limits()


class Row(NamedTuple):
    """One row: its number as the user sees it in the file, and one cell for each of the table's columns."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A whole file: column names as written, and its rows that are not empty."""

    columns: tuple[str, ...]
    rows: list[Row]


def quoted(text: str) -> str:
    """Quote what stands in a cell for a message, shortened to 40 signs."""
    return f'"{text}"' if len(text) <= 40 else f'"{text[:39]}…"'


@cache
def column_letter(index: int) -> str:
    """Name a column as a spreadsheet does: 0 → A, 26 → AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def too_many_rows(limits: Limits) -> str:
    """Say that the file has more rows than the limit."""
    limit = f"{limits.max_rows:,}".replace(",", " ")
    return f"filen har fler än {limit} rader, som är det mesta som går att läsa in. Dela upp den i flera filer."


class TableBuilder:
    """Turns raw rows into a Table, noting every broken cell.

    In a `typed` table (a workbook) a text is never a formula. Equal cells are kept once, which is what keeps a large
    register small in memory.
    """

    def __init__(self, limits: Limits, collector: Collector | None = None, *, typed: bool = False) -> None:
        self._typed = typed
        self.collector = Collector() if collector is None else collector
        self.names: tuple[str, ...] = ()
        self._limits = limits
        self._rows: list[Row] = []
        self._known: dict[Cell, Cell] = {}
        self._kept: list[int] = []

    def head(self, raw: Sequence[Cell]) -> None:
        """Take the head row; raise ImportRefused when it cannot name the columns."""
        names = [self._clean(HEAD_ROW, column_letter(i), cell) for i, cell in enumerate(raw)]
        self.collector.raise_if_any()
        self.names = tuple(str(name) for name in names)
        self._kept = [index for index, name in enumerate(self.names) if name]
        if not self._kept:
            raise refuse("raden är tom. Skriv kolumnernas namn på första raden.", row=HEAD_ROW)
        if len(self._kept) > self._limits.max_columns:
            limit = self._limits.max_columns
            raise refuse(f"filen har fler än {limit} kolumner. Ta bort dem som inte behövs.", row=HEAD_ROW)
        seen: set[str] = set()
        for name in (self.names[index] for index in self._kept):
            if name.casefold() in seen:
                self.collector.add(HEAD_ROW, name, "kolumnen står två gånger. Ta bort eller döp om den ena.")
            seen.add(name.casefold())

    def row(self, number: int, raw: Sequence[Cell]) -> None:
        """Take one data row; empty rows are skipped, missing last cells are empty."""
        width = len(self.names)
        cells = [self._clean(number, i, cell) for i, cell in enumerate(raw)]
        if not any(cells):
            return
        if len(self._rows) >= self._limits.max_rows:
            raise refuse(too_many_rows(self._limits))
        if any(cells[width:]):
            message = f"raden har fler celler än första raden har kolumner ({width}). Kontrollera skiljetecknen."
            self.collector.add(number, None, message)
        del cells[width:]
        cells.extend([""] * (width - len(cells)))
        if len(self._kept) < width:
            self._check_unnamed(number, cells)
            cells = [cells[index] for index in self._kept]
        self._rows.append(Row(number, tuple(cells)))

    def table(self, raising: bool) -> Table:
        """Give the finished table; raise ImportRefused when any cell was broken, unless the caller goes on looking."""
        if raising:
            self.collector.raise_if_any()
        return Table(tuple(self.names[index] for index in self._kept), self._rows)

    def column_name(self, index: int) -> str:
        """Name a column for a message: its head, or its letter when it has none."""
        name = self.names[index] if index < len(self.names) else ""
        return name or column_letter(index)

    def _check_unnamed(self, number: int, cells: Iterable[Cell]) -> None:
        for index, cell in enumerate(cells):
            if cell and not self.names[index]:
                message = "kolumnen har innehåll men inget namn på första raden. Ge den ett namn eller töm den."
                self.collector.add(number, column_letter(index), message)

    def _clean(self, number: int, column: int | str, cell: Cell) -> Cell:
        known = self._known.get(cell)
        if known is not None:
            return known
        try:
            text = clean_text(cell, self._limits.max_cell_chars, typed=self._typed) if isinstance(cell, str) else cell
        except BadCell as bad:
            self.collector.add(number, column if isinstance(column, str) else self.column_name(column), str(bad))
            return ""
        if len(self._known) < _REMEMBERED:
            self._known[cell] = text
        return text


def clean_text(text: str, max_chars: int, *, typed: bool = False) -> str:
    """Strip white space and the guarding `'`; raise BadCell for control signs, too long a text or an unguarded formula.

    A `typed` cell comes from a workbook, where a text is a text and a formula has already become what it shows.
    """
    if len(text) > max_chars:
        raise BadCell(f"texten har {len(text)} tecken, högst {max_chars} går att läsa in. Korta texten.")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    control = _CONTROL.search(text)
    if control:
        code = f"U+{ord(control.group()):04X}"
        raise BadCell(f"cellen har ett osynligt styrtecken ({code}). Skriv om texten i cellen.")
    text = text.strip()
    if _GUARD.match(text):
        return text[1:].strip()
    if not typed and _FORMULA.match(text):
        raise BadCell(f"{quoted(text)} ser ut som en formel. Skriv värdet, eller ' först om texten ska stå så.")
    return text
