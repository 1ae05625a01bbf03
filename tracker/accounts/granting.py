"""Giving and ending what a person may do: at once, or when a second administrator has approved it.

Whoever calls these holds `authority.lock_administration` and has asked it how far the administrator reaches.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from tracker.accounts.models import AdminRequest, Installation, RoleAssignment, Unit, User
from tracker.accounts.queries import count_administrators, find_user
from tracker.accounts.services import (
    check_person,
    deactivate,
    end_sign_ins,
    give_role,
    make_code,
    take_role,
)
from tracker.audit import trail
from tracker.database import db
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role
from tracker.rules.second_administrator import ROLES_FOR_TWO, RequestKind, needs_two
from tracker.rules.trail import Action, TargetKind
from tracker.web.pagination import LARGEST_ID

DAY = timedelta(days=1)


def _own() -> RuleViolation:
    return RuleViolation("own_roles", "Du kan inte ändra dina egna roller. Be en annan administratör.")


def two_needed() -> bool:
    """Whether the installation asks for a second administrator."""
    return bool(db.session.scalar(select(Installation.second_administrator)))


def _overlaps(from_on: date, to_on: date | None, row_from: date | None, row_to: date | None) -> bool:
    return (to_on is None or row_from is None or row_from <= to_on) and (row_to is None or row_to >= from_on)


def check_free(user: User, role: Role, unit: Unit, from_on: date, to_on: date | None) -> None:
    """Raises RuleViolation when the user holds the role there on any of the days."""
    held = select(RoleAssignment).where(
        RoleAssignment.user_id == user.id, RoleAssignment.role == role, RoleAssignment.unit_id == unit.id
    )
    if any(_overlaps(from_on, to_on, row.from_on, row.to_on) for row in db.session.scalars(held)):
        raise RuleViolation(
            "role_held", "Personen har redan rollen för enheten de dagarna. Ändra rollens slutdag i stället.", "role"
        )


def grant_role(
    user: User, role: Role, unit: Unit, days: tuple[date, date | None], by: int | None, now: datetime
) -> bool:
    """Gives a role for `days` (from, to), or asks for it where two administrators are needed: then False.

    `by` is the administrator; None is the command line, which needs nobody's approval. Raises RuleViolation.
    """
    from_on, to_on = days
    if user.id == by:
        raise _own()
    if not user.active:
        raise RuleViolation("user_inactive", "Användaren är avslutad. Öppna användaren först.")
    if to_on is not None and to_on < from_on:
        raise RuleViolation("role_days", "Slutdagen måste vara samma dag som startdagen eller senare.", "to_on")
    check_free(user, role, unit, from_on, to_on)
    if by is None or not (two_needed() and needs_two(role)):
        give_role(user, role, unit, now, from_on, to_on)
        return True
    asked = select(AdminRequest).where(
        AdminRequest.approved.is_(None),
        AdminRequest.user_id == user.id,
        AdminRequest.role == role,
        AdminRequest.unit_id == unit.id,
    )
    if any(_overlaps(from_on, to_on, row.from_on, row.to_on) for row in db.session.scalars(asked)):
        raise RuleViolation("role_asked", "Rollen är redan begärd och väntar på en annan administratör.", "role")
    ask(RequestKind.ROLE, user, by, now, role=role.value, unit_id=unit.id, from_on=from_on, to_on=to_on)
    return False


def ask(kind: RequestKind, user: User | None, by: int, now: datetime, **what: object) -> AdminRequest:
    """One administrator's request, for another to decide."""
    asked = AdminRequest(kind=kind.value, user_id=user.id if user else None, asked_by_id=by, asked_at=now, **what)
    db.session.add(asked)
    db.session.flush()
    trail.record(
        Action.ROLE_ASKED_FOR,
        target=(TargetKind.USER, user.id) if user else (TargetKind.INSTALLATION, 1),
        changes={"kind": (None, kind.value)} | {name: (None, value) for name, value in what.items()},
    )
    return asked


# Ending and extending ------------------------------------------------------------------------------------------------


def end_role(user: User, assignment_id: int, by: int | None, now: datetime, today: date) -> bool:
    """The role holds no longer from today on; one that has not held before today is taken away whole.

    False when the user has no such role. Raises RuleViolation for one's own, and for the last administrator's.
    """
    assignment = _assignment_of(user, assignment_id, by)
    if assignment is None:
        return False
    before = count_administrators(today)
    if assignment.from_on >= today:
        take_role(user, assignment.id, now)
    else:
        _set_end(user, assignment, today - DAY, now)
    _check_administrators(today, before)
    return True


