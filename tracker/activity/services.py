"""Writing activities: the only place that does."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import select, update

from tracker.accounts.models import Unit
from tracker.activity.models import Activity
from tracker.audit import trail
from tracker.database import db
from tracker.exchange.errors import Collector
from tracker.records.models import Mark, Record, RecordKind
from tracker.records.scope import RECORD_MARK
from tracker.records.versions import raise_version
from tracker.records.yearly import Importer, Line, Register, Stored, bring_in, lock_table, take_one
from tracker.risk.models import ControlPlan
from tracker.risk.services import ensure_plans
from tracker.rules.activities import (
    ActivityStatus,
    Progress,
    check_plannable,
    check_reportable,
    check_voidable,
    due_faults,
    progress_faults,
)
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanState
from tracker.rules.trail import Action

REGISTER = Register(
    Activity, RecordKind.ACTIVITY, "Aktivitet", {"text": "beskrivning", "due_on": "senast"},
    frozenset({"text", "responsible", "analysis"}),
)  # fmt: skip
PROGRESS = frozenset({"status", "done_on", "analysis"})  # what is told of an activity as it goes
NO_RISK = "Risken {ref} finns inte {year}. Rätta beteckningen, eller lämna fältet tomt."
NO_MOMENT = "Kontrollmomentet {ref} finns inte {year}. Rätta beteckningen, eller lämna fältet tomt."


def save_activity(
    year: int,
    ref: str,
    said: Mapping[str, object],
    known: tuple[int, int] | None,
    importer: Importer,
    today: date,
    now: datetime,
) -> int:
    """Saves one activity within the caller's transaction; gives its record. `said`: the columns that are told, with
    `risk_ref` and `kontroll_ref` for what it points at. `known`: the record and the version that was seen, None for a
    new one.

    Raises RuleViolation when the ref is taken or the plan does not allow it, StaleVersion when somebody has changed the
    activity since, ImportRefused with what is wrong with its columns.
    """
    take_one(REGISTER, year, ref, known)  # before the plan is asked for its state: a step waits, or is waited for
    state = PlanState(ensure_plans({year})[year].state)
    collector = Collector()
    line = Line(1, year, ref, _pointing(year, said, importer, collector))

    def finish(before: Stored | None, row: Stored, line: Line) -> None:
        row["status"] = row["status"] or ActivityStatus.NOT_STARTED.value
        row["in_plan"] = bool(row["in_plan"])
        if before is None or any(before[name] != row[name] for name in row if name not in PROGRESS):
            check_plannable(state, in_plan=row["in_plan"])
        elif before != row:
            check_reportable(state)
        for fault in _faults(row, today):
            collector.add(line.number, fault.field or "", fault.message)

    bring_in(REGISTER, [line], importer, collector, now, finish)
    return db.session.scalars(select(Activity.record_id).where(Activity.year == year, Activity.ref == ref)).one()


def _faults(row: Stored, today: date) -> Iterator[RuleViolation]:
    if row["due_on"] is not None:
        yield from due_faults(row["due_on"], row["year"])
    progress = Progress(ActivityStatus(row["status"]), row["done_on"], row["analysis"] or "")
    yield from progress_faults(progress, today)


def _pointing(year: int, said: Mapping[str, object], importer: Importer, collector: Collector) -> dict[str, object]:
    """What is said, with records in place of the refs that it points at."""
    columns = dict(said)
    for kind, name, column, message in (
        (RecordKind.RISK, "risk", "risk_id", NO_RISK), (RecordKind.CONTROL, "kontroll", "moment_id", NO_MOMENT),
    ):  # fmt: skip
        key = f"{name}_ref"
        if key not in columns:
            continue
        ref = columns.pop(key)
        columns[column] = _seen(kind, f"{year}/{ref}", importer) if ref else None
        if ref and columns[column] is None:
            collector.add(1, name, message.format(ref=ref, year=year))
    return columns


def _seen(kind: RecordKind, number: str, importer: Importer) -> int | None:
    """The record with a number that the writer sees; what is voided can be pointed at by nobody."""
    row = db.session.execute(
        select(Record.id, RECORD_MARK, Unit.tree_from)
        .join(Unit, Unit.id == Record.unit_id)
        .where(Record.kind == kind.value, Record.number == number, Record.voided_at.is_(None))
    ).first()
    return row[0] if row is not None and importer.sees(row[2], row[0], row[1]) else None


def void_activity(record_id: int, seen: int, reason: str, now: datetime) -> None:
    """Takes an activity out of lists, plan and files for good, within the caller's transaction; it stays in the trail.

    Raises RuleViolation when the plan is no draft, StaleVersion when somebody has changed the activity since.
    """
    lock_table(Activity)
    raise_version(record_id, seen)
    year = db.session.scalars(select(Activity.year).where(Activity.record_id == record_id)).one()
    state = db.session.scalars(select(ControlPlan.state).where(ControlPlan.year == year)).one()
    check_voidable(PlanState(state))
    unsynchronised = {"synchronize_session": False}
    db.session.execute(
        update(Record).where(Record.id == record_id).values(voided_at=now), execution_options=unsynchronised
    )
    marked = update(Activity).where(Activity.record_id == record_id).values(mark=Mark.VOIDED.value)
    db.session.execute(marked, execution_options=unsynchronised)
    trail.record(Action.RECORD_VOIDED, record_id=record_id, changes={"voided_at": (None, now)}, reason=reason)


def note_in_plan(year: int, ids: Collection[int] | None = None) -> None:
    """The activities of a year stand in what the committee is given from now on: all of them, or those with these
    records and no others; within the caller's transaction, which holds the lock on activities.
    """
    given = update(Activity).where(Activity.year == year, Activity.mark != Mark.VOIDED.value)
    stands = True if ids is None else Activity.record_id.in_(ids)
    db.session.execute(given.values(in_plan=stands), execution_options={"synchronize_session": False})
