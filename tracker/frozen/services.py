"""Writing locked reports: a version with its files and rows, what is being put together, and reviews."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from tracker.audit import trail
from tracker.database import db, insert_many, is_sqlite
from tracker.frozen.models import FrozenFile, FrozenReport, FrozenRow, ReportClosing, SecrecyReview
from tracker.frozen.queries import ReportKey, StoodRow, find_closing, list_versions
from tracker.frozen.sealing import seal_content
from tracker.records.models import Record
from tracker.records.numbers import Numbers
from tracker.records.queries import code_words
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.trail import Action, TargetKind

ALREADY = "Rapporten är redan låst av {who} {when}. Rätta den med en ny version om något är fel."
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Locking:
    """What is to be locked: which report, its days and title, who has marked it ready, who locks it, and why anew."""

    key: ReportKey
    cutoff_on: date
    previous_on: date
    local_title: str | None
    ready_by: int | None
    locked_by: int
    reason: str


def lock_reports() -> None:
    """Of two who lock at once one waits here, and is then told. SQLite's write lock is held already."""
    if not is_sqlite():
        db.session.execute(text("LOCK TABLE frozen_report IN EXCLUSIVE MODE"))


def check_lockable(key: ReportKey, reason: str) -> None:
    """Raises RuleViolation when the report is locked and no reason is given for another version, or none is needed."""
    versions = list_versions(key)
    if versions and not reason:
        newest = versions[0]
        raise RuleViolation("locked", ALREADY.format(who=newest.locked_by, when=newest.locked_at.date()), "reason")
    if reason and not versions:
        raise RuleViolation(
            "not_locked", "Rapporten är inte låst än, så det finns inget att rätta. Lås den först.", "reason"
        )
    if holds_person_number(reason):
        raise RuleViolation(
            "person_number", "Skälet ser ut att innehålla ett personnummer. Skriv det utan personuppgifter.", "reason"
        )


def freeze(
    locking: Locking, files: Mapping[tuple[str, str], bytes], rows: Iterable[StoodRow], now: datetime
) -> FrozenReport:
    """Writes a locked version within the caller's transaction; `files`: (audience, format) → bytes.

    Raises RuleViolation as `check_lockable` does.
    """
    lock_reports()
    check_lockable(locking.key, locking.reason)
    key, earlier = locking.key, list_versions(locking.key)
    report = FrozenReport(
        kind=key.kind, year=key.year, number=key.number, version=earlier[0].version + 1 if earlier else 1,
        cutoff_on=locking.cutoff_on, previous_on=locking.previous_on, local_title=locking.local_title,
        reason=locking.reason or None, ready_by=locking.ready_by, locked_by=locking.locked_by, locked_at=now,
    )  # fmt: skip
    db.session.add(report)
    db.session.flush()
    numbers, changes = Numbers(), {}
    for (audience, file_format), data in files.items():
        file_id, checksum = numbers.take(FrozenFile), hashlib.sha256(data).hexdigest()
        db.session.add(
            FrozenFile(
                id=file_id, report_id=report.id, audience=audience, format=file_format, size=len(data),
                content=seal_content(data, file_id), checksum=checksum,
            )
        )  # fmt: skip
        changes[f"{audience}.{file_format}"] = (None, checksum)
    stood = [
        {
            "report_id": report.id, "item_id": row.item_id, "record_id": row.record_id, "stood_as": row.stood_as,
            "digest": row.digest,
        }
        for row in rows
    ]  # fmt: skip
    insert_many(FrozenRow.__table__, stood)  # type: ignore[arg-type] # SQLAlchemy types a model's table more loosely
    if (closing := find_closing(key)) is not None:
        db.session.delete(closing)
    db.session.flush()
    about = {"version": (None, report.version), "cutoff_on": (None, locking.cutoff_on), "rows": (None, len(stood))}
    trail.record(
        Action.REPORT_LOCKED,
        target=(TargetKind.REPORT, report.id),
        changes=about | changes | ({"reason": (None, locking.reason)} if locking.reason else {}),
    )
    return report


