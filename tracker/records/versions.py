"""Has somebody else changed the record since this person saw it? One number tells, for every register."""

from sqlalchemy import CursorResult, update

from tracker.database import db
from tracker.records.models import Record


class StaleVersion(Exception):
    """The record has been changed since; nothing has been written, and the caller's transaction is to be ended."""


def raise_version(record_id: int, seen: int) -> None:
    """Takes the record from the version that was seen to the next, within the caller's transaction.

    Raises StaleVersion when it is no longer that version. Of two who save at once one waits for the other here, so
    this comes before anything else is written.
    """
    statement = update(Record).where(Record.id == record_id, Record.version == seen)
    result = db.session.execute(
        statement.values(version=Record.version + 1), execution_options={"synchronize_session": False}
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise StaleVersion
