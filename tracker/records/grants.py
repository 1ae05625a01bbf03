"""Reading who has been given a record by name or had it closed, and single records within a reader's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, exists, func, select

from tracker.accounts.models import RoleAssignment, User
from tracker.database import db
from tracker.records.models import Access, GrantKind, Mark, Record, RecordGrant
from tracker.records.scope import Scope, visible_records
from tracker.rules.permissions import Role

READ_AT_ONCE = 5_000
GRANT_LABELS = {GrantKind.NAMED: "Namngiven", GrantKind.CLOSED: "Utestängd"}


@dataclass(frozen=True, slots=True)
class Granted:
    """The records given to one reader by name, and those closed to them."""

    named: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()

    def hides(self, record_id: int, mark: int) -> bool:
        """Whether a record within the reader's reach, with this mark, is kept from them."""
        return record_id in self.closed or (mark != Mark.ORDINARY and record_id not in self.named)


NOTHING_GRANTED = Granted()


def granted_to(user_id: int) -> Granted:
    """What has been given and closed to a user."""
    statement = select(RecordGrant.record_id, RecordGrant.kind).where(RecordGrant.user_id == user_id)
    rows = db.session.execute(statement).all()
    named = frozenset(record_id for record_id, kind in rows if kind == GrantKind.NAMED)
    return Granted(named, frozenset(record_id for record_id, _ in rows) - named)


def granted_in(scope: Scope) -> Granted:
    """What has been given and closed to the scope's reader; nothing is asked where there is nothing."""
    if scope.reader_id is None or not (scope.named or scope.closed):
        return NOTHING_GRANTED
    return granted_to(scope.reader_id)


def hidden_among(record_ids: Iterable[int], scope: Scope) -> frozenset[int]:
    """Which of some records, named wherever they are, the reader may not see as they stand now: protected and not given
    by name, or closed to them. Of voided ones, those that were so before.
    """
    granted, ids, hidden = granted_in(scope), list(record_ids), set[int]()
    for start in range(0, len(ids), READ_AT_ONCE):
        statement = select(Record.id, Record.access).where(Record.id.in_(ids[start : start + READ_AT_ONCE]))
        for record_id, access in db.session.execute(statement):
            mark = Mark.PROTECTED if access == Access.PROTECTED else Mark.ORDINARY
            if granted.hides(record_id, mark):
                hidden.add(record_id)
    return frozenset(hidden)


def named_count(record_id: Any) -> ScalarSelect[int]:  # noqa: ANN401 - a table's column
    """How many are named to see a record who can still sign in, for a statement over a register."""
    return (
        select(func.count())
        .select_from(RecordGrant)
        .join(User, User.id == RecordGrant.user_id)
        .where(
            RecordGrant.record_id == record_id,
            RecordGrant.kind == GrantKind.NAMED.value,
            User.active.is_(True),
        )
        .scalar_subquery()
    )


def visible_record(record_id: int, scope: Scope) -> Record | None:
    """The record when the reader may see it; for whatever refers to a record and has no register of its own."""
    return db.session.scalar(select(Record).where(Record.id == record_id, visible_records(scope)), scope.values)


def list_candidates(roles: Iterable[Role], today: date) -> list[tuple[int, str, str]]:
    """(id, name, e-mail) of the active users who hold one of the roles today: a name opens nothing to anybody else."""
    statement = (
        select(User.id, User.name, User.email)
        .where(
            User.active.is_(True),
            exists().where(
                RoleAssignment.user_id == User.id,
                RoleAssignment.role.in_(sorted(roles)),
                RoleAssignment.from_on <= today,
                (RoleAssignment.to_on.is_(None)) | (RoleAssignment.to_on >= today),
            ),
        )
        .order_by(User.name, User.id)
    )
    return [(user_id, name, email) for user_id, name, email in db.session.execute(statement)]


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One person whom a record has been given or closed to, by whom and when."""

    user_id: int
    name: str
    active: bool
    kind: GrantKind
    given_at: datetime
    given_by: str | None


def list_grants(record_id: int) -> list[GrantRow]:
    """Everybody whom a record has been given or closed to, by name."""
    giver = User.__table__.alias("giver")
    statement = (
        select(User.id, User.name, User.active, RecordGrant.kind, RecordGrant.given_at, giver.c.name)
        .join(User, User.id == RecordGrant.user_id)
        .outerjoin(giver, giver.c.id == RecordGrant.given_by)
        .where(RecordGrant.record_id == record_id)
        .order_by(User.name, User.id)
    )
    rows = db.session.execute(statement)
    return [GrantRow(user_id, name, active, GrantKind(kind), at, by) for user_id, name, active, kind, at, by in rows]
