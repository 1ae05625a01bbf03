"""The table of files that are kept with a record: receipts, decisions, whatever was looked at."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.vault import SealedColumn, vault

NAME, CONTENT = "attachment.name", "attachment.content"
vault.register(SealedColumn("attachment", "id", "name", NAME))
vault.register(SealedColumn("attachment", "id", "content", CONTENT, at_once=2))


class Attachment(Base):
    """A file of a record, `name` and `content` sealed; `sha256` and `size` (bytes) are of what came in.

    The same file is kept once for each record, however many things of it point there.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    size: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (UniqueConstraint("record_id", "sha256"),)
