"""How does a new data encryption key take over? Everything sealed is opened and sealed anew, a little at a time.

Readers and writers go on meanwhile: they hold both keys, and each batch is a short transaction that leaves alone what
somebody has changed since it was read.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, LargeBinary, bindparam, column, delete, func, literal, select, table, update

from tracker.audit import trail
from tracker.audit.models import DataKey
from tracker.database import db, insert_if_new, writer
from tracker.rules.trail import Action
from tracker.vault import KEY_ID_BYTES, SealedColumn, vault

BATCH = 1_000


def register_present_key(now: datetime) -> None:
    """From now on values may be stored under the present key; commits."""
    with writer():
        present = {"key_id": vault.key_ids[0], "since": now}
        db.session.execute(insert_if_new(DataKey), present)
        db.session.commit()


def missing_keys() -> set[bytes]:
    """The ids of keys under which values may be stored and that are not at hand."""
    return set(db.session.scalars(select(DataKey.key_id))) - set(vault.key_ids)


def rotate(now: datetime, tell: Callable[[int], None] = lambda _: None) -> int:
    """Seals everything anew with the present key; returns how many values. Commits batch by batch.

    Afterwards the earlier keys are needed no more. Raises VaultError when a value does not open.
    """
    register_present_key(now)
    sealed = 0
    for place in vault.columns:
        for done in _rotate_column(place):
            sealed += done
            tell(sealed)
    with writer():
        left = sum(_count_left(place) for place in vault.columns)
        if not left:
            db.session.execute(delete(DataKey).where(DataKey.key_id != vault.key_ids[0]))
        trail.record(Action.KEYS_ROTATED, changes={"values": (None, sealed), "left": (None, left)})
        db.session.commit()
    return sealed


def _rotate_column(place: SealedColumn) -> Iterator[int]:
    key, value = column(place.key_column, Integer), column(place.column, LargeBinary)
    of = table(place.table, key, value)
    statement = _update(place)
    last = 0
    while True:
        rows = db.session.execute(
            select(key, value)
            .select_from(of)
            .where(key > last, _is_old(value))
            .order_by(key)
            .limit(min(BATCH, place.at_once))
        ).all()
        db.session.rollback()
        if not rows:
            return
        fresh = [_sealed_anew(place, row_id, stored) for row_id, stored in rows]
        with writer():
            db.session.connection().execute(statement, fresh)
            db.session.commit()
        last = rows[-1][0]
        yield len(rows)


def _is_old(value: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's expressions
    head = func.substr(value, 1, 1 + KEY_ID_BYTES, type_=LargeBinary())
    return head != literal(vault.present_head, LargeBinary)


def _update(place: SealedColumn) -> Any:  # noqa: ANN401 - an UPDATE, typed loosely by SQLAlchemy
    key, value = column(place.key_column, Integer), column(place.column, LargeBinary)
    hashes = (column(place.hash_column, LargeBinary),) if place.hash_column else ()
    values = {value.name: bindparam("new_value", type_=LargeBinary)}
    if place.hash_column:
        values[place.hash_column] = bindparam("new_hash", type_=LargeBinary)
    of = table(place.table, key, value, *hashes)
    unchanged = (key == bindparam("row_key"), value == bindparam("old_value", type_=LargeBinary))
    return update(of).where(*unchanged).values(**values)


def _sealed_anew(place: SealedColumn, row_id: int, stored: bytes) -> dict[str, object]:
    data = vault.open(stored, row_id, place.field)
    fresh: dict[str, object] = {"row_key": row_id, "old_value": stored}
    fresh["new_value"] = vault.seal(data, row_id, place.field)
    if place.hash_column:
        fresh["new_hash"] = vault.search_hash(data.decode())
    return fresh


def _count_left(place: SealedColumn) -> int:
    value = column(place.column, LargeBinary)
    of = table(place.table, value)
    return db.session.scalar(select(func.count()).select_from(of).where(_is_old(value))) or 0
