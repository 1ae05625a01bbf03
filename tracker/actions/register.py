"""The register of actions: a page of it, what waits first, by last day; and the whole filtered list."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select, tuple_

from tracker.accounts.models import Unit
from tracker.actions.bringing_in import listed_day
from tracker.actions.models import ActionItem
from tracker.actions.queries import ROW, ActionRow, not_voided, row_of
from tracker.database import db
from tracker.records.scope import Scope, closed_records, visible
from tracker.rules.actions import Stage, stage_of
from tracker.web.pagination import PAGE_ROWS, Key, Order, TextKey

A = ActionItem
EXPORT_BATCH = 1_000
SOON = timedelta(days=14)
BY_NUMBER = "ref"
BY_STAGE, BY_DAY, NUMBERED = Order("stage"), Order("listed_on"), Order(BY_NUMBER)


class ActionList(StrEnum):
    """Which actions a list holds, by the names in addresses."""

    OPEN = "pagar"
    LATE = "forsenade"
    SOON = "snart"
    TO_CHECK = "att-folja-upp"
    CHECKED_LATER = "foljs-upp-senare"
    FINISHED = "klara"
    ALL = "alla"


STAGES = {
    ActionList.OPEN: Stage.TO_DO,
    ActionList.LATE: Stage.TO_DO,
    ActionList.SOON: Stage.TO_DO,
    ActionList.TO_CHECK: Stage.TO_CHECK,
    ActionList.CHECKED_LATER: Stage.TO_CHECK,
    ActionList.FINISHED: Stage.FINISHED,
}


BY_TODAY = frozenset({ActionList.LATE, ActionList.SOON, ActionList.TO_CHECK, ActionList.CHECKED_LATER})


class ActionFilter(NamedTuple):
    """What is asked for: one of the lists, of all that the scope holds or of those that one user is responsible for
    (wherever they are).
    """

    chosen: ActionList = ActionList.OPEN
    own_id: int | None = None


class Place(NamedTuple):
    """The place of an action in the list: what it waits for, its last day and its number."""

    stage: int
    key: Key

    def __str__(self) -> str:
        """The place as it stands in an address."""
        return f"{self.stage}{self.key}"

    @property
    def values(self) -> dict[str, Any]:
        """What a statement is run with that begins at the place."""
        return {"stage": self.stage} | self.key.values

    @classmethod
    def parse(cls, given: str | None) -> Self | None:
        """The place in an address; None when there is none or it is not one of ours (the list begins at the top)."""
        key = Key.parse(given[1:]) if given else None
        return cls(int(given[0]), key) if given and key and given[0] in "012" else None


class ActionPage(NamedTuple):
    """A page of the register; the places are None where the list ends."""

    rows: tuple[ActionRow, ...]
    after: Place | TextKey | None
    before: Place | TextKey | None


class _Shape(NamedTuple):
    chosen: ActionList
    own: bool
    scope: Scope
    order: Order
    forward: bool
    from_place: bool


def conditions_of(chosen: ActionList, own: bool, scope: Scope, *, in_order: bool) -> Iterator[ColumnElement[bool]]:
    """What holds of the rows of a list, with the values of `values_of` bound."""
    if own:
        yield A.responsible_id == bindparam("own_id")
        yield not_voided()
        if scope.closed:
            yield A.record_id.not_in(closed_records())
    else:
        yield visible(A.record_id, A.unit_id, A.mark, scope, in_order=in_order)
    if chosen is not ActionList.ALL:
        yield A.stage == literal_column(str(STAGES[chosen].value))
    if chosen is ActionList.LATE:
        yield A.listed_on < bindparam("today")
        yield A.decided_on.is_not(None)
    if chosen is ActionList.SOON:
        yield A.listed_on.between(bindparam("today"), bindparam("soon"))
        yield A.decided_on.is_not(None)
    if chosen is ActionList.TO_CHECK:
        yield A.listed_on <= bindparam("today")
    if chosen is ActionList.CHECKED_LATER:
        yield A.listed_on > bindparam("today")


def own_order(chosen: ActionList) -> Order:
    """The order of a list where no other is asked for: what waits first, then by the day."""
    return BY_STAGE if chosen is ActionList.ALL else BY_DAY


def orders_of(chosen: ActionList) -> frozenset[str]:
    """The columns of the table that an index has in order for a list."""
    by_day = frozenset() if chosen is ActionList.ALL else frozenset({BY_DAY.column})
    return by_day if chosen in BY_TODAY else by_day | {BY_NUMBER}


def _columns_of(order: Order) -> dict[str, Any]:
    """What a list goes by, under the names of a place's values."""
    if order.column == BY_NUMBER:
        return {"key_first": A.ref, "key_id": A.record_id}
    days = {"key_first": A.listed_on, "key_id": A.record_id}
    return {"stage": A.stage} | days if order == BY_STAGE else days  # but for all of them the stage is one


