"""What do the pages of information to staff show? A line for each unit, a line for each person, and their files."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tracker.cases.duty_staff import StaffRow
from tracker.exchange.writing import Column
from tracker.rules.duty_information import HOW_LABELS, STANDING_LABELS, Standing
from tracker.web.marks import StateMark

MARKS = {
    Standing.INFORMED: StateMark(STANDING_LABELS[Standing.INFORMED], "✓", "done"),
    Standing.SOON: StateMark(STANDING_LABELS[Standing.SOON], "◆", "soon"),
    Standing.NEW: StateMark(STANDING_LABELS[Standing.NEW], "●", "open"),
    Standing.MISSING: StateMark(STANDING_LABELS[Standing.MISSING], "■", "late"),
}
COLUMNS = (
    Column("unit", "enhet", 24), Column("name", "vem", 24), Column("account", "konto", 8),
    Column("began", "forsta_dag", 12, "date"), Column("informed", "informerad", 12, "date"), Column("how", "hur", 20),
    Column("by", "av", 24), Column("due", "senast", 12, "date"), Column("standing", "lage", 22),
)  # fmt: skip


class UnitLine(NamedTuple):
    """A unit, how many work there, and how many of them stand how."""

    unit_id: int
    name: str
    people: int
    counts: dict[Standing, int]


def unit_lines(rows: Iterable[StaffRow], units: list[tuple[int, str]]) -> list[UnitLine]:
    """A line for each open unit, in the order of the tree."""
    counted: dict[int, Counter[Standing]] = {}
    for row in rows:
        counted.setdefault(row.unit_id, Counter())[row.standing] += 1
    return [
        UnitLine(unit_id, name, sum(found.values()), {one: found[one] for one in Standing})
        for unit_id, name in units
        for found in (counted.get(unit_id, Counter()),)
    ]


def people(rows: Iterable[StaffRow]) -> tuple[int, int]:
    """How many persons there are, each once, and how many of them are missing."""
    by_key = {row.key: row.standing for row in rows}
    return len(by_key), sum(one is Standing.MISSING for one in by_key.values())


def exported_rows(rows: Iterable[StaffRow], units: list[tuple[int, str]]) -> list[tuple[object, ...]]:
    """The rows of a file, in the order of the units."""
    place = {unit_id: number for number, (unit_id, _) in enumerate(units)}
    names = dict(units)
    return [
        (
            names.get(row.unit_id, ""), row.name, "ja" if row.has_account else "nej", row.began_on, row.informed_on,
            HOW_LABELS[row.how] if row.how else "", row.informed_by, row.due_on, STANDING_LABELS[row.standing],
        )
        for row in sorted(rows, key=lambda row: place.get(row.unit_id, len(place)))
    ]  # fmt: skip