def change_role_end(
    user: User, assignment_id: int, to_on: date | None, by: int | None, now: datetime, today: date
) -> bool:
    """Another last day for a role. True: it holds; False: the further days of a role with identities are asked for.

    Raises RuleViolation: for a day before today, for one's own role, and for the last administrator's.
    """
    assignment = _assignment_of(user, assignment_id, by)
    if assignment is None:
        raise RuleViolation("role_gone", "Rollen finns inte längre. Öppna användaren på nytt.")
    if to_on is not None and to_on < max(assignment.from_on, today):
        raise RuleViolation("role_days", "Välj i dag eller en senare dag, inte före rollens startdag.", "to_on")
    old = assignment.to_on
    if old == to_on:
        return True
    further = old is not None and (to_on is None or to_on > old)
    unit = db.session.get_one(Unit, assignment.unit_id)
    if further and old is not None:
        begins = max(old + DAY, today)
        if old < today - DAY or (by is not None and two_needed() and needs_two(Role(assignment.role))):
            return grant_role(user, Role(assignment.role), unit, (begins, to_on), by, now)
        check_free(user, Role(assignment.role), unit, begins, to_on)
        if unit.valid_until is not None and unit.valid_until < begins:
            raise RuleViolation("unit_closed", f"{unit.name} är avslutad. Rollen kan inte förlängas där.", "to_on")
    day = today if to_on is None else to_on + DAY
    before = count_administrators(day)
    _set_end(user, assignment, to_on, now)
    _check_administrators(day, before)
    return True


def _assignment_of(user: User, assignment_id: int, by: int | None) -> RoleAssignment | None:
    if user.id == by:
        raise _own()
    if not 0 < assignment_id <= LARGEST_ID:
        return None
    statement = select(RoleAssignment).where(RoleAssignment.id == assignment_id, RoleAssignment.user_id == user.id)
    return db.session.scalar(statement)


def _set_end(user: User, assignment: RoleAssignment, to_on: date | None, now: datetime) -> None:
    old, assignment.to_on = assignment.to_on, to_on
    end_sign_ins(user, now)
    ended = to_on is not None and (old is None or to_on < old)
    trail.record(
        Action.ROLE_ENDED if ended else Action.ROLE_GIVEN,
        target=(TargetKind.USER, user.id),
        changes={
            "role": (assignment.role, assignment.role),
            "unit_id": (assignment.unit_id, assignment.unit_id),
            "to_on": (old, to_on),
        },
    )


def _check_administrators(day: date, before: int) -> None:
    """Raises RuleViolation when a change has left too few administrators at the top on a day."""
    db.session.flush()
    least = 2 if two_needed() else 1
    if before > count_administrators(day) < least:
        told = (
            "Det behövs två administratörer för alla enheter så länge två ska godkänna. Lägg upp en till först."
            if least > 1
            else "Det behövs en administratör för alla enheter. Ge rollen till någon annan först."
        )
        raise RuleViolation("last_administrator", told, "to_on")


# Users ---------------------------------------------------------------------------------------------------------------


def close_user(user: User, by: int | None, now: datetime, today: date) -> None:
    """The user cannot sign in, and no role of theirs holds from today on: opened again, they begin without any."""
    if user.id == by:
        raise _own()
    before = count_administrators(today)
    live = select(RoleAssignment).where(
        RoleAssignment.user_id == user.id, (RoleAssignment.to_on.is_(None)) | (RoleAssignment.to_on >= today)
    )
    for assignment in db.session.scalars(live).all():
        if assignment.from_on >= today:
            take_role(user, assignment.id, now)
        else:
            _set_end(user, assignment, today - DAY, now)
    deactivate(user, now)
    _check_administrators(today, before)


def open_user(user: User, by: int | None) -> None:
    """The user may sign in again, by a new one-time link or the password from before."""
    if user.id == by:
        raise _own()
    if not user.active:
        user.active = True
        trail.record(Action.USER_CHANGED, target=(TargetKind.USER, user.id), changes={"active": (False, True)})
        db.session.flush()


def change_person(user: User, email: str, name: str) -> bool:
    """Another address or name. False when nothing changes. Raises RuleViolation."""
    email, name = check_person(email, name)
    other = find_user(email)
    if other is not None and other.id != user.id:
        raise RuleViolation("email_taken", "Det finns redan en användare med den e-postadressen.", "email")
    changes: dict[str, tuple[object, object]] = {
        field: (old, new) for field, old, new in (("email", user.email, email), ("name", user.name, name)) if old != new
    }
    if not changes:
        return False
    user.email, user.name = email, name
    db.session.flush()
    trail.record(Action.USER_CHANGED, target=(TargetKind.USER, user.id), changes=changes, personal=set(changes))
    return True


def ask_for_link(user: User, by: int | None, now: datetime, today: date) -> str | None:
    """A one-time code for the user; None where it opens what needs two administrators: it is asked for then."""
    if user.id == by:
        raise _own()
    if not user.active:
        raise RuleViolation("user_inactive", "Användaren är avslutad. Öppna användaren först.")
    if by is None or not two_needed() or not _bears_for_two(user, today):
        return make_code(user, now)
    pending = select(AdminRequest.id).where(
        AdminRequest.approved.is_(None), AdminRequest.user_id == user.id, AdminRequest.kind == RequestKind.LINK
    )
    if db.session.scalar(pending.limit(1)) is None:
        ask(RequestKind.LINK, user, by, now)
    return None


def _bears_for_two(user: User, today: date) -> bool:
    statement = select(RoleAssignment.id).where(
        RoleAssignment.user_id == user.id,
        RoleAssignment.role.in_(ROLES_FOR_TWO),
        (RoleAssignment.to_on.is_(None)) | (RoleAssignment.to_on >= today),
    )
    return db.session.scalar(statement.limit(1)) is not None
