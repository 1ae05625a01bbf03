"""What is done with an action that is decided: handed over with a word, given another last day with a reason, voided.

Each has a part that only works out the action as it is to stand (and may refuse), so that several in one go are checked
before anything is written.
"""

from datetime import date, datetime

from sqlalchemy import update

from tracker.actions.bringing_in import settle
from tracker.actions.models import ActionItem
from tracker.actions.owners import Owner, is_closed_to
from tracker.actions.services import held, save
from tracker.audit import trail
from tracker.database import db
from tracker.records.models import Mark, Record
from tracker.records.versions import raise_version
from tracker.records.yearly import Stored
from tracker.rules.actions import wrong_last_day
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action

DONE = "Åtgärden är redan genomförd."
QUIET = {"synchronize_session": False}


def hand_over(action_id: int, seen: int, to: Owner, word: str) -> None:
    """Makes somebody else responsible, with a word to them, within the caller's transaction.

    Raises StaleVersion when somebody has changed the action since, RuleViolation when it cannot be handed over.
    """
    before = held(action_id, seen)
    save(before, handed_over(before, to), reason=word)


def give_day(action_id: int, seen: int, due_on: date, reason: str, today: date) -> None:
    """Gives an action another last day, and says why; as `hand_over`."""
    before = held(action_id, seen)
    save(before, with_new_day(before, due_on, today), reason=reason)


def void_action(action_id: int, seen: int, reason: str, now: datetime) -> None:
    """Takes an action out of lists, figures and files for good, within the caller's transaction; it stays in the trail.

    Raises StaleVersion.
    """
    raise_version(action_id, seen)
    gone = update(Record).where(Record.id == action_id).values(voided_at=now)
    db.session.execute(gone, execution_options=QUIET)
    marked = update(ActionItem).where(ActionItem.record_id == action_id).values(mark=Mark.VOIDED.value)
    db.session.execute(marked, execution_options=QUIET)
    trail.record(Action.RECORD_VOIDED, record_id=action_id, changes={"voided_at": (None, now)}, reason=reason)


def handed_over(before: Stored, to: Owner) -> Stored:
    """The action with another responsible. Raises RuleViolation."""
    if before["done_on"] is not None:
        raise RuleViolation("done", DONE, "till")
    if before["responsible_id"] == to.user_id:
        raise RuleViolation("same", f"{to.name} ansvarar redan för åtgärden. Välj någon annan.", "till")
    if is_closed_to(before["record_id"], to.user_id):
        raise RuleViolation("closed", f"Åtgärden är stängd för {to.name}. Välj någon annan.", "till")
    return before | {"responsible_id": to.user_id, "responsible_name": to.name}


def with_new_day(before: Stored, due_on: date, today: date) -> Stored:
    """The action with another last day. Raises RuleViolation."""
    if before["done_on"] is not None:
        raise RuleViolation("done", DONE, "senast")
    if before["due_on"] == due_on:
        raise RuleViolation("same", f"{due_on} är redan sista dagen. Skriv en annan dag.", "senast")
    after = before | {"due_on": due_on}
    for violation in wrong_last_day(settle(after), today):
        raise violation
    return after
