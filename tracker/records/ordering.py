"""A page of a list in its order, from a key on: the SQL that the registers share."""

from typing import Any

from sqlalchemy import Select, bindparam, tuple_

from tracker.web.pagination import PAGE_ROWS, Order


def order_of(source: Any, order: Order, number: str, forward: bool) -> tuple[Any, Any]:  # noqa: ANN401 - a table or part
    """What a statement is ordered by: the order's column of `source`, then its `number`, so that no two rows tie."""
    first, last = getattr(source, order.column), getattr(source, number)
    return (first.desc(), last.desc()) if order.descends(forward) else (first, last)


def in_order(
    statement: Select[Any], source: Any, order: Order, number: str, *, forward: bool, from_key: bool  # noqa: ANN401
) -> Select[Any]:  # fmt: skip
    """The rows of a page in the order, from the key on (bound as `Key.values`); one more than the page tells that there
    are more.
    """
    if from_key:
        place = tuple_(getattr(source, order.column), getattr(source, number))
        key = tuple_(bindparam("key_first"), bindparam("key_id"))
        statement = statement.where(place < key if order.descends(forward) else place > key)
    return statement.order_by(*order_of(source, order, number, forward)).limit(PAGE_ROWS + 1)
