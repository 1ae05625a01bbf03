"""Counting the avvikelser of twelve months by unit, category, cause, what they are and how serious: six statements.

Each number is what the register's list holds with the filter that the page links to.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, extract, func, literal_column, select

from tracker.cases.filtering import STANDS_STILL_AFTER
from tracker.cases.mas import seen_by
from tracker.cases.models import Deviation
from tracker.database import db
from tracker.records.scope import Scope
from tracker.rules.months import Month

C = Deviation
Counts = dict[Any, Counter[int]]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Key → the month's number → how many, for each table; `matrix` by (severity, likelihood), either None where it is
    not assessed; `still` unit → how many stand still today, whenever they came.
    """

    units: Counts
    categories: Counts
    causes: Counts
    kinds: Counts
    matrix: dict[tuple[int | None, int | None], int]
    still: Counter[int]


def count_patterns(months: list[Month], scope: Scope, today: date) -> Patterns:
    """What was reported from the first day of the first month to the last of the last, within the scope."""
    period = C.listed_on.between(months[0].first, months[-1].last)
    return Patterns(
        _by_month(C.unit_id, period, scope), _by_month(C.category_id, period, scope),
        _by_month(C.cause_id, period, scope), _by_month(C.kind, period, scope), _matrix(period, scope),
        _still(scope, today),
    )  # fmt: skip


def _seen(scope: Scope) -> ColumnElement[bool]:
    return seen_by(C, scope)


def _by_month(column: Any, period: ColumnElement[bool], scope: Scope) -> Counts:  # noqa: ANN401 - a table's column
    month = extract("year", C.listed_on) * literal_column("12") + extract("month", C.listed_on)
    statement = select(column, month, func.count()).where(period, _seen(scope)).group_by(column, month)
    found: Counts = {}
    for key, number, count in db.session.execute(statement, scope.values):
        found.setdefault(key, Counter())[int(number)] = count
    return found


def _matrix(period: ColumnElement[bool], scope: Scope) -> dict[tuple[int | None, int | None], int]:
    steps = (C.severity, C.likelihood)
    statement = select(*steps, func.count()).where(period, _seen(scope)).group_by(*steps)
    rows = db.session.execute(statement, scope.values)
    return {(severity, likelihood): count for severity, likelihood, count in rows}


def _still(scope: Scope, today: date) -> Counter[int]:
    stands = (C.is_open, C.moved_on < today - STANDS_STILL_AFTER)
    statement = select(C.unit_id, func.count()).where(*stands, _seen(scope)).group_by(C.unit_id)
    return Counter({unit_id: count for unit_id, count in db.session.execute(statement, scope.values)})  # noqa: C416
