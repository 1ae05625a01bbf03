"""The tables of how long cases are kept, and of what has been gallrat by which decision."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.vault import SealedColumn, vault

REASON = "case_clearing.reason"
vault.register(SealedColumn("case_clearing", "id", "reason", REASON))


class CaseRetention(Base):
    """For how many months a kind of case (a `records.models.RecordKind`) is kept after it was closed; None, or no row:
    always.
    """

    __tablename__ = "case_retention"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    months: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (CheckConstraint("months BETWEEN 1 AND 1200", name="months"),)


class CaseClearing(Base):
    """One gallring: of which kind, by which rule (`months`), resting on which decision of which day, why (sealed), and
    who did it on which day. `cases`: how many.
    """

    __tablename__ = "case_clearing"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    months: Mapped[int] = mapped_column(SmallInteger)
    decided_on: Mapped[date]
    decision: Mapped[str] = mapped_column(String(120))
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    cases: Mapped[int]
    done_on: Mapped[date]
    done_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    done_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class ClearedCase(Base):
    """A case that has been gallrat, and in which gallring."""

    __tablename__ = "cleared_case"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    clearing_id: Mapped[int] = mapped_column(ForeignKey("case_clearing.id"), index=True)
