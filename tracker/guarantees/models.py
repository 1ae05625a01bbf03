"""The tables of guarantees: what is promised, and each occasion that the promise or the law's limit runs for."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.records.natural import BY_CODE_POINT

EXCEEDED = "excess > 0"
RUNS = "ended_on IS NULL AND cancelled_on IS NULL"
LONGEST_SLUG, LONGEST_NAME, LONGEST_EVENT, LONGEST_LAW, LONGEST_GROUND = 60, 80, 120, 120, 200


class Guarantee(Base):
    """A promise, or a limit of the law. `kind` is a `rules.guarantees.GuaranteeKind`, None for the municipality's own.

    `starts_with` and `ends_with` tell what its time runs between. `number` of `unit` (a `LimitUnit`) is the limit,
    `target` the share in per cent that is to be kept. It runs for what starts from `active_from` to `active_to`.
    """

    __tablename__ = "guarantee"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(LONGEST_SLUG), unique=True)
    kind: Mapped[str | None] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), unique=True)
    starts_with: Mapped[str] = mapped_column(String(LONGEST_EVENT))
    ends_with: Mapped[str] = mapped_column(String(LONGEST_EVENT))
    number: Mapped[int] = mapped_column(SmallInteger)
    unit: Mapped[str] = mapped_column(String(12))
    target: Mapped[int] = mapped_column(SmallInteger)
    roll: Mapped[bool]
    law: Mapped[str | None] = mapped_column(String(LONGEST_LAW))
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("unit IN ('dagar', 'arbetsdagar', 'veckor', 'månader')", name="unit"),
        CheckConstraint("number BETWEEN 1 AND 999 AND target BETWEEN 0 AND 100", name="limit"),
    )


class GuaranteeOccasion(Base):
    """One time that a guarantee runs. Its key is its record's; `unit_id` and `mark` are kept equal to the record's.

    `ref` is the reference that its own system knows it by, and names nobody. `number` and `roll` are those of the limit
    as it began, `limit_on` the last day by them and `due_on` the last day that counts: `prolonged_to` where a decision
    of `prolonged_on` has it so. `excess` is by how much it was exceeded (`rules.guarantees.exceeded_by`), None until it
    has ended.
    """

    __tablename__ = "guarantee_occasion"

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    guarantee_id: Mapped[int] = mapped_column(ForeignKey("guarantee.id"))
    ref: Mapped[str] = mapped_column(BY_CODE_POINT)
    started_on: Mapped[date]
    number: Mapped[int] = mapped_column(SmallInteger)
    roll: Mapped[bool]
    limit_on: Mapped[date]
    due_on: Mapped[date]
    prolonged_to: Mapped[date | None]
    prolonged_on: Mapped[date | None]
    prolonged_for: Mapped[str | None] = mapped_column(String(LONGEST_GROUND))
    ended_on: Mapped[date | None]
    excess: Mapped[int | None]
    cancelled_on: Mapped[date | None]
    cancelled_for: Mapped[str | None] = mapped_column(Text)
    mark: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    __table_args__ = (
        ForeignKeyConstraint(["record_id", "unit_id"], ["record.id", "record.unit_id"], onupdate="CASCADE"),
        UniqueConstraint("record_id", "unit_id"),
        UniqueConstraint("guarantee_id", "ref", "started_on"),
        CheckConstraint("(ended_on IS NULL) = (excess IS NULL)", name="excess"),
        CheckConstraint("ended_on IS NULL OR cancelled_on IS NULL", name="one_end"),
        CheckConstraint("(prolonged_to IS NULL) = (prolonged_on IS NULL)", name="prolonged"),
        Index("ix_guarantee_occasion_list", "guarantee_id", "started_on", "record_id", "unit_id", "mark"),
        Index("ix_guarantee_occasion_unit", "guarantee_id", "unit_id", "started_on", "record_id", "mark"),
        Index("ix_guarantee_occasion_ended", "guarantee_id", "ended_on", "excess", "mark", "unit_id"),
        Index("ix_guarantee_occasion_open", "ended_on", "cancelled_on", "due_on", "guarantee_id", "mark", "unit_id"),
        Index(
            "ix_guarantee_occasion_runs", "guarantee_id", "due_on", "record_id", "unit_id", "mark",
            sqlite_where=text(RUNS), postgresql_where=text(RUNS),
        ),
        Index(
            "ix_guarantee_occasion_exceeded", "unit_id", "mark", "record_id", "excess",
            sqlite_where=text(EXCEEDED), postgresql_where=text(EXCEEDED),
        ),
    )  # fmt: skip
