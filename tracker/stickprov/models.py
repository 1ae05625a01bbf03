"""The draws of a stickprov and the items that each took; `DrawnSample` itself stands with the kontrollmoment."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.records.attachment_models import Attachment


class SampleDraw(Base):
    """One draw of a stickprov; drawing again makes another and leaves this one.

    Seed, algorithm, population hash and plan (`select_by`, `amount`, `each_unit`) are what it takes to draw again.
    `reason` is sealed.
    """

    __tablename__ = "sample_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("drawn_sample.sample_id"))
    number: Mapped[int]
    algorithm: Mapped[str] = mapped_column(String(40))
    seed: Mapped[bytes] = mapped_column(LargeBinary(32))
    population_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    select_by: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int]
    each_unit: Mapped[bool]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    drawn_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    drawn_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("sample_id", "number"),
        CheckConstraint("number = 1 OR reason IS NOT NULL", name="reason"),
    )


class SampleItem(Base):
    """An item that was drawn, or stands for one that dropped out (`replaces_id`), and what it came to.

    `place` is its place in the population, from 0. `reference` and `unit` are sealed, as are the `words` about it:
    which criteria failed, and the comment, which of a dropout is its reason.
    """

    __tablename__ = "sample_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("sample_draw.id"))
    position: Mapped[int]
    place: Mapped[int]
    reference: Mapped[bytes] = mapped_column(LargeBinary)
    unit: Mapped[bytes | None] = mapped_column(LargeBinary)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("sample_item.id"))
    verdict: Mapped[str | None] = mapped_column(String(10))
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        UniqueConstraint("draw_id", "position"),
        UniqueConstraint("draw_id", "place"),
        UniqueConstraint("replaces_id"),
        CheckConstraint("verdict IN ('approved', 'deviating', 'dropout')", name="verdict"),
    )


class SampleItemNoter(Base):
    """Somebody who noted what an item came to; nobody is forgotten when another writes over it."""

    __tablename__ = "sample_item_noter"

    item_id: Mapped[int] = mapped_column(ForeignKey("sample_item.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class SampleItemAttachment(Base):
    """A file that shows what an item came to: one of the kontrollmoment's attachments."""

    __tablename__ = "sample_item_attachment"

    item_id: Mapped[int] = mapped_column(ForeignKey("sample_item.id"), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey(Attachment.id), primary_key=True, index=True)
