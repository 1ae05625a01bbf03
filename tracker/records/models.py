"""One row for each thing that can be linked, found and counted, and the code lists that registers share."""

from datetime import date, datetime
from enum import IntEnum, StrEnum

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class RecordKind(StrEnum):
    """Which register a record belongs to."""

    DECISION = "decision"
    RISK = "risk"
    CONTROL = "control"
    ACTIVITY = "activity"
    DEVIATION = "deviation"
    LEX_SARAH = "lex_sarah"
    COMPLAINT = "complaint"
    ACTION = "action"
    PROVIDER_REPORT = "provider_report"
    GUARANTEE = "guarantee"


class Access(StrEnum):
    """The access mark of a record."""

    ORDINARY = "ordinary"
    PROTECTED = "protected"


class Mark(IntEnum):
    """What a register's rows hold of their record's access and voiding, in every index that a list walks."""

    ORDINARY = 0
    PROTECTED = 1
    VOIDED = 2


class GrantKind(StrEnum):
    """What a record has been to a person: named to see it, or closed to them."""

    NAMED = "named"
    CLOSED = "closed"


class CodeList(StrEnum):
    """The lists that a code item can belong to."""

    INTERVENTION = "intervention"
    DELAY_REASON = "delay_reason"
    CLOSE_REASON = "close_reason"
    DEVIATION_CATEGORY = "deviation_category"
    DEVIATION_CAUSE = "deviation_cause"


class Record(Base):
    """What every register's rows have in common. `title` is safe to show to anyone who may know that it exists."""

    __tablename__ = "record"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    case_number: Mapped[str | None] = mapped_column(String(60))
    access: Mapped[str] = mapped_column(String(20), default=Access.ORDINARY)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    voided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (UniqueConstraint("kind", "number"), UniqueConstraint("id", "unit_id"))


class RecordGrant(Base):
    """One person whom a record has been given to by name, or closed to; at most one of the two."""

    __tablename__ = "record_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(8))
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    given_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        UniqueConstraint("record_id", "user_id"),
        CheckConstraint("kind IN ('named', 'closed')", name="kind"),
        Index(None, "user_id", "kind", "record_id"),
    )


class RecordLink(Base):
    """What follows from a record (`from_id`) somewhere else: a record there (`to_id`), or one that is still to be made.

    `asked` tells, sealed, what is asked for and `settled` what came of it; it waits until `settled_at`.
    """

    __tablename__ = "record_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    to_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    asked: Mapped[bytes] = mapped_column(LargeBinary)
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    settled: Mapped[bytes | None] = mapped_column(LargeBinary)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("kind IN ('deviation', 'assessment')", name="kind"),
        CheckConstraint("(settled IS NULL) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("to_id <> from_id", name="other"),
    )


class CodeItem(Base):
    """One entry of a code list; `code` is the stable short name where there is one.

    An entry with `merged_into_id` is another name of that entry: files may say it, nothing points at it any more.
    """

    __tablename__ = "code_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    list: Mapped[str] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("code_item.id"))

    __table_args__ = (UniqueConstraint("list", "label"),)
