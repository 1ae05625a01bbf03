"""The tables of kontrollmoment, their stickprov, and what the committee decided about the plan."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
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


class ControlMoment(Base):
    """A kontrollmoment of a year. Its key is its record's; `unit_id` and `mark` are kept equal to the record's.

    Its limits in per cent are the plan's where they are empty. `subject`: what is controlled, by `criteria` (one a
    line); `performer` carries it out, `controlled_party` is the unit or role that is controlled. `not_done` is the
    reason why it was not carried out, `not_done_next` what happens next.
    """

    __tablename__ = "control_moment"

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    year: Mapped[int] = mapped_column(ForeignKey("control_plan.year"))
    ref: Mapped[str] = mapped_column(String(LONGEST_REF))
    ref_key: Mapped[str] = mapped_column(NATURAL_KEY)
    risk_id: Mapped[int | None] = mapped_column(ForeignKey("risk.record_id"))
    name: Mapped[str] = mapped_column(String(300))
    method: Mapped[str | None] = mapped_column(String(60))
    frequency: Mapped[str | None] = mapped_column(String(60))
    responsible: Mapped[str | None] = mapped_column(String(120))
    good_limit: Mapped[int | None] = mapped_column(SmallInteger)
    acceptable_limit: Mapped[int | None] = mapped_column(SmallInteger)
    not_done: Mapped[str | None] = mapped_column(Text)
    comment: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    criteria: Mapped[str | None] = mapped_column(Text)
    performer: Mapped[str | None] = mapped_column(String(120))
    controlled_party: Mapped[str | None] = mapped_column(String(120))
    reported_to: Mapped[str | None] = mapped_column(String(120))
    not_done_next: Mapped[str | None] = mapped_column(Text)
    mark: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    __table_args__ = (
        ForeignKeyConstraint(["record_id", "unit_id"], ["record.id", "record.unit_id"], onupdate="CASCADE"),
        UniqueConstraint("record_id", "unit_id"),
        UniqueConstraint("year", "ref"),
        CheckConstraint("good_limit BETWEEN 0 AND 100 AND acceptable_limit BETWEEN 0 AND 100", name="limits"),
        Index("ix_control_moment_list", "year", "ref_key", "record_id"),
        Index(None, "risk_id"),
        Index(None, "ref", "year"),
    )


class ControlSample(Base):
    """A stickprov of a kontrollmoment, in figures: how many there were, were taken, dropped out and deviated."""

    __tablename__ = "control_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    moment_id: Mapped[int] = mapped_column(ForeignKey("control_moment.record_id"))
    ref: Mapped[str] = mapped_column(String(LONGEST_REF))
    ref_key: Mapped[str] = mapped_column(NATURAL_KEY)
    period: Mapped[str | None] = mapped_column(String(10))
    population: Mapped[int | None]
    selected: Mapped[int]
    dropouts: Mapped[int]
    deviations: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("moment_id", "ref"),
        CheckConstraint("dropouts BETWEEN 0 AND selected", name="dropouts"),
        CheckConstraint("deviations BETWEEN 0 AND selected - dropouts", name="deviations"),
        CheckConstraint("population >= selected", name="population"),
    )


class PlanVersion(Base):
    """What was proposed to the committee: the scale, the limits, the risks and kontrollmoment as they stood (`content`,
    JSON). `decided`: adopted, sent_back or withdrawn; None while it waits. A version never changes but for that.
    """

    __tablename__ = "control_plan_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("control_plan.year"))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    decided: Mapped[str | None] = mapped_column(String(12))

    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("decided IN ('adopted', 'sent_back', 'withdrawn')", name="decided"),
    )


class PlanEvent(Base):
    """A step that was taken with a plan (`rules.plan_workflow.PlanStep`), by whom and when, with the committee's
    decision where it is one. `report_version`: the locked version of the follow-up that was approved.
    """

    __tablename__ = "control_plan_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("control_plan.year"))
    step: Mapped[str] = mapped_column(String(12))
    version_number: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_on: Mapped[date | None]
    paragraph: Mapped[str | None] = mapped_column(String(20))
    case_number: Mapped[str | None] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(Text)
    report_version: Mapped[int | None]

    __table_args__ = (Index(None, "year", "id"),)
