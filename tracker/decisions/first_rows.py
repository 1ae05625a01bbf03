"""The first rows of some lists of the register, which stand beside each other on a start page."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, literal_column, select, union_all

from tracker.decisions.filtering import RegisterFilter
from tracker.decisions.queries import (
    COUNT_CAP,
    RegisterRow,
    Shape,
    own_order,
    page_statement,
    shape_and_values,
)
from tracker.records.questions import read_written
from tracker.records.scope import Scope
from tracker.web.pagination import Order


class _List(NamedTuple):
    place: int
    shape: Shape
    few: bool
    order: Order


def first_rows(
    lists: Sequence[tuple[RegisterFilter, int]], scope: Scope, today: date, most: int
) -> list[list[RegisterRow]]:
    """The first rows of each list, given with how many clocks it holds, each in its own order: at most `most`, and no
    more than a page. One statement, none where all are empty; the lists are filtered by a status and by days alone.
    """
    found: list[list[RegisterRow]] = [[] for _ in lists]
    asked, values = [], dict[str, Any]()
    for place, (wanted, count) in enumerate(lists):
        if count:
            shape, given = shape_and_values(wanted, scope, today, f"_{place}")
            asked.append(_List(place, shape, count <= COUNT_CAP, own_order(wanted)))
            values |= given
    if asked:
        for place, *row in read_written(_statement(tuple(asked), most), values):
            found[place].append(RegisterRow(*row))
    for one in asked:  # which a union does not promise to keep
        found[one.place].sort(key=attrgetter(one.order.column, "clock_id"), reverse=one.order.falling)
    return found


@lru_cache(maxsize=500)
def _statement(lists: tuple[_List, ...], most: int) -> CompoundSelect[Any]:
    parts = []
    for place, shape, few, order in lists:
        rows = page_statement(shape, few, order, forward=True, from_key=False).limit(most).subquery()
        parts.append(select(literal_column(str(place)), *rows.c))
    return union_all(*parts)
