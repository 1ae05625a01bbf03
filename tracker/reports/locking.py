"""How does a quarter's draft become a locked report? Rendered from a snapshot, and written if that still holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker import clock
from tracker.accounts.reader import EVERYTHING
from tracker.audit.chain import canonical, trail_keys
from tracker.audit.since import changes_since, last_entry
from tracker.database import db, not_writing, read_one_snapshot, writer
from tracker.decisions.reporting import Replaced, mark_reported
from tracker.decisions.writing import lock_decisions
from tracker.frozen.models import ReportClosing
from tracker.frozen.quarters import key_of
from tracker.frozen.queries import (
    LockedVersion,
    StoodRow,
    find_closing,
    list_stood,
    list_versions,
    stood_elsewhere,
)
from tracker.frozen.services import Locking, check_lockable, freeze, lock_reports, note_versions
from tracker.records.scope import EVERY_RECORD
from tracker.reports.audiences import Document, Lock
from tracker.reports.files import every_file
from tracker.reports.quarter import Figures, ReportRow, quarter_figures, quarter_rows
from tracker.rules.closing import check_cutoff, check_locker
from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Period
from tracker.rules.unexecuted import ReportClass

TRIES_WITHOUT_LOCK = 2
CHANGED = "Rapporten har ändrats sedan du öppnade sidan. Läs talen igen och ta ställning på nytt."


@dataclass(frozen=True, slots=True)
class LockRequest:
    """Who locks which report, over which days, and why anew if it is locked already.

    `after_ready`: it has to have been marked ready by somebody else, as on the pages; on the command line its operator
    stands for that, unless the one who locks has marked it ready. `seen`: `seen_of` what the person was shown.
    """

    period: Period
    actor_id: int
    local_title: str | None = None
    reason: str = ""
    after_ready: bool = True
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a report says now: figures, rows, and what is kept of each row."""

    seen: int
    figures: Figures
    rows: list[ReportRow]
    stood: list[StoodRow]

    @property
    def digest(self) -> bytes:
        """32 bytes that change with anything the report says."""
        figures = self.figures
        period = figures.period
        said = [
            str(period.cutoff_on), str(period.previous_on), figures.counts, figures.missed, figures.bins,
            figures.days.sum, [(row.item_id, row.stood_as, row.digest.hex()) for row in self.stood],
        ]  # fmt: skip
        return trail_keys.digest(canonical(said).decode())


def contents_of(period: Period) -> Contents:
    """What the whole report says in this transaction; protected persons are counted and not listed."""
    rows = quarter_rows(period, EVERY_RECORD)
    return Contents(last_entry(), quarter_figures(period, EVERYTHING), rows, [stood_row(row) for row in rows])


def check_report_days(period: Period, today: date) -> None:
    """Raises RuleViolation when the quarter's report cannot be locked with these days."""
    versions = list_versions(key_of(period.quarter))
    check_cutoff(period.cutoff_on, today, versions[0].cutoff_on if versions else None)


def stood_row(row: ReportRow) -> StoodRow:
    """What is kept of a row: everything that the report says of it, as a keyed digest.

    Not its waiting time, which follows from its days and the cut-off: a later report would otherwise never agree.
    """
    said = "\x1f".join(
        (
            row.ref, row.kind, row.intervention, row.sex or "", row.report_class, row.decided_on, row.started_on,
            row.due_on, row.executed_on or "", row.closed_on or "", row.reason_code or "",
            row.reason_note or "", str(row.protected),
        )
    )  # fmt: skip
    return StoodRow(row.clock_id, row.record_id, row.report_class, trail_keys.digest(said))


def records_in(document: Document, stood: Iterable[StoodRow]) -> list[int]:
    """The record behind each row of a document that names them, in its order; by what was kept of the row, as its ref
    may be another one by now.
    """
    by_digest = {row.digest: row.record_id for row in stood}
    return [next(by_digest[digest] for digest in _digests(row) if digest in by_digest) for row in document["rows"]]


