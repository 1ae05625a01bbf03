"""Locks a year's follow-up without pages, for tests that need one that is locked."""

from tests.support.papers import quick_papers
from tracker import clock
from tracker.database import db
from tracker.frozen.queries import LockedVersion
from tracker.reports.control_locking import ControlLock, lock_control


def lock_year(actor_id: int, year: int = 2021, reason: str = "") -> LockedVersion:
    """Locks it as the command line does, whatever has been done with the plan."""
    db.session.rollback()
    with quick_papers():
        return lock_control(ControlLock(year, actor_id, reason, after_follow_up=False), clock.now())
