"""Reading locked reports: which there are, what they hold, and what has been found about what may leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from tracker.accounts.models import User
from tracker.accounts.reader import in_utc
from tracker.database import db
from tracker.frozen.models import FrozenFile, FrozenReport, FrozenRow, ReportClosing, SecrecyReview
from tracker.frozen.sealing import open_content
from tracker.records.questions import Question

READ_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class ReportKey:
    """Which report: its kind (`quarter` …), the year, and the quarter (0 for a whole year)."""

    kind: str
    year: int
    number: int


@dataclass(frozen=True, slots=True)
class LockedVersion:
    """One locked version as pages tell of it; `newest`: no later one has replaced it."""

    id: int
    key: ReportKey
    version: int
    cutoff_on: date
    previous_on: date
    local_title: str | None
    reason: str | None
    locked_by: str
    ready_by: str | None
    locked_at: datetime
    names_digest: bytes | None
    newest: bool


class EmptiedError(Exception):
    """The file's bytes have been taken away, since a person whom it named has been forgotten."""


_later = aliased(FrozenReport)
# That no later version has replaced a report.
_COUNTS = ~exists().where(
    _later.kind == FrozenReport.kind, _later.year == FrozenReport.year, _later.number == FrozenReport.number,
    _later.version > FrozenReport.version,
)  # fmt: skip
_locker, _readier = aliased(User), aliased(User)
_VERSIONS = (
    select(
        FrozenReport.id, FrozenReport.kind, FrozenReport.year, FrozenReport.number, FrozenReport.version,
        FrozenReport.cutoff_on, FrozenReport.previous_on, FrozenReport.local_title, FrozenReport.reason, _locker.name,
        _readier.name, FrozenReport.locked_at, FrozenReport.names_digest,
    )
    .join(_locker, _locker.id == FrozenReport.locked_by)
    .outerjoin(_readier, _readier.id == FrozenReport.ready_by)
    .order_by(FrozenReport.cutoff_on.desc(), FrozenReport.version.desc())
)  # fmt: skip
_OF_KEY = _VERSIONS.where(
    FrozenReport.kind == bindparam("kind"), FrozenReport.year == bindparam("year"),
    FrozenReport.number == bindparam("number"),
)  # fmt: skip
_NEWEST = _VERSIONS.where(FrozenReport.kind == bindparam("kind"), _COUNTS)
_LATEST = _VERSIONS.where(_COUNTS, FrozenReport.kind.in_(bindparam("kinds", expanding=True))).order_by(None)
_LATEST = _LATEST.order_by(FrozenReport.locked_at.desc(), FrozenReport.id.desc()).limit(bindparam("most"))
_WITH_RECORD = _VERSIONS.where(
    FrozenReport.id.in_(select(FrozenRow.report_id).where(FrozenRow.record_id == bindparam("record_id")))
)


def list_versions(key: ReportKey) -> list[LockedVersion]:
    """The locked versions of a report, the newest first."""
    return _versions(_OF_KEY, {"kind": key.kind, "year": key.year, "number": key.number})


def list_newest(kind: str) -> list[LockedVersion]:
    """The version that counts of every locked report of a kind, the latest cut-off first."""
    return _versions(_NEWEST, {"kind": kind})


def list_latest(kinds: Sequence[str], most: int) -> list[LockedVersion]:
    """The versions that count of the reports of some kinds, what was locked last first."""
    return _versions(_LATEST, {"kinds": kinds, "most": most}) if kinds else []


def _versions(statement: Any, values: dict[str, Any]) -> list[LockedVersion]:  # noqa: ANN401 - one of those above
    seen: set[ReportKey] = set()
    found = []
    for row in db.session.execute(statement, values):
        report_id, kind, year, number, version, cutoff_on, previous_on, title, reason, locker, ready, at, names = row
        key = ReportKey(kind, year, number)
        found.append(
            LockedVersion(
                report_id, key, version, cutoff_on, previous_on, title, reason, locker, ready, in_utc(at), names,
                key not in seen,
            )
        )  # fmt: skip
        seen.add(key)
    return found


_LATEST_CUTOFF = select(func.max(FrozenReport.cutoff_on)).where(
    FrozenReport.kind == bindparam("kind"), FrozenReport.cutoff_on < bindparam("day"), _COUNTS
)


def latest_cutoff_before(kind: str, day: date) -> date | None:
    """The cut-off of the latest locked report of a kind before a day, whichever quarter it is about.

    Versions that have been replaced do not count: their cut-off may have been what was wrong.
    """
    return db.session.scalar(_LATEST_CUTOFF, {"kind": kind, "day": day})


def get_file(report_id: int, audience: str, file_format: str) -> bytes | None:
    """The bytes of one reader's file as they were locked; None when there is no such file.

    Raises EmptiedError when they have been taken away.
    """
    row = db.session.execute(
        select(FrozenFile.id, FrozenFile.content).where(
            FrozenFile.report_id == report_id, FrozenFile.audience == audience, FrozenFile.format == file_format
        )
    ).first()
    if row is None:
        return None
    if row.content is None:
        raise EmptiedError
    return open_content(row.content, row.id)


def list_checksums(report_id: int) -> dict[tuple[str, str], str]:
    """(audience, format) → the SHA-256 in hex of each file."""
    rows = db.session.execute(
        select(FrozenFile.audience, FrozenFile.format, FrozenFile.checksum).where(FrozenFile.report_id == report_id)
    )
    return {(audience, file_format): checksum for audience, file_format, checksum in rows}


