"""Protects, names, closes and voids decisions for tests, by the services that do it in use; committed at once."""

from datetime import datetime

from sqlalchemy import select

from tests.decisions.lists import number_of
from tracker import clock
from tracker.accounts.models import User
from tracker.database import db, writer
from tracker.decisions.writing import keep_marks
from tracker.records import access
from tracker.records.models import Mark, Record

REASON = "Prövat"


def version_of(record_id: int) -> int:
    """The record's version, read anew."""
    db.session.rollback()
    return db.session.scalars(select(Record.version).where(Record.id == record_id)).one()


def user_id_of(email: str) -> int:
    return db.session.scalars(select(User.id).where(User.email == email)).one()


def name(ref: str, email: str) -> None:
    """Gives a decision to a person by name."""
    record_id = number_of(ref)
    with writer():
        access.name(record_id, version_of(record_id), user_id_of(email), user_id_of(email), clock.now(), REASON)
        db.session.commit()


def close(ref: str, email: str) -> None:
    """Closes a decision to a person."""
    record_id = number_of(ref)
    with writer():
        access.close(record_id, version_of(record_id), user_id_of(email), user_id_of(email), clock.now(), REASON)
        db.session.commit()


def protect(ref: str, *emails: str) -> None:
    """Protects a decision, so that only these see it."""
    record_id = number_of(ref)
    with writer():
        named = {user_id_of(email) for email in emails}
        access.protect(record_id, version_of(record_id), named, min(named), clock.now(), REASON)
        keep_marks(record_id, Mark.PROTECTED)
        db.session.commit()


def void(ref: str, now: datetime | None = None) -> None:
    """Voids a decision."""
    from tracker.decisions.correcting import void_decision

    record_id = number_of(ref)
    with writer():
        void_decision(record_id, version_of(record_id), REASON, now or clock.now())
        db.session.commit()
