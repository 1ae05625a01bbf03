"""Bringing in a file of units: all rows or none, in any order, and never a circle."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.accounts.importing import UnitLine
from tracker.accounts.models import Unit
from tracker.accounts.queries import find_top_unit, unit_places
from tracker.accounts.reader import Reach
from tracker.accounts.services import create_unit, create_units, ensure_top_unit
from tracker.accounts.units import place_units, set_last_days
from tracker.database import db
from tracker.exchange.columns import CLEAR, LEAVE
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Imported
from tracker.rules.errors import RuleViolation

UNKNOWN = "enheten är okänd eller utanför det du har tillgång till. Skriv en enhet som finns, här eller i filen."


@dataclass(slots=True)
class _Wish:
    """What a row asks for: the unit (None: a new one), its parent's name in `places`, its last day."""

    line: UnitLine
    unit_id: int | None
    over: str | None
    valid_until: date | None
    changed: bool = False


def import_units(
    lines: list[UnitLine], home_unit_id: int | None, reach: Reach, collector: Collector, today: date
) -> Imported:
    """Saves the rows of a file of units within the caller's transaction, under its lock.

    A new unit without `over` lies under `home_unit_id`, or under the top; in an empty tree the only such row is the
    top. Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    result = Imported()
    made = _make_top(lines)
    known = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    places = unit_places()
    home = known[home_unit_id] if home_unit_id else find_top_unit()
    wishes = [_wish(line, known, places, home.name if home else "", reach, collector) for line in lines]
    wanted = {wish.line.name: wish for wish in wishes if wish is not None}
    _check_parents(wanted, places, reach, collector)
    _check_circles(wanted, known, places, collector)
    collector.raise_if_any()
    for wish in wanted.values():
        result.count(wish.unit_id is None or wish.unit_id == made, wish.changed)
    units = _make_new(wanted, known, places, collector)
    try:
        moves = [(units[w.line.name], units[w.over]) for w in wanted.values() if w.over and w.unit_id]
        place_units(moves, today)
        set_last_days({units[w.line.name]: w.valid_until for w in wanted.values()})
    except RuleViolation as violation:
        collector.add(None, "over" if violation.field == "over" else "giltig_till", violation.message)
    collector.raise_if_any()
    return result


def _make_top(lines: list[UnitLine]) -> int | None:
    """In an empty tree: the top, which is the only row without `over`, or else gets the name that it has at first."""
    if find_top_unit() is not None:
        return None
    above = [line for line in lines if line.over is LEAVE or line.over is CLEAR]
    return create_unit(above[0].name, None).id if len(above) == 1 else ensure_top_unit().id


def _wish(
    line: UnitLine, known: dict[int, Unit], places: dict[str, tuple[int, int]], home: str, reach: Reach,
    collector: Collector,
) -> _Wish | None:  # fmt: skip
    """What the row asks for; None, and noted, where the name belongs to a unit beyond the reach."""
    found = places.get(line.name)
    if found is None:
        valid_until = line.valid_until if isinstance(line.valid_until, date) else None
        return _Wish(line, None, line.over if isinstance(line.over, str) else home, valid_until)
    unit = known[found[0]]
    if not reach.covers(unit.tree_from):
        collector.add(line.number, "enhet", "namnet används redan. Välj ett annat.")
        return None
    top = next(one.name for one in known.values() if one.parent_id is None)
    over = line.over if isinstance(line.over, str) else (top if line.over is CLEAR else None)
    if unit.parent_id is None:
        if isinstance(line.over, str):
            collector.add(line.number, "over", "den översta enheten kan inte ligga under en annan. Töm cellen.")
        over = None
    valid_until = unit.valid_until if line.valid_until is LEAVE else None
    if isinstance(line.valid_until, date):
        valid_until = line.valid_until
    moved = over is not None and places.get(over, (0,))[0] != unit.parent_id
    if moved and not reach.covers(known[unit.parent_id or 0].tree_from):
        collector.add(line.number, "over", "enheten över ligger utanför det du har tillgång till. Töm cellen.")
    return _Wish(line, unit.id, over if moved else None, valid_until, moved or valid_until != unit.valid_until)


def _check_parents(
    wanted: dict[str, _Wish], places: dict[str, tuple[int, int]], reach: Reach, collector: Collector
) -> None:
    by_unit: dict[int, int] = {}
    for wish in wanted.values():
        if wish.unit_id is not None:
            earlier = by_unit.setdefault(wish.unit_id, wish.line.number)
            if earlier != wish.line.number:
                message = f"rad {earlier} gäller samma enhet, under ett annat namn. Ta bort en av dem."
                collector.add(wish.line.number, "enhet", message)
        if wish.over is None:
            continue
        found = places.get(wish.over)
        is_new = wish.over in wanted and wanted[wish.over].unit_id is None
        if not is_new and (found is None or not reach.covers(found[1])):
            collector.add(wish.line.number, "over", UNKNOWN)


def _check_circles(
    wanted: dict[str, _Wish], known: dict[int, Unit], places: dict[str, tuple[int, int]], collector: Collector
) -> None:
    """Notes each row whose unit would lie below itself, when all rows have been done."""
    names = {unit.id: unit.name for unit in known.values()}
    above = {unit.name: names.get(unit.parent_id or 0) for unit in known.values()}

    def current(name: str) -> str:
        return names[places[name][0]] if name in places else name

    for wish in wanted.values():
        if wish.over is not None:
            above[current(wish.line.name)] = current(wish.over)
    for wish in wanted.values():
        start = current(wish.line.name)
        name, seen = above.get(start), {start}
        while name is not None and name not in seen:
            seen.add(name)
            name = above.get(name)
        if name == start:
            collector.add(wish.line.number, "over", "enheten skulle ligga under sig själv. Rätta raderna.")


def _make_new(
    wanted: dict[str, _Wish], known: dict[int, Unit], places: dict[str, tuple[int, int]], collector: Collector
) -> dict[str, Unit]:
    """Makes the units that are new, those above first; gives every unit by the names that rows use."""
    units = {name: known[unit_id] for name, (unit_id, _) in places.items()}
    waiting = {name: wish for name, wish in wanted.items() if wish.unit_id is None}
    while waiting:
        ready: dict[str, list[str]] = {}
        for name, wish in waiting.items():
            if wish.over in units:
                ready.setdefault(wish.over or "", []).append(name)
        for over, names in ready.items():
            try:
                made = create_units(names, units[over])
            except RuleViolation as violation:
                column = "over" if violation.field == "over" else "enhet"
                collector.add(waiting[names[0]].line.number, column, violation.message)
                collector.raise_if_any()
            for unit in made:
                units[unit.name] = unit
                del waiting[unit.name]
    return units
