"""Writes the kvalitetsberättelse and locks a year of quality without pages, for tests that need them."""

from datetime import date

from tests.support.papers import quick_papers
from tracker import clock
from tracker.database import db, writer
from tracker.frozen.queries import LockedVersion
from tracker.reports.quality_locking import QualityLock, lock_quality
from tracker.reports.story_texts import TEXTS
from tracker.reports.year_texts import Written
from tracker.rules.story import StorySection


def lock_quality_year(
    actor_id: int, year: int = 2021, *, cutoff: date | None = None, reason: str = ""
) -> LockedVersion:
    """Locks it as the command line does."""
    db.session.rollback()
    with quick_papers():
        return lock_quality(QualityLock(year, actor_id, cutoff, reason), clock.now())


def write(year: int = 2021, **typed: tuple[str, int]) -> int:
    """Saves (text, seen version) under headings by their names, as a request would."""
    with writer():
        try:
            count = TEXTS.save(year, {StorySection(name): Written(*one) for name, one in typed.items()})
            db.session.commit()
        finally:
            db.session.rollback()
    return count
