"""Reading the plans and checks of the log, and the readings there are to draw from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, select

from tracker.accounts.models import RoleAssignment, Unit, User
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.audit.models import AuditRead
from tracker.clock import as_utc
from tracker.database import db
from tracker.log_review.models import LogCheck, LogDraw, LogDrawItem, LogPlan
from tracker.log_review.queries import HIDDEN_ACTORS, moments
from tracker.records.models import Record
from tracker.records.scope import within_reach
from tracker.rules.permissions import Permission, roles_allowed


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan with the names that go with it."""

    plan: LogPlan
    unit: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check with its plan, and who signed it."""

    check: LogCheck
    plan: LogPlan
    unit: str
    reviewer: str
    signer: str

    @property
    def signed_on(self) -> date | None:
        """The day it was signed, in UTC, as far as states go; None while it is open."""
        return as_utc(self.check.signed_at).date() if self.check.signed_at else None


def list_plans(year: int, reach: Reach) -> list[PlanRow]:
    """The plans of a year for units within reach, in the order of the tree."""
    statement = (
        select(LogPlan, Unit.name, User.name)
        .join(Unit, Unit.id == LogPlan.unit_id)
        .join(User, User.id == LogPlan.reviewer_id)
        .where(LogPlan.year == year, within_reach(LogPlan.unit_id, reach))
        .order_by(Unit.tree_from)
    )
    return [PlanRow(*row) for row in db.session.execute(statement)]


def find_plan(plan_id: int, reach: Reach) -> PlanRow | None:
    """A plan, None when there is none within reach."""
    plan = db.session.scalar(select(LogPlan).where(LogPlan.id == plan_id, within_reach(LogPlan.unit_id, reach)))
    return next((row for row in list_plans(plan.year, reach) if row.plan.id == plan_id), None) if plan else None


def list_checks(plan_ids: Sequence[int]) -> list[LogCheck]:
    """The checks of some plans, in the order in which they fall due."""
    statement = select(LogCheck).where(LogCheck.plan_id.in_(plan_ids)).order_by(LogCheck.due_on, LogCheck.id)
    return list(db.session.scalars(statement))


def find_check(check_id: int, reach: Reach) -> CheckRow | None:
    """A check, read anew; None when there is none whose plan lies within reach."""
    check = db.session.get(LogCheck, check_id, populate_existing=True)
    plan = find_plan(check.plan_id, reach) if check else None
    if check is None or plan is None:
        return None
    signer = db.session.get(User, check.signed_by) if check.signed_by else None
    return CheckRow(check, plan.plan, plan.unit, plan.reviewer, signer.name if signer else "")


def list_draws(check_id: int) -> list[LogDraw]:
    """A check's draws, the first first."""
    return list(db.session.scalars(select(LogDraw).where(LogDraw.check_id == check_id).order_by(LogDraw.number)))


def list_items(draw_id: int) -> list[LogDrawItem]:
    """The readings that a draw took, in its order, with what was found about each."""
    every = select(LogDrawItem).where(LogDrawItem.draw_id == draw_id).order_by(LogDrawItem.position)
    return list(db.session.scalars(every.execution_options(populate_existing=True)))


def list_years(reach: Reach) -> list[int]:
    """The years that have a plan within reach."""
    statement = select(LogPlan.year).where(within_reach(LogPlan.unit_id, reach)).distinct().order_by(LogPlan.year)
    return list(db.session.scalars(statement))


def population(from_on: date, to_on: date, kinds: str, unit_id: int) -> list[int]:
    """The numbers of the readings to draw from: those of the days and kinds, about records of the unit and below.

    For the top unit also what is about no record. What a reporter reads of their own report is no part of it.
    """
    start, end = moments(from_on, to_on)
    reach = reach_of_plan(unit_id)
    conditions = [AuditRead.at >= start, AuditRead.at < end, AuditRead.kind.in_(kinds.split())]
    conditions.append(AuditRead.actor_kind.not_in(HIDDEN_ACTORS))
    if not reach.everything:
        inside = select(literal(1)).where(Record.id == AuditRead.record_id, within_reach(Record.unit_id, reach))
        conditions.append(inside.exists())
    return sorted(db.session.scalars(select(AuditRead.id).where(*conditions)))


def reach_of_plan(unit_id: int) -> Reach:
    """The unit and all below it, as they are now."""
    unit = db.session.get_one(Unit, unit_id)
    if unit.parent_id is None:
        return EVERYTHING
    single = unit.tree_from == unit.tree_to
    return Reach(intervals=((unit.tree_from, unit.tree_to),), only_unit_id=unit.id if single else None)


def reviewers_of(reach: Reach, today: date) -> list[tuple[int, str, int, int]]:
    """(id, name, unit's interval from, to) of each role held today by which somebody checks the log, where it and the
    reach have a unit in common.
    """
    roles = [role.value for role in roles_allowed(Permission.CHECK_LOG)]
    statement = (
        select(User.id, User.name, Unit.tree_from, Unit.tree_to)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .join(Unit, Unit.id == RoleAssignment.unit_id)
        .where(
            User.active.is_(True),
            RoleAssignment.role.in_(roles),
            RoleAssignment.from_on <= today,
            (RoleAssignment.to_on.is_(None)) | (RoleAssignment.to_on >= today),
        )
        .order_by(User.name, User.id)
    )
    return [
        (user_id, name, low, high)
        for user_id, name, low, high in db.session.execute(statement)
        if reach.everything or any(low <= end and start <= high for start, end in reach.intervals)
    ]


def may_review(user_id: int, unit_id: int, today: date) -> bool:
    """Whether the user checks the log for the unit and all below it today."""
    unit = db.session.get(Unit, unit_id)
    if unit is None:
        return False
    return any(
        found == user_id and low <= unit.tree_from and unit.tree_to <= high
        for found, _, low, high in reviewers_of(EVERYTHING, today)
    )
