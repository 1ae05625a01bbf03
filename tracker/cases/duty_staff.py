"""Reading who works where, and when each was last informed of the duty to report.

Staff are the users whose roles report cases, in the units of those roles, and those without an account that a unit has
listed. Whoever has a role in two units stands in both, and is informed once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from tracker.accounts.models import RoleAssignment, Unit, User
from tracker.accounts.reader import Reach
from tracker.cases.duty_models import DutyInformation, DutySetting, UnitStaff
from tracker.database import db
from tracker.records.scope import within_reach
from tracker.rules.duty_information import How, Interval, Standing, due_day, standing
from tracker.rules.permissions import Permission, roles_allowed

USER, STAFF = "u", "s"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Somebody who works in a unit. `key` is `u12` for a user, `s5` for one without an account."""

    key: str
    unit_id: int
    name: str
    began_on: date
    informed_on: date | None
    how: How | None
    informed_by: str
    due_on: date
    standing: Standing

    @property
    def has_account(self) -> bool:
        """Whether it is a user of the program."""
        return self.key.startswith(USER)


@dataclass(frozen=True, slots=True)
class Entry:
    """That somebody was informed, as it was noted; voided ones with their reason."""

    id: int
    informed_on: date
    how: How
    informed_by: str
    noted_by: str
    noted_at: datetime
    void_reason: str | None


def find_interval() -> tuple[Interval, int]:
    """How often it is done, and the setting's version; 0 while nobody has set it."""
    row = db.session.get(DutySetting, 1)
    return (Interval(row.months, row.first_days), row.version) if row else (Interval(), 0)


def list_staff(reach: Reach, today: date, unit_id: int | None = None) -> list[StaffRow]:
    """Everybody who works within reach (in one unit where it is given) today, by unit and name; four statements."""
    interval, _ = find_interval()
    informed = _newest()
    found = [*_users(reach, today, unit_id), *_others(reach, today, unit_id)]
    rows = []
    for key, of_unit, name, began_on in found:
        informed_on, how, by = informed.get(key, (None, None, ""))
        due_on = due_day(informed_on, began_on, interval)
        rows.append(
            StaffRow(
                key, of_unit, name, began_on, informed_on, how, by, due_on, standing(informed_on, due_on, today)
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row.unit_id, row.name.casefold(), row.key))


def _within(column: Any, reach: Reach, unit_id: int | None) -> ColumnElement[bool]:  # noqa: ANN401 - a table's column
    seen = within_reach(column, reach)
    return seen if unit_id is None else and_(seen, column == unit_id)


def _users(reach: Reach, today: date, unit_id: int | None) -> Iterable[tuple[str, int, str, date]]:
    role, first = RoleAssignment, aliased(RoleAssignment)
    kinds = sorted(roles_allowed(Permission.REPORT_CASES))
    began = select(func.min(first.from_on)).where(first.user_id == role.user_id, first.role.in_(kinds))
    statement = (
        select(role.user_id, role.unit_id, User.name, began.correlate(role).scalar_subquery())
        .join(User, User.id == role.user_id)
        .where(
            role.role.in_(kinds), User.active.is_(True), role.from_on <= today,
            or_(role.to_on.is_(None), role.to_on >= today), _within(role.unit_id, reach, unit_id),
        )
        .distinct()
    )  # fmt: skip
    return [(f"{USER}{user_id}", unit, name, on) for user_id, unit, name, on in db.session.execute(statement)]


def _others(reach: Reach, today: date, unit_id: int | None) -> Iterable[tuple[str, int, str, date]]:
    c = UnitStaff
    here = _within(c.unit_id, reach, unit_id)
    works = and_(c.began_on <= today, or_(c.ended_on.is_(None), c.ended_on >= today))
    rows = db.session.execute(select(c.id, c.unit_id, c.label, c.began_on).where(here, works))
    return [(f"{STAFF}{staff_id}", unit, label, on) for staff_id, unit, label, on in rows]


def _newest() -> dict[str, tuple[date, How, str]]:
    """Key → the last time that stands."""
    c = DutyInformation
    statement = select(c.user_id, c.staff_id, c.informed_on, c.how, c.informed_by).where(c.voided_at.is_(None))
    found = {}
    for user_id, staff_id, on, how, by in db.session.execute(statement.order_by(c.informed_on)):
        found[key_of(user_id, staff_id)] = (on, How(how), by)
    return found


def key_of(user_id: int | None, staff_id: int | None) -> str:
    """`u12` of a user, `s5` of one without an account."""
    return f"{USER}{user_id}" if user_id is not None else f"{STAFF}{staff_id}"


def columns_of(key: str) -> dict[str, int | None]:
    """The columns of an entry about somebody."""
    number = int(key[1:])
    return {"user_id": number if key[0] == USER else None, "staff_id": number if key[0] == STAFF else None}


def list_entries(key: str) -> list[Entry]:
    """All that has been noted of somebody, the newest first."""
    c, columns = DutyInformation, columns_of(key)
    statement = (
        select(c.id, c.informed_on, c.how, c.informed_by, User.name, c.noted_at, c.void_reason)
        .join(User, User.id == c.noted_by)
        .where(*(getattr(c, name) == value for name, value in columns.items() if value is not None))
        .order_by(c.informed_on.desc(), c.id.desc())
    )
    rows = db.session.execute(statement)
    return [Entry(number, on, How(how), by, noted, at, why) for number, on, how, by, noted, at, why in rows]


def find_entry(entry_id: int) -> DutyInformation | None:
    """An entry, whoever asks; the caller sees to that it is of somebody within reach."""
    return db.session.get(DutyInformation, entry_id)


def list_open_units(reach: Reach, today: date) -> list[tuple[int, str]]:
    """(unit, name) of the units within reach that are open, in the order of the tree."""
    statement = (
        select(Unit.id, Unit.name)
        .where(within_reach(Unit.id, reach), or_(Unit.valid_until.is_(None), Unit.valid_until >= today))
        .order_by(Unit.tree_from)
    )
    return [(unit_id, name) for unit_id, name in db.session.execute(statement)]
