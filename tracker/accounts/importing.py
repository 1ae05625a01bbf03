"""How does a file of units or of users become rows to save? Reading only: nothing here asks the database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

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
)
from tracker.exchange.errors import BadCell, Collector
from tracker.exchange.reading import Cell, Table
from tracker.rules.identity import holds_person_number
from tracker.rules.permissions import Role

UNIT_COLUMNS: Final = {"enhet": True, "over": False, "giltig_till": False}
USER_COLUMNS: Final = {"epost": True, "namn": True, "roll": True, "enhet": False, "fran": False, "till": False}
Text = str | Mark
Day = date | Mark
_ROLES = {fold(role.value): role for role in Role}


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One row of a file of units."""

    number: int
    name: str
    over: Text
    valid_until: Day


@dataclass(frozen=True, slots=True)
class UserLine:
    """One row of a file of users: one role of one user."""

    number: int
    email: str
    name: Text
    role: Role | Mark
    unit: Text
    from_on: Day
    to_on: Day


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


class _Cells:
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
        return value if isinstance(value, str | Mark) else LEAVE

    def day(self, name: str) -> Day:
        """A day."""
        value = self._read(name, parse_date)
        return value if isinstance(value, date | Mark) else LEAVE

    def role(self, name: str) -> Role | Mark:
        """A role by the name that files use."""
        value = self._read(name, lambda cell: parse_choice(cell, _ROLES, [role.value for role in Role]))
        return value if isinstance(value, Role | Mark) else LEAVE

    def key(self, name: str, longest: int, advice: str) -> str | None:
        """A text that every row must have; None, and noted, where it lacks."""
        errors = self._collector.total
        value = self.text(name, longest)
        if isinstance(value, str):
            return value
        if errors == self._collector.total:
            self.bad(name, f"saknas. {advice}")
        return None

    def bad(self, name: str, message: str) -> None:
        """Notes what is wrong with a cell."""
        self._collector.add(self._number, name, message)

    def _read(self, name: str, parse: Callable[[Cell], object]) -> object:
        try:
            return parse(cell_at(self._cells, self._places, name))
        except BadCell as error:
            self.bad(name, str(error))
            return LEAVE


def _places(table: Table, columns: dict[str, bool], collector: Collector) -> dict[str, int]:
    errors = collector.total
    places = match_columns(table.columns, columns, collector)
    if collector.total > errors:
        collector.raise_if_any()
    return places


def parse_units(table: Table, collector: Collector) -> list[UnitLine]:
    """The rows of a file of units; every bad cell is noted. Raises ImportRefused when the columns are wrong."""
    places = _places(table, UNIT_COLUMNS, collector)
    lines: list[UnitLine] = []
    seen: dict[str, int] = {}
    for number, row in table.rows:
        cells = _Cells(number, row, places, collector)
        name = cells.key("enhet", 120, "Skriv enhetens namn.")
        line = UnitLine(number, name or "", cells.text("over", 120), cells.day("giltig_till"))
        if name is None:
            continue
        earlier = seen.setdefault(name, number)
        if earlier != number:
            cells.bad("enhet", f"samma enhet står redan på rad {earlier}. Ta bort en av dem.")
            continue
        lines.append(line)
    return lines


def parse_users(table: Table, collector: Collector) -> list[UserLine]:
    """The rows of a file of users; every bad cell is noted. Raises ImportRefused when the columns are wrong."""
    places = _places(table, USER_COLUMNS, collector)
    lines: list[UserLine] = []
    names: dict[str, tuple[str, int]] = {}
    for number, row in table.rows:
        cells = _Cells(number, row, places, collector)
        email = cells.key("epost", 254, "Skriv personens e-postadress.")
        name, role = cells.text("namn", 120), cells.role("roll")
        days = (cells.day("fran"), cells.day("till"))
        unit = cells.text("enhet", 120)
        for column, value in (("namn", name), ("roll", role), ("fran", days[0])):
            if value is CLEAR:
                cells.bad(column, "kan inte tömmas. Skriv vad som gäller.")
        if email is None:
            continue
        email = email.casefold()
        if isinstance(name, str):
            said, earlier = names.setdefault(email, (name, number))
            if said != name:
                cells.bad("namn", f"rad {earlier} säger ett annat namn. Skriv samma namn på båda raderna.")
        lines.append(UserLine(number, email, name, role, unit, *days))
    return lines
