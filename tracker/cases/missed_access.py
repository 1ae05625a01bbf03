"""Who sees the avvikelse that a missed promise has become follows who sees what it was made of."""

from datetime import datetime

from sqlalchemy import select, update

from tracker.actions.protecting import follow_source
from tracker.cases.missed_models import MissedPromise
from tracker.cases.registers import REGISTERS
from tracker.database import db
from tracker.records.access import NOBODY_GIVEN, Seen, follow
from tracker.records.models import Mark

FOLLOWS = "Följer det som avvikelsen berättar om"


def keep_marks(record_id: int, mark: Mark) -> None:
    """Keeps the mark in every register that a case stands in: what became a lex Sarah-rapport stands in two."""
    for register in REGISTERS.values():
        statement = update(register.model).where(register.model.record_id == record_id).values(mark=mark.value)
        db.session.execute(statement, execution_options={"synchronize_session": False})


def follow_missed(record_id: int, now: datetime, before: Seen = NOBODY_GIVEN) -> None:
    """Protects, names and closes the avvikelse that a record has become as the record is now, within the caller's
    transaction; nothing where it has become none. `before`: how the record stood when the avvikelse last followed it.
    What was done on the avvikelse's own page stays.
    """
    deviation_id = db.session.scalar(select(MissedPromise.deviation_id).where(MissedPromise.record_id == record_id))
    if deviation_id is None:
        return
    mark = follow(record_id, deviation_id, before, FOLLOWS)
    if mark is not None:
        keep_marks(deviation_id, mark)
    follow_source(deviation_id, now)
