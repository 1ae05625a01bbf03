"""The municipality's own Word templates, every version taken in, and the texts of the follow-up of internal control."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base

IN_USE = "active"


class ReportTemplate(Base):
    """One version of a Word template, for one reader of the quarterly report or for all; at most one of them is in use.

    `audience` is the reader's value or EVERY_AUDIENCE; `content` is the file as it came, `checksum` its SHA-256.
    """

    __tablename__ = "report_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    checksum: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    active: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("audience", "version"),
        Index(
            "ix_report_template_in_use", "audience", unique=True,
            sqlite_where=text(IN_USE), postgresql_where=text(IN_USE),
        ),
    )  # fmt: skip


class ControlText(Base):
    """What somebody has written in one section (`rules.control_texts.TextSection`) of a year's follow-up."""

    __tablename__ = "control_text"

    year: Mapped[int] = mapped_column(ForeignKey("control_plan.year"), primary_key=True, autoincrement=False)
    section: Mapped[str] = mapped_column(String(30), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
