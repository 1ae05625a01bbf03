"""Which avvikelse has a missed promise become?"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class MissedPromise(Base):
    """The avvikelse (`deviation_id`) that the missed promise of a record has become: one at most. The record is a
    synpunkt, or an occasion of a guarantee. `cause_id` is why; `righted_on` the day on which its days were corrected so
    that the promise was kept after all.
    """

    __tablename__ = "missed_promise"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("record.id"), unique=True)
    cause_id: Mapped[int] = mapped_column(ForeignKey("code_item.id"))
    noted_on: Mapped[date]
    righted_on: Mapped[date | None]

    __table_args__ = (CheckConstraint("deviation_id <> record_id", name="other"),)
