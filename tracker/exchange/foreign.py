"""How does a foreign table become one of ours? Its columns are surveyed, and read as the fields they are said to be."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.exchange.columns import fold
from tracker.exchange.errors import BadCell, Collector, refuse
from tracker.exchange.reading import BROKEN_FORMULA, TOO_MANY_DIGITS
from tracker.exchange.sheets import Inexact, OpenFile, RawRow, filled
from tracker.exchange.table import (
    DEFAULT_LIMITS,
    Cell,
    Limits,
    Row,
    Table,
    clean_text,
    column_letter,
    too_many_rows,
)

SAMPLES = 3
HEAD_LOOKED_FOR = 30
REMEMBERED = 50_000
MOST_NOTES = 20
_SPACE = re.compile(r"\s+")
Convert = Callable[[Cell], Cell]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the table stands: the sheet, the row of its head, and its last row (None: the sheet's last)."""

    sheet: int = 0
    head_row: int = 1
    last_row: int | None = None


@dataclass(slots=True)
class ForeignColumn:
    """A column of the file: its place from 0, what it is called, some of its cells, and how many are filled."""

    index: int
    name: str
    named: bool
    hidden: bool = False
    samples: list[str] = field(default_factory=list)
    filled: int = 0

    @property
    def letter(self) -> str:
        """As a spreadsheet names it."""
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class Survey:
    """The columns of a table, how many rows it has, and which rows under it are notes and no part of it."""

    columns: list[ForeignColumn]
    rows: int
    notes: tuple[int, ...]


