"""What has been done with one record, newest first, with the values that may be shown."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select

from tracker.audit.keys import opener
from tracker.audit.models import AuditEntry, AuditPart
from tracker.database import db
from tracker.rules.trail import Action, ActorKind

MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One field's old and new value as JSON has them; `personal`: shown to those only who may see identities."""

    field: str
    old: object
    new: object
    personal: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the trail about a record. `forgotten`: it held personal values whose key has been destroyed.

    `fields` are the entry's, of a bulk change those of all its records; `withheld` are this record's personal fields
    whose values were not asked for.
    """

    entry_id: int
    at: datetime
    action: Action
    actor_kind: ActorKind
    actor_id: int | None
    fields: tuple[str, ...]
    withheld: tuple[str, ...]
    changes: tuple[ValueChange, ...]
    reason: str | None
    forgotten: bool


_EVENTS = (
    select(
        AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.actor_kind, AuditEntry.actor_id, AuditEntry.fields,
        AuditPart.open_values, AuditPart.sealed_values,
    )
    .join(AuditPart, AuditPart.entry_id == AuditEntry.id)
    .where(AuditPart.record_id == bindparam("record_id"))
    .order_by(AuditPart.entry_id.desc(), AuditPart.id)
    .limit(MOST_EVENTS)
)  # fmt: skip


def list_history(record_id: int, *, with_personal: bool) -> list[Event]:
    """The latest events of a record, newest first; personal values are told only if asked for. Reasons stand with them,
    as a person writes in them what may be personal, but are shown to whoever may read the record.
    """
    rows = [tuple(row) for row in db.session.execute(_EVENTS, {"record_id": record_id})]
    open_one = opener(record_id) if any(isinstance(row[-1], bytes) for row in rows) else None
    return [_event(row, open_one, with_personal) for row in rows]


def _event(row: tuple[Any, ...], open_one: Callable[[bytes], bytes | None] | None, with_personal: bool) -> Event:
    entry_id, at, action, actor_kind, actor_id, fields, opened, sealed = row
    changes = [ValueChange(name, old, new, False) for name, (old, new) in json.loads(opened or "{}").items()]
    data = open_one(sealed) if open_one and isinstance(sealed, bytes) else None
    found: dict[str, Any] = json.loads(data) if data else {"values": {}, "reason": ""}
    if with_personal:
        changes += [ValueChange(name, old, new, True) for name, (old, new) in found["values"].items()]
    return Event(
        entry_id, at if at.tzinfo else at.replace(tzinfo=UTC), Action(action), ActorKind(actor_kind), actor_id,
        tuple(json.loads(fields)), () if with_personal else tuple(found["values"]), tuple(changes),
        found["reason"] or None, forgotten=sealed is not None and data is None,
    )  # fmt: skip
