"""A manager's units in one line each: what is open and late, with the lists that hold just so many."""

from bisect import bisect_left, bisect_right
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from tracker.accounts.queries import UnitRow, kept_units
from tracker.accounts.reader import Reader
from tracker.actions.waiting import late_by_unit
from tracker.cases.access import case_scope
from tracker.cases.register import open_by_unit
from tracker.cases.registers import COMPLAINTS, DEVIATIONS
from tracker.overview.queries import ask_by_unit
from tracker.records.questions import Part
from tracker.records.scope import scope_of
from tracker.rules.permissions import Permission, Role

MOST_LINES = 25
COLUMNS = (
    ("Öppna avvikelser", "/avvikelser?status=oppna&enhet={}"),
    ("Öppna synpunkter", "/synpunkter?status=oppna&enhet={}"),
    ("Försenade åtgärder", "/atgarder?lista=forsenade&vems=alla&enhet={}"),
)


class UnitLine(NamedTuple):
    """A unit, as deep as it lies, with (head, count, address) for each of COLUMNS; what lies below it is counted in."""

    name: str
    depth: int
    cells: tuple[tuple[str, int, str], ...]


def unit_lines(reader: Reader, today: date) -> Part[list[UnitLine]]:
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
    asked = (open_by_unit(DEVIATIONS, deviations), open_by_unit(COMPLAINTS, complaints), late_by_unit(actions, today))
    (counted,) = yield [ask_by_unit(asked)]
    top, kept = min(unit.depth for unit in units), sorted(kept, key=lambda unit: unit.tree_from)
    places = [unit.tree_from for unit in kept]
    sums = tuple(list(accumulate((of.get(unit.id, 0) for unit in kept), initial=0)) for of in counted)
    return [_line(unit, unit.depth - top, places, sums) for unit in _shown(units)]


def _shown(units: list[UnitRow]) -> list[UnitRow]:
    """All of them, or the highest levels that fit."""
    for depth in sorted({unit.depth for unit in units}, reverse=True):
        found = [unit for unit in units if unit.depth <= depth]
        if len(found) <= MOST_LINES:
            return found
    return units[:MOST_LINES]


def _line(unit: UnitRow, depth: int, places: list[int], sums: tuple[list[int], ...]) -> UnitLine:
    first, last = bisect_left(places, unit.tree_from), bisect_right(places, unit.tree_to)
    cells = ((head, of[last] - of[first], path.format(unit.id)) for of, (head, path) in zip(sums, COLUMNS, strict=True))
    return UnitLine(unit.name, depth, tuple(cells))
