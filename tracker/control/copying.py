"""A year begun from the risks and kontrollmoment of the year before: what lacks is added, nothing is written over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_, select

from tracker.accounts.models import Unit
from tracker.control.bringing_in import OUTCOME, import_controls
from tracker.control.models import ControlMoment
from tracker.database import db
from tracker.exchange.errors import Collector, ImportRefused
from tracker.records.models import GrantKind, Mark, RecordGrant
from tracker.records.scope import Scope, visible, within_reach
from tracker.records.yearly import Importer, Line, lock_table
from tracker.risk.importing import REGISTER_NAMES
from tracker.risk.models import Risk
from tracker.risk.queries import find_plan, year_before
from tracker.risk.services import ensure_plans, import_risks, scale_of
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.rules.risk_assessment import check_fit

Kept = type[Risk] | type[ControlMoment]
Work = Callable[[list[Line], Importer, Collector, datetime], object]
KEYS = {"record_id", "unit_id", "year", "ref", "ref_key", "mark", "risk_id"}
PLANNED = [name for name in ControlMoment.__table__.columns.keys() if name not in KEYS | OUTCOME]  # noqa: SIM118
NO_SOURCE = "Det finns inget tidigare år med risker att kopiera."
CLOSED = "Planen för {} är föreslagen eller fastställd. Öppna den för ändring först."
WEIGHED = ("likelihood", "consequence", "gross_likelihood", "gross_consequence")


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of it: from which year, how many were added, were there already, and were left behind because of who
    may see them or because their risk is not in the new year.
    """

    source: int
    risks: int = 0
    moments: int = 0
    present: int = 0
    left_behind: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows to add, how many of the source are there already, and how many are left behind."""

    rows: list[Mapping[str, Any]]
    present: int
    left_behind: int


def preview_copy(year: int, scope: Scope) -> Copied | None:
    """What a copy into the year would add, were all of its risks to fit; None when there is nothing to copy from."""
    source = year_before(year, scope)
    if source is None:
        return None
    risks, moments = _lacking(Risk, source, year, scope), _lacking(ControlMoment, source, year, scope)
    return Copied(
        source, len(risks.rows), len(moments.rows), risks.present + moments.present,
        risks.left_behind + moments.left_behind,
    )  # fmt: skip


def copy_year(year: int, importer: Importer, scope: Scope, now: datetime, *, with_moments: bool) -> Copied:
    """Adds the risks that the reader may see of the latest earlier year to this one, by the same refs and units, and
    their kontrollmoment without results. A year without a plan gets the scale and limits of that year.

    Raises RuleViolation when there is nothing to copy, the plan is not open, or a risk lies outside its scale.
    """
    lock_table(Risk)
    lock_table(ControlMoment)  # as a step with the plan takes them
    source = year_before(year, scope)
    if source is None:
        raise RuleViolation("nothing_to_copy", NO_SOURCE)
    plan = ensure_plans({year}, like=find_plan(source))[year]
    if not is_open(PlanState(plan.state)):
        raise RuleViolation("plan_closed", CLOSED.format(year))
    risks = _lacking(Risk, source, year, scope)
    check_fit(scale_of(plan), year, {row["ref"]: [row[name] for name in WEIGHED] for row in risks.rows})
    units = _units(importer)
    lines = [
        Line(number, year, row["ref"], {name: row[name] for name in REGISTER_NAMES.values()}, units(row["unit_id"]))
        for number, row in enumerate(risks.rows, start=1)
    ]
    _bring(import_risks, lines, importer, now)
    if not with_moments:
        return Copied(source, len(lines), 0, risks.present, risks.left_behind)
    moments = _lacking(ControlMoment, source, year, scope)
    in_source, in_year = _refs(source, scope), set(_refs(year, scope).values())
    added = list[Line]()
    for row in moments.rows:
        ref = in_source.get(row["risk_id"])
        if row["risk_id"] is None or ref in in_year:
            said = {name: row[name] for name in PLANNED} | {"risk_ref": ref}
            added.append(Line(len(added) + 1, year, row["ref"], said, units(row["unit_id"])))
    _bring(import_controls, added, importer, now)
    return Copied(
        source, len(lines), len(added), risks.present + moments.present,
        risks.left_behind + moments.left_behind + len(moments.rows) - len(added),
    )  # fmt: skip


def _bring(work: Work, lines: list[Line], importer: Importer, now: datetime) -> None:
    """Saves the lines; what is wrong with one is told by its ref."""
    try:
        if lines:
            work(lines, importer, Collector(), now)
    except ImportRefused as refused:
        told = (f"{lines[(error.row or 1) - 1].ref}: {error.message}" for error in refused.errors)
        raise RuleViolation("not_copied", " ".join(told)) from refused


def _lacking(model: Kept, source: int, year: int, scope: Scope) -> _Found:
    """Rows of the source year whose ref nothing in the new year bears. What is protected, closed to somebody, or seen
    because it is given by name from outside the reach, is left behind: its copy would be everybody's.
    """
    table: Any = model.__table__
    seen = visible(table.c.record_id, table.c.unit_id, table.c.mark, scope)
    closed = table.c.record_id.in_(select(RecordGrant.record_id).where(RecordGrant.kind == GrantKind.CLOSED.value))
    guarded: ColumnElement[bool] = or_(
        table.c.mark != Mark.ORDINARY.value, closed, not_(within_reach(table.c.unit_id, scope.reach))
    )  # fmt: skip
    taken = set(db.session.scalars(select(table.c.ref).where(table.c.year == year)))
    wanted = select(table).where(table.c.year == source, seen)
    open_rows = db.session.execute(wanted.where(~guarded).order_by(table.c.ref_key, table.c.ref), scope.values)
    rows: list[Mapping[str, Any]] = [dict(row._mapping) for row in open_rows]
    lacking = [row for row in rows if row["ref"] not in taken]
    hidden = select(func.count()).select_from(wanted.where(guarded).subquery())
    return _Found(lacking, len(rows) - len(lacking), db.session.scalar(hidden, scope.values) or 0)


def _refs(year: int, scope: Scope) -> dict[int, str]:
    """Record → ref of the year's risks that the reader may see."""
    seen = visible(Risk.record_id, Risk.unit_id, Risk.mark, scope)
    statement = select(Risk.record_id, Risk.ref).where(Risk.year == year, seen)
    return {row[0]: row[1] for row in db.session.execute(statement, scope.values)}


def _units(importer: Importer) -> Callable[[int], int]:
    """A unit → itself where the importer may write and it is in use, else the importer's own."""
    rows = db.session.execute(select(Unit.id, Unit.tree_from).where(Unit.valid_until.is_(None)))
    within = {row[0] for row in rows if importer.reach.covers(row[1])}
    return lambda unit_id: unit_id if unit_id in within else importer.home_unit_id
