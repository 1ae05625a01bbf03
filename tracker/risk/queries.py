"""Reading plans and risks: the year's plan, its matrix, the register."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, false, func, select, true

from tracker.database import db, read
from tracker.records.scope import Scope, visible, within_reach
from tracker.risk.models import ControlPlan, Risk, RiskTally
from tracker.rules.control_grading import Limits
from tracker.rules.risk_assessment import RiskList
from tracker.rules.risk_scoring import FOUR, Scale, score


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a year as pages and reports need it; a year without one has the default scale and limits."""

    year: int
    exists: bool
    state: str
    scale: Scale
    limits: Limits


class RiskRow(NamedTuple):
    """A risk as lists and reports tell of it."""

    record_id: int
    ref: str
    area: str | None
    level: str | None
    text: str
    likelihood: int
    consequence: int
    score: int
    motivation: str | None
    handling: str | None
    process: str | None = None
    cause: str | None = None
    effect: str | None = None
    likelihood_motivation: str | None = None
    consequence_motivation: str | None = None
    existing_controls: str | None = None
    owner: str | None = None
    gross_likelihood: int | None = None
    gross_consequence: int | None = None
    in_net: bool = True
    net_reason: str | None = None

    @property
    def gross_score(self) -> int | None:
        """The riskvärde before the existing controls; None when it is not assessed."""
        if self.gross_likelihood is None or self.gross_consequence is None:
            return None
        return score(self.gross_likelihood, self.gross_consequence)


ROW: tuple[Any, ...] = tuple(getattr(Risk, name) for name in RiskRow._fields)

COUNTED = {
    RiskList.GROSS: RiskTally.number, RiskList.NET: RiskTally.net_number,
    RiskList.LEFT_OUT: RiskTally.number - RiskTally.net_number,
}  # fmt: skip


def on_list(risk_list: RiskList) -> list[ColumnElement[bool]]:
    """What holds for the risks of a list, beside being seen."""
    if risk_list is RiskList.GROSS:
        return []
    return [Risk.in_net == (true() if risk_list is RiskList.NET else false())]


_PLANS = select(
    ControlPlan.year, ControlPlan.state, ControlPlan.scale, ControlPlan.good_limit, ControlPlan.acceptable_limit
).order_by(ControlPlan.year.desc())
_PLAN = _PLANS.where(ControlPlan.year == bindparam("year"))


def plan_of(year: int) -> Plan:
    """The plan of a year."""
    row = read(_PLAN, {"year": year}).first()
    return _no_plan(year) if row is None else _plan(*row)


def list_plans() -> dict[int, Plan]:
    """The plan of every year that has one, the latest first, for a page that shows one and names the years of all."""
    return {row.year: _plan(*row) for row in db.session.execute(_PLANS)}


def plan_among(plans: Mapping[int, Plan], year: int) -> Plan:
    """The plan of a year out of `list_plans`."""
    return plans.get(year) or _no_plan(year)


def _plan(year: int, state: str, scale: str, good_limit: int, acceptable_limit: int) -> Plan:
    return Plan(year, True, state, scale_kept(scale), Limits(good_limit, acceptable_limit))


def _no_plan(year: int) -> Plan:
    return Plan(year, False, "draft", FOUR, Limits())


@lru_cache(maxsize=100)
def scale_kept(text: str) -> Scale:
    """A scale as a plan keeps it."""
    return Scale.read(json.loads(text))


def find_plan(year: int) -> ControlPlan | None:
    """The plan's row; None when the year has none."""
    return db.session.get(ControlPlan, year)


def scale_read(given: Mapping[str, Any]) -> Scale:
    """A scale as it was kept with a plan or one of its versions."""
    return Scale.read(given)


def list_years() -> list[int]:
    """The years that have a plan, the latest first."""
    return list(db.session.scalars(select(ControlPlan.year).order_by(ControlPlan.year.desc())))


def year_at_hand(years: list[int], today: date) -> int:
    """Of the years that have a plan, the latest first: the latest, but for those that somebody has begun too early,
    after the next. This year where there is none.
    """
    return next((year for year in years if year <= today.year + 1), years[-1] if years else today.year)