def note_versions(report_id: int) -> None:
    """Keeps at which version every record that stands in a locked report is, and the other names of the code lists'
    words. The last that is done as a report is locked: what raises a version comes before.
    """
    report = update(FrozenReport).where(FrozenReport.id == report_id).values(names_digest=code_words().names_digest)
    version = select(Record.version).where(Record.id == FrozenRow.record_id).scalar_subquery()
    rows = update(FrozenRow).where(FrozenRow.report_id == report_id).values(record_version=version)
    for statement in (report, rows):
        db.session.execute(statement, execution_options={"synchronize_session": False})


def mark_ready(
    key: ReportKey, days: tuple[date, date], local_title: str, digest: bytes, seen: int, actor_id: int, now: datetime
) -> None:
    """The report's days (cut-off, the one before) and title, and that somebody stands for what it says now.

    `seen`: the closing's version that the person saw, 0 when there was none. Raises RuleViolation when somebody else
    has changed it since, or the title cannot be used.
    """
    if len(local_title) > LONGEST_TITLE:
        raise RuleViolation("title", f"Skriv rubriken med högst {LONGEST_TITLE} tecken.", "rubrik")
    if holds_person_number(local_title):
        raise RuleViolation("title_person", "Rubriken ser ut att innehålla ett personnummer. Skriv den utan.", "rubrik")
    values = {
        "cutoff_on": days[0], "previous_on": days[1], "local_title": local_title or None, "ready_by": actor_id,
        "ready_at": now, "ready_digest": digest,
    }  # fmt: skip
    closing_id = _put(key, values, seen)
    trail.record(
        Action.REPORT_READY,
        target=(TargetKind.REPORT_CLOSING, closing_id),
        changes={
            "cutoff_on": (None, days[0]),
            "previous_on": (None, days[1]),
            "local_title": (None, local_title or None),
        },
    )


def take_back(key: ReportKey, seen: int) -> None:
    """The report is not ready after all. Raises RuleViolation when somebody else has changed it since."""
    closing_id = _put(key, {"ready_by": None, "ready_at": None, "ready_digest": None}, seen)
    trail.record(Action.REPORT_NOT_READY, target=(TargetKind.REPORT_CLOSING, closing_id))


def _put(key: ReportKey, values: Mapping[str, Any], seen: int) -> int:
    changed = RuleViolation(
        "closing_changed", "Någon annan har ändrat under tiden. Läs sidan igen och ta ställning på nytt."
    )
    mine = (ReportClosing.kind == key.kind, ReportClosing.year == key.year, ReportClosing.number == key.number)
    if not seen:
        closing = ReportClosing(kind=key.kind, year=key.year, number=key.number, version=1, **values)
        try:
            with db.session.begin_nested():
                db.session.add(closing)
        except IntegrityError:
            raise changed from None
        return closing.id
    statement = update(ReportClosing).where(*mine, ReportClosing.version == seen)
    statement = statement.values(version=seen + 1, **values).returning(ReportClosing.id)
    found = db.session.scalar(statement, execution_options={"synchronize_session": False})
    if found is None:
        raise changed
    return found


def note_review(
    key: ReportKey,
    version: int | None,
    audience: str,
    subject: bytes,
    released: bool,
    note: str,
    actor_id: int,
    now: datetime,
) -> None:
    """A sekretessprövning of a reader's document."""
    review = SecrecyReview(
        kind=key.kind, year=key.year, number=key.number, version=version, audience=audience, subject=subject,
        released=released, note=note, reviewed_by=actor_id, reviewed_at=now,
    )  # fmt: skip
    db.session.add(review)
    db.session.flush()
    trail.record(
        Action.SECRECY_REVIEWED,
        target=(TargetKind.REVIEW, review.id),
        changes={"audience": (None, audience), "released": (None, released), "subject": (None, subject.hex())},
    )


def empty_files(record_id: int, audiences: Iterable[str], now: datetime) -> int:
    """Takes away the bytes of the files that named a record, as it is forgotten; gives how many. Checksums stay."""
    stood = select(FrozenRow.report_id).where(FrozenRow.record_id == record_id)
    statement = (
        update(FrozenFile)
        .where(
            FrozenFile.report_id.in_(stood), FrozenFile.audience.in_(list(audiences)), FrozenFile.content.is_not(None)
        )
        .values(content=None, emptied_at=now)
        .returning(FrozenFile.id)
    )
    return len(db.session.scalars(statement, execution_options={"synchronize_session": False}).all())
