"""A manager's units in one line each: what is open and late, with the lists that hold just so many."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from tracker.accounts.queries import UnitRow, kept_units
from tracker.accounts.reader import Reader
from tracker.actions.waiting import count_late_by_unit
from tracker.cases.access import case_scope
from tracker.cases.filtering import CaseFilter, Status
from tracker.cases.register import count_by_unit
from tracker.cases.registers import COMPLAINTS, DEVIATIONS
from tracker.records.scope import scope_of
from tracker.rules.permissions import Permission, Role

MOST_LINES = 25
COLUMNS = (
    ("Öppna avvikelser", "/avvikelser?status=oppna&enhet={}"),
    ("Öppna synpunkter", "/synpunkter?status=oppna&enhet={}"),
    ("Försenade åtgärder", "/atgarder?lista=forsenade&vems=alla&enhet={}"),
)


class UnitLine(NamedTuple):
    """A unit, as deep as it lies, with (count, address) for each of COLUMNS; what lies below it is counted in."""

    name: str
    depth: int
    cells: tuple[tuple[int, str], ...]


def unit_lines(reader: Reader, today: date) -> list[UnitLine]:
    """The units that a manager manages, those at the top of them where they are many; none for one unit or none."""
    if Role.MANAGER not in reader.roles:
        return []
    kept = kept_units(reader.reach(Permission.HANDLE_DEVIATIONS))
    units = [unit for unit in kept if unit.valid_until is None or unit.valid_until >= today]
    if len(units) < 2:
        return []
    deviations, complaints, actions = (
        scope.within(scope.reach)  # as a list of a unit is: what is given by name counts inside it alone
        for scope in (
            case_scope(DEVIATIONS, reader), case_scope(COMPLAINTS, reader), scope_of(reader, Permission.READ_ACTIONS),
        )
    )  # fmt: skip
    opened = CaseFilter(Status.OPEN)
    counted = (
        count_by_unit(DEVIATIONS, opened, deviations, today), count_by_unit(COMPLAINTS, opened, complaints, today),
        count_late_by_unit(actions, today),
    )  # fmt: skip
    top = min(unit.depth for unit in units)
    return [_line(unit, unit.depth - top, kept, counted) for unit in _shown(units)]


def _shown(units: list[UnitRow]) -> list[UnitRow]:
    """All of them, or the highest levels that fit."""
    for depth in sorted({unit.depth for unit in units}, reverse=True):
        found = [unit for unit in units if unit.depth <= depth]
        if len(found) <= MOST_LINES:
            return found
    return units[:MOST_LINES]


def _line(unit: UnitRow, depth: int, kept: list[UnitRow], counted: tuple[Mapping[int, int], ...]) -> UnitLine:
    below = {one.id for one in kept if unit.tree_from <= one.tree_from <= unit.tree_to}
    cells = tuple(
        (sum(counts.get(unit_id, 0) for unit_id in below), path.format(unit.id))
        for counts, (_, path) in zip(counted, COLUMNS, strict=True)
    )
    return UnitLine(unit.name, depth, cells)
