"""The table of activities."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.records.natural import LONGEST_REF, NATURAL_KEY


class Activity(Base):
    """An activity of a year. Its key is its record's; `unit_id` and `mark` are kept equal to the record's.

    `moment_id`: the kontrollmoment that it follows from. `due_on`: the day to report back by. `in_plan`: it stands in a
    version of the plan that the committee has been given.
    """

    __tablename__ = "activity"

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    year: Mapped[int] = mapped_column(ForeignKey("control_plan.year"))
    ref: Mapped[str] = mapped_column(String(LONGEST_REF))
    ref_key: Mapped[str] = mapped_column(NATURAL_KEY)
    risk_id: Mapped[int | None] = mapped_column(ForeignKey("risk.record_id"))
    moment_id: Mapped[int | None] = mapped_column(ForeignKey("control_moment.record_id"))
    text: Mapped[str] = mapped_column(Text)
    responsible: Mapped[str | None] = mapped_column(String(120))
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(12))
    done_on: Mapped[date | None]
    analysis: Mapped[str | None] = mapped_column(Text)
    in_plan: Mapped[bool] = mapped_column(default=False)
    mark: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    __table_args__ = (
        ForeignKeyConstraint(["record_id", "unit_id"], ["record.id", "record.unit_id"], onupdate="CASCADE"),
        UniqueConstraint("record_id", "unit_id"),
        UniqueConstraint("year", "ref"),
        CheckConstraint("status IN ('ej_paborjad', 'pagar', 'genomford', 'avbruten')", name="status"),
        CheckConstraint("(status = 'genomford') = (done_on IS NOT NULL)", name="done_on"),
        Index("ix_activity_list", "year", "ref_key", "record_id"),
        Index(None, "risk_id"),
        Index(None, "moment_id"),
    )
