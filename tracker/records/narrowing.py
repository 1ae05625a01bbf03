"""How does a list's filter narrow what its reader may see?"""

from tracker.accounts.queries import UnitRow
from tracker.accounts.reader import Reach
from tracker.records.scope import Scope


def scope_of_unit(unit_id: int | None, units: list[UnitRow], scope: Scope) -> Scope | None:
    """The scope narrowed to a unit and all below it; None when the unit lies outside."""
    if unit_id is None:
        return scope
    for unit in units:
        if unit.id == unit_id:
            single = unit.tree_from == unit.tree_to
            only = unit.id if single else None
            return scope.within(Reach(intervals=((unit.tree_from, unit.tree_to),), only_unit_id=only))
    return None
