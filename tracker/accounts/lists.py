"""What do the administrator's pages list of units and requests?"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from tracker.accounts.models import AdminRequest, Installation, Unit, UnitName, User
from tracker.accounts.queries import RoleRow, UnitRow, list_role_rows, list_units
from tracker.accounts.reader import Reach
from tracker.database import db
from tracker.rules.permissions import Role
from tracker.rules.second_administrator import RequestKind

DECIDED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FormerName:
    """What a unit was called, up to and with a day."""

    name: str
    until_on: date


def former_names(unit_ids: list[int] | None = None) -> dict[int, list[FormerName]]:
    """Unit → its earlier names, the latest first."""
    statement = select(UnitName.unit_id, UnitName.name, UnitName.until_on).order_by(UnitName.id.desc())
    if unit_ids is not None:
        statement = statement.where(UnitName.unit_id.in_(unit_ids))
    found: dict[int, list[FormerName]] = {}
    for unit_id, name, until_on in db.session.execute(statement):
        found.setdefault(unit_id, []).append(FormerName(name, until_on))
    return found


def search_units(reach: Reach, text: str) -> list[tuple[UnitRow, list[FormerName]]]:
    """The units within reach in the order of the tree whose name, now or before, holds the text; each with the earlier
    names that do. Without a text all units, with no earlier names.
    """
    units = list_units(reach)
    wanted = text.strip().casefold()
    if not wanted:
        return [(unit, []) for unit in units]
    earlier = former_names()
    found = []
    for unit in units:
        names = [former for former in earlier.get(unit.id, []) if wanted in former.name.casefold()]
        if names or wanted in unit.name.casefold():
            found.append((unit, names))
    return found


def names_above() -> dict[int, str]:
    """Unit → the name of the unit that it lies under."""
    above = aliased(Unit)
    rows = db.session.execute(select(Unit.id, above.name).join(above, above.id == Unit.parent_id))
    return {row[0]: row[1] for row in rows}


def roles_at(unit_id: int, today: date) -> list[tuple[RoleRow, str]]:
    """The roles that hold today for exactly this unit, with their bearers' names, by name."""
    names = {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.active.is_(True)))}
    rows = [
        (row, names[row.user_id])
        for row in list_role_rows()
        if row.unit_id == unit_id and row.holds(today) and row.user_id in names
    ]
    return sorted(rows, key=lambda row: (row[1], row[0].id))


def open_units(reach: Reach, today: date) -> list[UnitRow]:
    """The units within reach that are open on a day: those that new roles and new units may be for."""
    return [unit for unit in list_units(reach) if unit.valid_until is None or unit.valid_until >= today]


# Requests ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What one administrator has asked for, and what became of it; moments in UTC."""

    id: int
    kind: RequestKind
    user_id: int | None
    user_name: str | None
    role: Role | None
    unit_name: str | None
    tree_from: int | None
    from_on: date | None
    to_on: date | None
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    approved: bool | None
    decided_by: str | None
    reason: str | None

    def within(self, reach: Reach) -> bool:
        """Whether it concerns units within the reach; what concerns no unit, only who reaches everything."""
        return reach.everything if self.tree_from is None else reach.covers(self.tree_from)


def list_requests(reach: Reach, *, pending: bool) -> list[RequestRow]:
    """The requests that wait, oldest first, or the last ones that have been decided; only those within reach."""
    bearer, asker, decider = aliased(User), aliased(User), aliased(User)
    statement = (
        select(
            AdminRequest, bearer.name.label("bearer"), asker.name.label("asker"), decider.name.label("decider"),
            Unit.name.label("unit"), Unit.tree_from,
        )
        .outerjoin(bearer, bearer.id == AdminRequest.user_id)
        .join(asker, asker.id == AdminRequest.asked_by_id)
        .outerjoin(decider, decider.id == AdminRequest.decided_by_id)
        .outerjoin(Unit, Unit.id == AdminRequest.unit_id)
    )  # fmt: skip
    if pending:
        statement = statement.where(AdminRequest.approved.is_(None)).order_by(AdminRequest.id)
    else:
        statement = statement.where(AdminRequest.approved.is_not(None)).order_by(AdminRequest.id.desc())
        statement = statement.limit(DECIDED_SHOWN)
    rows = [
        RequestRow(
            asked.id, RequestKind(asked.kind), asked.user_id, name, Role(asked.role) if asked.role else None, unit, low,
            asked.from_on, asked.to_on, asked.asked_by_id, by, asked.asked_at, asked.approved, decided_by, asked.reason,
        )
        for asked, name, by, decided_by, unit, low in db.session.execute(statement)
    ]  # fmt: skip
    return [row for row in rows if row.within(reach)]


def find_request(request_id: int, reach: Reach) -> tuple[AdminRequest, RequestRow] | None:
    """The request that waits with this number, None when it lies beyond the reach or has been decided."""
    for row in list_requests(reach, pending=True):
        if row.id == request_id:
            return db.session.get_one(AdminRequest, request_id), row
    return None


def count_requests(reach: Reach) -> int:
    """How many requests within reach wait."""
    if not db.session.scalar(select(func.count()).select_from(AdminRequest).where(AdminRequest.approved.is_(None))):
        return 0
    return len(list_requests(reach, pending=True))


def get_installation() -> Installation:
    """What holds for the whole installation."""
    return db.session.get_one(Installation, 1)