def propose_head_row(rows: Iterable[RawRow], words: Collection[str]) -> int:
    """The number of the row that looks most like a head: texts that differ, and among them known `words` (folded)."""
    best, found = 0, 1
    for number, cells in rows:
        if number > HEAD_LOOKED_FOR:
            break
        texts = [_name(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
        distinct = {fold(text) for text in texts if len(text) <= 60 and not any(sign.isdigit() for sign in text)}
        score = len(distinct) + 3 * len(distinct & set(words)) if len(texts) > 1 else 0
        if score > best:
            best, found = score, number
    return found


def _name(cell: Cell) -> str:
    return _SPACE.sub(" ", str(cell)).strip()


def heads_of(cells: Sequence[Cell], hidden: Collection[int] = ()) -> list[ForeignColumn]:
    """The columns that a head row names. Where two have one name, both tell their letter; one without is its letter."""
    names = [_name(cell) for cell in cells]
    times = Counter(name.casefold() for name in names)
    return [
        ForeignColumn(
            index,
            f"kolumn {column_letter(index)}" if not name
            else f"{name} ({column_letter(index)})" if times[name.casefold()] > 1 else name,
            bool(name),
            index in hidden,
        )
        for index, name in enumerate(names)
    ]  # fmt: skip


def survey(file: OpenFile, place: Place, limits: Limits = DEFAULT_LIMITS) -> Survey:
    """Walks the table once. Raises ImportRefused when the head row is empty, or the table too large."""
    hidden = file.facts(place.sheet).hidden_columns
    columns: list[ForeignColumn] = []
    tail = _Tail()
    rows = 0
    for number, cells in file.rows(place.sheet):
        if number < place.head_row or (place.last_row is not None and number > place.last_row):
            continue
        if number == place.head_row:
            columns = heads_of(cells, hidden)
            continue
        if len(cells) > len(columns):
            columns += heads_of([""] * len(cells), hidden)[len(columns) :]
        rows += tail.take(number, cells)
        for column, cell in zip(columns, cells, strict=False):
            _sample(column, cell)
    columns = [column for column in columns if column.named or column.filled]
    if not any(column.named for column in columns):
        raise refuse("rubrikraden är tom. Välj raden där kolumnernas namn står.", row=place.head_row)
    if len(columns) > limits.max_columns:
        raise refuse(f"tabellen har fler än {limits.max_columns} kolumner. Ta bort dem som inte behövs.")
    notes = tail.notes
    if rows - len(notes) > limits.max_rows:
        raise refuse(too_many_rows(limits))
    return Survey(columns, rows - len(notes), notes)


def _sample(column: ForeignColumn, cell: Cell) -> None:
    if cell == "":
        return
    text = cell.strip() if isinstance(cell, str) else cell.isoformat()
    if not text:
        return
    column.filled += 1
    if len(column.samples) < SAMPLES and text not in column.samples:
        column.samples.append(text)


class _Tail:
    """Tells the notes under a table from its rows: the last ones that have one cell filled, where others have more."""

    def __init__(self) -> None:
        self._notes: list[int] = []
        self._several = False

    def take(self, number: int, cells: Sequence[Cell]) -> bool:
        """Looks at the next row; whether it holds anything."""
        count = filled(cells)
        if count > 1:
            self._several = True
            self._notes.clear()
        elif count:
            self._notes.append(number)
        return count > 0

    @property
    def notes(self) -> tuple[int, ...]:
        """The rows at the end that are notes; more than twenty are no notes."""
        return tuple(self._notes) if self._several and len(self._notes) <= MOST_NOTES else ()


def distinct_cells(
    file: OpenFile, place: Place, notes: Collection[int], columns: Mapping[str, int], most: int
) -> dict[str, Counter[Cell]]:
    """The different cells of some columns (field → index), as they are read, with how often; at most `most` of each
    column. Bad cells, empty ones and those that only clear are left out.
    """
    raw: dict[str, Counter[Cell]] = {name: Counter() for name in columns}
    for _, cells in _table_rows(file, place, notes):
        for name, index in columns.items():
            cell = cells[index] if index < len(cells) else ""
            counted = raw[name]
            if cell != "" and (cell in counted or len(counted) < most):
                counted[cell] += 1
    found: dict[str, Counter[Cell]] = {name: Counter() for name in columns}
    for name, counted in raw.items():
        reader = _Reader(name, None, Collector(), DEFAULT_LIMITS, typed=file.is_workbook)
        for cell, count in counted.items():
            clean = reader.read(cell, 0)
            if clean not in {"", "-"}:
                found[name][clean] += count
    return found


def _table_rows(file: OpenFile, place: Place, notes: Collection[int]) -> Iterator[RawRow]:
    left_out = set(notes)
    for number, cells in file.rows(place.sheet):
        if number <= place.head_row or number in left_out:
            continue
        if place.last_row is not None and number > place.last_row:
            return
        yield number, cells


def read_mapped(
    file: OpenFile,
    place: Place,
    notes: Collection[int],
    columns: Mapping[str, int],
    converters: Mapping[str, Convert],
    collector: Collector,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """The table with the fields (name → index in the file) as its columns; other columns are not looked at.

    Cells are cleaned as those of any file, and converted where there is a converter. A bad cell is noted under its
    field's name, and read as empty.
    """
    names = tuple(columns)
    readers = [_Reader(name, converters.get(name), collector, limits, typed=file.is_workbook) for name in names]
    errors = set(file.facts(place.sheet).errors)
    rows: list[Row] = []
    indexes = tuple(columns.values())
    for number, raw in _table_rows(file, place, notes):
        cells = tuple([
            reader.read(raw[index] if index < len(raw) else "", number)
            for reader, index in zip(readers, indexes, strict=True)
        ])  # fmt: skip
        for name, index in columns.items() if errors else ():
            if (number, index) in errors:
                collector.add(number, name, BROKEN_FORMULA)
        if not any(cells):
            continue
        if len(rows) >= limits.max_rows:
            raise refuse(too_many_rows(limits))
        rows.append(Row(number, cells))
    return Table(names, rows)


class _Reader:
    """Reads one column's cells; what it has read once it knows."""

    def __init__(
        self, name: str, convert: Convert | None, collector: Collector, limits: Limits, *, typed: bool
    ) -> None:
        self._name, self._convert, self._collector = name, convert, collector
        self._longest, self._typed = limits.max_cell_chars, typed
        self._known: dict[Cell, Cell] = {"": ""}

    def read(self, raw: Cell, number: int) -> Cell:
        """The cell's value; "" for one that is bad, which is noted."""
        if type(raw) is Inexact:
            self._collector.add(number, self._name, TOO_MANY_DIGITS)
            return ""
        known = self._known.get(raw)
        if known is not None:
            return known
        try:
            cell = clean_text(raw, self._longest, typed=self._typed) if isinstance(raw, str) else raw
            cell = self._convert(cell) if self._convert else cell
        except BadCell as bad:
            self._collector.add(number, self._name, str(bad))
            return ""
        if len(self._known) < REMEMBERED:
            self._known[raw] = cell
        return cell
