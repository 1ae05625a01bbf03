"""The codes by which somebody without an account follows what they have left, and what came of it as lex Sarah."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class CaseCode(Base):
    """The hash of the code that was shown once to whoever left a synpunkt; the code itself is kept nowhere."""

    __tablename__ = "case_code"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)


class CaseOrigin(Base):
    """The synpunkt (`from_id`) in which what a lex Sarah-rapport tells was first said."""

    __tablename__ = "case_origin"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    from_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)

    __table_args__ = (CheckConstraint("from_id <> record_id", name="other"),)
