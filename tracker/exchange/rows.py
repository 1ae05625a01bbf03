"""How are the rows of a file read, cell by cell, and counted? For every register that is kept in columns of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from tracker.exchange.columns import (
    CLEAR,
    LEAVE,
    Mark,
    cell_at,
    fold,
    match_columns,
    parse_choice,
    parse_date,
    parse_text,
    parse_whole_number,
)
from tracker.exchange.errors import BadCell, Collector
from tracker.exchange.table import Cell, Table
from tracker.rules.identity import holds_person_number

T = TypeVar("T")
Text = str | Mark
Day = date | Mark
Number = int | Mark


@dataclass(slots=True)
class Imported:
    """How many rows were new, changed and unchanged, what to look at, and (address, code) of users who are new."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    warnings: list[str] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)

    def count(self, is_new: bool, changed: bool) -> None:
        """Counts one row."""
        if is_new:
            self.new += 1
        elif changed:
            self.changed += 1
        else:
            self.unchanged += 1

    def __str__(self) -> str:
        return f"{self.new} nya, {self.changed} ändrade, {self.unchanged} oförändrade"


class RowCells:
    """The cells of one row by the column's name; what cannot be read is noted, and counts as left out."""

    def __init__(self, number: int, cells: tuple[Cell, ...], places: dict[str, int], collector: Collector) -> None:
        self._number, self._cells, self._places, self._collector = number, cells, places, collector

    def text(self, name: str, longest: int) -> Text:
        """A text of at most so many signs."""
        value = self._read(name, parse_text)
        if isinstance(value, str):
            if len(value) > longest:
                self.bad(name, f"texten är för lång. Skriv högst {longest} tecken.")
                return LEAVE
            if holds_person_number(value):
                self.bad(name, "ser ut att innehålla ett personnummer. Skriv utan personnummer.")
                return LEAVE
        return value

    def day(self, name: str) -> Day:
        """A day."""
        return self._read(name, parse_date)

    def choice(self, name: str, choices: Mapping[str, T]) -> T | Mark:
        """One of some choices, by its name in files: `choices` is name → value."""
        folded = {fold(label): value for label, value in choices.items()}
        return self._read(name, lambda cell: parse_choice(cell, folded, list(choices)))

    def number(self, name: str, lowest: int = 0, highest: int | None = None) -> Number:
        """A whole number within the bounds."""
        return self._read(name, lambda cell: parse_whole_number(cell, lowest, highest))

    def key(self, name: str, longest: int, advice: str) -> str | None:
        """A text that every row must have; None, and noted, where it lacks."""
        errors = self._collector.total
        value = self.text(name, longest)
        if isinstance(value, str):
            return value
        if errors == self._collector.total:
            self.bad(name, f"saknas. {advice}")
        return None

    def kept(self, name: str, value: T | Mark) -> T | Mark:
        """A value that can be left out but not cleared; a `-` is noted and counts as left out."""
        if value is CLEAR:
            self.bad(name, "kan inte tömmas. Skriv vad som gäller.")
            return LEAVE
        return value

    def bad(self, name: str, message: str) -> None:
        """Notes what is wrong with a cell."""
        self._collector.add(self._number, name, message)

    def _read(self, name: str, parse: Callable[[Cell], T | Mark]) -> T | Mark:
        try:
            return parse(cell_at(self._cells, self._places, name))
        except BadCell as error:
            self.bad(name, str(error))
            return LEAVE


def column_places(table: Table, columns: Mapping[str, bool], collector: Collector) -> dict[str, int]:
    """Where each known column stands (name → required in `columns`). Raises ImportRefused when they are wrong."""
    errors = collector.total
    places = match_columns(table.columns, columns, collector)
    if collector.total > errors:
        collector.raise_if_any()
    return places
