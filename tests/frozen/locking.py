"""Locking reports without pages, for tests that need one that is locked."""

import json
from datetime import date
from hashlib import sha256

from tests.support.papers import quick_papers
from tracker import clock
from tracker.database import db, writer
from tracker.frozen.queries import LockedVersion, get_file
from tracker.frozen.services import note_review
from tracker.reports.closing import period_of
from tracker.reports.locking import LockRequest, key_of, lock_quarter
from tracker.rules.closing import REVIEWED
from tracker.rules.quarters import Quarter

CUTOFF, PREVIOUS = date(2022, 1, 31), date(2021, 10, 31)  # of the published report
Q4 = Quarter(2021, 4)


def lock(
    actor_id: int, year: int, number: int, cutoff_on: date | None = None, previous_on: date | None = None,
    reason: str = "",
) -> LockedVersion:  # fmt: skip
    """Locks a quarter's report as the command line does."""
    period = period_of(Quarter(year, number), cutoff_on, previous_on)
    db.session.rollback()
    with quick_papers():
        return lock_quarter(LockRequest(period, actor_id, reason=reason, after_ready=False), clock.now())


def lock_released(actor_id: int, year: int, number: int) -> LockedVersion:
    """The same, and everything that leaves the house has been reviewed and may."""
    version = lock(actor_id, year, number)
    release(version, Quarter(year, number), actor_id)
    return version


def release(version: LockedVersion, quarter: Quarter, actor_id: int, note: str = "Prövat.") -> None:
    """Everything of a locked version that leaves the house has been reviewed and may."""
    with writer():
        for audience in sorted(REVIEWED):
            subject = sha256(get_file(version.id, audience.value, "json")).digest()
            note_review(key_of(quarter), version.version, audience.value, subject, True, note, actor_id, clock.now())
        db.session.commit()


def locked_q4(actor_id: int, reason: str = "") -> LockedVersion:
    """Locks the published report."""
    return lock(actor_id, 2021, 4, CUTOFF, PREVIOUS, reason)


def document(version: LockedVersion, audience: str = "intern") -> dict:
    """A reader's document as it was locked."""
    return json.loads(get_file(version.id, audience, "json"))
