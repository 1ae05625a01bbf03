"""Writing decisions and their clocks: a plan is carried out, whole or not at all."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.exc import DBAPIError

from tracker.accounts.services import create_units, ensure_top_unit
from tracker.audit.since import changes_since
from tracker.database import db, is_sqlite, large_batch, read_one_snapshot, writer
from tracker.decisions.importing import ParsedFile
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.planning import Importer, ImportResult, Plan
from tracker.decisions.trailing import ImportTrail
from tracker.decisions.writing import lock_decisions, wait_for_imports
from tracker.records.codes import register_code_use
from tracker.records.models import CodeList
from tracker.records.services import add_codes

TRIES_WITHOUT_LOCK = 2
OVERTAKEN = frozenset({"23505", "40P01"})  # what PostgreSQL calls a key that is taken, and a circle of waiting
register_code_use(CodeList.INTERVENTION, Decision.intervention_id, "beslut", "beslut")
register_code_use(CodeList.INTERVENTION, DecisionClock.intervention_id, "klocka", "klockor")
register_code_use(CodeList.DELAY_REASON, DecisionClock.delay_reason_id, "klocka", "klockor")
register_code_use(CodeList.CLOSE_REASON, DecisionClock.close_reason, "klocka", "klockor", by_label=True)


def import_decisions(file: ParsedFile, importer: Importer, today: date, now: datetime) -> ImportResult:
    """Saves a file's decisions, all or none, within the caller's writing transaction; its rows are used up.

    Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    lock_decisions(alone=True)
    plan = Plan(file, importer, today, now)
    _write(plan)
    return plan.result


def write_new(file: ParsedFile, importer: Importer, today: date, now: datetime) -> None:
    """Saves what a page has made a file of; the caller holds the table's lock alone, and notes what is new.

    Raises ImportRefused as above.
    """
    plan = Plan(file, importer, today, now)
    _make_names(plan)
    for part in plan.parts:
        part.changes.write()


def _nothing_to_say(_plan: Plan) -> None:
    pass


def import_meanwhile(
    read: Callable[[], ParsedFile],
    plan_for: Callable[[ParsedFile], Plan],
    tries: int = TRIES_WITHOUT_LOCK,
    approve: Callable[[Plan], None] = _nothing_to_say,
) -> ImportResult:
    """Imports a large file so that other writers wait for the writing alone, and commits.

    `read` reads the file, each time anew, and `plan_for` works out what it changes. That is done in a snapshot; of
    what has changed since, single records are worked out anew once everybody waits. If more has changed, all of it is
    done again, the last time (or at once, if `tries` is 0) while everybody waits. `approve` is handed the plan as it
    will be carried out, within the transaction that does so. Raises what the three raise; nothing is saved then.
    """
    for _ in range(tries):
        file = read()
        read_one_snapshot()
        with large_batch():
            plan = plan_for(file)
            db.session.rollback()
            if _carried_out(plan, read, approve):
                return plan.result
    file = read()
    db.session.rollback()
    with writer(), large_batch():
        wait_for_imports()
        lock_decisions(alone=True)
        plan = plan_for(file)
        approve(plan)
        _write(plan)
        db.session.commit()
    return plan.result


def _carried_out(plan: Plan, read: Callable[[], ParsedFile], approve: Callable[[Plan], None]) -> bool:
    with writer():
        try:
            done = carry_out(plan, read, approve)
            if done:
                db.session.commit()
        except DBAPIError as error:  # somebody has just taken a ref or a name, or waits for one of ours
            if getattr(error.orig, "sqlstate", None) not in OVERTAKEN:
                raise
            done = False
        if not done:
            db.session.rollback()
        return done


def carry_out(plan: Plan, read: Callable[[], ParsedFile], approve: Callable[[Plan], None] = _nothing_to_say) -> bool:
    """Writes a plan within the caller's writing transaction, with what has changed since it was made worked out anew;
    False if more has changed than single records: the caller then rolls back.

    On PostgreSQL those who correct decisions wait only from where decisions are written that were there before; on
    SQLite everybody waits from the start, and the file's own order is much the faster.
    """
    wait_for_imports()
    if changes_since(plan.seen).more:
        return False
    _make_names(plan)
    if not is_sqlite():
        for part in plan.parts:
            if not part.records:
                part.changes.write()
    lock_decisions(alone=True)
    since = changes_since(plan.seen)
    if since.more:
        return False
    plan.renew(since.records, read)
    approve(plan)
    _write_parts(plan)
    return True


def _write(plan: Plan) -> None:
    _make_names(plan)
    _write_parts(plan)


def _make_names(plan: Plan) -> None:
    if plan.new.units:
        create_units(plan.new.units, ensure_top_unit(), plan.new.units)
    add_codes(CodeList.INTERVENTION, plan.new.interventions, plan.new.interventions)


def _write_parts(plan: Plan) -> None:
    """Writes what is not written yet; rows are let go of on the way, the plan's figures stay."""
    left = ImportTrail()
    for part in plan.parts:
        part.changes.write()
        part.left.seal()
        left += part.left
    left.note()
