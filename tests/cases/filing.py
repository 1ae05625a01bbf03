"""Puts files with cases as the service does."""

from sqlalchemy import func, select

from tests.stickprov.making import PDF
from tracker import clock
from tracker.cases import attaching
from tracker.database import db, writer
from tracker.records.attachment_models import Attachment


def attach(record_id: int, by: int, data: bytes = PDF, name: str = "bild.pdf", **how: bool) -> int:
    """Adds a file to a case; gives its number."""
    with writer():
        found = attaching.attach(record_id, data, name, by, clock.now(), **how)
        db.session.commit()
    return found


def kept() -> int:
    """How many files the database holds."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Attachment)) or 0
