"""A file that waits to be saved, and how files like it have been read before."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, ForeignKey, LargeBinary, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class JsonText(TypeDecorator[dict[str, Any]]):
    """Names and values as JSON in a plain text, so that it lies the same on either engine and in a backup."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, _dialect: Dialect) -> str | None:
        """As it lies."""
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> dict[str, Any] | None:
        """As it is used."""
        return None if value is None else json.loads(value)


class WaitingImport(Base):
    """What a sign-in has begun to read in: its choices so far, sealed. One for each sign-in, for an hour."""

    __tablename__ = "waiting_import"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("user_session.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int]
    choices: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class WaitingPiece(Base):
    """A piece of the file, sealed under its own number; the sealed choices know what they make together."""

    __tablename__ = "waiting_piece"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("waiting_import.session_id", ondelete="CASCADE"))
    number: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("session_id", "number"),)


class ImportMapping(Base):
    """How files with these heads are read: heads to fields, values to codes, forms of days. Never a person's number."""

    __tablename__ = "import_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    shape: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    saved_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
