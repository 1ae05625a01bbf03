"""The tables of actions: what is to be done, what it belongs to, and what is noted on the way."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.records.natural import BY_CODE_POINT
from tracker.rules.actions import Stage

TO_DO = text(f"stage = {Stage.TO_DO.value}")
LONGEST_NAME = 120


class ActionItem(Base):
    """An action. Its key is its record's; `unit_id` and `mark` are kept equal to the record's.

    `responsible_name` is as it was written; `responsible_id` is set where exactly one user bears it. `effect` is a
    `rules.actions.Effect`, to be told from `check_on` on, told on `checked_on` by `checked_by` where that is known. The
    list goes by `stage` (a `rules.actions.Stage`) and `listed_on`: the last day, or 9999-12-31 where there is none; of
    what is to be followed up, `check_on`. `mark` follows from what the action belongs to (`actions.protecting`).
    """

    __tablename__ = "action"

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    ref: Mapped[str] = mapped_column(BY_CODE_POINT, unique=True)
    text: Mapped[str] = mapped_column(Text)
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    responsible_name: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    decided_on: Mapped[date | None]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    check_on: Mapped[date | None]
    effect: Mapped[str | None] = mapped_column(String(8))
    checked_on: Mapped[date | None]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    stage: Mapped[int] = mapped_column(SmallInteger)
    listed_on: Mapped[date]
    mark: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    __table_args__ = (
        ForeignKeyConstraint(["record_id", "unit_id"], ["record.id", "record.unit_id"], onupdate="CASCADE"),
        UniqueConstraint("record_id", "unit_id"),
        CheckConstraint("effect IN ('uppnådd', 'delvis', 'ej')", name="effect"),
        CheckConstraint("effect IS NULL OR done_on IS NOT NULL", name="done"),
        CheckConstraint("checked_on IS NULL OR effect IS NOT NULL", name="checked"),
        Index("ix_action_list", "stage", "listed_on", "record_id", "unit_id", "mark", "decided_on"),
        Index("ix_action_ref", "stage", "ref", "record_id", "unit_id", "mark"),
        Index("ix_action_unit", "unit_id", "stage", "listed_on", "record_id", "mark"),
        Index("ix_action_mine", "responsible_id", "stage", "listed_on", "record_id", "mark"),
        Index(
            "ix_action_to_do",
            "unit_id",
            "mark",
            "listed_on",
            "decided_on",
            "record_id",
            "stage",
            sqlite_where=TO_DO,
            postgresql_where=TO_DO,
        ),
        Index("ix_action_year", "decided_on", "done_on", "due_on", "mark", "unit_id"),
    )


class ActionSource(Base):
    """One record that an action belongs to; it may belong to several."""

    __tablename__ = "action_source"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.record_id"), primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)

    __table_args__ = (Index(None, "record_id", "action_id"),)


class ActionNote(Base):
    """What somebody noted about how an action goes."""

    __tablename__ = "action_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.record_id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    written_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
