"""The year's plan for checking the log, its checks, what each has drawn and how it was graded."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class LogPlan(Base):
    """How the log is checked in a year, for a unit and all below it. `kinds` are those of reading, by spaces."""

    __tablename__ = "log_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    checks: Mapped[int]
    sample_by: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int]
    kinds: Mapped[str] = mapped_column(String(80))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (UniqueConstraint("year", "unit_id"),)


class LogCheck(Base):
    """One check of a plan. `version` rises with all that is written in it; once signed it is never written again.

    `digest` is SHA-256 over what was signed.
    """

    __tablename__ = "log_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("log_plan.id"))
    number: Mapped[int]
    from_on: Mapped[date]
    to_on: Mapped[date]
    due_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    result: Mapped[str | None] = mapped_column(String(20))
    conclusion: Mapped[str | None] = mapped_column(String(2000))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signed_by_somebody"),
    )


class LogDraw(Base):
    """One draw of a check's sample; drawing again makes another and leaves this one.

    `population` holds the numbers of all the readings there were to draw from (see `rules.drawing` and `packing`);
    `population_hash`, `seed` and `algorithm` are what it takes to draw again.
    """

    __tablename__ = "log_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("log_check.id"))
    number: Mapped[int]
    algorithm: Mapped[str] = mapped_column(String(20))
    seed: Mapped[bytes] = mapped_column(LargeBinary(32))
    population: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    population_count: Mapped[int]
    population_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    sample_size: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kinds: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(String(500))
    drawn_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    drawn_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (UniqueConstraint("check_id", "number"),)


class LogDrawItem(Base):
    """One reading that was drawn, in the order of the draw, and what was found about it."""

    __tablename__ = "log_draw_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("log_draw.id"))
    position: Mapped[int]
    read_id: Mapped[int] = mapped_column(ForeignKey("audit_read.id"))
    grade: Mapped[str | None] = mapped_column(String(10))
    comment: Mapped[str | None] = mapped_column(String(1000))
    graded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    graded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (UniqueConstraint("draw_id", "position"), UniqueConstraint("draw_id", "read_id"))
