"""Who is reading, with which roles, and over which units? Made once per request from the sign-in's token."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, bindparam, column, exists, select, table

from tracker.accounts.models import RoleAssignment, Unit, UnitTree, User, UserSession
from tracker.database import database_key, db, read
from tracker.kept import Kept
from tracker.rules.permissions import Permission, Role, allows

ROLES_KEPT_SECONDS = 10.0
READERS_KEPT = 2_000
CONFIRMED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that holds today, with the interval of units it covers; `everything`: it is held at the top."""

    role: Role
    unit_id: int
    unit_name: str
    tree_from: int
    tree_to: int
    everything: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The units over which a reader holds a permission: all, or some intervals of the tree (none: nothing).

    `only_unit_id` is set when it is exactly one unit without any below it; `tree` is the version of the tree whose
    intervals these are.
    """

    everything: bool = False
    intervals: tuple[tuple[int, int], ...] = ()
    only_unit_id: int | None = None
    tree: int = field(default=0, compare=False)

    def covers(self, tree_from: int) -> bool:
        """Whether the unit that begins at `tree_from` lies within."""
        return self.everything or any(low <= tree_from <= high for low, high in self.intervals)


EVERYTHING = Reach(everything=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """A signed-in person, as pages and queries see them (and what Flask-Login asks of a user)."""

    user_id: int
    name: str
    email: str
    session_id: int
    held: tuple[HeldRole, ...]
    token: str = ""
    tree: int = 0
    confirmed_at: datetime | None = None
    named: bool = False  # whether any record has been given to them by name
    closed: bool = False  # whether any record has been closed to them
    mas: bool = False  # see `cases.mas`

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the sign-in's token, not the user's number."""
        return self.token

    def recently_confirmed(self, now: datetime) -> bool:
        """Whether the password was given less than 15 minutes ago: at sign-in, or again since."""
        return self.confirmed_at is not None and now - self.confirmed_at < CONFIRMED_FOR

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles held today, each once, in the table's order."""
        mine = {held.role for held in self.held}
        return tuple(role for role in Role if role in mine)

    def allows(self, permission: Permission) -> bool:
        """Whether any role held today gives the permission, for some unit."""
        return allows((held.role for held in self.held), permission)

    def reach(self, *permissions: Permission) -> Reach:
        """The units over which the permission is held; of several, those over which one role gives them all."""
        return _reach(self.held, permissions, self.tree)

    def home_unit(self, permission: Permission) -> HeldRole | None:
        """The role through which the permission reaches furthest up the tree."""
        giving = [held for held in self.held if allows((held.role,), permission)]
        return max(giving, key=lambda held: held.tree_to - held.tree_from, default=None)


@lru_cache(maxsize=20_000)
def _reach(held: tuple[HeldRole, ...], permissions: tuple[Permission, ...], tree: int) -> Reach:
    giving = (one for one in held if all(allows((one.role,), permission) for permission in permissions))
    return replace(reach_of(giving), tree=tree)


def reach_of(held: Iterable[HeldRole]) -> Reach:
    """The union of the units of some roles."""
    roles = list(held)
    if any(role.everything for role in roles):
        return EVERYTHING
    intervals: list[tuple[int, int]] = []
    for low, high in sorted({(role.tree_from, role.tree_to) for role in roles}):
        if intervals and low <= intervals[-1][1]:
            intervals[-1] = (intervals[-1][0], max(high, intervals[-1][1]))
        else:
            intervals.append((low, high))
    single = len(intervals) == 1 and intervals[0][0] == intervals[0][1]
    return Reach(intervals=tuple(intervals), only_unit_id=roles[0].unit_id if single else None)


def token_hash(token: str) -> bytes:
    """What the session's row holds of the token."""
    return hashlib.sha256(token.encode()).digest()


def in_utc(moment: datetime) -> datetime:
    """The moment with its zone, which SQLite leaves out."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_TREE = select(UnitTree.version).scalar_subquery()
# Of the layers above: only whether there is any.
_grant, _mas = table("record_grant", column("user_id"), column("kind")), table("mas_user", column("user_id"))
_NAMED, _CLOSED = (
    exists().where(_grant.c.user_id == User.id, _grant.c.kind == kind).label(kind) for kind in ("named", "closed")
)
_MAS = exists().where(_mas.c.user_id == User.id).label("mas")
_SESSION = (
    select(
        UserSession.id,
        UserSession.user_id,
        UserSession.confirmed_at,
        User.version,
        User.name,
        User.email,
        _TREE.label("tree"),
    )
    .add_columns(_NAMED, _CLOSED, _MAS)
    .join(User, User.id == UserSession.user_id)
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.ended_at.is_(None),
        UserSession.expires_at > bindparam("now"),
        UserSession.user_version == User.version,
        User.active.is_(True),
    )
)
_ROLES = (
    select(RoleAssignment.role, Unit.id, Unit.name, Unit.tree_from, Unit.tree_to, Unit.parent_id)
    .join(Unit, Unit.id == RoleAssignment.unit_id)
    .where(
        RoleAssignment.user_id == bindparam("user_id"),
        RoleAssignment.from_on <= bindparam("today"),
        (RoleAssignment.to_on.is_(None)) | (RoleAssignment.to_on >= bindparam("today")),
    )
    .order_by(RoleAssignment.id)
)
_roles: Kept[tuple[HeldRole, ...]] = Kept(ROLES_KEPT_SECONDS, READERS_KEPT)


def find_reader(token: str, now: datetime, today: date) -> Reader | None:
    """The reader behind a sign-in's token; None when it has ended, or the user has been changed or closed since.

    The session is asked for every time. The roles are kept for ten seconds under the user's version, which every
    change of roles raises, and the tree's, which every numbering of the units raises.
    """
    row = read(_SESSION, {"token_hash": token_hash(token), "now": now}).first()
    if row is None:
        return None
    held = _kept_roles(row.user_id, row.version, row.tree, today)
    return Reader(
        row.user_id, row.name, row.email, row.id, held, token, row.tree, in_utc(row.confirmed_at),
        named=row.named, closed=row.closed, mas=row.mas,
    )  # fmt: skip


def _kept_roles(user_id: int, version: int, tree: int, today: date) -> tuple[HeldRole, ...]:
    key = (database_key(), user_id, version, tree, today)
    return _roles.get(key, lambda: list_held_roles(user_id, today))


def list_held_roles(user_id: int, today: date) -> tuple[HeldRole, ...]:
    """The roles a user holds on a day."""
    rows = db.session.execute(_ROLES, {"user_id": user_id, "today": today})
    return tuple(
        HeldRole(Role(role), unit_id, name, low, high, parent_id is None)
        for role, unit_id, name, low, high, parent_id in rows
    )


def reader_by_email(email: str, today: date) -> Reader | None:
    """The active user with this address as a reader without a sign-in, for the command line's `--by`."""
    return _without_sign_in(User.email == email.strip().casefold(), today)


def reader_of_user(user_id: int, today: date) -> Reader | None:
    """The active user with this number as a reader without a sign-in, as their rights are now; None: no such user."""
    return _without_sign_in(User.id == user_id, today)


def _without_sign_in(who: ColumnElement[bool], today: date) -> Reader | None:
    row = db.session.execute(
        select(User.id, User.name, User.email, _TREE.label("tree"))
        .add_columns(_NAMED, _CLOSED, _MAS)
        .where(who, User.active.is_(True))
    ).first()
    if row is None:
        return None
    held = list_held_roles(row.id, today)
    return Reader(row.id, row.name, row.email, 0, held, tree=row.tree, named=row.named, closed=row.closed, mas=row.mas)
