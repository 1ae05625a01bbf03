"""A report about those who receive the unit's reports is closed to them as it comes, and goes to who is left.

That it concerned them is kept when the closing is lifted: they may see the case then, and never who reported it.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, insert, select

from tracker.accounts.models import RoleAssignment, Unit, User
from tracker.cases.models import CaseConcerned
from tracker.database import db, insert_if_new
from tracker.records.models import GrantKind, RecordGrant
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, Role, roles_allowed

NOBODY_LEFT = (
    "Ingen annan än de tar emot rapporter för enheten i programmet. Lämna rapporten till nämnden på annat sätt, eller "
    "ta bort krysset."
)


def managers_of(unit_id: int, today: date) -> frozenset[int]:
    """Whom a report about the unit's managers is closed to: who is chef over the unit today, at whatever height.

    Raises RuleViolation, field `about_managers`, when nobody else would be left to take it over.
    """
    closed = _holders(unit_id, {Role.MANAGER}, today)
    if not _holders(unit_id, roles_allowed(Permission.MANAGE_CASE_ACCESS), today) - closed:
        raise RuleViolation("nobody_left", NOBODY_LEFT, "about_managers")
    return closed


def _holders(unit_id: int, roles: Collection[Role], today: date) -> frozenset[int]:
    place = select(Unit.tree_from).where(Unit.id == unit_id).scalar_subquery()
    statement = (
        select(RoleAssignment.user_id)
        .join(Unit, Unit.id == RoleAssignment.unit_id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            RoleAssignment.role.in_(sorted(roles)), Unit.tree_from <= place, Unit.tree_to >= place,
            RoleAssignment.from_on <= today, RoleAssignment.to_on.is_(None) | (RoleAssignment.to_on >= today),
            User.active.is_(True),
        )
    )  # fmt: skip
    return frozenset(db.session.scalars(statement))


def close_to(record_id: int, users: Collection[int], now: datetime) -> dict[str, tuple[object, object]]:
    """Closes a report to some users as it comes, within the caller's transaction; gives what the trail is to tell. The
    closing names nobody who gave it: that would tell who reported.
    """
    for user_id in sorted(users):
        row = {"record_id": record_id, "user_id": user_id, "kind": GrantKind.CLOSED.value}
        db.session.execute(insert(RecordGrant).values(row | {"given_at": now, "given_by": None}))
    keep_concerned(record_id, users, now)
    return {f"closed.{user_id}": (False, True) for user_id in sorted(users)}


def _closed(record_id: int) -> tuple[ColumnElement[bool], ...]:
    return RecordGrant.record_id == record_id, RecordGrant.kind == GrantKind.CLOSED.value


def keep_concerned(record_id: int, users: Collection[int], now: datetime) -> None:
    """Keeps, within the caller's transaction, that a case concerned some users, whatever becomes of the closing."""
    rows = [{"record_id": record_id, "user_id": user_id, "since": now} for user_id in sorted(users)]
    if rows:
        db.session.execute(insert_if_new(CaseConcerned), rows)


def concerned_by(record_id: int) -> frozenset[int]:
    """Whom a case concerns: those it is closed to, and those it has been closed to."""
    kept = select(CaseConcerned.user_id).where(CaseConcerned.record_id == record_id)
    return frozenset(db.session.scalars(kept.union(select(RecordGrant.user_id).where(*_closed(record_id)))))


def concerned_names(record_id: int) -> list[str]:
    """The names of those whom a case concerns."""
    found = select(User.name).where(User.id.in_(concerned_by(record_id)))
    return list(db.session.scalars(found.order_by(User.name, User.id)))


def closed_as_reported(record_id: int) -> bool:
    """Whether a report was closed to the unit's managers as it came, and still is to one of them."""
    given = select(RecordGrant.id).where(*_closed(record_id), RecordGrant.given_by.is_(None))
    return db.session.scalar(given.limit(1)) is not None
