"""Reporting afterwards what no locked report has held: that report stays, and the clock is missed no more."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from tracker.audit import trail
from tracker.database import db
from tracker.decisions.ivo_models import IndividualReport
from tracker.decisions.ivo_sealing import AFTERWARDS, TEXTS, seal_fields
from tracker.decisions.models import DecisionClock
from tracker.decisions.saving import NO_LOOKUPS, Stored, merge_clock
from tracker.decisions.writing import Changes, lock_decisions, stored_clocks, stored_decisions
from tracker.frozen.quarters import KIND
from tracker.frozen.queries import list_newest
from tracker.records.models import Mark
from tracker.records.numbers import Numbers
from tracker.records.versions import raise_version
from tracker.rules.clock_facts import contradictions
from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Quarter
from tracker.rules.sending import types_afterwards
from tracker.rules.trail import Action
from tracker.rules.unexecuted import Clock


def afterwards_cutoff(today: date) -> date:
    """The day that stands for having been reported: the newest locked report's cut-off, else the last quarter day."""
    newest = list_newest(KIND)
    return newest[0].cutoff_on if newest else Quarter.holding(today).before.last_day


def report_afterwards(
    clock_ids: Collection[int], cutoff_on: date, reason: str, *, quarter: Quarter, seen: Mapping[int, int], today: date
) -> None:
    """These clocks, which ended late and stood in no report, are reported to IVO afterwards, for a quarter.

    Their first and final report day become `cutoff_on`; each gets the individrapporter it needs, to be worked through.
    `seen`: record → the version that the person saw. Raises StaleVersion, and RuleViolation for a clock that is not
    missed; the caller then rolls back.
    """
    lock_decisions()
    statement = select(DecisionClock.decision_id).where(DecisionClock.id.in_(list(clock_ids))).distinct()
    record_ids = sorted(db.session.scalars(statement))
    for record_id in record_ids:
        raise_version(record_id, seen.get(record_id, 0))
    writer, numbers = Changes(), Numbers()
    decisions = stored_decisions(record_ids)
    chosen = [clock for clock in stored_clocks(record_ids) if clock["id"] in clock_ids]
    for before in chosen:
        decision = decisions[before["decision_id"]]
        _check_missed(before, decision, cutoff_on)
        days = {"first_reported_on": cutoff_on, "final_reported_on": cutoff_on}
        after, facts = merge_clock(before | days, None, decision, NO_LOOKUPS)
        wrong = [message for _, message in contradictions(facts, decision["decided_on"], today)]
        if wrong:
            raise RuleViolation("contradiction", f"{before['ref']}: {wrong[0]}", "klocka")
        writer.update(DecisionClock, after)
        _add_reports(before, facts, quarter, reason, numbers)
        changes: dict[str, tuple[object, object]] = {name: (before[name], day) for name, day in days.items()}
        trail.record(
            Action.RECORDS_REPORTED,
            record_id=before["decision_id"],
            changes={"clock_id": (before["id"], before["id"]), "afterwards": (False, True)} | changes,
            reason=reason,
        )
    writer.write(raise_versions=False)


def _check_missed(clock: Stored, decision: Stored, cutoff_on: date) -> None:
    ended_on = clock["executed_on"] or clock["closed_on"]
    late = ended_on is not None and clock["due_on"] < ended_on <= cutoff_on
    if decision["judgment"] or clock["mark"] == Mark.VOIDED or clock["first_reported_on"] is not None or not late:
        raise RuleViolation(
            "not_missed", f"{clock['ref']} saknas inte i rapporterna. Läs sidan igen och välj på nytt.", "klocka"
        )


def _add_reports(clock: Stored, facts: Clock, quarter: Quarter, reason: str, numbers: Numbers) -> None:
    for ivo_type in types_afterwards(facts.state):
        row_id = numbers.take(IndividualReport)
        db.session.add(
            IndividualReport(
                id=row_id, clock_id=clock["id"], record_id=clock["decision_id"], year=quarter.year,
                number=quarter.number, ivo_type=ivo_type.value, afterwards=True,
                texts=seal_fields({AFTERWARDS: reason}, row_id, TEXTS), version=1,
            )
        )  # fmt: skip
    db.session.flush()
