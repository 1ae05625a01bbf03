"""The tables of who has been informed of the duty to report, of staff without an account, and of how often."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base

LONGEST_LABEL, LONGEST_BY, LONGEST_WHY = 60, 120, 1_000
_STANDS = text("voided_at IS NULL")


class UnitStaff(Base):
    """Somebody who works in a unit and has no account, by a label that the unit knows them by, to the last day."""

    __tablename__ = "unit_staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    began_on: Mapped[date]
    ended_on: Mapped[date | None]
    noted_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("unit_id", "label"),
        CheckConstraint("ended_on >= began_on", name="days"),
    )


class DutyInformation(Base):
    """That somebody, a user or a staff member without an account, was informed on a day: how, and by whom.

    One that was written by mistake stays, voided, with the reason.
    """

    __tablename__ = "duty_information"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("unit_staff.id"))
    informed_on: Mapped[date]
    how: Mapped[str] = mapped_column(String(16))
    informed_by: Mapped[str] = mapped_column(String(LONGEST_BY))
    noted_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    voided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    void_reason: Mapped[str | None] = mapped_column(String(LONGEST_WHY))

    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (staff_id IS NULL)", name="one_person"),
        CheckConstraint("how IN ('apt', 'introduktion', 'skriftligt', 'webbutbildning')", name="how"),
        CheckConstraint(
            "(voided_at IS NULL) = (voided_by IS NULL) AND (voided_at IS NULL) = (void_reason IS NULL)", name="voided"
        ),
        Index("ix_duty_information_user", "user_id", "informed_on", unique=True, sqlite_where=_STANDS,
              postgresql_where=_STANDS),
        Index("ix_duty_information_staff", "staff_id", "informed_on", unique=True, sqlite_where=_STANDS,
              postgresql_where=_STANDS),
    )  # fmt: skip


class DutySetting(Base):
    """One row, once somebody has set it: the months between two times, and the days that a new one has."""

    __tablename__ = "duty_setting"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    months: Mapped[int] = mapped_column(SmallInteger)
    first_days: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("months BETWEEN 1 AND 36 AND first_days BETWEEN 0 AND 90", name="limits"),
    )
