"""Reading a plan as the committee meets it: what it holds now, its versions, and the steps taken with it."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select

from tracker import clock
from tracker.accounts.models import Unit
from tracker.accounts.reader import in_utc
from tracker.activity.models import Activity
from tracker.activity.queries import activities_content
from tracker.control.models import ControlMoment, PlanEvent, PlanVersion
from tracker.control.queries import MomentRow, list_moments
from tracker.database import db
from tracker.frozen.queries import LockedVersion
from tracker.frozen.years import newest_control
from tracker.records.grants import granted_in
from tracker.records.models import Access, Mark, Record
from tracker.records.scope import EVERY_RECORD, Scope, visible
from tracker.risk.importing import REGISTER_NAMES
from tracker.risk.models import ControlPlan, Risk
from tracker.rules.plan_workflow import NONE_LACKING, Lacking, PlanState, PlanStep, Standing

Content = dict[str, Any]
RISK_FIELDS = tuple(REGISTER_NAMES.values())
MOMENT_FIELDS = (
    "risk_ref", "name", "subject", "criteria", "method", "frequency", "responsible", "performer", "controlled_party",
    "reported_to", "good_limit", "acceptable_limit",
)  # fmt: skip


ACTIVITY_FIELDS = ("risk_ref", "moment_ref", "text", "responsible", "due_on")


class VersionRow(NamedTuple):
    """A version in a list."""

    number: int
    decided: str | None


@dataclass(frozen=True, slots=True)
class PlanPart:
    """A version as a reader may see it; `left_out`: how many of its rows they may not."""

    number: int
    decided: str | None
    content: Content
    left_out: int


def _read(kept: str) -> Content:
    """A version as it was kept, with what plans have been able to tell since: nothing was said of it then."""
    content: Content = {"activities": []} | json.loads(kept)
    unsaid = dict.fromkeys(RISK_FIELDS) | {"in_net": True}
    moments = [dict.fromkeys(MOMENT_FIELDS) | one for one in content["moments"]]
    activities = [{"moment_ref": None} | one for one in content["activities"]]
    risks = [unsaid | row for row in content["risks"]]
    return content | {"risks": risks, "moments": moments, "activities": activities}


def plan_content(plan: ControlPlan, *, given: bool = False) -> Content:
    """What the plan holds now, whoever may see it: to be kept with a version. What is voided is no part of it. `given`:
    of the activities only those that the committee has been given; others may come in at any time.
    """
    risks = db.session.execute(
        select(Risk.record_id, Risk.ref, *(getattr(Risk, name) for name in RISK_FIELDS))
        .where(Risk.year == plan.year, Risk.mark != Mark.VOIDED.value)
        .order_by(Risk.ref_key, Risk.ref)
    )
    columns = (Risk.ref if name == "risk_ref" else getattr(ControlMoment, name) for name in MOMENT_FIELDS)
    moments = db.session.execute(
        select(ControlMoment.record_id, ControlMoment.ref, *columns)
        .outerjoin(Risk, Risk.record_id == ControlMoment.risk_id)
        .where(ControlMoment.year == plan.year, ControlMoment.mark != Mark.VOIDED.value)
        .order_by(ControlMoment.ref_key, ControlMoment.ref)
    )
    return {
        "scale": json.loads(plan.scale),
        "limits": [plan.good_limit, plan.acceptable_limit],
        "risks": [dict(zip(("record_id", "ref", *RISK_FIELDS), row, strict=True)) for row in risks],
        "moments": [dict(zip(("record_id", "ref", *MOMENT_FIELDS), row, strict=True)) for row in moments],
        "activities": activities_content(plan.year, given=given),
    }


def standing_of(plan: ControlPlan, scope: Scope) -> Standing:
    """What the next step of a plan looks at: all of the plan, told in the refs that the reader may see."""
    state = PlanState(plan.state)
    adopted = _latest_adopted(plan.year)
    moments = db.session.scalar(
        select(func.count()).where(ControlMoment.year == plan.year, ControlMoment.mark != Mark.VOIDED.value)
    )
    differs = adopted is None or (state is PlanState.DRAFT and _read(adopted) != plan_content(plan, given=True))
    unexplained, no_next = NONE_LACKING, NONE_LACKING
    if state is PlanState.ADOPTED:
        rows = list_moments(plan.year, EVERY_RECORD)
        unexplained = _lacking(plan.year, [row for row in rows if row.graded.no_result], scope)
        no_next = _lacking(plan.year, [row for row in rows if row.not_done and not row.not_done_next], scope)
    locked = _locked(plan.year) if state is PlanState.FOLLOWED_UP else None
    return Standing(
        state, adopted is not None, differs, moments or 0, unexplained, locked.version if locked else None, no_next,
        plan.adopted_on, _proposed_on(plan.year) if state is PlanState.PROPOSED else None,
        clock.day_of(locked.locked_at) if locked else None,
    )  # fmt: skip


def _proposed_on(year: int) -> date | None:
    """The day that the plan was last proposed here."""
    proposed = (PlanEvent.year == year, PlanEvent.step == PlanStep.PROPOSE.value)
    at = db.session.scalar(select(func.max(PlanEvent.at)).where(*proposed))
    return None if at is None else clock.day_of(in_utc(at))


def _lacking(year: int, rows: list[MomentRow], scope: Scope) -> Lacking:
    """Of these kontrollmoment the refs of those that the reader may see, and how many the others are."""
    if not rows:
        return NONE_LACKING
    moment = ControlMoment
    seen = visible(moment.record_id, moment.unit_id, moment.mark, scope)
    known = set(db.session.scalars(select(moment.record_id).where(moment.year == year, seen), scope.values))
    refs = tuple(row.ref for row in rows if row.record_id in known)
    return Lacking(refs, len(rows) - len(refs))


def _locked(year: int) -> LockedVersion | None:
    """The locked version of the follow-up, unless it has been opened again since."""
    newest = newest_control(year)
    reopened = db.session.scalar(
        select(func.max(PlanEvent.at)).where(PlanEvent.year == year, PlanEvent.step == PlanStep.REOPEN.value)
    )
    if newest is None or (reopened is not None and in_utc(reopened) > newest.locked_at):
        return None
    return newest


def approved_report(year: int) -> int | None:
    """Which locked version of the follow-up the committee approved; None while it has not."""
    approved = (PlanEvent.year == year, PlanEvent.step == PlanStep.APPROVE.value)
    return db.session.scalar(select(PlanEvent.report_version).where(*approved).order_by(PlanEvent.id.desc()).limit(1))


def activities_in_force(year: int) -> set[int]:
    """The records of the activities that the latest adopted version holds; none where none is adopted."""
    adopted = _latest_adopted(year)
    return {row["record_id"] for row in _read(adopted)["activities"]} if adopted else set()


def _latest_adopted(year: int) -> str | None:
    statement = select(PlanVersion.content).where(PlanVersion.year == year, PlanVersion.decided == "adopted")
    return db.session.scalar(statement.order_by(PlanVersion.number.desc()).limit(1))


def list_versions(year: int) -> list[VersionRow]:
    """The versions of a plan, the latest first."""
    statement = select(PlanVersion.number, PlanVersion.decided).where(PlanVersion.year == year)
    return [VersionRow(*row) for row in db.session.execute(statement.order_by(PlanVersion.number.desc()))]


def list_events(year: int) -> list[PlanEvent]:
    """The steps that were taken with a plan, the latest first."""
    return list(db.session.scalars(select(PlanEvent).where(PlanEvent.year == year).order_by(PlanEvent.id.desc())))


def find_version(year: int, number: int, scope: Scope) -> PlanPart | None:
    """A version of a plan; None when there is none. A risk or kontrollmoment that the reader may not see is left out,
    and a kontrollmoment does not tell the ref of such a risk.
    """
    row = db.session.execute(
        select(PlanVersion.content, PlanVersion.decided).where(PlanVersion.year == year, PlanVersion.number == number)
    ).first()
    return None if row is None else _part(year, number, row[1], _read(row[0]), scope)


def draft_part(plan: ControlPlan, scope: Scope) -> PlanPart:
    """The plan as it stands now, as a version without a number, within what the reader may see."""
    return _part(plan.year, 0, None, plan_content(plan), scope)


def _part(year: int, number: int, decided: str | None, content: Content, scope: Scope) -> PlanPart:
    risks, moments = _seen(Risk, year, content["risks"], scope), _seen(ControlMoment, year, content["moments"], scope)
    shown = {"risks": risks, "moments": moments, "activities": _seen(Activity, year, content["activities"], scope)}
    left_out = sum(len(content[name]) - len(rows) for name, rows in shown.items())
    refs = {risk["ref"] for risk in risks}
    for name in ("moments", "activities"):
        shown[name] = [one if one["risk_ref"] in refs else one | {"risk_ref": None} for one in shown[name]]
    controls = {moment["ref"] for moment in moments}
    shown["activities"] = [
        one if one["moment_ref"] in controls else one | {"moment_ref": None} for one in shown["activities"]
    ]
    return PlanPart(number, decided, content | shown, left_out)


def _seen(
    model: type[Risk] | type[ControlMoment] | type[Activity], year: int, rows: list[Content], scope: Scope
) -> list[Content]:
    """The rows whose record the reader may see; one that was voided since as if it were not."""
    seen = ids_seen(model, year, scope)
    return [row for row in rows if row["record_id"] in seen]


def ids_seen(model: type[Risk] | type[ControlMoment] | type[Activity], year: int, scope: Scope) -> set[int]:
    """The records of a year that the reader may see; one that was voided as if it were not."""
    granted = granted_in(scope)
    statement = (
        select(model.record_id, Record.access, Unit.tree_from)
        .join(Record, Record.id == model.record_id)
        .join(Unit, Unit.id == model.unit_id)
        .where(model.year == year)
    )
    found: dict[int, tuple[Mark, int]] = {
        row[0]: (Mark.PROTECTED if row[1] == Access.PROTECTED else Mark.ORDINARY, row[2])
        for row in db.session.execute(statement)
    }

    def sees(record_id: int) -> bool:
        mark, place = found[record_id]
        named = scope.named and record_id in granted.named
        everything = scope.reader_id is None and scope.reach.everything
        return everything or ((named or scope.reach.covers(place)) and not granted.hides(record_id, mark))

    return {record_id for record_id in found if sees(record_id)}
