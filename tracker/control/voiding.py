"""Taking a risk or a kontrollmoment that should never have been entered out of everything: the only writer of that."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from tracker.activity.models import Activity
from tracker.audit import trail
from tracker.control.bringing_in import REGISTER
from tracker.control.copying import CLOSED
from tracker.control.models import ControlMoment, ControlSample
from tracker.database import db
from tracker.records.models import Mark, Record
from tracker.records.scope import Scope, visible
from tracker.records.versions import StaleVersion, raise_version
from tracker.records.yearly import Change, lock_table, take_one
from tracker.risk.models import ControlPlan, Risk
from tracker.risk.tallying import tally
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.rules.trail import Action

POINTED_AT = "{} hör till risken. Flytta till en annan risk, eller makulera, först."
HAS_SAMPLES = "Kontrollmomentet har stickprov, så det makuleras inte. Skriv i stället varför det inte genomförs."
UNSEEN = "{} som du inte ser"
FOLLOWS = "{} följer av kontrollmomentet. Ändra den, eller makulera den, först."
Pointing = type[ControlMoment] | type[Activity]


def void_risk(record_id: int, seen: int, reason: str, scope: Scope, now: datetime) -> None:
    """Takes a risk out of lists, figures, plan and files for good; its ref stays taken, and it stays in the trail.

    Raises StaleVersion when somebody has changed or voided it since, RuleViolation when its plan is not open or a
    kontrollmoment or an activity belongs to it; `scope`: of which of them the refs may be told.
    """
    lock_table(Risk)
    lock_table(ControlMoment)
    lock_table(Activity)  # nobody lets any of them point here meanwhile; as a step with the plan takes them
    table: Any = Risk.__table__
    row = db.session.execute(
        select(table, ControlPlan.state)
        .join(ControlPlan, ControlPlan.year == table.c.year)
        .where(table.c.record_id == record_id, table.c.mark != Mark.VOIDED.value)
    ).first()
    if row is None:
        raise StaleVersion
    if not is_open(PlanState(row.state)):
        raise RuleViolation("plan_closed", CLOSED.format(row.year))
    pointing = _pointing(ControlMoment, ControlMoment.risk_id == record_id, "kontrollmoment", scope)
    if pointing := pointing + _pointing(Activity, Activity.risk_id == record_id, "aktivitet", scope):
        raise RuleViolation("pointed_at", POINTED_AT.format(", ".join(pointing)))
    raise_version(record_id, seen)
    _take_out(Risk, record_id, reason, now)
    stood = {name: row._mapping[name] for name in table.columns.keys()}  # noqa: SIM118 - of a collection of columns
    tally([Change(stood, stood | {"mark": Mark.VOIDED})])


def void_moment(moment: ControlMoment, seen: int, reason: str, scope: Scope, now: datetime) -> None:
    """Takes a kontrollmoment out of lists, plan and files for good; its ref stays taken, and it stays in the trail.

    Raises StaleVersion when somebody has changed or voided it since, RuleViolation when its plan is not open, it has
    stickprov or an activity follows from it; `scope`: of which activities the refs may be told.
    """
    record_id = moment.record_id
    take_one(REGISTER, moment.year, moment.ref, (record_id, seen))  # from here on no step is taken with the plan
    lock_table(Activity)  # nor does any activity come to follow from it
    # Whoever locks a population takes this row first: either they see the mark, or this sees their stickprov.
    db.session.execute(select(ControlMoment.mark).where(ControlMoment.record_id == record_id).with_for_update())
    state = db.session.scalars(select(ControlPlan.state).where(ControlPlan.year == moment.year)).one()
    if not is_open(PlanState(state)):
        raise RuleViolation("plan_closed", CLOSED.format(moment.year))
    if db.session.scalar(select(ControlSample.id).where(ControlSample.moment_id == record_id).limit(1)) is not None:
        raise RuleViolation("has_samples", HAS_SAMPLES)
    if pointing := _pointing(Activity, Activity.moment_id == record_id, "aktivitet", scope):
        raise RuleViolation("pointed_at", FOLLOWS.format(", ".join(pointing)))
    raise_version(record_id, seen)
    _take_out(ControlMoment, record_id, reason, now)


def _take_out(model: type[Risk] | type[ControlMoment], record_id: int, reason: str, now: datetime) -> None:
    """Marks a record and its row as voided, and says so in the trail."""
    for table, key, values in (
        (Record, Record.id, {"voided_at": now}), (model, model.record_id, {"mark": Mark.VOIDED.value}),
    ):  # fmt: skip
        statement = update(table).where(key == record_id).values(values)
        db.session.execute(statement, execution_options={"synchronize_session": False})
    trail.record(Action.RECORD_VOIDED, record_id=record_id, changes={"voided_at": (None, now)}, reason=reason)


def _pointing(model: Pointing, mine: ColumnElement[bool], noun: str, scope: Scope) -> list[str]:
    """What points at a record: the refs that the reader may see, and a word for the rest."""
    in_order = select(model.ref).where(mine, model.mark != Mark.VOIDED.value).order_by(model.ref_key)
    shown = visible(model.record_id, model.unit_id, model.mark, scope)
    refs = list(db.session.scalars(in_order.where(shown), scope.values))
    every = list(db.session.scalars(in_order))
    return [*refs, *([UNSEEN.format(noun)] if len(every) > len(refs) else [])]
