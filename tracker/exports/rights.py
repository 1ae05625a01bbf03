"""Does a person see what they saw? A digest of everything that decides it, compared and never shown."""

import hashlib
import json

from sqlalchemy import func, select

from tracker.accounts.reader import Reader
from tracker.cases.mas import is_mas
from tracker.database import db
from tracker.records.models import Access, Record, RecordGrant


def rights_of(reader: Reader) -> bytes:
    """32 bytes that are the same for as long as a reader's rights are.

    In them are the roles held with the units they cover, the version of the tree of units, whether the reader is MAS,
    what has been given or closed to them by name, and which records are protected: one that becomes so is no longer
    everybody's. Not in them: a record that is moved to another unit.
    """
    held = sorted((role.role.value, role.unit_id, role.tree_from, role.tree_to) for role in reader.held)
    grants = db.session.execute(
        select(RecordGrant.record_id, RecordGrant.kind)
        .where(RecordGrant.user_id == reader.user_id)
        .order_by(RecordGrant.record_id)
    )
    protected = db.session.execute(
        select(func.count(), func.sum(Record.id)).where(Record.access == Access.PROTECTED.value)
    ).one()
    told = [held, reader.tree, is_mas(reader.user_id), [list(row) for row in grants], protected[0], str(protected[1])]
    return hashlib.sha256(json.dumps(told).encode()).digest()
