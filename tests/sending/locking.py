"""Locks a quarter for tests with the rows that stood in it, and finds what has been kept since."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from tests.decisions.lists import number_of
from tests.decisions.running import clocks
from tests.factories import make_user
from tracker import clock
from tracker.accounts.queries import find_user
from tracker.database import db, writer
from tracker.decisions.ivo_models import IndividualReport
from tracker.frozen.queries import ReportKey, StoodRow
from tracker.frozen.services import Locking, freeze
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter
from tracker.rules.unexecuted import ReportClass

LOCKER = "last.av@kommun.example"


def lock(
    quarter: Quarter,
    stood: Mapping[str, ReportClass | str],
    *,
    cutoff_on: date | None = None,
    previous_on: date | None = None,
    reason: str = "",
) -> None:
    """A locked version in which these clocks stood; a key is a ref, with `/2` for the decision's second clock."""
    by = find_user(LOCKER) or make_user(LOCKER, Role.QUALITY_LEAD)
    rows = []
    for key, stood_as in stood.items():
        ref, _, place = key.partition("/")
        item = clocks(ref)[int(place or 1) - 1]
        rows.append(StoodRow(item.id, number_of(ref), ReportClass(stood_as).value, b"\0" * 32))
    days = (cutoff_on or quarter.last_day, previous_on or quarter.before.last_day)
    key = ReportKey("quarter", quarter.year, quarter.number)
    with writer():
        freeze(Locking(key, *days, None, None, by.id, reason), {}, rows, clock.now())
        db.session.commit()


def kept(ref: str) -> list[IndividualReport]:
    """The individrapporter kept of a decision, in the order in which they were begun."""
    db.session.rollback()
    statement = select(IndividualReport).where(IndividualReport.record_id == number_of(ref))
    return list(db.session.scalars(statement.order_by(IndividualReport.id)))