def _hint(shape: _Shape) -> str:
    """The index by which SQLite goes where numbers give the order: the few of a reader or of a unit are found first and
    sorted.
    """
    if shape.own:
        return "ix_action_mine"
    if shape.scope.reach.only_unit_id is not None:
        return "ix_action_unit"
    return "sqlite_autoindex_action_2" if shape.chosen is ActionList.ALL else "ix_action_ref"


@lru_cache(maxsize=1_000)
def _statement(shape: _Shape) -> Select[Any]:
    order = _columns_of(shape.order)
    statement = select(*ROW).join(Unit, Unit.id == A.unit_id)
    statement = statement.where(*conditions_of(shape.chosen, shape.own, shape.scope, in_order=True))
    reaches = bool(shape.scope.reach.everything or shape.scope.reach.intervals)
    if shape.order.column == BY_NUMBER and (shape.own or (reaches and not shape.scope.named)):
        statement = statement.with_hint(A, f"INDEXED BY {_hint(shape)}", dialect_name="sqlite")
    descends = shape.order.descends(shape.forward)
    if shape.from_place:
        place, key = tuple_(*order.values()), tuple_(*(bindparam(name) for name in order))
        statement = statement.where(place < key if descends else place > key)
    columns = (column.desc() if descends else column for column in order.values())
    return statement.order_by(*columns).limit(PAGE_ROWS + 1)


def values_of(wanted: ActionFilter, scope: Scope, today: date) -> dict[str, Any]:
    """The values that the list's conditions bind."""
    values = dict(scope.values)
    if wanted.own_id is not None:
        values["own_id"] = wanted.own_id
    if wanted.chosen in BY_TODAY:
        values["today"] = today
    if wanted.chosen is ActionList.SOON:
        values["soon"] = today + SOON
    return values


def list_register(
    wanted: ActionFilter, scope: Scope, today: date, after: Place | TextKey | None = None,
    before: Place | TextKey | None = None, order: Order | None = None,
) -> ActionPage:  # fmt: skip
    """The page that follows `after` or precedes `before`, else the first; one statement, whatever the size. `order` is
    one of `orders_of` the list, else its own.
    """
    order = order or own_order(wanted.chosen)
    place_type = TextKey if order.column == BY_NUMBER else Place
    after, before = (place if isinstance(place, place_type) else None for place in (after, before))
    place, values = before or after, values_of(wanted, scope, today)
    if place is not None:
        values |= {name: place.values[name] for name in _columns_of(order)}
    shape = _Shape(wanted.chosen, wanted.own_id is not None, scope, order, before is None, place is not None)
    found = [row_of(row) for row in db.session.execute(_statement(shape), values)]
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if before is not None:
        found.reverse()
    further = more if before is None else True
    earlier = more if before is not None else after is not None
    return ActionPage(
        tuple(found), place_of(found[-1], order) if found and further else None,
        place_of(found[0], order) if found and earlier else None,
    )  # fmt: skip


def any_place(given: str | None) -> Place | TextKey | None:
    """The place in an address of a list that is ordered in several ways."""
    return Place.parse(given) or TextKey.parse(given)


def place_of(row: ActionRow, order: Order = BY_STAGE) -> Place | TextKey:
    """Where a row stands in a list of this order."""
    if order.column == BY_NUMBER:
        return TextKey(row.ref, row.record_id)
    return Place(stage_of(row.days).value, Key(listed_day(row.days), row.record_id))


def count_register(wanted: ActionFilter, scope: Scope, today: date) -> int:
    """How many actions the whole filtered list holds."""
    conditions = conditions_of(wanted.chosen, wanted.own_id is not None, scope, in_order=False)
    statement = select(func.count()).select_from(A).where(*conditions)
    return db.session.scalar(statement, values_of(wanted, scope, today)) or 0


def export_register(
    wanted: ActionFilter, scope: Scope, today: date, order: Order = NUMBERED
) -> Iterator[list[ActionRow]]:
    """The whole filtered list in an order, by ref without one, a batch at a time."""
    columns = [column.desc() if order.falling else column for column in _columns_of(order).values()]
    conditions = conditions_of(wanted.chosen, wanted.own_id is not None, scope, in_order=False)
    statement = select(*ROW).join(Unit, Unit.id == A.unit_id).where(*conditions).order_by(*columns)
    rows = db.session.execute(statement, values_of(wanted, scope, today)).all()
    for start in range(0, len(rows), EXPORT_BATCH):
        yield [row_of(row) for row in rows[start : start + EXPORT_BATCH]]
