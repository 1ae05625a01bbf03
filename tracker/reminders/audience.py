"""Whom does something concern, of those who may see it? Read once, then asked of every record.

Told is whose it is; where nobody is (or who it was has left, or may not see it), the nearest in the tree that holds the
role it falls to. Who a record is closed to is never told of it, and of a protected one nobody but those named.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import select

from tracker.accounts.models import RoleAssignment, Unit, User
from tracker.database import db
from tracker.records.models import GrantKind, Mark, RecordGrant
from tracker.reminders.falling import Thing
from tracker.rules.permissions import Permission, Role, allows
from tracker.rules.reminders import Subject

NOBODY: frozenset[int] = frozenset()
Escalated = Mapping[int, Collection[int]]
NO_ONE_MORE: Escalated = {}


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told of a kind of thing: `sees`, the permission that reads it; `own`, the one that whoever has it needs
    (`anywhere`: over any unit; None: no role); the roles it falls to, in order; `both`: those as well as who has it.
    """

    sees: Permission
    own: Permission | None
    roles: tuple[Role, ...]
    anywhere: bool = False
    both: bool = False


_P, _R = Permission, Role
TELLING = {
    Subject.CLOCK: Telling(_P.READ_DECISIONS, _P.READ_DECISIONS, (_R.CASE_OFFICER, _R.MANAGER, _R.QUALITY_LEAD)),
    Subject.LEX_SARAH: Telling(
        _P.READ_LEX_SARAH, _P.INVESTIGATE_LEX_SARAH, (_R.LEX_SARAH_OFFICER, _R.QUALITY_LEAD), anywhere=True, both=True
    ),
    Subject.MOMENT: Telling(_P.READ_CONTROL, _P.READ_CONTROL, (_R.CONTROL_COORDINATOR, _R.QUALITY_LEAD)),
    Subject.COMPLAINT: Telling(_P.READ_COMPLAINTS, _P.HANDLE_COMPLAINTS, (_R.MANAGER, _R.QUALITY_LEAD)),
    Subject.ACTION: Telling(_P.READ_ACTIONS, None, (_R.MANAGER, _R.QUALITY_LEAD)),
}


@dataclass(frozen=True, slots=True)
class _Held:
    user_id: int
    role: Role
    low: int
    high: int


class Audience:
    """Those who can sign in today, their roles, the units, and what is given to or closed to somebody."""

    def __init__(self, today: date) -> None:
        roles = (
            select(RoleAssignment.user_id, RoleAssignment.role, Unit.tree_from, Unit.tree_to)
            .join(User, User.id == RoleAssignment.user_id)
            .join(Unit, Unit.id == RoleAssignment.unit_id)
            .where(
                User.active.is_(True),
                RoleAssignment.from_on <= today,
                RoleAssignment.to_on.is_(None) | (RoleAssignment.to_on >= today),
            )
        )
        self._held = [_Held(user, Role(role), low, high) for user, role, low, high in db.session.execute(roles)]
        self._of = dict[int, list[_Held]]()
        for held in self._held:
            self._of.setdefault(held.user_id, []).append(held)
        self._places = {row[0]: row[1] for row in db.session.execute(select(Unit.id, Unit.tree_from))}
        self._granted: dict[str, dict[int, set[int]]] = {GrantKind.NAMED: {}, GrantKind.CLOSED: {}}
        grants = select(RecordGrant.kind, RecordGrant.record_id, RecordGrant.user_id)
        for kind, record_id, user_id in db.session.execute(grants):
            self._granted[kind].setdefault(record_id, set()).add(user_id)
        self._groups = lru_cache(maxsize=None)(self._groups_of)
        self._holds = lru_cache(maxsize=None)(self._holds_of)

    def told_of(self, thing: Thing, more: Escalated = NO_ONE_MORE) -> list[int]:
        """Whom a thing concerns; `more`: record → who is to be told besides."""
        if thing.record_id is None:
            return self.holders(Permission.PREPARE_QUARTER)
        extra = more.get(thing.record_id, ())
        return self.who(thing.subject, thing.record_id, thing.unit_id, thing.mark, thing.own, extra)

    def holders(self, permission: Permission) -> list[int]:
        """Everybody who holds a permission over some unit."""
        return sorted({held.user_id for held in self._held if allows((held.role,), permission)})

    def who(
        self, subject: Subject, record_id: int, unit_id: int, mark: int, own: Iterable[int], more: Collection[int] = ()
    ) -> list[int]:
        """Who is told of a record; `own`: whose it is; `more`: who is to be told besides, if they may."""
        telling, closed = TELLING[subject], self._granted[GrantKind.CLOSED].get(record_id, NOBODY)
        named = self._granted[GrantKind.NAMED].get(record_id, NOBODY)
        if mark == Mark.VOIDED:
            return []
        protected = mark == Mark.PROTECTED
        found = {
            one
            for one in own
            if one in self._of
            and one not in closed
            and (one in named or (not protected and self._has(telling, one, unit_id)))
            and (telling.own is None or self._holds(one, telling.own, None))
        }
        if telling.both or not found:
            found |= self._falls_to(telling, unit_id, named if protected else None, closed)
        found |= {
            one for one in more if one not in closed and not protected and self._holds(one, telling.sees, unit_id)
        }
        return sorted(found)

    def _has(self, telling: Telling, user_id: int, unit_id: int) -> bool:
        return telling.own is None or self._holds(user_id, telling.own, None if telling.anywhere else unit_id)

    def _falls_to(
        self, telling: Telling, unit_id: int, named: Collection[int] | None, closed: Collection[int]
    ) -> set[int]:
        """The nearest who hold one of the roles; of a protected record those named who may read such."""
        if named is not None:
            return {one for one in named if self._holds(one, telling.sees, None)}
        for role in telling.roles:
            for group in self._groups(role, unit_id):
                if left := group.difference(closed):
                    return set(left)
        return set()

    def _groups_of(self, role: Role, unit_id: int) -> tuple[frozenset[int], ...]:
        """Those who hold a role over a unit, the nearest in the tree first."""
        place = self._places[unit_id]
        groups = dict[int, set[int]]()
        for held in self._held:
            if held.role is role and held.low <= place <= held.high:
                groups.setdefault(held.high - held.low, set()).add(held.user_id)
        return tuple(frozenset(groups[size]) for size in sorted(groups))

    def _holds_of(self, user_id: int, permission: Permission, unit_id: int | None) -> bool:
        place = None if unit_id is None else self._places[unit_id]
        return any(
            allows((held.role,), permission) and (place is None or held.low <= place <= held.high)
            for held in self._of.get(user_id, ())
        )
