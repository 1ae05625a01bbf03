"""What an action says goes with the case that it belonged to; its days and its effect stay, as they are counted."""

from datetime import datetime

from sqlalchemy import Select, delete, exists, select, update
from sqlalchemy.orm import aliased

from tracker.actions.models import ActionItem, ActionNote, ActionSource
from tracker.audit import trail
from tracker.audit.keys import destroy_key
from tracker.database import db
from tracker.records.models import Record
from tracker.rules.trail import Action

GONE = "Texten är gallrad"
QUIET = {"synchronize_session": False}


def forget_texts(source_id: int, gone: Select[tuple[int]], reason: str, now: datetime) -> int:
    """Empties the actions of a record of their words, within the caller's transaction, and gives how many; an action
    that belongs to something else too (a record that is not among `gone`) keeps them.
    """
    other = aliased(ActionSource)
    kept = exists().where(other.action_id == ActionSource.action_id, other.record_id.not_in(gone))
    of_source = select(ActionSource.action_id).where(ActionSource.record_id == source_id, ~kept)
    found = list(db.session.scalars(of_source))
    for action_id in found:
        statements = (
            update(ActionItem).where(ActionItem.record_id == action_id).values(text=GONE),
            delete(ActionNote).where(ActionNote.action_id == action_id),
            update(Record).where(Record.id == action_id).values(version=Record.version + 1),
        )
        for statement in statements:
            db.session.execute(statement, execution_options=QUIET)
        destroy_key(action_id, now)
        changes: trail.Changes = {"text": (None, None), "note": (None, None)}
        trail.record(Action.RECORD_FORGOTTEN, record_id=action_id, changes=changes, reason=reason)
    return len(found)
