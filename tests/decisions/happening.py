"""Lets things happen to decisions in tests, by the services that do it in use; committed at once."""

from datetime import date

from tests.decisions.running import clock, clocks
from tests.records.granting import version_of
from tracker.accounts.reader import EVERYTHING
from tracker.database import db, writer
from tracker.decisions import happenings
from tracker.decisions.happenings import Happening
from tracker.decisions.life import ClockLife, lives


def make_offer(ref: str, on: date, what: str = "Plats på Björken") -> int:
    """An offer without an answer on a decision with one clock; its number."""
    only = clock(ref)
    at = Happening(only.decision_id, only.id, version_of(only.decision_id), EVERYTHING, max(on, date(2021, 12, 31)))
    with writer():
        happenings.offer(at, on, what, None, None)
        db.session.commit()
    return life_of(ref).offers[-1].id


def life_of(ref: str, place: int = 0) -> ClockLife:
    """What has happened while one of a decision's clocks ran, read anew."""
    number = clocks(ref)[place].id
    found = lives([number], with_texts=True)[number]
    db.session.rollback()
    return found
