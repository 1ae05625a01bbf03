"""Files that show what the items of a stickprov came to: added and removed while the results are open."""

from datetime import datetime

from sqlalchemy import delete, func, select

from tracker.database import db
from tracker.records import attachments
from tracker.records.attachments import AttachmentRow, list_attachments
from tracker.rules import sample_work
from tracker.rules.errors import RuleViolation
from tracker.stickprov.models import SampleItemAttachment
from tracker.stickprov.queries import SampleRow, find_item
from tracker.stickprov.services import LONGEST_REASON, STALE, take_sample

MOST_OF_AN_ITEM = 10
GONE = "Underlaget är redan borttaget."
L = SampleItemAttachment


def attachments_of(item_id: int) -> list[AttachmentRow]:
    """The files of an item, in the order in which they were added to the kontrollmoment."""
    return list(list_attachments(db.session.scalars(select(L.attachment_id).filter_by(item_id=item_id))).values())


def attach(sample_id: int, item_id: int, data: bytes, filename: str, by: int, now: datetime) -> int:
    """Adds a file to an item of the latest draw; gives the attachment's number.

    Raises RuleViolation, field `file`, for a file that is not taken, and when the results are closed.
    """
    row, of = _open_item(sample_id, item_id)
    there = set(db.session.scalars(select(L.attachment_id).filter_by(item_id=item_id)))
    if len(there) >= MOST_OF_AN_ITEM:
        raise RuleViolation(
            "files_many", f"Posten har redan {MOST_OF_AN_ITEM} underlag. Ta bort ett, eller lägg ihop dem.", "file"
        )
    found = attachments.keep(row.moment.record_id, data, filename, by, now, of)
    if found in there:
        raise RuleViolation("file_twice", "Posten har redan den filen.", "file")
    db.session.add(L(item_id=item_id, attachment_id=found))
    db.session.flush()
    return found


def detach(sample_id: int, item_id: int, attachment_id: int, reason: str) -> None:
    """Takes a file away from an item; when no other has it, what stood in it is gone for good, and the trail keeps its
    name and checksum. Raises RuleViolation without a reason, and when the results are closed.
    """
    row, of = _open_item(sample_id, item_id)
    reason = reason.strip()
    sample_work.check_text(reason, "reason")
    if len(reason) > LONGEST_REASON:
        raise RuleViolation("reason_long", f"Skriv högst {LONGEST_REASON} tecken.", "reason")
    gone = delete(L).where(L.item_id == item_id, L.attachment_id == attachment_id).returning(L.item_id)
    if db.session.execute(gone).first() is None:
        raise RuleViolation("stale", GONE)
    left = db.session.scalar(select(func.count()).select_from(L).where(L.attachment_id == attachment_id))
    found = list_attachments([attachment_id])[attachment_id]
    attachments.remove(row.moment.record_id, found, reason, of, last=not left)


def _open_item(sample_id: int, item_id: int) -> tuple[SampleRow, str]:
    """The stickprov, and what the trail calls its item."""
    row = take_sample(sample_id)
    sample_work.check_at_work(row.state)
    found = find_item(sample_id, item_id)
    if found is None:
        raise RuleViolation("stale", STALE)  # drawn again meanwhile
    return row, f"{row.sample.ref}, post {found.item.position}"
