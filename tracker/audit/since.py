"""Has anything that registers hold or hang on changed since a moment? The trail knows, as every change stands in it."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from tracker.audit.models import AuditEntry, AuditHead
from tracker.database import db
from tracker.rules.trail import BESIDE_THE_REGISTERS, Action

_BESIDE = sorted(action.value for action in BESIDE_THE_REGISTERS)
_ONE_RECORD = sorted(
    {Action.RECORD_CHANGED, Action.RECORD_CORRECTED, Action.RECORD_VOIDED, Action.RECORD_ACCESS_CHANGED}
)
# Among an entry's fields: what finds a record has changed, or a row has come or gone, not the record alone.
BEYOND_THE_RECORD = ('%"ref"%', '%"started_on"%')


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed: some records that were there and still are, or (`more`) anything."""

    records: frozenset[int]
    more: bool


def last_entry() -> int:
    """The number of the newest entry that this transaction sees, 0 where there is none."""
    return db.session.scalars(select(AuditHead.last_id)).one()


def changes_since(number: int) -> Since:
    """What the entries after this one tell of."""
    later = (AuditEntry.id > number, AuditEntry.action.not_in(_BESIDE))
    beyond = or_(
        AuditEntry.action.not_in(_ONE_RECORD),
        AuditEntry.record_id.is_(None),
        *(AuditEntry.fields.like(field) for field in BEYOND_THE_RECORD),
    )
    if db.session.scalar(select(AuditEntry.id).where(*later, beyond).limit(1)) is not None:
        return Since(frozenset(), more=True)
    changed = db.session.scalars(select(AuditEntry.record_id).where(*later))
    return Since(frozenset(record_id for record_id in changed if record_id is not None), more=False)
