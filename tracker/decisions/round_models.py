"""IVO's windows with days of their own, and the rounds in which people look over their clocks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base

LONGEST_REASON = 500


class ReportingWindow(Base):
    """The days between which IVO takes a quarter's reports, where they are not the default; `reason` is the latest."""

    __tablename__ = "reporting_window"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    quarter: Mapped[int] = mapped_column(SmallInteger)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))

    __table_args__ = (
        UniqueConstraint("year", "quarter"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
        CheckConstraint("opens_on <= closes_on", name="days"),
    )


class UpdateRound(Base):
    """Everybody concerned has been asked to look over their clocks for a quarter's report, until a last day.

    `number` counts the quarter's rounds from 1; only the latest is open, until `closed_at`. `reminded_at`: when those
    who were missing were asked again. The counts are those of the moment it was closed: later changes are no answers.
    """

    __tablename__ = "update_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    quarter: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int]
    cutoff_on: Mapped[date]
    previous_on: Mapped[date]
    last_day: Mapped[date]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_count: Mapped[int | None]
    mended_count: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("year", "quarter", "number"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
    )


class UpdateItem(Base):
    """One clock in a round. `asked_version` is its decision's when the round began, `confirmed_version` the one that
    somebody said is right. A clock that is taken away leaves its row, which has been answered by that.
    """

    __tablename__ = "update_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("update_round.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.record_id"))
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("decision_clock.id", ondelete="SET NULL"))
    asked_version: Mapped[int]
    confirmed_version: Mapped[int | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("round_id", "clock_id"),
        Index(None, "clock_id"),
        Index(None, "decision_id", "round_id"),
        CheckConstraint(
            "(confirmed_version IS NULL) = (confirmed_by IS NULL) "
            "AND (confirmed_version IS NULL) = (confirmed_at IS NULL)",
            name="confirmed",
        ),
    )
