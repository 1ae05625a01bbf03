"""May I see it? One predicate, used by lists, pages, exports, counts and reports alike."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from tracker.accounts.models import Unit
from tracker.accounts.reader import Reach


def within_reach(unit_id: InstrumentedAttribute[int], reach: Reach) -> ColumnElement[bool]:
    """Rows whose unit lies within the reader's reach.

    At the top no predicate at all, for one unit equality, for a part of the tree an interval of it: the database's
    planner is told no more than it needs.
    """
    if reach.everything:
        return true()
    if reach.only_unit_id is not None:
        return unit_id == reach.only_unit_id
    if not reach.intervals:
        return false()
    inside = or_(*(Unit.tree_from.between(low, high) for low, high in reach.intervals))
    return unit_id.in_(select(Unit.id).where(inside))


def visible(
    unit_id: InstrumentedAttribute[int], protected: InstrumentedAttribute[bool], reach: Reach
) -> ColumnElement[bool]:
    """Rows that the reader may see by unit, and that are not closed because the identity is protected."""
    return and_(within_reach(unit_id, reach), protected.is_(False))
