"""Files of cases: added by those who handle a case and by who reported it, taken away with a reason."""

from datetime import datetime

from sqlalchemy import select

from tracker.cases.models import CaseReporter
from tracker.cases.registers import REGISTERS
from tracker.cases.retention import is_cleared
from tracker.cases.services import PERSON_NUMBER
from tracker.database import db
from tracker.records import attachments
from tracker.records.attachments import AttachmentRow, list_attachments, numbers_of
from tracker.records.models import Record, RecordKind
from tracker.rules.case_files import check_room, check_takes_files
from tracker.rules.case_workflow import CaseKind, CaseState
from tracker.rules.errors import RuleViolation
from tracker.rules.file_kinds import check_removal
from tracker.rules.identity import holds_person_number
from tracker.rules.retention import cleared

GONE = "Filen är redan borttagen."
PERSONAL = frozenset({"name", "of", "sha256"})  # a checksum of a short text can be guessed back to it


def files_of(record_id: int, by: int | None = None) -> list[AttachmentRow]:
    """The files of a case in the order in which they came; `by`: those that this user has put there."""
    return list(list_attachments(numbers_of(record_id, by)).values())


def reporter_of(record_id: int) -> int | None:
    """The user who reported a case; None for somebody from outside, for nobody, and for a case from a file."""
    return db.session.scalar(select(CaseReporter.user_id).where(CaseReporter.record_id == record_id))


def attach(
    record_id: int, data: bytes, filename: str, by: int, now: datetime, *, as_reporter: bool = False
) -> int:  # fmt: skip
    """Adds a file to a case within the caller's transaction and gives its number; `as_reporter`: from the page of who
    reported it. The case's version stays: nobody's words are written over by it.

    Of a file that who reported puts there, on whichever page, the trail names nobody. Raises RuleViolation, field
    `file`, for a file that is not taken, and when the case takes none.
    """
    record = _open_case(record_id, reporter=as_reporter)
    there = numbers_of(record_id)
    check_room(len(there), len(numbers_of(record_id, by)) if as_reporter else None)
    found = attachments.keep(
        record_id, data, filename, by, now, record.title, personal=PERSONAL, reporter=by == reporter_of(record_id)
    )
    if found in there:
        raise RuleViolation("file_twice", "Filen finns redan i ärendet.", "file")
    return found


def detach(record_id: int, attachment_id: int, reason: str) -> None:
    """Takes a file away from a case for good; the trail keeps that it was there, and why it went.

    Raises RuleViolation without a reason, when it is gone already, and when the case takes no files.
    """
    record, reason = _open_case(record_id), reason.strip()
    check_removal(reason, "filen")
    if holds_person_number(reason):
        raise RuleViolation("person_number", PERSON_NUMBER, "reason")
    found = list_attachments([attachment_id]).get(attachment_id)
    if found is None or attachment_id not in numbers_of(record_id):
        raise RuleViolation("stale", GONE)
    attachments.remove(record_id, found, reason, record.title, last=True, personal=PERSONAL)


def _open_case(record_id: int, *, reporter: bool = False) -> Record:
    """The record of a case that takes files, locked until the transaction ends. Raises RuleViolation."""
    record = db.session.scalars(
        select(Record).where(Record.id == record_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if is_cleared(record_id):
        raise cleared()
    model = REGISTERS[RecordKind(record.kind)].model
    state = db.session.scalars(select(model.state).where(model.record_id == record_id)).one()
    check_takes_files(CaseKind(record.kind), CaseState(state), reporter=reporter)
    return record
