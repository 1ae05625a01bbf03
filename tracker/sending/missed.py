"""Which clocks stand in no report and can be sent to IVO afterwards?"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select, tuple_

from tracker.database import db
from tracker.decisions.models import DecisionClock
from tracker.decisions.quarter import MARK, list_missed
from tracker.frozen.quarters import newest_version, previous_cutoff
from tracker.records.grants import granted_in
from tracker.records.models import Record
from tracker.records.scope import Scope
from tracker.rules.quarters import Period, Quarter

MOST = 200


class MissedRow(NamedTuple):
    """A clock that no report has held; `version` is its record's, as it stands now."""

    clock_id: int
    record_id: int
    ref: str
    kind: str
    started_on: date
    due_on: date
    ended_on: date
    version: int


def period_of(quarter: Quarter) -> Period:
    """The days of the quarter's newest locked report; else its own, the previous being the latest locked before it."""
    newest = newest_version(quarter)
    if newest is not None:
        return Period.of(quarter, newest.cutoff_on, newest.previous_on)
    return Period.of(quarter, quarter.last_day, previous_cutoff(quarter, quarter.last_day))


def list_to_send_afterwards(period: Period, scope: Scope) -> tuple[list[MissedRow], int]:
    """The first missed clocks that no report has held, by the day they ended, and how many more are hidden."""
    found = list_missed(period, scope.reach, MOST)
    granted = granted_in(scope)
    shown = [row for row in found if not granted.hides(row[0], row[MARK])]
    clock = DecisionClock
    keys = [(record_id, kind, started_on) for record_id, _, kind, started_on, *_ in shown]
    if not keys:
        return [], len(found)
    statement = (
        select(clock.id, clock.decision_id, clock.kind, clock.started_on, Record.version)
        .join(Record, Record.id == clock.decision_id)
        .where(tuple_(clock.decision_id, clock.kind, clock.started_on).in_(keys), clock.first_reported_on.is_(None))
    )
    known = {
        (record, kind, started): (number, version)
        for number, record, kind, started, version in db.session.execute(statement)
    }
    rows = [
        MissedRow(known[key][0], record_id, ref, kind, started_on, due_on, ended_on, known[key][1])
        for record_id, ref, kind, started_on, due_on, ended_on, _ in shown
        if (key := (record_id, kind, started_on)) in known
    ]
    return rows, len(found) - len(shown)