def list_states() -> list[tuple[int, str]]:
    """(year, state) of every plan, the latest first."""
    rows = db.session.execute(select(ControlPlan.year, ControlPlan.state).order_by(ControlPlan.year.desc()))
    return [(year, state) for year, state in rows]


def list_risks(year: int, scope: Scope, most: int | None = None, risk_list: RiskList = RiskList.GROSS) -> list[RiskRow]:
    """The risks of a year that the reader may see, in the natural order of their refs; all, or the first `most`."""
    seen = visible(Risk.record_id, Risk.unit_id, Risk.mark, scope)
    wanted = (Risk.year == year, seen, *on_list(risk_list))
    statement = select(*ROW).where(*wanted).order_by(Risk.ref_key, Risk.ref).limit(most)
    return [RiskRow._make(row) for row in db.session.execute(statement, scope.values)]


TALLY_BY_UNIT, TALLY_BY_CELL = "sqlite_autoindex_risk_tally_1", "ix_risk_tally_cell"  # the first is the key's own
FEW_UNITS = 25  # so many are read unit by unit faster than 400 by the cells, which lie in the order of the groups


@lru_cache(maxsize=500)
def _matrix(scope: Scope, risk_list: RiskList) -> Select[Any]:
    year: ColumnElement[int] = bindparam("year")
    if scope.named or scope.closed:
        seen = visible(Risk.record_id, Risk.unit_id, Risk.mark, scope)
        cell: tuple[Any, ...] = (Risk.likelihood, Risk.consequence)
        return select(*cell, func.count()).where(Risk.year == year, seen, *on_list(risk_list)).group_by(*cell)
    seen = within_reach(RiskTally.unit_id, scope.reach)
    cell = (RiskTally.likelihood, RiskTally.consequence)
    units = sum(high - low + 1 for low, high in scope.reach.intervals)
    way = TALLY_BY_UNIT if not scope.reach.everything and units <= FEW_UNITS else TALLY_BY_CELL
    columns: tuple[Any, ...] = (*cell, func.sum(COUNTED[risk_list]))
    counted = select(*columns).where(RiskTally.year == year, seen).group_by(*cell)
    return counted.with_hint(RiskTally, f"INDEXED BY {way}", "sqlite")


def matrix_of(year: int, size: int, scope: Scope, risk_list: RiskList = RiskList.GROSS) -> list[list[int]]:
    """How many risks of a list stand in each cell: `[likelihood - 1][consequence - 1]`.

    From the counts that are kept; for a reader to whom something is given or closed the risks are counted one by one.
    """
    cells, values = [[0] * size for _ in range(size)], scope.values | {"year": year}
    for likelihood, consequence, count in db.session.execute(_matrix(scope, risk_list), values):
        if not count:
            continue  # emptied, and perhaps of a larger scale than there is now
        cells[likelihood - 1][consequence - 1] = int(count)
    return cells


def year_before(year: int, scope: Scope) -> int | None:
    """The latest earlier year that has a risk the reader may see."""
    seen = visible(Risk.record_id, Risk.unit_id, Risk.mark, scope)
    statement = select(Risk.year).where(Risk.year < year, seen).order_by(Risk.year.desc()).limit(1)
    return db.session.scalar(statement, scope.values)


def find_risk(record_id: int, scope: Scope) -> tuple[RiskRow, int] | None:
    """A risk and its year; None when there is none or the reader may not see it."""
    seen = visible(Risk.record_id, Risk.unit_id, Risk.mark, scope)
    statement = select(*ROW, Risk.year).where(Risk.record_id == record_id, seen)
    row: Any = db.session.execute(statement, scope.values).first()
    return (RiskRow._make(row[:-1]), row[-1]) if row else None


def list_same_risk(ref: str, scope: Scope) -> list[tuple[int, RiskRow]]:
    """(year, risk) of every year that has a risk with this ref, the latest first."""
    seen = visible(Risk.record_id, Risk.unit_id, Risk.mark, scope)
    statement = select(*ROW, Risk.year).where(Risk.ref == ref, seen).order_by(Risk.year.desc())
    rows: Iterable[Any] = db.session.execute(statement, scope.values)
    return [(row[-1], RiskRow._make(row[:-1])) for row in rows]
