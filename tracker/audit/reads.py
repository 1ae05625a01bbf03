"""Writing down what was read: at once, in a transaction of its own, before anything of it is shown."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass

from sqlalchemy import func, insert, select, text

from tracker import clock
from tracker.audit.acting import acting
from tracker.audit.chain import trail_keys
from tracker.audit.models import AuditHead, AuditRead
from tracker.audit.trail import record_seal
from tracker.database import db, end_reading, is_sqlite, is_writing, writer
from tracker.rules.trail import Purpose, ReadKind

LONGEST_SELECTION = 300
SEALED_AT_ONCE = 20_000
_INSERT = insert(AuditRead)
READ_COLUMNS = (
    AuditRead.id, AuditRead.at, AuditRead.kind, AuditRead.actor_kind, AuditRead.actor_id, AuditRead.session_id,
    AuditRead.request_id, AuditRead.record_id, AuditRead.what, AuditRead.selection, AuditRead.row_count,
    AuditRead.purpose,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What `note_read` was told of a file that nobody has taken out yet."""

    what: str | None
    selection: str | None
    row_count: int | None
    purpose: Purpose | None


_held: ContextVar[list[HeldBack] | None] = ContextVar("held", default=None)


@contextmanager
def held_back() -> Iterator[list[HeldBack]]:
    """Inside, a file that is made is not noted as read but collected: whoever hands it out calls `note_taken_out`."""
    found: list[HeldBack] = []
    token = _held.set(found)
    try:
        yield found
    finally:
        _held.reset(token)


def note_taken_out(held: HeldBack) -> None:
    """Notes, in the name of who acts now, the file that was made under `held_back`, as it is taken out."""
    note_read(ReadKind.EXPORT, **asdict(held))


def note_read(
    kind: ReadKind,
    *,
    record_id: int | None = None,
    what: str | None = None,
    selection: str | None = None,
    row_count: int | None = None,
    purpose: Purpose | None = None,
    all_read: bool = False,
) -> None:
    """Commits one reading by the present actor, in a transaction of its own (within a writing request, in that one).

    `all_read`: the page has nothing more to read, so its reading ends here and leaves its connection to the note.
    Raises what the database raises: what cannot be logged is not shown.
    """
    held = _held.get()
    if held is not None and kind is ReadKind.EXPORT:
        held.append(HeldBack(what, selection, row_count, purpose))
        return
    if all_read and not is_writing():
        end_reading()
    _write(
        [
            _by_actor(kind)
            | {
                "record_id": record_id,
                "what": what,
                "selection": selection[:LONGEST_SELECTION] if selection else None,
                "row_count": row_count,
                "purpose": purpose.value if purpose else None,
            }
        ]
    )


def _by_actor(kind: ReadKind) -> dict[str, object]:
    actor = acting()
    return {
        "at": clock.now(),
        "kind": kind.value,
        "actor_kind": actor.kind.value,
        "actor_id": actor.user_id,
        "session_id": actor.session_id,
        "request_id": actor.request_id,
    }


def _write(rows: list[dict[str, object]]) -> None:
    if is_writing():
        db.session.execute(_INSERT, rows)
        return
    with writer():
        if len(rows) > 1 or is_sqlite():
            with db.engine.begin() as connection:
                connection.execute(_INSERT, rows)
        else:  # one statement is a transaction by itself, and one word to the server instead of three
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(_INSERT, rows)


def note_reads(kind: ReadKind, record_ids: Sequence[int], *, of_refused: bool = False) -> None:
    """As `note_read` for each of several records that one page shows; `of_refused`: by a request that is refused."""
    if not record_ids:
        return
    if of_refused:
        db.session.rollback()
    _write([_by_actor(kind) | {"record_id": record_id} for record_id in record_ids])
    if of_refused:
        db.session.commit()


def note_read_of_refused(kind: ReadKind, *, record_id: int) -> None:
    """Commits one reading by a writing request that is refused: what it had begun is undone, that it shows is kept."""
    db.session.rollback()
    note_read(kind, record_id=record_id)
    db.session.commit()


def seal_reads() -> int:
    """Binds the reads since the last time into the chain; returns how many. Commits; the caller has nothing begun."""
    sealed = 0
    with writer():
        while True:
            if not is_sqlite():  # waits for readings that are being written, so that none slips in behind
                db.session.execute(text("LOCK TABLE audit_read IN SHARE ROW EXCLUSIVE MODE"))
            last = db.session.scalar(select(AuditHead.last_read_id)) or 0
            rows = db.session.execute(
                select(*READ_COLUMNS).where(AuditRead.id > last).order_by(AuditRead.id).limit(SEALED_AT_ONCE)
            ).all()
            if not rows:
                db.session.rollback()
                return sealed
            record_seal(last + 1, rows[-1].id, trail_keys.digest_reads(rows))
            db.session.commit()
            sealed += len(rows)


def count_unsealed() -> int:
    """How many reads are not yet bound into the chain."""
    last = select(AuditHead.last_read_id).scalar_subquery()
    return db.session.scalar(select(func.count()).select_from(AuditRead).where(AuditRead.id > last)) or 0
