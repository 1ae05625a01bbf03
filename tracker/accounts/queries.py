"""Reading users and units."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker.accounts.models import RoleAssignment, Unit, User
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.database import db
from tracker.kept import Kept
from tracker.rules.permissions import Role


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the order of the tree; `depth` is 0 at the top."""

    id: int
    name: str
    depth: int
    tree_from: int
    tree_to: int


def list_units(reach: Reach = EVERYTHING) -> list[UnitRow]:
    """The units within reach, in the order of the tree, each with its depth."""
    rows = db.session.execute(select(Unit.id, Unit.name, Unit.tree_from, Unit.tree_to).order_by(Unit.tree_from))
    found: list[UnitRow] = []
    above: list[int] = []
    for unit_id, name, low, high in rows:
        while above and above[-1] < low:
            above.pop()
        if reach.covers(low):
            found.append(UnitRow(unit_id, name, len(above), low, high))
        above.append(high)
    return found


UNITS_KEPT_SECONDS = 10.0
_units: Kept[list[UnitRow]] = Kept(UNITS_KEPT_SECONDS, 500)


def kept_units(reach: Reach) -> list[UnitRow]:
    """The units within reach as they were at most ten seconds ago; for names and selects, never for scope."""
    return _units.get((str(db.engine.url), reach, reach.tree), lambda: list_units(reach))


def find_top_unit() -> Unit | None:
    """The unit above all others, None in an empty database."""
    return db.session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))


def find_unit(name: str) -> Unit | None:
    """The unit with exactly this name."""
    return db.session.scalar(select(Unit).where(Unit.name == name))


def find_user(email: str) -> User | None:
    """The user with this address, in any case of letters."""
    return db.session.scalar(select(User).where(User.email == email.strip().casefold()))


def get_user(user_id: int) -> User:
    """The user with this number; raises NoResultFound."""
    return db.session.get_one(User, user_id)


def find_user_by_id(user_id: int, reach: Reach) -> User | None:
    """The user with this number, None when any role of theirs lies beyond the reach (or they have none)."""
    roles = list_role_rows(user_id)
    if not reach.everything and not (roles and all(reach.covers(row.tree_from) for row in roles)):
        return None
    return db.session.get(User, user_id)


def unit_by_id(unit_id: int) -> Unit:
    """The unit with this number; raises NoResultFound."""
    return db.session.get_one(Unit, unit_id)


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role that a user holds, has held or will hold."""

    id: int
    user_id: int
    role: Role
    unit_name: str
    from_on: date
    to_on: date | None
    tree_from: int


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user in the administrator's list, with the roles that hold today."""

    id: int
    name: str
    email: str
    active: bool
    has_password: bool
    roles: tuple[RoleRow, ...]


def list_role_rows(user_id: int | None = None) -> list[RoleRow]:
    """Every role of a user, or of all users, by the order in which they were given."""
    statement = (
        select(
            RoleAssignment.id,
            RoleAssignment.user_id,
            RoleAssignment.role,
            Unit.name,
            RoleAssignment.from_on,
            RoleAssignment.to_on,
            Unit.tree_from,
        )
        .join(Unit, Unit.id == RoleAssignment.unit_id)
        .order_by(RoleAssignment.id)
    )
    if user_id is not None:
        statement = statement.where(RoleAssignment.user_id == user_id)
    return [
        RoleRow(row_id, owner, Role(role), unit_name, from_on, to_on, low)
        for row_id, owner, role, unit_name, from_on, to_on, low in db.session.execute(statement)
    ]


def list_users(today: date, reach: Reach) -> list[UserRow]:
    """The users by name whose every role lies within reach; those without any only for who reaches everything."""
    roles: dict[int, list[RoleRow]] = {}
    beyond, somewhere = set(), set()
    for row in list_role_rows():
        somewhere.add(row.user_id)
        if not reach.covers(row.tree_from):
            beyond.add(row.user_id)
        if row.from_on <= today and (row.to_on is None or row.to_on >= today):
            roles.setdefault(row.user_id, []).append(row)
    statement = select(User.id, User.name, User.email, User.active, User.password_hash).order_by(User.name, User.id)
    return [
        UserRow(user_id, name, email, active, bool(password), tuple(roles.get(user_id, ())))
        for user_id, name, email, active, password in db.session.execute(statement)
        if reach.everything or user_id in somewhere - beyond
    ]


def count_users() -> int:
    """How many users there are, active or not."""
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def has_administrator(today: date) -> bool:
    """Whether an active user holds the administrator's role today."""
    statement = (
        select(RoleAssignment.id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            RoleAssignment.role == Role.ADMINISTRATOR,
            User.active.is_(True),
            RoleAssignment.from_on <= today,
            (RoleAssignment.to_on.is_(None)) | (RoleAssignment.to_on >= today),
        )
    )
    return db.session.scalar(statement.limit(1)) is not None
