"""Reading users and units."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker.accounts.models import RoleAssignment, Unit, User
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.database import db
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
    found, above = [], []
    for unit_id, name, low, high in rows:
        while above and above[-1] < low:
            above.pop()
        if reach.covers(low):
            found.append(UnitRow(unit_id, name, len(above), low, high))
        above.append(high)
    return found


def find_top_unit() -> Unit | None:
    """The unit above all others, None in an empty database."""
    return db.session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))


def find_unit(name: str) -> Unit | None:
    """The unit with exactly this name."""
    return db.session.scalar(select(Unit).where(Unit.name == name))


def find_user(email: str) -> User | None:
    """The user with this address, in any case of letters."""
    return db.session.scalar(select(User).where(User.email == email.strip().casefold()))


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
