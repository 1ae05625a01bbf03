"""Taking the internal control plan from step to step: the only writer of its state and its versions."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update

from tracker.activity.models import Activity
from tracker.activity.services import note_in_plan
from tracker.audit import trail
from tracker.control.models import ControlMoment, PlanEvent, PlanVersion
from tracker.control.plan_queries import activities_in_force, plan_content, standing_of
from tracker.database import db
from tracker.records.scope import EVERY_RECORD, Scope
from tracker.records.yearly import lock_table
from tracker.risk.models import ControlPlan, Risk
from tracker.rules.plan_workflow import TABLE, Decision, PlanState, PlanStep, keeps_reason, moved, take_step
from tracker.rules.trail import Action, TargetKind

NO_DECISION = Decision()
ENDS = {PlanStep.ADOPT: "adopted", PlanStep.SEND_BACK: "sent_back", PlanStep.WITHDRAW: "withdrawn"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do with a plan; `seen`: the version of the plan that their page showed."""

    step: PlanStep
    seen: int
    decision: Decision = NO_DECISION
    reason: str = ""


def step_plan(
    year: int, wish: Wish, actor_id: int | None, today: date, now: datetime, scope: Scope = EVERY_RECORD
) -> PlanState:  # fmt: skip
    """Takes a step within the caller's transaction; gives the plan's new state.

    Proposing keeps the plan as it stands as a version, which is what the committee decides about. `scope`: what the
    actor may see, which is all that a refusal names; everything for a step that no page asks for. Raises RuleViolation
    when somebody has taken another step since, and as `take_step` does.
    """
    lock_table(Risk)
    lock_table(ControlMoment)
    lock_table(Activity)  # nobody changes the plan while it is kept
    plan = db.session.scalars(
        select(ControlPlan).where(ControlPlan.year == year).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if plan is None or plan.version != wish.seen:
        raise moved()
    before = plan.state
    standing = standing_of(plan, scope)
    after = take_step(wish.step, standing, wish.decision, wish.reason, today)
    number = _keep_version(plan, wish.step)
    plan.state, plan.version = after.value, plan.version + 1
    if wish.step is PlanStep.ADOPT:
        plan.adopted_on = wish.decision.decided_on
        plan.paragraph, plan.case_number = wish.decision.paragraph, wish.decision.case_number
    row = TABLE[wish.step]
    event = PlanEvent(year=year, step=wish.step.value, version_number=number, at=now, by=actor_id)
    if row.needs_decision:
        event.decided_on = wish.decision.decided_on
        event.paragraph, event.case_number = wish.decision.paragraph, wish.decision.case_number
    if wish.step is PlanStep.APPROVE:
        event.report_version = standing.locked
    if keeps_reason(wish.step, standing, wish.decision):
        event.reason = wish.reason.strip()
    db.session.add(event)
    _note(event, before, after)
    return after


def _keep_version(plan: ControlPlan, step: PlanStep) -> int | None:
    """The number of the version that a step is about: a new one when it is proposed, else the latest."""
    last = db.session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.year == plan.year))
    if step is PlanStep.PROPOSE:
        content = json.dumps(plan_content(plan), ensure_ascii=False)
        db.session.add(PlanVersion(year=plan.year, number=(last or 0) + 1, content=content))
        note_in_plan(plan.year)
        return (last or 0) + 1
    if step in ENDS:
        waiting = (PlanVersion.year == plan.year, PlanVersion.number == last)
        db.session.execute(update(PlanVersion).where(*waiting).values(decided=ENDS[step]))
        if step is not PlanStep.ADOPT:
            note_in_plan(plan.year, activities_in_force(plan.year))
    return last


def _note(event: PlanEvent, before: str, after: PlanState) -> None:
    changes: dict[str, tuple[object, object]] = {
        "state": (before, after.value), "step": (None, event.step), "version": (None, event.version_number),
    }  # fmt: skip
    if event.decided_on is not None:
        told = {"decided_on": event.decided_on, "paragraph": event.paragraph, "case_number": event.case_number}
        changes |= {name: (None, value) for name, value in told.items()}
    if event.report_version is not None:
        changes["report_version"] = (None, event.report_version)
    trail.record(Action.PLAN_STEPPED, target=(TargetKind.PLAN, event.year), changes=changes, reason=event.reason or "")