@dataclass(frozen=True, slots=True)
class StoodRow:
    """What stood in a locked report: a clock's number, its record, its class, and the digest of what was said of it."""

    item_id: int
    record_id: int
    stood_as: str
    digest: bytes


_STOOD = (
    select(FrozenRow.item_id, FrozenRow.record_id, FrozenRow.stood_as, FrozenRow.digest)
    .where(FrozenRow.report_id == bindparam("report_id"))
    .order_by(FrozenRow.item_id)
)


def list_stood(report_id: int) -> list[StoodRow]:
    """All that stood in a locked report, by number."""
    return [StoodRow(*row) for row in db.session.execute(_STOOD, {"report_id": report_id})]


def stood_elsewhere(report_id: int, item_ids: Iterable[int]) -> dict[int, list[tuple[date, str]]]:
    """Of some things: (cut-off, class) in every version that counts, but this one, in which each stood."""
    kind = select(FrozenReport.kind).where(FrozenReport.id == report_id).scalar_subquery()
    others = select(FrozenReport.id).where(FrozenReport.kind == kind, _COUNTS, FrozenReport.id != report_id)
    ids, found = list(item_ids), dict[int, list[tuple[date, str]]]()
    for start in range(0, len(ids), READ_AT_ONCE):
        statement = (
            select(FrozenRow.item_id, FrozenReport.cutoff_on, FrozenRow.stood_as)
            .join(FrozenReport, FrozenReport.id == FrozenRow.report_id)
            .where(FrozenRow.item_id.in_(ids[start : start + READ_AT_ONCE]), FrozenRow.report_id.in_(others))
        )
        for item_id, cutoff_on, stood_as in db.session.execute(statement):
            found.setdefault(item_id, []).append((cutoff_on, stood_as))
    return found


def versions_with(record_id: int) -> list[LockedVersion]:
    """The locked versions in which a record stood, the newest first."""
    return _versions(_WITH_RECORD, {"record_id": record_id})


_CLOSING = select(ReportClosing).where(
    ReportClosing.kind == bindparam("kind"), ReportClosing.year == bindparam("year"),
    ReportClosing.number == bindparam("number"),
)  # fmt: skip


def find_closing(key: ReportKey) -> ReportClosing | None:
    """The report that is being put together, None when nobody has begun."""
    return db.session.scalar(_CLOSING, {"kind": key.kind, "year": key.year, "number": key.number})


class ReportDays(NamedTuple):
    """The days of a report that is being put together, else of its locked version that counts (both None: neither), and
    the cut-offs of the latest locked reports before each of two days (None: none).
    """

    cutoff_on: date | None
    previous_on: date | None
    before_first: date | None
    before_second: date | None


def _of_report(model: type[ReportClosing | FrozenReport], column: Any) -> Any:  # noqa: ANN401 - a column, a subquery
    where = (model.kind == bindparam("kind"), model.year == bindparam("year"), model.number == bindparam("number"))
    return select(column).where(*where, *((_COUNTS,) if model is FrozenReport else ())).scalar_subquery()


def _latest_before(day: str) -> Any:  # noqa: ANN401 - a subquery
    latest = select(func.max(FrozenReport.cutoff_on))
    before = latest.where(FrozenReport.kind == bindparam("kind"), FrozenReport.cutoff_on < bindparam(day), _COUNTS)
    return before.scalar_subquery()


_DAYS = select(
    *(
        func.coalesce(_of_report(ReportClosing, of_closing), _of_report(FrozenReport, of_locked))
        for of_closing, of_locked in (
            (ReportClosing.cutoff_on, FrozenReport.cutoff_on), (ReportClosing.previous_on, FrozenReport.previous_on),
        )
    ),
    _latest_before("first"), _latest_before("second"),
)  # fmt: skip


def ask_days(key: ReportKey, first: date, second: date) -> Question[ReportDays]:
    """What a page that shows two periods of a kind of report needs of their days."""
    of_report = {"kind": key.kind, "year": key.year, "number": key.number}
    return Question(_DAYS, of_report | {"first": first, "second": second}, lambda row: ReportDays(*row))


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One sekretessprövning as pages tell of it."""

    version: int | None
    audience: str
    released: bool
    note: str
    by: str
    at: datetime


def list_reviews(key: ReportKey) -> list[ReviewRow]:
    """The reviews of a report, the latest first."""
    rows = db.session.execute(
        select(
            SecrecyReview.version, SecrecyReview.audience, SecrecyReview.released, SecrecyReview.note, User.name,
            SecrecyReview.reviewed_at,
        )
        .join(User, User.id == SecrecyReview.reviewed_by)
        .where(SecrecyReview.kind == key.kind, SecrecyReview.year == key.year, SecrecyReview.number == key.number)
        .order_by(SecrecyReview.id.desc())
    )  # fmt: skip
    return [ReviewRow(version, audience, ok, note, by, in_utc(at)) for version, audience, ok, note, by, at in rows]


def is_released(subject: bytes) -> bool:
    """Whether the latest review of exactly this document has found that it may leave."""
    statement = select(SecrecyReview.released).where(SecrecyReview.subject == subject).order_by(SecrecyReview.id.desc())
    return bool(db.session.scalar(statement.limit(1)))