def _digests(said: Document) -> Iterator[bytes]:
    """The digest of a document's row: its reason is a code's text or somebody's own words."""
    for code, note in ((said["reason"], None), (None, said["reason"])):
        row = ReportRow(
            0, said["ref"], said["clock"], said["insats"], said["kon"], ReportClass(said["class"]), said["decided_on"],
            said["interrupted_on"] or said["decided_on"], said["due_on"], said["executed_on"], said["closed_on"],
            said["days"], code, note, protected=False, hidden=False,
        )  # fmt: skip
        yield stood_row(row).digest


def lock_quarter(request: LockRequest, now: datetime) -> LockedVersion:
    """Locks the quarter's report, or replaces the locked version with a reason; commits.

    Raises RuleViolation when it may not be locked; nothing is written then.
    """
    if not _locked_meanwhile(request, now):
        db.session.rollback()
        with writer():
            lock_decisions(alone=True)
            _write(request, contents_of(request.period), None, now)
    with not_writing():
        return list_versions(key_of(request.period.quarter))[0]


def _locked_meanwhile(request: LockRequest, now: datetime) -> bool:
    """Renders while others go on writing, and locks what still holds then; False if they never paused."""
    key = key_of(request.period.quarter)
    for _ in range(TRIES_WITHOUT_LOCK):
        with not_writing():
            read_one_snapshot()
            contents = contents_of(request.period)
            check_lockable(key, request.reason)
            check_report_days(request.period, now.astimezone(clock.STOCKHOLM).date())
            check_ready(find_closing(key), contents, request)
            files = _files(request, contents)
            db.session.rollback()
        with writer():
            lock_decisions(alone=True)
            since = changes_since(contents.seen)
            if not (since.more or since.records):
                _write(request, contents, files, now)
                return True
            db.session.rollback()
    return False


def _files(request: LockRequest, contents: Contents) -> dict[tuple[str, str], bytes]:
    earlier = list_versions(key_of(request.period.quarter))
    version = earlier[0].version + 1 if earlier else 1
    lock = Lock(version, request.local_title, request.reason or None)
    return every_file(contents.figures, contents.rows, lock)


def _write(
    request: LockRequest, contents: Contents, files: Mapping[tuple[str, str], bytes] | None, now: datetime
) -> None:
    """Within the writing transaction, the decisions locked and nothing changed since they were read; commits."""
    quarter = request.period.quarter
    key = key_of(quarter)
    lock_reports()
    check_lockable(key, request.reason)
    check_report_days(request.period, now.astimezone(clock.STOCKHOLM).date())
    closing = find_closing(key)
    check_ready(closing, contents, request)
    earlier = list_versions(key)
    locking = Locking(
        key,
        request.period.cutoff_on,
        request.period.previous_on,
        request.local_title,
        closing.ready_by if closing and closing.ready_digest == contents.digest else None,
        request.actor_id,
        request.reason,
    )
    made = freeze(locking, files or _files(request, contents), contents.stood, now)
    replaced = None
    if earlier:
        before = _classes(list_stood(earlier[0].id))
        replaced = Replaced(earlier[0].cutoff_on, before, stood_elsewhere(made.id, before))
    mark_reported(request.period.cutoff_on, _classes(contents.stood), replaced)
    note_versions(made.id)
    db.session.commit()


def _classes(stood: list[StoodRow]) -> dict[int, ReportClass]:
    return {row.item_id: ReportClass(row.stood_as) for row in stood}


def check_ready(closing: ReportClosing | None, contents: Contents, request: LockRequest) -> None:
    """Raises RuleViolation unless two persons stand behind what the report says now."""
    ready_by = closing.ready_by if closing else None
    if not request.after_ready and ready_by != request.actor_id:
        return
    same = closing is not None and closing.ready_digest == contents.digest
    check_locker(ready_by, same, request.actor_id)
    if request.seen is not None and request.seen != seen_of(closing, contents):
        raise RuleViolation("changed_since_seen", CHANGED)


def seen_of(closing: ReportClosing | None, contents: Contents) -> str:
    """What tells, in a form, what the report said and how it had been marked ready when the form was shown."""
    return f"{closing.version if closing else 0}.{contents.digest.hex()}"
