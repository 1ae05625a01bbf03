"""Which part of the organisation does a report hold?"""

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import Reach


def place_of(reach: Reach) -> str:
    """The names of the units that the figures hold with all below them; empty when they hold everything."""
    if reach.everything:
        return ""
    names, covered = [], 0
    for unit in kept_units(reach):  # in the order of the tree: what lies below a named unit follows it
        if unit.tree_from > covered:
            names.append(unit.name)
            covered = unit.tree_to
    return ", ".join(names)
