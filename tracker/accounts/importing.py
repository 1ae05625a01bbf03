"""How does a file of units or of users become rows to save? Reading only: nothing here asks the database."""

from dataclasses import dataclass
from typing import Final

from tracker.exchange.columns import CLEAR, Mark
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Day, RowCells, Text, column_places
from tracker.exchange.table import Table
from tracker.rules.permissions import Role

UNIT_COLUMNS: Final = {"enhet": True, "over": False, "giltig_till": False}
USER_COLUMNS: Final = {"epost": True, "namn": True, "roll": True, "enhet": False, "fran": False, "till": False}
_ROLES = {role.value: role for role in Role}


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


def parse_units(table: Table, collector: Collector) -> list[UnitLine]:
    """The rows of a file of units; every bad cell is noted. Raises ImportRefused when the columns are wrong."""
    places = column_places(table, UNIT_COLUMNS, collector)
    lines: list[UnitLine] = []
    seen: dict[str, int] = {}
    for number, row in table.rows:
        cells = RowCells(number, row, places, collector)
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
    places = column_places(table, USER_COLUMNS, collector)
    lines: list[UserLine] = []
    names: dict[str, tuple[str, int]] = {}
    for number, row in table.rows:
        cells = RowCells(number, row, places, collector)
        email = cells.key("epost", 254, "Skriv personens e-postadress.")
        name, role = cells.text("namn", 120), cells.choice("roll", _ROLES)
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
