"""How does a year of quality become a locked report? Figures and kvalitetsberättelse, as they stood at one moment."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from tracker import clock
from tracker.database import db, not_writing, read_one_snapshot, writer
from tracker.frozen.queries import LockedVersion, list_versions
from tracker.frozen.services import Locking, check_lockable, freeze, lock_reports, note_review, note_versions
from tracker.frozen.years import quality_key
from tracker.reports.control_year import draft_cover
from tracker.reports.quality_kept import AUDIENCES, Files, files_of, year_now
from tracker.rules.closing import REVIEWED, check_cutoff
from tracker.rules.errors import RuleViolation

CHANGED = "Siffror eller texter har ändrats sedan du öppnade sidan. Läs dem igen och ta ställning på nytt."
LOCKED = "Låst version {}"
REVIEW_NOTE = "Prövad när rapporten låstes."


@dataclass(frozen=True, slots=True)
class QualityLock:
    """Who locks which year, up to which day (None: all of it), and why anew if it is locked already.

    `seen`: the digest of what the person was shown; None on the command line.
    """

    year: int
    actor_id: int
    cutoff: date | None = None
    reason: str = ""
    seen: str | None = None


def lock_quality(asked: QualityLock, now: datetime) -> LockedVersion:
    """Locks the year, or replaces the locked version with a reason; commits.

    Whoever locks it stands for the sekretessprövning of what leaves the house, and that is noted for each of its
    audiences. Raises RuleViolation when it may not be locked, and tracker.printing's errors when a paper cannot be
    made; nothing is written then.
    """
    key = quality_key(asked.year)
    with not_writing():
        read_one_snapshot()
        check_lockable(key, asked.reason)
        found = year_now(asked.year, asked.cutoff)
        check_cutoff(found.found.cutoff_on, clock.day_of(now), None)
        if asked.seen is not None and asked.seen != found.digest:
            raise RuleViolation("changed_since_seen", CHANGED)
        number = len(list_versions(key)) + 1
        cover = draft_cover()._replace(standing=LOCKED.format(number), day=clock.day_of(now))
        files = files_of(found, cover)
        db.session.rollback()
    day = found.found.cutoff_on
    with writer():
        lock_reports()
        if len(list_versions(key)) + 1 != number:
            raise RuleViolation("changed_since_seen", CHANGED)
        locking = Locking(
            key, day, date(asked.year - 1, 12, 31), local_title=None, ready_by=None, locked_by=asked.actor_id,
            reason=asked.reason,
        )  # fmt: skip
        note_versions(freeze(locking, files, (), now).id)
        _note_reviews(locking, number, files, now)
        db.session.commit()
    with not_writing():
        return list_versions(key)[0]


def _note_reviews(locking: Locking, number: int, files: Files, now: datetime) -> None:
    for audience in AUDIENCES:
        if audience in REVIEWED:
            subject = hashlib.sha256(files[audience.value, "json"]).digest()
            note_review(locking.key, number, audience.value, subject, True, REVIEW_NOTE, locking.locked_by, now)
