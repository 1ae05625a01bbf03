"""The tables of plans, risks, and how many risks stand in each cell of the matrix."""

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
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.records.natural import LONGEST_REF, NATURAL_KEY


class ControlPlan(Base):
    """The internal control plan of a year: its scale (`rules.risk_scoring.Scale` as JSON) and its limits in per cent.

    `state` is draft until the committee has decided; the days and numbers of its decision come with that.
    """

    __tablename__ = "control_plan"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    scale: Mapped[str] = mapped_column(Text)
    good_limit: Mapped[int] = mapped_column(SmallInteger)
    acceptable_limit: Mapped[int] = mapped_column(SmallInteger)
    adopted_on: Mapped[date | None]
    paragraph: Mapped[str | None] = mapped_column(String(20))
    case_number: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (CheckConstraint("acceptable_limit <= good_limit", name="limits"),)


class Risk(Base):
    """A risk of a year. Its key is its record's; `unit_id` and `mark` are kept equal to the record's.

    `ref_key` is `ref` as lists are ordered by it (`records.natural.natural_key`). `score` is likelihood × consequence,
    `rank` the same below zero, so that an index goes from the heaviest down. `gross_*`: the same before the existing
    controls, where it is assessed. `in_net`: on the net list; `net_reason` why not, or why.
    """

    __tablename__ = "risk"

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    year: Mapped[int] = mapped_column(ForeignKey("control_plan.year"))
    ref: Mapped[str] = mapped_column(String(LONGEST_REF))
    ref_key: Mapped[str] = mapped_column(NATURAL_KEY)
    area: Mapped[str | None] = mapped_column(String(120))
    level: Mapped[str | None] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    likelihood: Mapped[int] = mapped_column(SmallInteger)
    consequence: Mapped[int] = mapped_column(SmallInteger)
    score: Mapped[int] = mapped_column(SmallInteger)
    rank: Mapped[int] = mapped_column(SmallInteger)
    motivation: Mapped[str | None] = mapped_column(Text)
    handling: Mapped[str | None] = mapped_column(String(12))
    mark: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    process: Mapped[str | None] = mapped_column(String(120))
    cause: Mapped[str | None] = mapped_column(Text)
    effect: Mapped[str | None] = mapped_column(Text)
    likelihood_motivation: Mapped[str | None] = mapped_column(Text)
    consequence_motivation: Mapped[str | None] = mapped_column(Text)
    existing_controls: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(String(120))
    gross_likelihood: Mapped[int | None] = mapped_column(SmallInteger)
    gross_consequence: Mapped[int | None] = mapped_column(SmallInteger)
    in_net: Mapped[bool] = mapped_column(default=True, server_default=true())
    net_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        ForeignKeyConstraint(["record_id", "unit_id"], ["record.id", "record.unit_id"], onupdate="CASCADE"),
        UniqueConstraint("record_id", "unit_id"),
        UniqueConstraint("year", "ref"),
        CheckConstraint("level IN ('kommunövergripande', 'nämnd', 'enhet')", name="level"),
        CheckConstraint(
            "handling IN ('acceptera', 'bevaka', 'kontrollera', 'åtgärda', 'överföra', 'undvika')", name="handling"
        ),
        CheckConstraint("(gross_likelihood IS NULL) = (gross_consequence IS NULL)", name="gross"),
        CheckConstraint("in_net OR net_reason IS NOT NULL", name="net"),
        CheckConstraint("score = likelihood * consequence AND rank = -score", name="score"),
        Index("ix_risk_list", "year", "rank", "ref_key", "record_id"),
        Index("ix_risk_ref", "year", "ref_key", "record_id", "in_net", "unit_id", "mark"),
        Index("ix_risk_net", "year", "in_net", "rank", "ref_key", "record_id", "unit_id", "mark"),
        Index("ix_risk_of_unit", "year", "unit_id", "rank", "ref_key", "record_id"),
        Index("ix_risk_of_unit_net", "year", "unit_id", "in_net", "rank", "ref_key", "record_id"),
        Index("ix_risk_of_unit_cell", "year", "unit_id", "likelihood", "consequence", "ref_key", "record_id"),
        Index(None, "ref", "year"),
        Index("ix_risk_cell", "year", "likelihood", "consequence", "ref_key", "record_id", "in_net", "unit_id", "mark"),
    )


class RiskTally(Base):
    """How many risks of a unit stand in a cell of a year's matrix, and how many of them are on the net list; voided and
    protected ones do not count.
    """

    __tablename__ = "risk_tally"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    likelihood: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    consequence: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int]
    net_number: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        Index("ix_risk_tally_cell", "year", "likelihood", "consequence", "unit_id", "number", "net_number"),
    )
