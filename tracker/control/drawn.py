"""What stands beside the figures of a stickprov that was drawn here: how far it has come decides whether it counts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, DateTime, ForeignKey, LargeBinary, String, Text, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.control.models import ControlSample
from tracker.database import Base
from tracker.rules.sample_work import SampleState

OFTEN = 3  # as many draws of one stickprov are told wherever it stands


class DrawnSample(Base):
    """A stickprov that is drawn, not only told in figures; those of its `control_sample` follow from its items.

    `population_refs` holds what there was to draw from, sealed (empty where only a size is known); `population_hash`
    was fixed before any seed was made. `draws`: how many have been made. `criteria` stand one a line. `returned`
    tells, sealed, why it was sent back.
    """

    __tablename__ = "drawn_sample"

    sample_id: Mapped[int] = mapped_column(ForeignKey("control_sample.id"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    population_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    population_refs: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    draws: Mapped[int] = mapped_column(default=0)
    criteria: Mapped[str] = mapped_column(Text)
    retest_of: Mapped[int | None] = mapped_column(ForeignKey("control_sample.id"), index=True)
    locked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    locked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    returned: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint("state IN ('locked', 'drawn', 'proposed', 'accepted', 'returned')", name="state"),
        CheckConstraint("retest_of <> sample_id", name="retest"),
        CheckConstraint("(state = 'accepted') = (accepted_at IS NOT NULL)", name="accepted"),
    )


class SampleCriterion(Base):
    """How many items of an accepted stickprov failed a criterion: counted from what is sealed about each, once."""

    __tablename__ = "sample_criterion"

    sample_id: Mapped[int] = mapped_column(ForeignKey("drawn_sample.sample_id"), primary_key=True, autoincrement=False)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int]

    __table_args__ = (CheckConstraint("number > 0", name="number"),)


def counts() -> ColumnElement[bool]:
    """The stickprov that count in their moment's figures: told in figures, or drawn and accepted, and no retest."""
    waits = or_(DrawnSample.state != SampleState.ACCEPTED.value, DrawnSample.retest_of.is_not(None))
    return ~select(DrawnSample.sample_id).where(DrawnSample.sample_id == ControlSample.id, waits).exists()
