"""The table of saved views."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base

LONGEST_NAME, LONGEST_PATH, LONGEST_FILTER = 60, 80, 500


class SavedView(Base):
    """What somebody calls a register's filter. `path` is the register's address, `filter` the parameters it goes with
    as a query string; `unit_id` is the unit that it is shared with, None for its owner alone.
    """

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(LONGEST_PATH))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    filter: Mapped[str] = mapped_column(String(LONGEST_FILTER))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (UniqueConstraint("owner_id", "path", "name"), Index(None, "path", "unit_id"))
