"""Makes cases as the services do."""

from datetime import date

from tests.factories import make_unit, make_user
from tests.records.granting import version_of
from tracker import clock
from tracker.accounts.queries import find_unit
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, CaseRegister
from tracker.cases.services import Given, Report, report_case, take_step
from tracker.cases.single import find_case
from tracker.cases.texts import Section
from tracker.database import db, writer
from tracker.records.models import CodeList
from tracker.records.scope import EVERY_RECORD
from tracker.records.services import code_ids
from tracker.rules.case_workflow import CaseState, CaseStep

REGISTERS = {"deviations": DEVIATIONS, "lex-sarah": LEX_SARAH, "complaints": COMPLAINTS}
REPORTER = "rapport@kommun.example"


def unit_id_of(name: str) -> int:
    """The unit of this name, made where it is not there."""
    return (find_unit(name) or make_unit(name)).id


def reporter_id() -> int:
    """An employee who reports."""
    return make_user(REPORTER, "medarbetare").id


def reported(
    register_name: str, unit: str = "Vuxen", *, by: int | None = None, what: str = "Larmet svarade inte",
    happened_on: date | None = None, **columns: object,
) -> int:  # fmt: skip
    """A case that somebody has reported today; gives its record."""
    register = REGISTERS[register_name]
    if register_name == "complaints":
        columns = {"kind": "klagomål"} | columns
    unit_id, today = unit_id_of(unit), clock.today()
    with writer():
        words = {Section.WHAT: what, Section.AT_ONCE: "Nytt larm sattes in"}
        given = Report(register, unit_id, happened_on or today, words, ("Akt 12",), columns)
        record_id, _ = report_case(given, by, "", clock.now(), today)
        db.session.commit()
    return record_id


def stands(register: CaseRegister, record_id: int) -> dict:
    """The row of a case, read anew."""
    db.session.rollback()
    row = find_case(register, record_id, EVERY_RECORD)
    assert row is not None
    return row


def step(kind: str, record_id: int, name: CaseStep | str, by: int, **given: object) -> CaseState:
    """Takes a step with a case, by somebody who may."""
    register, today = REGISTERS[kind], clock.today()
    row = stands(register, record_id)
    with writer():
        wish = Given(**({"day": today} | given))
        state = take_step(register, row, version_of(record_id), CaseStep(name), wish, by, clock.now(), today)
        db.session.commit()
    return state


def code_id(code_list: CodeList, label: str) -> int:
    """The number of an entry of a code list."""
    return code_ids(code_list)[label]


def assessed() -> dict[str, int]:
    """The columns that an avvikelse needs before it is closed."""
    return {
        "category_id": code_id(CodeList.DEVIATION_CATEGORY, "Fall"),
        "cause_id": code_id(CodeList.DEVIATION_CAUSE, "Samverkan"),
    }


def received(by: int) -> int:
    """An avvikelse that somebody has received."""
    record_id = reported("deviations")
    step("deviations", record_id, "receive", by)
    return record_id
