"""Changing the scale and the limits of a plan, as long as it is a draft."""

import json
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from tracker.audit import trail
from tracker.control.models import ControlMoment
from tracker.database import db
from tracker.records.models import Mark
from tracker.records.scope import Scope, visible
from tracker.records.versions import StaleVersion
from tracker.records.yearly import lock_table
from tracker.risk.models import ControlPlan, Risk
from tracker.risk.services import ensure_plans, scale_of
from tracker.rules.control_grading import Limits, check_limits
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.rules.risk_scoring import Scale, check_scale, scale_changes
from tracker.rules.trail import Action, TargetKind

MOST_TOLD = 10
NOT_OPEN = "Planen är föreslagen eller fastställd. Öppna den för ändring först."


@dataclass(frozen=True, slots=True)
class Measures:
    """With what a plan measures; `seen`: the version of the plan that was seen, 0 where there was no plan yet."""

    scale: Scale
    limits: Limits
    seen: int


def save_measures(year: int, wanted: Measures, scope: Scope) -> bool:
    """Saves scale and limits within the caller's transaction; False when they stood so already. A year without a plan
    gets one.

    Raises StaleVersion when somebody has changed the plan since, and RuleViolation when the plan is no draft, the scale
    has a hole, risks stand outside it, or limits cross, the kontrollmoment's own too. Refs are told within the scope.
    """
    lock_table(Risk)  # nobody assesses a risk by the old scale, or gives a moment limits by the old ones, meanwhile
    lock_table(ControlMoment)
    plan = _locked_plan(year, wanted.seen)
    if not is_open(PlanState(plan.state)):
        raise RuleViolation("plan_state", NOT_OPEN)
    check_scale(wanted.scale)
    check_limits(wanted.limits)
    _check_risks(year, wanted.scale.size, scope)
    _check_moments(year, wanted.limits, scope)
    changes: dict[str, tuple[object, object]] = {
        change.name: (change.old, change.new) for change in scale_changes(scale_of(plan), wanted.scale)
    }
    stood, limits = Limits(plan.good_limit, plan.acceptable_limit), wanted.limits
    pairs = {"God från": (stood.good, limits.good), "Godtagbar från": (stood.acceptable, limits.acceptable)}
    changes |= {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    written = json.dumps(wanted.scale.written(), ensure_ascii=False)
    if not changes and json.loads(plan.scale) == wanted.scale.written():
        return False
    plan.scale, plan.version = written, plan.version + 1
    plan.good_limit, plan.acceptable_limit = limits.good, limits.acceptable
    db.session.flush()
    trail.record(Action.PLAN_SCALE_CHANGED, target=(TargetKind.PLAN, year), changes=changes)
    return True


def _locked_plan(year: int, seen: int) -> ControlPlan:
    statement = select(ControlPlan).where(ControlPlan.year == year).with_for_update()
    plan = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if (plan.version if plan else 0) != seen:
        raise StaleVersion
    return plan or ensure_plans({year})[year]


STEPS = ("likelihood", "consequence", "gross_likelihood", "gross_consequence")


def _check_risks(year: int, size: int, scope: Scope) -> None:
    outside = (
        Risk.year == year, Risk.mark != Mark.VOIDED.value,
        or_(*(getattr(Risk, name) > size for name in STEPS)),
    )  # fmt: skip
    told = _told(Risk, outside, scope)
    if told:
        text = f"Risker utanför en skala med {size} steg: {told}. Bedöm om dem först, eller behåll den större skalan."
        raise RuleViolation("risks_outside", text, "size")


def _check_moments(year: int, limits: Limits, scope: Scope) -> None:
    good = func.coalesce(ControlMoment.good_limit, limits.good)
    acceptable = func.coalesce(ControlMoment.acceptable_limit, limits.acceptable)
    crossing = (ControlMoment.year == year, ControlMoment.mark != Mark.VOIDED.value, acceptable > good)
    told = _told(ControlMoment, crossing, scope)
    if told:
        text = f"Gränserna korsar dem som står vid egna kontrollmoment: {told}. Ändra momentens gränser först."
        raise RuleViolation("limits_cross", text, "god_grans")


def _told(model: type[Risk] | type[ControlMoment], such: tuple[ColumnElement[bool], ...], scope: Scope) -> str:
    """`R1, R9 och 3 till`: counted over the whole year, by name only within the scope; empty where there is none."""
    count = db.session.scalar(select(func.count()).select_from(model).where(*such)) or 0
    if not count:
        return ""
    seen = visible(model.record_id, model.unit_id, model.mark, scope)
    statement = select(model.ref).where(*such, seen).order_by(model.ref_key, model.ref).limit(MOST_TOLD)
    refs = list(db.session.scalars(statement, scope.values))
    rest = count - len(refs)
    if not refs:
        return f"{rest}, som inte visas för dig"
    return ", ".join(refs) + (f" och {rest} till" if rest else "")
