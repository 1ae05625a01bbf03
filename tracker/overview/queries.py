"""What stands in each unit, told by the database as one text: a row for each takes longer to fetch than to count."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, cast, func, select

from tracker.records.questions import Question

Counted = tuple[Select[Any], Mapping[str, Any]]


def ask_by_unit(parts: Sequence[Counted]) -> Question[list[dict[int, int]]]:
    """Unit → count, for each of some statements that tell so of a register in two columns, with their values."""
    values: dict[str, Any] = {}
    for _, of_part in parts:
        values |= of_part
    return Question(_texts(tuple(statement for statement, _ in parts)), values, _tell)


@lru_cache(maxsize=500)
def _texts(statements: tuple[Select[Any], ...]) -> Select[Any]:
    """For each of them "unit,count],[unit,count"; None where there are none."""
    texts = []
    for statement in statements:
        unit_id, count = statement.subquery().c
        pair = cast(unit_id, String) + "," + cast(count, String)
        texts.append(select(func.aggregate_strings(pair, "],[")).scalar_subquery())
    return select(*texts)


def _tell(row: Sequence[Any]) -> list[dict[int, int]]:
    return [dict(json.loads(f"[[{text}]]")) if text else {} for text in row]
