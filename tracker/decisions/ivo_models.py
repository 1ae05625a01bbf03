"""The tables of what has been sent to IVO of a clock, and of what IVO has answered about a decision."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class IndividualReport(Base):
    """One individrapport: of which clock, for which quarter, of which type, who works on it, and when it was sent.

    `texts` are the words written for it, `sent_as` all that it said when it was sent; both are sealed JSON by field.
    `afterwards`: no locked report held the clock. The clock is no foreign key, since one that never ran is taken away.
    `version` rises with every change.
    """

    __tablename__ = "individual_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    year: Mapped[int]
    number: Mapped[int]
    ivo_type: Mapped[str] = mapped_column(String(12))
    afterwards: Mapped[bool] = mapped_column(default=False)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    texts: Mapped[bytes | None] = mapped_column(LargeBinary)
    sent_on: Mapped[date | None]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sent_as: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("clock_id", "year", "number", "ivo_type"),
        CheckConstraint("(sent_on IS NULL) = (sent_by IS NULL)", name="sent_by_somebody"),
        Index(None, "year", "number"),
    )


class IvoMatter(Base):
    """Something that IVO or a court has sent about a decision; `outcome` is what it said or led to, sealed.

    `answer_by` is the last day to answer, None where nothing is asked.
    """

    __tablename__ = "ivo_matter"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    received_on: Mapped[date]
    answer_by: Mapped[date | None]
    answered_on: Mapped[date | None]
    ivo_ref: Mapped[str | None] = mapped_column(String(60))
    own_ref: Mapped[str | None] = mapped_column(String(60))
    outcome: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (Index("ix_ivo_matter_waiting", "answered_on", "answer_by"),)
