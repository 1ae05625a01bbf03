"""Makes cases that were closed long ago, and gallrar them as the page does."""

from datetime import date
from typing import Any

from sqlalchemy import text, update

from tests.actions.making import make_action
from tests.cases.making import reported, stands, step
from tracker import clock
from tracker.accounts.reader import EVERYTHING
from tracker.actions.models import ActionSource
from tracker.cases import clearing, retention
from tracker.cases.concerned import keep_concerned
from tracker.cases.models import CaseReporter
from tracker.cases.registers import DEVIATIONS, CaseRegister
from tracker.cases.services import Finding, assess_deviation
from tracker.database import db, writer
from tracker.records.models import RecordKind
from tracker.records.scope import Scope

BASIS = clearing.Basis(date(2023, 1, 20), "§ 45, SN 2023/12", "Tiden i planen har gått ut")
EVERY_CASE = Scope(EVERYTHING)


def keep(**months: int | None) -> None:
    """Sets for how many months kinds are kept: `keep(deviation=12)`."""
    with writer():
        clearing.set_kept_months({RecordKind(kind): number for kind, number in months.items()})
        db.session.commit()


def due(register: CaseRegister, scope: Scope = EVERY_CASE) -> list[str]:
    """The numbers of those that are due today."""
    db.session.rollback()
    found = retention.list_due(register, scope, clock.today(), 100)
    assert retention.count_due(register, scope, clock.today()) == len(found)
    return [case.number for case in found]


def clear(register: CaseRegister, by: int, scope: Scope = EVERY_CASE, basis: clearing.Basis = BASIS) -> int:
    """Gallrar what is due of a register today; gives how many."""
    with writer():
        seen = retention.seen_as(retention.list_due(register, scope, clock.today(), 100))
        count = clearing.clear_cases(register, scope, seen, basis, by, clock.now(), clock.today())
        db.session.commit()
    return count


def closed_deviation(by: int, reporter: int | None, columns: dict[str, Any], what: str) -> int:
    """An avvikelse that was reported, investigated and closed today."""
    record_id = reported("deviations", by=reporter, what=what)
    step("deviations", record_id, "receive", by)
    with writer():
        row = stands(DEVIATIONS, record_id)
        assess_deviation(row, row["version"], Finding(columns, "Batteriet var slut hos Anna"), by, clock.now())
        db.session.commit()
    step("deviations", record_id, "investigate", by)
    step("deviations", record_id, "close", by, comment="Larmet är bytt hos Anna")
    return record_id


def action_of_closed(record_id: int, **said: object) -> int:
    """An action of a case that is closed, as a file may bring one."""
    action_id = make_action(reported("deviations"), **said)
    with writer():
        db.session.execute(update(ActionSource).where(ActionSource.action_id == action_id).values(record_id=record_id))
        db.session.commit()
    return action_id


def add_reporter(record_id: int, user_id: int) -> None:
    """Notes who reported a case that came in a file."""
    with writer():
        db.session.add(CaseReporter(record_id=record_id, user_id=user_id))
        db.session.commit()


def add_concerned(record_id: int, user_id: int) -> None:
    """Keeps that a case concerns somebody."""
    with writer():
        keep_concerned(record_id, {user_id}, clock.now())
        db.session.commit()


def rows_about(record_id: int) -> dict[str, int]:
    """Table → how many rows of it say something of a case that a gallring takes away."""
    db.session.rollback()
    tables = ("case_text", "case_reporter", "case_concerned", "case_person", "case_code", "attachment")
    found = {
        table: db.session.execute(text(f"SELECT count(*) FROM {table} WHERE record_id = :id"), {"id": record_id})  # noqa: S608
        for table in tables
    }
    said = "SELECT count(*) FROM case_step WHERE record_id = :id AND comment IS NOT NULL"
    found["case_step"] = db.session.execute(text(said), {"id": record_id})
    return {table: result.scalar_one() for table, result in found.items()}
