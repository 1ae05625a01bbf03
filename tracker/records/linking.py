"""Writing what follows from a record in other registers: asked for once, settled once."""

from datetime import datetime

from sqlalchemy import select

from tracker.audit import trail
from tracker.database import db
from tracker.records.links import ASKED, SETTLED
from tracker.records.models import RecordLink
from tracker.records.services import reserve_ids
from tracker.rules.errors import RuleViolation
from tracker.rules.following import LinkKind
from tracker.rules.trail import Action
from tracker.vault import vault

WORDS = frozenset({"link_words"})


def ask(record_id: int, kind: LinkKind, to_id: int | None, words: str, by: int, now: datetime) -> int:
    """Notes, in the caller's transaction, that a record asks for something in another register; gives its number.

    It is told in the trail of both records. What already waits in the same words is not asked for twice.
    """
    waiting = select(RecordLink).where(
        RecordLink.from_id == record_id, RecordLink.kind == kind.value, RecordLink.settled_at.is_(None)
    )
    for link in db.session.scalars(waiting):
        if vault.decrypt(link.asked, link.id, ASKED) == words:
            return link.id
    link_id = next(iter(reserve_ids(RecordLink, 1)))
    sealed = vault.encrypt(words, link_id, ASKED)
    db.session.add(
        RecordLink(
            id=link_id, from_id=record_id, to_id=to_id, kind=kind.value, asked=sealed, asked_by=by, asked_at=now
        )
    )  # fmt: skip
    db.session.flush()
    _note(record_id, to_id, {"link_asked": (None, kind.value), "link_words": (None, words)})
    return link_id


def settle(link_id: int, words: str, by: int, now: datetime) -> None:
    """Notes, in the caller's transaction, what came of it. Raises RuleViolation when somebody else has done so."""
    statement = select(RecordLink).where(RecordLink.id == link_id).with_for_update()
    link = db.session.scalars(statement.execution_options(populate_existing=True)).one()
    if link.settled_at is not None:
        raise RuleViolation("settled", "Någon annan har redan skrivit vad det blev av det. Läs det på sidan.")
    link.settled, link.settled_by, link.settled_at = vault.encrypt(words, link_id, SETTLED), by, now
    db.session.flush()
    _note(link.from_id, link.to_id, {"link_settled": (None, link.kind), "link_words": (None, words)})


def _note(from_id: int, to_id: int | None, changes: trail.Changes) -> None:
    for record_id in filter(None, (from_id, to_id)):
        trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=changes, personal=WORDS)
