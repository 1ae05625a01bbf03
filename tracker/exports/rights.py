"""Does a person see what they saw? A digest of everything that decides it, compared and never shown."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from tracker.accounts.reader import HeldRole, Reader, reach_of
from tracker.cases.mas import is_mas
from tracker.database import db
from tracker.records.models import Access, Record, RecordGrant
from tracker.records.scope import within_reach


def rights_of(reader: Reader, began: datetime) -> bytes:
    """32 bytes that are the same for as long as a reader's rights are.

    In them are the roles held with the units they cover, the version of the tree of units, whether the reader is MAS,
    what has been given or closed to them by name, which records are protected (one that becomes so is no longer
    everybody's), and which of those that were there when the work `began` stand in the units of each role: one that is
    moved away, or forgotten, is no longer theirs.
    """
    held = sorted((role.role.value, role.unit_id, role.tree_from, role.tree_to) for role in reader.held)
    grants = db.session.execute(
        select(RecordGrant.record_id, RecordGrant.kind)
        .where(RecordGrant.user_id == reader.user_id)
        .order_by(RecordGrant.record_id)
    )
    protected = Record.access == Access.PROTECTED.value
    told = [
        held, reader.tree, is_mas(reader.user_id), [list(row) for row in grants], _told(protected),
        [_within(role, began) for role in sorted(reader.held, key=lambda one: one.tree_from) if not role.everything],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).digest()


def _within(role: HeldRole, began: datetime) -> list[str]:
    return _told(and_(Record.created_at < began, within_reach(Record.unit_id, reach_of([role]))))


def _told(which: ColumnElement[bool]) -> list[str]:
    """How many records these are, and a sum that another set of as many hardly has."""
    return [str(value) for value in db.session.execute(select(func.count(), func.sum(Record.id)).where(which)).one()]
