"""The tables of locked reports, of those that are being put together, and of the reviews before a file leaves."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base

WHOLE_YEAR = 0


class ReportClosing(Base):
    """A report that is being put together: its days, its local title, and who has marked it ready.

    `number` is the quarter, 0 for a report over a year. `ready_digest` binds what stood in it as it was marked: when
    the register has changed since, it is not ready any more. `version` rises with every change.
    """

    __tablename__ = "report_closing"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    number: Mapped[int]
    cutoff_on: Mapped[date]
    previous_on: Mapped[date]
    local_title: Mapped[str | None] = mapped_column(String(120))
    ready_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ready_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ready_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("kind", "year", "number"),
        CheckConstraint("(ready_at IS NULL) = (ready_digest IS NULL)", name="ready_as_something"),
    )


class FrozenReport(Base):
    """One version of a locked report. The highest version counts; the earlier ones stay as they were.

    `reason` says why it replaces the one before; the first has none. `names_digest`: the other names that the code
    lists had then (`records.queries.CodeWords`), None where it is not known.
    """

    __tablename__ = "frozen_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    number: Mapped[int]
    version: Mapped[int]
    cutoff_on: Mapped[date]
    previous_on: Mapped[date]
    local_title: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(Text)
    ready_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    locked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    locked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    names_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    __table_args__ = (
        UniqueConstraint("kind", "year", "number", "version"),
        CheckConstraint("(version = 1) = (reason IS NULL)", name="reason_for_replacing"),
        Index(None, "kind", "cutoff_on"),
    )


class FrozenFile(Base):
    """The bytes of one reader's report in one format, sealed; `checksum` is the SHA-256 of the bytes in plain, in hex.

    `content` is None when a person whom the file named has been forgotten.
    """

    __tablename__ = "frozen_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("frozen_report.id"))
    audience: Mapped[str] = mapped_column(String(20))
    format: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    size: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    emptied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("report_id", "audience", "format"),
        CheckConstraint("(content IS NULL) = (emptied_at IS NOT NULL)", name="emptied"),
    )


class FrozenRow(Base):
    """One thing that stood in a locked report: its record, its own number there (a clock's), and as what.

    `digest` is a keyed digest of what the report said of it, so that it can be told whether the register still says so.
    Only a record that has left `record_version`, its version as the report was locked, can say something else; None
    where that is not known.
    """

    __tablename__ = "frozen_row"

    report_id: Mapped[int] = mapped_column(ForeignKey("frozen_report.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    stood_as: Mapped[str] = mapped_column(String(20))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    record_version: Mapped[int | None]

    __table_args__ = (Index(None, "record_id", "report_id"), Index(None, "item_id", "report_id"))


class SecrecyReview(Base):
    """A sekretessprövning: who looked at which report for whom, when, and what they found.

    `subject` is the SHA-256 of the reader's document, so that what leaves is what was looked at.
    """

    __tablename__ = "secrecy_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    number: Mapped[int]
    version: Mapped[int | None]
    audience: Mapped[str] = mapped_column(String(20))
    subject: Mapped[bytes] = mapped_column(LargeBinary(32))
    released: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    reviewed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (Index(None, "subject", "id"), Index(None, "kind", "year", "number", "id"))
