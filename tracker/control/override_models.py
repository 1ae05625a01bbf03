"""The table of grades that somebody has set in place of what the figures say."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class ControlOverride(Base):
    """A grade that stands in place of the one that follows from a kontrollmoment's figures, which was `computed` when
    it was set. The row is there as long as it holds; the trail keeps what was.
    """

    __tablename__ = "control_override"

    moment_id: Mapped[int] = mapped_column(
        ForeignKey("control_moment.record_id"), primary_key=True, autoincrement=False
    )
    grade: Mapped[str] = mapped_column(String(12))
    computed: Mapped[str] = mapped_column(String(12))
    motivation: Mapped[str] = mapped_column(Text)
    by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("grade IN ('god', 'godtagbar', 'ej_godkand') AND grade <> computed", name="grade"),
    )
