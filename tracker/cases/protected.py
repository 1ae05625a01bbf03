"""Where are the cases that the lists leave out, so that somebody always sees them? Never what they hold."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from tracker.accounts.models import Unit
from tracker.accounts.reader import Reach
from tracker.audit.models import AuditEntry
from tracker.cases.registers import CaseRegister, Stored
from tracker.database import db
from tracker.records.grants import named_count
from tracker.records.models import Access, GrantKind, Mark, Record, RecordGrant, RecordKind
from tracker.records.scope import closed_records, is_marked, within_reach
from tracker.rules.trail import Action

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class ProtectedCase:
    """A protected case without its content: since when, and how many persons see it who can still sign in."""

    record_id: int
    kind: RecordKind
    number: str
    unit: str
    since: date
    named: int


def list_protected(kinds: Collection[RecordKind], reach: Reach, reader_id: int) -> list[ProtectedCase]:
    """The protected cases within reach that are not closed to the reader, those that the fewest see first.

    They are found by the names that each of them has, which the record keeps even when the person has left.
    """
    named = named_count(Record.id)
    have_names = select(RecordGrant.record_id).where(RecordGrant.kind == GrantKind.NAMED.value)
    statement = (
        select(Record.id, Record.kind, Record.number, Unit.name, Record.created_at, named)
        .join(Unit, Unit.id == Record.unit_id)
        .where(
            Record.id.in_(have_names), Record.access == Access.PROTECTED.value,
            Record.kind.in_([kind.value for kind in kinds]), within_reach(Record.unit_id, reach),
            Record.id.not_in(closed_records()), Record.voided_at.is_(None),
        )
        .order_by(named, Unit.name, Record.id)
        .limit(MOST_LISTED)
    )  # fmt: skip
    rows = db.session.execute(statement, {"reader_id": reader_id}).all()
    since = _since([row[0] for row in rows])
    return [
        ProtectedCase(record_id, RecordKind(kind), number, unit, since.get(record_id, created_at).date(), count)
        for record_id, kind, number, unit, created_at, count in rows
    ]


def _since(record_ids: list[int]) -> dict[int, datetime]:
    """When the protection of each was last changed, as the trail tells it."""
    statement = (
        select(AuditEntry.record_id, func.max(AuditEntry.at))
        .where(
            AuditEntry.record_id.in_(record_ids), AuditEntry.action == Action.RECORD_ACCESS_CHANGED.value,
            AuditEntry.fields.contains('"access"'),
        )
        .group_by(AuditEntry.record_id)
    )  # fmt: skip
    return {record_id: at for record_id, at in db.session.execute(statement) if record_id is not None}


def find_unseen(register: CaseRegister, record_id: int, reader_id: int) -> Stored | None:
    """A protected case that is not closed to the reader, for naming somebody who is to see it: where it is and its
    number, nothing else. The caller sees to that they answer for its unit.
    """
    c = register.model
    statement = (
        select(c.record_id, c.unit_id, c.mark, Record.version, Record.number, Record.kind.label("record_kind"))
        .join(Record, Record.id == c.record_id)
        .where(c.record_id == record_id, is_marked(c.mark, Mark.PROTECTED), c.record_id.not_in(closed_records()))
    )
    row = db.session.execute(statement, {"reader_id": reader_id}).mappings().first()
    return dict(row) if row else None
