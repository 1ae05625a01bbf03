"""Does a person see what they saw? A digest of everything that decides it, compared and never shown."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from tracker.accounts.reader import HeldRole, Reader, reach_of
from tracker.actions.models import ActionItem
from tracker.audit.models import RecordKey
from tracker.cases.mas import HSL
from tracker.cases.models import Deviation
from tracker.database import db
from tracker.records.models import Access, Record, RecordGrant
from tracker.records.scope import within_reach


def rights_of(reader: Reader, began: datetime) -> bytes:
    """32 bytes that are the same for as long as a reader's rights are.

    In them are the roles held with the units they cover, the version of the tree of units, whether the reader is MAS,
    what has been given or closed to them by name, which records are protected or voided, and of which the person has
    been forgotten (one that becomes so is no longer told as it was), and which of those that were there when the work
    `began` stand in the units of each role, are the reader's own actions, or are a MAS's by their law: one that is
    moved away, handed over or corrected is no longer theirs.
    """
    held = sorted((role.role.value, role.unit_id, role.tree_from, role.tree_to) for role in reader.held)
    grants = db.session.execute(
        select(RecordGrant.record_id, RecordGrant.kind)
        .where(RecordGrant.user_id == reader.user_id)
        .order_by(RecordGrant.record_id)
    )
    forgotten = select(RecordKey.record_id).where(RecordKey.destroyed_at.is_not(None))
    own = select(ActionItem.record_id).where(ActionItem.responsible_id == reader.user_id)
    of_hsl = select(Deviation.record_id).where(Deviation.law_area == HSL)
    then = Record.created_at < began
    told = [
        held, reader.tree, reader.mas, [list(row) for row in grants], _told(Record.access == Access.PROTECTED.value),
        _told(Record.voided_at.is_not(None)), _told(Record.id.in_(forgotten)),
        [_within(role, then) for role in sorted(reader.held, key=lambda one: one.tree_from) if not role.everything],
        _told(and_(then, Record.id.in_(own))), _told(and_(then, Record.id.in_(of_hsl))) if reader.mas else [],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).digest()


def _within(role: HeldRole, then: ColumnElement[bool]) -> list[str]:
    return _told(and_(then, within_reach(Record.unit_id, reach_of([role]))))


def _told(which: ColumnElement[bool]) -> list[str]:
    """How many records these are, and a sum that another set of as many hardly has."""
    return [str(value) for value in db.session.execute(select(func.count(), func.sum(Record.id)).where(which)).one()]
