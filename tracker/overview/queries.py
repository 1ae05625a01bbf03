"""What stands in each unit, of several registers in one statement."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, literal_column, union_all

from tracker.database import read


def count_by_unit(parts: Sequence[tuple[Select[Any], Mapping[str, Any]]]) -> list[dict[int, int]]:
    """Unit → count, for each of some statements that tell so of a register, with their values."""
    values: dict[str, Any] = {}
    for _, of_part in parts:
        values |= of_part
    found: list[dict[int, int]] = [{} for _ in parts]
    for place, unit_id, count in read(_together(tuple(statement for statement, _ in parts)), values).all():
        found[place][unit_id] = count
    return found


@lru_cache(maxsize=500)
def _together(statements: tuple[Select[Any], ...]) -> CompoundSelect[Any]:
    """All of their rows, each with its statement's place before it."""
    return union_all(
        *(
            statement.with_only_columns(literal_column(str(place)).label("place"), *statement.selected_columns)
            for place, statement in enumerate(statements)
        )
    )
