"""Correcting and voiding decisions: what was wrong is set right with its reason, and what stood before is kept.

Every service takes the version that the person saw and raises StaleVersion when somebody has changed the decision
since; the rules of days and the writer are those of the import.
"""

from datetime import datetime

from sqlalchemy import update

from tracker.audit import trail
from tracker.database import db
from tracker.decisions.writing import keep_marks, lock_decisions
from tracker.records.models import Mark, Record
from tracker.records.versions import raise_version
from tracker.rules.trail import Action


def void_decision(record_id: int, seen: int, reason: str, now: datetime) -> None:
    """Takes a decision out of lists, figures and files for good; it stays in the trail and in the list of voided."""
    lock_decisions()
    raise_version(record_id, seen)
    statement = update(Record).where(Record.id == record_id).values(voided_at=now)
    db.session.execute(statement, execution_options={"synchronize_session": False})
    keep_marks(record_id, Mark.VOIDED)
    trail.record(Action.RECORD_VOIDED, record_id=record_id, changes={"voided_at": (None, now)}, reason=reason)
