"""Entries and reads put into the trail's tables as they would stand there, and records to be about."""

import json
from datetime import UTC, datetime

from sqlalchemy import func, insert, select

from tests.factories import make_decisions, make_unit
from tracker.accounts.models import Unit
from tracker.audit.models import AuditEntry, AuditPart, AuditRead
from tracker.database import db
from tracker.records.models import Access, Record

BEYOND_THE_CHAIN = 1_000_000  # where the program's own entries do not come
NOTHING_BY_HAND = bytes(32)
# Stands in every change that the tests make; no page and no file may hold it.
SECRET = "HEMLIGT-VÄRDE-17"


def at(day: str, hour: str = "12:00") -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(f"{day}T{hour}:00").replace(tzinfo=UTC)


def make_record(ref: str, unit: str, *, protected: bool = False) -> int:
    """A decision's record at a unit; gives its number."""
    make_unit(unit)
    make_decisions([{"ref": ref, "enhet": unit}])
    record = db.session.scalars(select(Record).where(Record.number == ref)).one()
    record.access = Access.PROTECTED if protected else Access.ORDINARY
    db.session.commit()
    return record.id


def entry(when: datetime, actor_id: int | None = None, action: str = "record.corrected", **columns: object) -> int:
    """An entry with one part that holds a value which nobody may see; gives its number."""
    number = max(db.session.scalar(select(func.max(AuditEntry.id))) or 0, BEYOND_THE_CHAIN) + 1
    parts_of = columns.pop("parts_of", None) or [columns.get("record_id")]
    values = {
        "id": number, "at": when, "actor_kind": "user", "actor_id": actor_id, "action": action, "record_id": None,
        "fields": json.dumps(columns.pop("names", ["executed_on"])), "parts": len(parts_of),
        "digest": NOTHING_BY_HAND, "mac": NOTHING_BY_HAND,
    } | columns  # fmt: skip
    db.session.execute(insert(AuditEntry).values(**values))
    for record_id in parts_of:
        db.session.execute(
            insert(AuditPart).values(
                entry_id=number, record_id=record_id, open_values=json.dumps({"executed_on": [SECRET, SECRET]}),
                sealed_values=SECRET.encode(), digest=NOTHING_BY_HAND,
            )
        )  # fmt: skip
    db.session.commit()
    return number


def read(when: datetime, actor_id: int | None = None, kind: str = "record", **columns: object) -> int:
    """A read; gives its number."""
    values = {"at": when, "kind": kind, "actor_kind": "user", "actor_id": actor_id} | columns
    number = db.session.scalar(insert(AuditRead).values(**values).returning(AuditRead.id))
    db.session.commit()
    return number


def unit_id(name: str) -> int:
    """The number of a unit."""
    return db.session.scalars(select(Unit.id).where(Unit.name == name)).one()
