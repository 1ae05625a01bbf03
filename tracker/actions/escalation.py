"""Which late actions go to the next manager, and to whom?"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select

from tracker.accounts.models import RoleAssignment, Unit, User
from tracker.actions.models import ActionItem
from tracker.actions.queries import ROW, ActionRow, not_voided, row_of
from tracker.actions.times import times
from tracker.database import db
from tracker.records.models import GrantKind, Mark, RecordGrant
from tracker.rules.actions import Stage, next_managers
from tracker.rules.permissions import Role

A = ActionItem
MOST_SHOWN = 200


class Escalated(NamedTuple):
    """What has gone to one manager: the rows that are shown, those longest late first, and how many there are."""

    rows: list[ActionRow]
    total: int


def list_escalated(today: date) -> list[tuple[int, int]]:
    """(action, user): each late action that has gone to the next manager by today, with whom it went to (several where
    a unit has several managers); those longest late first. Nobody gets one that they may not see.
    """
    return list(_pairs(today, None))


def count_escalated_to(user_id: int, today: date) -> int:
    """How many late actions have gone to one manager."""
    return len(_ids_of(user_id, today))


def list_escalated_to(user_id: int, today: date) -> Escalated:
    """The late actions that have gone to one manager; no more than MOST_SHOWN of them are read."""
    ids = _ids_of(user_id, today)
    statement = select(*ROW).join(Unit, Unit.id == A.unit_id).where(A.record_id.in_(ids[:MOST_SHOWN]))
    rows = [row_of(row) for row in db.session.execute(statement.order_by(A.listed_on, A.record_id))]
    return Escalated(rows, len(ids))


def _ids_of(user_id: int, today: date) -> list[int]:
    return [action_id for action_id, manager in _pairs(today, user_id) if manager == user_id]


def _pairs(today: date, only_user: int | None) -> Iterator[tuple[int, int]]:
    managers = _managers(today)
    above = _units_above()
    units = None
    if only_user is not None:
        managed = {unit_id for unit_id, users in managers.items() if only_user in users}
        units = [unit_id for unit_id, path in above.items() if managed & set(path)]
        if not units:
            return
    late = _late(today, units)
    named, closed = _granted(GrantKind.NAMED), _granted(GrantKind.CLOSED)
    for action_id, unit_id, responsible_id, mark in late:
        who, shut = managers, closed.get(action_id)
        if shut:
            who = {unit: users - shut for unit, users in who.items()}
        if mark == Mark.PROTECTED:
            who = {unit: users & named.get(action_id, set()) for unit, users in who.items()}
        found = next_managers(above[unit_id], who, responsible_id)
        yield from ((action_id, user_id) for user_id in sorted(found))


def _late(today: date, units: Collection[int] | None) -> list[tuple[int, int, int | None, int]]:
    until = min(today - timedelta(days=times.escalation_days), today - timedelta(days=1))
    statement = select(A.record_id, A.unit_id, A.responsible_id, A.mark).where(
        A.stage == Stage.TO_DO.value, A.listed_on <= until, A.decided_on.is_not(None), not_voided()
    )
    if units is not None:
        statement = statement.where(A.unit_id.in_(units))
    rows = db.session.execute(statement.order_by(A.listed_on, A.record_id))
    return [(action_id, unit_id, responsible_id, mark) for action_id, unit_id, responsible_id, mark in rows]


def _managers(today: date) -> Mapping[int, set[int]]:
    """Unit → the active users who manage it by a role for that very unit."""
    statement = (
        select(RoleAssignment.unit_id, RoleAssignment.user_id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            RoleAssignment.role == Role.MANAGER.value, User.active.is_(True), RoleAssignment.from_on <= today,
            or_(RoleAssignment.to_on.is_(None), RoleAssignment.to_on >= today),
        )
    )  # fmt: skip
    found = defaultdict[int, set[int]](set)
    for unit_id, user_id in db.session.execute(statement):
        found[unit_id].add(user_id)
    return found


def _units_above() -> dict[int, list[int]]:
    """Unit → the units above it, the nearest first."""
    parents: dict[int, int | None] = {row[0]: row[1] for row in db.session.execute(select(Unit.id, Unit.parent_id))}
    found = {}
    for unit_id, parent in parents.items():
        path, at = list[int](), parent
        while at is not None:
            path.append(at)
            at = parents[at]
        found[unit_id] = path
    return found


def _granted(kind: GrantKind) -> Mapping[int, set[int]]:
    """Action → whom it has been given or closed to; few actions have either."""
    statement = (
        select(RecordGrant.record_id, RecordGrant.user_id)
        .join(A, A.record_id == RecordGrant.record_id)
        .where(RecordGrant.kind == kind.value)
    )
    found = defaultdict[int, set[int]](set)
    for record_id, user_id in db.session.execute(statement):
        found[record_id].add(user_id)
    return found
