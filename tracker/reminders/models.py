"""The tables of reminders: how often, what was told to whom, what is to be mailed, and the calendars' addresses."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class ReminderRun(Base):
    """One row: the day of the last run, before which nothing more is told. Who holds it computes alone."""

    __tablename__ = "reminder_run"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_on: Mapped[date | None]

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class ReminderChoice(Base):
    """How often somebody wants mail (a `rules.reminders.Often`); without a row: at once."""

    __tablename__ = "reminder_choice"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    often: Mapped[str] = mapped_column(String(10))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OutboxMail(Base):
    """A mail that is to go, or has gone. Its words are written from its notices as it goes, and kept nowhere.

    `claimed_until`: somebody is sending it just now. It ends with `sent_at` or, when its receiver was refused, with
    `refused_at`; `last_error` is the kind of what went wrong last.
    """

    __tablename__ = "outbox_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_on: Mapped[date]
    message_id: Mapped[str] = mapped_column(String(60), unique=True)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    next_try_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    last_error: Mapped[str | None] = mapped_column(String(40))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("(next_try_at IS NULL) = (sent_at IS NOT NULL OR refused_at IS NOT NULL)", name="ended"),
        Index(None, "user_id", "made_on"),
        Index(None, "next_try_at", "id"),
    )


class ReminderNotice(Base):
    """One reminder to one person, once (`key`); `day` is the day it fell on. It waits for a mail while `to_mail`, and
    `mail_id` is the one that took it. The number is its record's, asked for when it is shown, as a decision that is
    forgotten gets another; `number` of what is no record.
    """

    __tablename__ = "reminder_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(24))
    number: Mapped[str | None] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(100))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    day: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    to_mail: Mapped[bool]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"), index=True)
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index(None, "day", "user_id"),
        Index(None, "to_mail", "user_id"),
    )


class CalendarAddress(Base):
    """The secret address of somebody's calendar: of its token the SHA-256 alone."""

    __tablename__ = "calendar_address"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
