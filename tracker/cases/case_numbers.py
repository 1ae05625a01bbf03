"""The numbers under which a lex Sarah case is kept elsewhere: in the committee's diarium, and at IVO."""

from sqlalchemy import update

from tracker.audit import trail
from tracker.cases.models import LexSarahReport
from tracker.cases.registers import Stored
from tracker.cases.retention import is_cleared
from tracker.cases.services import PERSONAL
from tracker.database import db
from tracker.records.models import Record
from tracker.records.versions import raise_version
from tracker.rules.retention import cleared
from tracker.rules.trail import Action


def set_case_numbers(row: Stored, seen: int, own: str, ivo: str) -> None:
    """Sets the numbers under which a lex Sarah case is kept in the committee's diarium and at IVO, empty for none,
    within the caller's transaction. Raises StaleVersion when somebody has changed the case since.
    """
    record_id = row["record_id"]
    raise_version(record_id, seen)
    if is_cleared(record_id):
        raise cleared()
    record = db.session.get_one(Record, record_id, populate_existing=True)
    changes: dict[str, tuple[object, object]] = {
        "case_number": (record.case_number, own or None), "ivo_case_number": (row["ivo_case_number"], ivo or None),
    }  # fmt: skip
    record.case_number = own or None
    db.session.execute(
        update(LexSarahReport).where(LexSarahReport.record_id == record_id).values(ivo_case_number=ivo or None),
        execution_options={"synchronize_session": False},
    )
    told = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=told, personal=PERSONAL)
