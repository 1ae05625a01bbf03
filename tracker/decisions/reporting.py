"""Writing that clocks have stood in a report: the only place but imports and corrections that sets those days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.audit import trail
from tracker.database import db
from tracker.decisions.models import DecisionClock
from tracker.decisions.round_services import keep_answers
from tracker.decisions.saving import NO_LOOKUPS, Stored, merge_clock
from tracker.decisions.trailing import Differences
from tracker.decisions.writing import Changes, stored_clocks, stored_decisions
from tracker.records.models import Record
from tracker.rules.trail import Action
from tracker.rules.unexecuted import ReportClass

ENDED = frozenset({ReportClass.EXECUTED, ReportClass.CLOSED, ReportClass.LATE_EXECUTED, ReportClass.LATE_CLOSED})
DECISIONS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Replaced:
    """The version that a correction replaces: its cut-off and clock → class; `elsewhere`: in which other reports that
    count each of them stood, with what cut-off and as what.
    """

    cutoff_on: date
    stood: Mapping[int, ReportClass]
    elsewhere: Mapping[int, list[tuple[date, str]]]

    def taken_back(self, clock_id: int, first: date | None, final: date | None) -> tuple[date | None, date | None]:
        """A clock's first and final report day as if this version had never been."""
        others = self.elsewhere.get(clock_id, [])
        if first == self.cutoff_on and clock_id in self.stood:
            first = min((day for day, _ in others), default=None)
        if final == self.cutoff_on and self.stood.get(clock_id) in ENDED:
            final = min((day for day, stood_as in others if ReportClass(stood_as) in ENDED), default=None)
        return first, final


def mark_reported(cutoff_on: date, stood: Mapping[int, ReportClass], replaced: Replaced | None = None) -> int:
    """A report with this cut-off has been locked: `stood` tells clock → class. Gives how many clocks were changed.

    A clock's first report day becomes the cut-off unless an earlier report held it, its final one when it stood there
    as ended. What `replaced` had set is taken back first. Within the caller's transaction, with the decisions locked.
    """

    def days(clock: Stored) -> tuple[date | None, date | None]:
        first, final = clock["first_reported_on"], clock["final_reported_on"]
        if replaced is not None:
            first, final = replaced.taken_back(clock["id"], first, final)
        report_class = stood.get(clock["id"])
        if report_class is not None:
            first = min(first or cutoff_on, cutoff_on)
        if report_class in ENDED:
            final = min(final or cutoff_on, cutoff_on)
        return first, final

    return _set_days([*{*stood, *(replaced.stood if replaced else ())}], days)


def _set_days(clock_ids: list[int], days: Callable[[Stored], tuple[date | None, date | None]]) -> int:
    wanted, parts, fields, changed = set(clock_ids), [], set[str](), 0
    of_clocks = select(DecisionClock.decision_id).where(DecisionClock.id.in_(clock_ids)).distinct()
    record_ids = sorted(db.session.scalars(of_clocks))
    for start in range(0, len(record_ids), DECISIONS_AT_ONCE):
        some = record_ids[start : start + DECISIONS_AT_ONCE]
        decisions = stored_decisions(some)
        changes, told = Changes(), Differences()
        for clock in stored_clocks(some):
            if clock["id"] not in wanted:
                continue
            decision = decisions[clock["decision_id"]]
            moved = dict(clock)
            moved["first_reported_on"], moved["final_reported_on"] = days(clock)
            if moved == clock:
                continue
            after, _ = merge_clock(moved, None, decision, NO_LOOKUPS)
            changes.update(DecisionClock, after)
            told.of_clock(clock, after)
            changed += 1
        for record_id, found in told.by_record.items():
            decision = decisions[record_id]
            shared = {"id": record_id, "unit_id": decision["unit_id"], "case_number": decision["case_number"]}
            changes.update(Record, shared)
            parts.append(trail.changed_part(record_id, found))
            fields |= {name.rpartition(" ")[2] for name in found}
        changes.write()
        keep_answers(told.by_record)
    if parts:
        trail.record_bulk(Action.RECORDS_REPORTED, parts, fields)
    return changed
