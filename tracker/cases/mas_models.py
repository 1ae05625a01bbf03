"""The tables of who is MAS, and of what has been notified to IVO under lex Maria."""

from datetime import date, datetime

from sqlalchemy import DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base

LONGEST_NUMBER, LONGEST_BY = 60, 120


class MasUser(Base):
    """A user who is medicinskt ansvarig sjuksköterska: reads and handles the avvikelser of hälso- och sjukvård."""

    __tablename__ = "mas_user"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    given_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class LexMaria(Base):
    """That an avvikelse has been notified to IVO under lex Maria: the day, the number, by whom (a function)."""

    __tablename__ = "lex_maria"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    notified_on: Mapped[date]
    number: Mapped[str | None] = mapped_column(String(LONGEST_NUMBER))
    notified_by: Mapped[str] = mapped_column(String(LONGEST_BY))
