"""What waits among the actions: those of a reader, and those that a manager follows; counted in one statement."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, select

from tracker.actions.models import ActionItem
from tracker.actions.register import ActionFilter, ActionList, conditions_of, values_of
from tracker.records.questions import Question
from tracker.records.scope import Scope

COUNT_CAP = 1_000


class Waiting(NamedTuple):
    """A list of the register, whose (`mine`: the reader's own), and how many it holds, one past COUNT_CAP at most."""

    chosen: ActionList
    mine: bool
    held: int


MINE = (ActionList.LATE, ActionList.SOON, ActionList.OPEN)
FOLLOWED = (ActionList.LATE, ActionList.SOON, ActionList.TO_CHECK)


def ask_waiting(scope: Scope, own_id: int, today: date, *, follows: bool) -> Question[list[Waiting]]:
    """What is late, due within 14 days and going on of the reader's own; `follows`: also what is late, due and to be
    followed up of all that the scope holds.
    """
    asked = [(chosen, True) for chosen in MINE] + [(chosen, False) for chosen in FOLLOWED if follows]
    values: dict[str, Any] = {}
    for chosen, mine in asked:
        values |= values_of(ActionFilter(chosen, own_id if mine else None), scope, today)

    def tell(row: Sequence[Any]) -> list[Waiting]:
        return [Waiting(chosen, mine, count) for (chosen, mine), count in zip(asked, row, strict=True)]

    return Question(_counts(tuple(asked), scope), values, tell)


@lru_cache(maxsize=500)
def _counts(asked: tuple[tuple[ActionList, bool], ...], scope: Scope) -> Select[Any]:
    """A count for each list; made once for each kind of scope."""
    counts = [_capped(chosen, mine, scope).label(f"count_{place}") for place, (chosen, mine) in enumerate(asked)]
    return select(*counts)


def _capped(chosen: ActionList, own: bool, scope: Scope) -> Any:  # noqa: ANN401 - a scalar subquery
    some: Select[Any] = select(literal(1).label("one")).select_from(ActionItem)
    some = some.where(*conditions_of(chosen, own, scope, in_order=False))
    return select(func.count()).select_from(some.limit(COUNT_CAP + 1).subquery()).scalar_subquery()


def late_by_unit(scope: Scope, today: date) -> tuple[Select[Any], dict[str, Any]]:
    """A statement, with its values, of (unit, how many of its actions are late, of all that the scope holds)."""
    return _late_by_unit(scope), values_of(ActionFilter(ActionList.LATE), scope, today)


@lru_cache(maxsize=500)
def _late_by_unit(scope: Scope) -> Select[Any]:
    late = conditions_of(ActionList.LATE, own=False, scope=scope, in_order=False)
    columns: tuple[Any, ...] = (ActionItem.unit_id, func.count())
    counted = select(*columns).where(*late).group_by(ActionItem.unit_id)
    return counted.with_hint(ActionItem, "INDEXED BY ix_action_to_do", dialect_name="sqlite")
