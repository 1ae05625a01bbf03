"""What waits between an import's steps? The file and the choices, sealed, for the sign-in that sent it, for an hour."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, insert, or_, select, update

from tracker.accounts.models import UserSession
from tracker.accounts.reader import Reader, in_utc
from tracker.database import db, writer
from tracker.intake.choices import Choices
from tracker.intake.models import WaitingImport, WaitingPiece
from tracker.records.services import reserve_ids
from tracker.records.versions import StaleVersion
from tracker.vault import SealedColumn, VaultError, vault

KEPT_FOR = timedelta(hours=1)
PIECE_BYTES = 4_000_000
CHOICES, PIECE = "waiting_import.choices", "waiting_piece.sealed"
vault.register(SealedColumn("waiting_import", "session_id", "choices", CHOICES))
vault.register(SealedColumn("waiting_piece", "id", "sealed", PIECE, at_once=10))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a sign-in: the choices so far, their version, and when it all goes."""

    choices: Choices
    version: int
    until: datetime


def keep(reader: Reader, filename: str, data: bytes, now: datetime) -> None:
    """The file waits from now on; what waited before for the same sign-in is gone."""
    remove(reader)
    choices = Choices(filename[-120:], hashlib.sha256(data).hexdigest())
    row = {
        "session_id": reader.session_id,
        "user_id": reader.user_id,
        "version": 1,
        "choices": vault.encrypt(choices.text(), reader.session_id, CHOICES),
        "created_at": now,
    }
    db.session.execute(insert(WaitingImport), row)
    starts = range(0, len(data), PIECE_BYTES)
    for number, (piece_id, start) in enumerate(zip(reserve_ids(WaitingPiece, len(starts)), starts, strict=True)):
        sealed = vault.seal(data[start : start + PIECE_BYTES], piece_id, PIECE)
        piece = {"id": piece_id, "session_id": reader.session_id, "number": number, "sealed": sealed}
        db.session.execute(insert(WaitingPiece), piece)


def find(reader: Reader, now: datetime) -> Waiting | None:
    """What waits for the reader's sign-in; None when there is nothing, or its hour has passed."""
    row = db.session.execute(
        select(WaitingImport.choices, WaitingImport.version, WaitingImport.created_at).where(
            WaitingImport.session_id == reader.session_id, WaitingImport.user_id == reader.user_id
        )
    ).first()
    until = in_utc(row.created_at) + KEPT_FOR if row else now
    if row is None or until <= now:
        return None
    try:
        text = vault.decrypt(row.choices, reader.session_id, CHOICES)
    except VaultError:  # sealed under a key that is gone; within the hour it is of no use to anybody
        return None
    return Waiting(Choices.of_text(text), row.version, until)


def read_file(reader: Reader, choices: Choices) -> bytes:
    """The bytes of the file that waits. Raises VaultError when they are not those that the choices are about."""
    statement = (
        select(WaitingPiece.id, WaitingPiece.sealed)
        .join(WaitingImport, WaitingImport.session_id == WaitingPiece.session_id)
        .where(WaitingPiece.session_id == reader.session_id, WaitingImport.user_id == reader.user_id)
        .order_by(WaitingPiece.number)
    )
    data = b"".join(vault.open(sealed, piece_id, PIECE) for piece_id, sealed in db.session.execute(statement))
    if hashlib.sha256(data).hexdigest() != choices.digest:
        raise VaultError("the pieces do not make the file")
    return data


def change(reader: Reader, seen: int, choices: Choices) -> None:
    """Other choices for what waits. Raises StaleVersion when it has been changed, or replaced, in another window."""
    mine = (WaitingImport.session_id == reader.session_id, WaitingImport.version == seen)
    sealed = vault.encrypt(choices.text(), reader.session_id, CHOICES)
    statement = update(WaitingImport).where(*mine).values(choices=sealed, version=seen + 1)
    if db.session.scalar(statement.returning(WaitingImport.version)) is None:
        raise StaleVersion


def remove(reader: Reader) -> bool:
    """Nothing waits for the sign-in any more; False when nothing did."""
    mine = delete(WaitingImport).where(WaitingImport.session_id == reader.session_id)
    return db.session.scalar(mine.returning(WaitingImport.session_id)) is not None


def clean_waiting(now: datetime) -> int:
    """Removes what has waited for its hour, and what belongs to sign-ins that have ended; gives how many. Commits."""
    ended = exists().where(UserSession.id == WaitingImport.session_id, UserSession.ended_at.is_not(None))
    old = or_(WaitingImport.created_at <= now - KEPT_FOR, ended)
    db.session.rollback()
    due = db.session.scalar(select(WaitingImport.session_id).where(old).limit(1)) is not None
    db.session.rollback()
    if not due:
        return 0
    with writer():
        removed = db.session.scalars(delete(WaitingImport).where(old).returning(WaitingImport.session_id)).all()
        db.session.commit()
    return len(removed)
