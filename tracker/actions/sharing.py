"""An action belongs to something more, or no longer to something; shared actions are how units learn."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select

from tracker.actions.bringing_in import PERSONAL
from tracker.actions.importing import SOURCE_WORDS
from tracker.actions.models import ActionItem, ActionSource
from tracker.actions.protecting import follow_sources
from tracker.actions.queries import SourceRow
from tracker.audit import trail
from tracker.database import db
from tracker.records.versions import raise_version
from tracker.rules.actions import Stage, closed_case
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action

THE_LAST = "Åtgärden måste höra till något. Lägg till det nya först, och ta sedan bort det gamla."
QUIET = {"synchronize_session": False}


def attach(action_id: int, seen: int, source: SourceRow, now: datetime) -> None:
    """Lets an action belong to a record that the writer sees as well, within the caller's transaction.

    Raises StaleVersion when somebody has changed the action since, RuleViolation when it belongs there already, or is
    yet to be done or checked and the record is a case that is closed.
    """
    raise_version(action_id, seen)
    if source.closed and not _is_finished(action_id):
        raise closed_case(source.number)
    if source.record_id in _source_ids(action_id):
        raise RuleViolation("same", f"Åtgärden hör redan till {_name(source)}.", "nummer")
    db.session.execute(insert(ActionSource).values(action_id=action_id, record_id=source.record_id))
    _note(action_id, (None, _name(source)), now)


def detach(action_id: int, seen: int, source: SourceRow, now: datetime) -> None:
    """Lets an action belong to a record no longer; never to nothing at all. As `attach`."""
    raise_version(action_id, seen)
    if source.record_id not in _source_ids(action_id):
        raise RuleViolation("gone", f"Åtgärden hör inte längre till {_name(source)}.")
    if _count(action_id) == 1:
        raise RuleViolation("last", THE_LAST)
    mine = (ActionSource.action_id == action_id, ActionSource.record_id == source.record_id)
    db.session.execute(delete(ActionSource).where(*mine), execution_options=QUIET)
    _note(action_id, (_name(source), None), now)


def _is_finished(action_id: int) -> bool:
    return db.session.scalar(select(ActionItem.stage).filter_by(record_id=action_id)) == Stage.FINISHED.value


def _source_ids(action_id: int) -> set[int]:
    return set(db.session.scalars(select(ActionSource.record_id).where(ActionSource.action_id == action_id)))


def _count(action_id: int) -> int:
    of_action = select(func.count()).select_from(ActionSource).where(ActionSource.action_id == action_id)
    return db.session.scalar(of_action) or 0


def _name(source: SourceRow) -> str:
    return f"{SOURCE_WORDS[source.kind]} {source.number}"


def _note(action_id: int, change: tuple[object, object], now: datetime) -> None:
    trail.record(Action.RECORD_CHANGED, record_id=action_id, changes={"source": change}, personal=PERSONAL)
    follow_sources([action_id], now)
