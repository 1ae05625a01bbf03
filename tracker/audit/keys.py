"""Under which key do a record's personal values stand in the trail? Each record has its own.

The key lies in the database sealed with the data encryption key. Destroying it leaves the values where they are, bound
into the chain, and unreadable for good.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute

from tracker.audit.models import RecordKey
from tracker.database import db, insert_if_new
from tracker.vault import NONCE_BYTES, SealedColumn, vault

KEY_BYTES = 32
FIELD = "record_key"
vault.register(SealedColumn("record_key", "record_id", "sealed", FIELD))


def seal_values(record_id: int, data: bytes, key: bytes | None = None) -> bytes:
    """The bytes, sealed with the record's own key (given, or found), which is made if there is none."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key or keys_of([record_id])[record_id]).encrypt(nonce, data, _bound_to(record_id))


def keys_of(record_ids: Sequence[int]) -> dict[int, bytes]:
    """The keys of some records, with few statements; those that have none get one."""
    found = _stored(record_ids)
    missing = [record_id for record_id in record_ids if record_id not in found]
    if missing:
        fresh = {of: vault.seal(secrets.token_bytes(KEY_BYTES), of, FIELD) for of in missing}
        db.session.execute(insert_if_new(RecordKey), [{"record_id": of, "sealed": key} for of, key in fresh.items()])
        found |= _stored(missing)
        for of, key in fresh.items():
            if of not in found:  # it has been forgotten before: its row stands without a key
                empty = update(RecordKey).where(RecordKey.record_id == of, RecordKey.sealed.is_(None))
                db.session.execute(empty.values(sealed=key))
                found |= _stored([of])
    return {record_id: vault.open(found[record_id], record_id, FIELD) for record_id in record_ids}


def _stored(record_ids: Sequence[int]) -> dict[int, bytes]:
    wanted = select(RecordKey.record_id, RecordKey.sealed).where(RecordKey.record_id.in_(record_ids))
    return {record_id: sealed for record_id, sealed in db.session.execute(wanted) if sealed is not None}


def open_values(record_id: int, sealed: bytes) -> bytes | None:
    """What lies sealed, None when the record's key has been destroyed (or made anew since)."""
    return opener(record_id)(sealed)


def opener(record_id: int) -> Callable[[bytes], bytes | None]:
    """`open_values` for many values of one record; the key is asked for once."""
    stored = db.session.scalar(select(RecordKey.sealed).where(RecordKey.record_id == record_id))
    key = None if stored is None else AESGCM(vault.open(stored, record_id, FIELD))

    def open_one(sealed: bytes) -> bytes | None:
        if key is None:
            return None
        try:
            return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(record_id))
        except InvalidTag:
            return None

    return open_one


def destroy_key(record_id: int, now: datetime) -> None:
    """Forgets every personal value of the record that the trail has held until now."""
    gone = {"record_id": record_id, "sealed": None, "destroyed_at": now}
    db.session.execute(insert_if_new(RecordKey), gone)
    statement = update(RecordKey).where(RecordKey.record_id == record_id)
    db.session.execute(statement.values(sealed=None, destroyed_at=now))


def is_forgotten(record_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether the personal values of a statement's record have been forgotten, as `forgotten_among` tells of some."""
    return exists().where(RecordKey.record_id == record_id, RecordKey.destroyed_at.is_not(None))


def forgotten_among(record_ids: Collection[int]) -> set[int]:
    """Those of some records whose personal values have been forgotten."""
    gone = select(RecordKey.record_id).where(RecordKey.record_id.in_(record_ids), RecordKey.destroyed_at.is_not(None))
    return set(db.session.scalars(gone))


def _bound_to(record_id: int) -> bytes:
    return f"trail:{record_id}".encode()
