"""How does a file of occasions become rows to save? Reading and checking only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.exchange.columns import LEAVE
from tracker.exchange.errors import Collector
from tracker.exchange.rows import RowCells, column_places
from tracker.exchange.table import Table
from tracker.guarantees.models import LONGEST_GROUND
from tracker.guarantees.queries import GuaranteeRow

LONGEST_REFERENCE, LONGEST_UNIT = 60, 120
GUARANTEE_COLUMNS = {
    "ref": True, "garanti": True, "enhet": False, "startdatum": True, "slutdatum": False, "forlangd_till": False,
    "forlangd_beslutad": False, "forlangd_skal": False, "orsak": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OccasionLine:
    """One row of a file: its place, which occasion it is about, and what it says of it (None: nothing)."""

    number: int
    guarantee: GuaranteeRow
    ref: str
    started_on: date
    unit: str | None
    ended_on: date | None
    prolonged_to: date | None
    prolonged_on: date | None
    prolonged_for: str | None
    cause: str | None


def parse_guarantees(
    table: Table, collector: Collector, guarantees: Mapping[str, GuaranteeRow]
) -> list[OccasionLine]:  # fmt: skip
    """The rows of a file; every bad cell is noted. `guarantees`: each by the name that files use, and its own."""
    places = column_places(table, GUARANTEE_COLUMNS, collector)
    lines: list[OccasionLine] = []
    seen: dict[tuple[int, str, date], int] = {}
    for number, row in table.rows:
        cells = RowCells(number, row, places, collector)
        line = _line(number, cells, guarantees)
        if line is None:
            continue
        key = (line.guarantee.id, line.ref, line.started_on)
        if (earlier := seen.setdefault(key, number)) != number:
            cells.bad(
                "ref", f"{line.ref} står redan på rad {earlier}, med samma garanti och startdag. Ta bort en av dem."
            )
            continue
        lines.append(line)
    return lines


def _line(number: int, cells: RowCells, guarantees: Mapping[str, GuaranteeRow]) -> OccasionLine | None:
    ref = cells.key("ref", LONGEST_REFERENCE, "Skriv ärendets beteckning.")
    guarantee = cells.kept("garanti", cells.choice("garanti", guarantees))
    started_on = cells.kept("startdatum", cells.day("startdatum"))
    if guarantee is LEAVE:
        cells.bad("garanti", "saknas. Skriv till exempel forhandsbedomning.")
    if started_on is LEAVE:
        cells.bad("startdatum", "saknas. Skriv dagen som 2026-03-31.")
    ended_on = _day(cells, "slutdatum")
    prolonged_to, prolonged_on = _day(cells, "forlangd_till"), _day(cells, "forlangd_beslutad")
    grounds, unit = _text(cells, "forlangd_skal", LONGEST_GROUND), _text(cells, "enhet", LONGEST_UNIT)
    cause = _text(cells, "orsak", LONGEST_UNIT)
    if prolonged_to is not None and (prolonged_on is None or grounds is None):
        cells.bad("forlangd_till", "behöver också forlangd_beslutad och forlangd_skal.")
        return None
    if ref is None or not isinstance(guarantee, GuaranteeRow) or not isinstance(started_on, date):
        return None
    return OccasionLine(
        number, guarantee, ref, started_on, unit, ended_on, prolonged_to, prolonged_on, grounds, cause
    )  # fmt: skip


def _day(cells: RowCells, name: str) -> date | None:
    day = cells.kept(name, cells.day(name))
    return day if isinstance(day, date) else None


def _text(cells: RowCells, name: str, longest: int) -> str | None:
    text = cells.kept(name, cells.text(name, longest))
    return text if isinstance(text, str) else None
