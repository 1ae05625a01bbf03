"""Files that are kept with a record: taken in by what they hold, sealed, given out as they came, removed with a reason.

Who may see a record may see its attachments; the caller asks for that first, and notes the reading.
"""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select

from tracker.audit import trail
from tracker.database import db
from tracker.records.attachment_models import CONTENT, NAME, Attachment
from tracker.records.numbers import Numbers
from tracker.rules.file_kinds import FileKind, check_removal, kind_of, safe_name
from tracker.rules.trail import Action
from tracker.vault import VaultError, vault

FILE_KIND_LABELS = {
    FileKind.PDF: "PDF", FileKind.PNG: "Bild (PNG)", FileKind.JPEG: "Bild (JPEG)", FileKind.XLSX: "Excel",
    FileKind.DOCX: "Word", FileKind.TEXT: "Text",
}  # fmt: skip
PERSONAL = frozenset({"name", "of"})


class AttachmentRow(NamedTuple):
    """A file of a record with its name opened."""

    id: int
    name: str
    kind: FileKind
    size: int
    sha256: bytes
    added_by: int
    added_at: datetime


def keep(
    record_id: int, data: bytes, filename: str, by: int, now: datetime, of: str, *,
    personal: Collection[str] = PERSONAL, reporter: bool = False,
) -> int:  # fmt: skip
    """Keeps a file with a record and gives its number; one that is there already is not kept twice.

    `of`: what the trail says it belongs to; `personal`: what it keeps under the record's own key. `reporter`: who adds
    it has reported the record, and the entry names nobody. Raises RuleViolation, field `file`, for what is not taken.
    """
    kind = kind_of(data)
    name, digest = safe_name(filename, kind), hashlib.sha256(data).digest()
    known = db.session.scalar(select(Attachment.id).filter_by(record_id=record_id, sha256=digest))
    if known is None:
        known = Numbers().take(Attachment)
        db.session.add(
            Attachment(
                id=known, record_id=record_id, sha256=digest, size=len(data), kind=kind.value,
                name=vault.encrypt(name, known, NAME), content=vault.seal(data, known, CONTENT), added_by=by,
                added_at=now,
            )
        )  # fmt: skip
        db.session.flush()
    changes = {"of": (None, of), "name": (None, name), "sha256": (None, digest.hex()), "size": (None, len(data))}
    if reporter:
        trail.record_report(Action.FILE_ADDED, record_id=record_id, anonymous=False, changes=changes, personal=personal)
    else:
        trail.record(Action.FILE_ADDED, record_id=record_id, changes=changes, personal=personal)
    return known


def numbers_of(record_id: int, by: int | None = None) -> list[int]:
    """The numbers of a record's attachments, in the order in which they came; `by`: those that this user added."""
    statement = select(Attachment.id).where(Attachment.record_id == record_id).order_by(Attachment.id)
    return list(db.session.scalars(statement if by is None else statement.where(Attachment.added_by == by)))


def list_attachments(numbers: Iterable[int]) -> dict[int, AttachmentRow]:
    """These attachments by number, without what stands in them."""
    wanted = list(numbers)
    if not wanted:
        return {}
    rows = db.session.scalars(select(Attachment).where(Attachment.id.in_(wanted)).order_by(Attachment.id))
    return {
        row.id: AttachmentRow(
            row.id, vault.decrypt(row.name, row.id, NAME), FileKind(row.kind), row.size, row.sha256, row.added_by,
            row.added_at,
        )
        for row in rows
    }  # fmt: skip


def open_content(row: AttachmentRow) -> bytes:
    """What stands in an attachment. Raises VaultError when it is not what came in."""
    sealed = db.session.scalars(select(Attachment.content).where(Attachment.id == row.id)).one()
    data = vault.open(sealed, row.id, CONTENT)
    if hashlib.sha256(data).digest() != row.sha256:
        raise VaultError("the attachment is not what came in")
    return data


def forget_files(record_id: int) -> None:
    """Takes every file of a record away for good, within the caller's transaction; the caller notes why."""
    gone = delete(Attachment).where(Attachment.record_id == record_id)
    db.session.execute(gone, execution_options={"synchronize_session": False})


def remove(
    record_id: int, row: AttachmentRow, reason: str, of: str, *, last: bool, personal: Collection[str] = PERSONAL
) -> None:
    """Notes that something of the record has the file no longer; `last`: nothing has, and its content goes for good.

    Raises RuleViolation when it is not told why.
    """
    check_removal(reason)
    if last:
        db.session.execute(delete(Attachment).where(Attachment.id == row.id))
    changes = {"of": (of, None), "name": (row.name, None), "sha256": (row.sha256.hex(), None)}
    trail.record(Action.FILE_REMOVED, record_id=record_id, changes=changes, personal=personal, reason=reason)
