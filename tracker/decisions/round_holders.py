"""Who is asked about a clock in an update round? Asked anew each time, so that nobody holds what they may not see.

Its handler, as long as that is a user who may see it; otherwise those nearest above in the organisation who are
managers or case officers there and may see it, all of them: any one of them may answer. There may be nobody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from tracker.accounts.models import RoleAssignment, Unit, User
from tracker.database import db
from tracker.decisions.round_models import UpdateItem
from tracker.records.models import GrantKind, Mark, RecordGrant
from tracker.rules.permissions import Permission, Role, roles_allowed

READS = roles_allowed(Permission.READ_DECISIONS)
ANSWER_FOR_UNIT = frozenset({Role.MANAGER, Role.CASE_OFFICER})
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Held:
    role: Role
    low: int
    high: int

    def covers(self, place: int) -> bool:
        return self.low <= place <= self.high


@dataclass(frozen=True, slots=True)
class Holding:
    """Who is asked about a clock; `shared`: in place of a handler who is no user, or may not see it."""

    user_ids: frozenset[int]
    shared: bool


class Holders:
    """The people who read decisions on a day, and what has been given or closed to them of the rounds' records."""

    def __init__(self, round_ids: Collection[int], today: date) -> None:
        self._held: dict[int, list[_Held]] = {}
        self.names: dict[int, str] = {}
        for user_id, name, role, low, high in db.session.execute(_readers(today)):
            self._held.setdefault(user_id, []).append(_Held(Role(role), low, high))
            self.names[user_id] = name
        self._named: dict[int, set[int]] = {}
        self._closed: dict[int, set[int]] = {}
        in_rounds = select(UpdateItem.decision_id).where(UpdateItem.round_id.in_(round_ids))
        grants = select(RecordGrant.record_id, RecordGrant.user_id, RecordGrant.kind)
        for record_id, user_id, kind in db.session.execute(grants.where(RecordGrant.record_id.in_(in_rounds))):
            into = self._named if kind == GrantKind.NAMED else self._closed
            into.setdefault(record_id, set()).add(user_id)
        self._of_units: dict[int, frozenset[int]] = {}

    def of(self, record_id: int, handler_id: int | None, place: int, mark: int) -> Holding:
        """Who is asked about a clock of this record; `place` is where its unit begins in the tree."""
        if mark == Mark.VOIDED:
            return Holding(NOBODY, shared=False)
        if handler_id is not None and self._sees(handler_id, record_id, place, mark):
            return Holding(frozenset({handler_id}), shared=False)
        if mark == Mark.ORDINARY and record_id not in self._closed:
            if place not in self._of_units:
                self._of_units[place] = self._nearest(set(self._held), place)
            return Holding(self._of_units[place], shared=True)
        seeing = {user_id for user_id in self._held if self._sees(user_id, record_id, place, mark)}
        nearest = self._nearest(seeing, place)
        if not nearest and mark == Mark.PROTECTED:
            nearest = frozenset(seeing)
        return Holding(nearest, shared=True)

    def _sees(self, user_id: int, record_id: int, place: int, mark: int) -> bool:
        """As `records.scope.visible` has it, for one user and one record."""
        if user_id not in self._held or user_id in self._closed.get(record_id, NOBODY):
            return False
        if user_id in self._named.get(record_id, NOBODY):
            return True
        return mark == Mark.ORDINARY and any(held.covers(place) for held in self._held[user_id])

    def _nearest(self, among: Collection[int], place: int) -> frozenset[int]:
        """Those of them who answer for the smallest part of the organisation that holds the place."""
        widths: dict[int, int] = {}
        for user_id in among:
            mine = [h.high - h.low for h in self._held[user_id] if h.role in ANSWER_FOR_UNIT and h.covers(place)]
            if mine:
                widths[user_id] = min(mine)
        least = min(widths.values(), default=0)
        return frozenset(user_id for user_id, width in widths.items() if width == least)


def _readers(today: date) -> Select[int, str, str, int, int]:
    return (
        select(User.id, User.name, RoleAssignment.role, Unit.tree_from, Unit.tree_to)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .join(Unit, Unit.id == RoleAssignment.unit_id)
        .where(
            User.active.is_(True),
            RoleAssignment.role.in_(sorted(READS)),
            RoleAssignment.from_on <= today,
            (RoleAssignment.to_on.is_(None)) | (RoleAssignment.to_on >= today),
        )
    )
