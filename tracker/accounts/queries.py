"""Reading users and units."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker.accounts.models import AdminRequest, RoleAssignment, Unit, UnitName, User
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.database import database_key, db
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
    valid_until: date | None = None


def list_units(reach: Reach = EVERYTHING) -> list[UnitRow]:
    """The units within reach, in the order of the tree, each with its depth."""
    columns = (Unit.id, Unit.name, Unit.tree_from, Unit.tree_to, Unit.valid_until)
    rows = db.session.execute(select(*columns).order_by(Unit.tree_from))
    found: list[UnitRow] = []
    above: list[int] = []
    for unit_id, name, low, high, valid_until in rows:
        while above and above[-1] < low:
            above.pop()
        if reach.covers(low):
            found.append(UnitRow(unit_id, name, len(above), low, high, valid_until))
        above.append(high)
    return found


UNITS_KEPT_SECONDS = 10.0
_units: Kept[list[UnitRow]] = Kept(UNITS_KEPT_SECONDS, 500)


def kept_units(reach: Reach) -> list[UnitRow]:
    """The units within reach as they were at most ten seconds ago; for names and selects, never for scope."""
    return _units.get((database_key(), reach, reach.tree), lambda: list_units(reach))


def find_top_unit() -> Unit | None:
    """The unit above all others, None in an empty database."""
    return db.session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))


def find_unit(name: str) -> Unit | None:
    """The unit with exactly this name."""
    return db.session.scalar(select(Unit).where(Unit.name == name))


def unit_places() -> dict[str, tuple[int, int]]:
    """Name → (id, where in the tree it begins) of every unit, and of names that exactly one unit has had before."""
    current = {
        name: (unit_id, low) for name, unit_id, low in db.session.execute(select(Unit.name, Unit.id, Unit.tree_from))
    }
    earlier: dict[str, set[tuple[int, int]]] = {}
    statement = select(UnitName.name, Unit.id, Unit.tree_from).join(Unit, Unit.id == UnitName.unit_id)
    for name, unit_id, low in db.session.execute(statement):
        earlier.setdefault(name, set()).add((unit_id, low))
    return {name: next(iter(units)) for name, units in earlier.items() if len(units) == 1} | current


def find_user(email: str) -> User | None:
    """The user with this address, in any case of letters."""
    return db.session.scalar(select(User).where(User.email == email.strip().casefold()))


def get_user(user_id: int) -> User:
    """The user with this number; raises NoResultFound."""
    return db.session.get_one(User, user_id)


def user_names(user_ids: Collection[int]) -> dict[int, str]:
    """Users' names by id, active or not."""
    if not user_ids:
        return {}
    return {row[0]: row[1] for row in db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))}


def users_by_name(names: set[str]) -> dict[str, int]:
    """Name → id for names that exactly one active user bears."""
    if not names:
        return {}
    found: dict[str, list[int]] = {}
    for user_id, name in db.session.execute(select(User.id, User.name).where(User.active.is_(True))):
        if name in names:
            found.setdefault(name, []).append(user_id)
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


def find_user_by_id(user_id: int, reach: Reach) -> User | None:
    """The user with this number, None when any role of theirs lies beyond the reach (or they have none)."""
    if not reach.everything:
        places = {low for _, low in _places_of_users(user_id)}
        if not places or not all(reach.covers(low) for low in places):
            return None
    return db.session.get(User, user_id)


def _places_of_users(user_id: int | None = None) -> set[tuple[int, int]]:
    """(user, where the unit begins) of every role that is held, has been or will be, or is asked for."""
    held = select(RoleAssignment.user_id, Unit.tree_from).join(Unit, Unit.id == RoleAssignment.unit_id)
    asked = (
        select(AdminRequest.user_id, Unit.tree_from)
        .join(Unit, Unit.id == AdminRequest.unit_id)
        .where(AdminRequest.approved.is_(None))
    )
    if user_id is not None:
        held, asked = held.where(RoleAssignment.user_id == user_id), asked.where(AdminRequest.user_id == user_id)
    rows = (row for statement in (held, asked) for row in db.session.execute(statement))
    return {(row[0], row[1]) for row in rows if row[0] is not None}


def find_unit_by_id(unit_id: int, reach: Reach) -> Unit | None:
    """The unit with this number, None when it lies beyond the reach."""
    unit = db.session.get(Unit, unit_id)
    return unit if unit is not None and reach.covers(unit.tree_from) else None


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
    unit_id: int

    def holds(self, today: date) -> bool:
        """Whether it holds on a day."""
        return self.from_on <= today and not self.ended(today)

    def ended(self, today: date) -> bool:
        """Whether its last day lies before a day."""
        return self.to_on is not None and self.to_on < today


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user in the administrator's list, with the roles that hold today."""

    id: int
    name: str
    email: str
    active: bool
    has_password: bool
    roles: tuple[RoleRow, ...]

    @property
    def state(self) -> str:
        """`avslutad`, `aktiv`, or `inbjuden` until a password has been chosen."""
        return ("aktiv" if self.has_password else "inbjuden") if self.active else "avslutad"


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
            Unit.id,
        )
        .join(Unit, Unit.id == RoleAssignment.unit_id)
        .order_by(RoleAssignment.id)
    )
    if user_id is not None:
        statement = statement.where(RoleAssignment.user_id == user_id)
    return [
        RoleRow(row_id, owner, Role(role), unit_name, from_on, to_on, low, unit_id)
        for row_id, owner, role, unit_name, from_on, to_on, low, unit_id in db.session.execute(statement)
    ]


def list_users(today: date, reach: Reach) -> list[UserRow]:
    """The users by name whose every role lies within reach; those without any only for who reaches everything."""
    roles: dict[int, list[RoleRow]] = {}
    beyond, somewhere = set(), set()
    for user_id, low in set() if reach.everything else _places_of_users():
        somewhere.add(user_id)
        if not reach.covers(low):
            beyond.add(user_id)
    for row in list_role_rows():
        if row.holds(today):
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


def count_administrators(day: date) -> int:
    """How many active users are administrators of all units on a day."""
    statement = (
        select(func.count(RoleAssignment.user_id.distinct()))
        .join(User, User.id == RoleAssignment.user_id)
        .join(Unit, Unit.id == RoleAssignment.unit_id)
        .where(
            RoleAssignment.role == Role.ADMINISTRATOR,
            User.active.is_(True),
            Unit.parent_id.is_(None),
            RoleAssignment.from_on <= day,
            (RoleAssignment.to_on.is_(None)) | (RoleAssignment.to_on >= day),
        )
    )
    return db.session.scalar(statement) or 0
