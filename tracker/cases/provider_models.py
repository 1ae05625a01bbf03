"""The tables of what private providers have informed the committee of, and to whom a case has been handed over."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.vault import SealedColumn, vault

LONGEST_PROVIDER, LONGEST_NUMBER = 120, 60
DESCRIPTION, NOTE = "provider_report.description", "provider_step.note"
vault.register(SealedColumn("provider_report", "record_id", "description", DESCRIPTION))
vault.register(SealedColumn("provider_step", "id", "note", NOTE))


class ProviderReport(Base):
    """What a private provider has told of a report that it received. `unit_id` is the unit of ours that it concerns;
    that and `mark` are kept equal to the record's. `number` is the provider's own.
    """

    __tablename__ = "provider_report"

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    provider: Mapped[str] = mapped_column(String(LONGEST_PROVIDER))
    number: Mapped[str | None] = mapped_column(String(LONGEST_NUMBER))
    kind: Mapped[str] = mapped_column(String(10))
    received_on: Mapped[date | None]
    came_on: Mapped[date]
    ivo_notified_on: Mapped[date | None]
    ivo_number: Mapped[str | None] = mapped_column(String(LONGEST_NUMBER))
    description: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    closed_on: Mapped[date | None]
    mark: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    __table_args__ = (
        ForeignKeyConstraint(["record_id", "unit_id"], ["record.id", "record.unit_id"], onupdate="CASCADE"),
        UniqueConstraint("record_id", "unit_id"),
        CheckConstraint("kind IN ('rapport', 'allvarlig')", name="kind"),
        CheckConstraint("state IN ('noterad', 'uppfoljd', 'avslutad')", name="state"),
        CheckConstraint("(state = 'avslutad') = (closed_on IS NOT NULL)", name="closed"),
        Index("ix_provider_report_list", "came_on", "record_id", "unit_id", "mark"),
        Index("ix_provider_report_unit", "unit_id", "came_on", "record_id", "mark"),
    )


class ProviderStepTaken(Base):
    """What the committee did about it: which step, on which day, written by whom, and what was done."""

    __tablename__ = "provider_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    step: Mapped[str] = mapped_column(String(12))
    on_day: Mapped[date]
    taken_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    taken_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[bytes] = mapped_column(LargeBinary)


class CaseHandover(Base):
    """To whom a lex Sarah case has been handed over, how it was sent, and when the receiver answered."""

    __tablename__ = "case_handover"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    receiver_kind: Mapped[str] = mapped_column(String(10))
    receiver: Mapped[str] = mapped_column(String(LONGEST_PROVIDER))
    sent_by: Mapped[str] = mapped_column(String(10))
    handed_on: Mapped[date]
    answered_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("receiver_kind IN ('namnd', 'utforare')", name="receiver_kind"),
        CheckConstraint("sent_by IN ('post', 'bud', 'e-tjanst', 'annat')", name="sent_by"),
        CheckConstraint("answered_on >= handed_on", name="days"),
    )
