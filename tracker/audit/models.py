"""The tables of the trail. Triggers in the database refuse UPDATE and DELETE on all but the head and the keys."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class AuditEntry(Base):
    """One link of the chain. `id` counts from 1 without gaps; `digest` covers the entry's parts (or the reads it
    seals), `mac` the entry and the one before it. Which fields: a JSON list of names, never values.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    session_id: Mapped[int | None]
    request_id: Mapped[str | None] = mapped_column(String(12))
    action: Mapped[str] = mapped_column(String(30))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    target_kind: Mapped[str | None] = mapped_column(String(12))
    target_id: Mapped[int | None]
    fields: Mapped[str] = mapped_column(Text)
    parts: Mapped[int]
    first_read_id: Mapped[int | None]
    last_read_id: Mapped[int | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_actor", "actor_id", "id"),
        Index("ix_audit_entry_record", "record_id", "id"),
        Index("ix_audit_entry_target", "target_kind", "target_id", "id"),
    )


class AuditPart(Base):
    """What one entry changed of one thing. `open_values` is JSON {field: [old, new]}; values of personal fields, and
    reasons, stand in `sealed_values`, under the record's own key. `digest` is a keyed digest of old and new.
    """

    __tablename__ = "audit_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    open_values: Mapped[str | None] = mapped_column(Text)
    sealed_values: Mapped[bytes | None] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (Index("ix_audit_part_entry", "entry_id", "id"), Index("ix_audit_part_record", "record_id", "id"))


class AuditHead(Base):
    """One row: where the chain ends. `seal` binds `last_id` and `last_mac`; it cannot be made without AUDIT_KEY."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chain: Mapped[str] = mapped_column(String(16))
    last_id: Mapped[int]
    last_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    last_read_id: Mapped[int]
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class AuditRead(Base):
    """One reading of a record with personal data, or one file taken out: `row_count` rows, `selection` the filters in
    use (never what was searched for), `purpose` what for. Sealed into the chain in batches.
    """

    __tablename__ = "audit_read"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    kind: Mapped[str] = mapped_column(String(10))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    session_id: Mapped[int | None]
    request_id: Mapped[str | None] = mapped_column(String(12))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    what: Mapped[str | None] = mapped_column(String(40))
    selection: Mapped[str | None] = mapped_column(String(300))
    row_count: Mapped[int | None]
    purpose: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (
        Index("ix_audit_read_at", "at", "id"),
        Index("ix_audit_read_actor", "actor_id", "id"),
        Index("ix_audit_read_record", "record_id", "id"),
    )


class RecordKey(Base):
    """The key under which a record's personal values stand in the trail, itself sealed with the data encryption key.

    `sealed` is None when the key has been destroyed: what stood under it is forgotten.
    """

    __tablename__ = "record_key"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    destroyed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DataKey(Base):
    """The id of a data encryption key under which values may be stored; without that key the program does not start."""

    __tablename__ = "data_key"

    key_id: Mapped[bytes] = mapped_column(LargeBinary(4), primary_key=True)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
