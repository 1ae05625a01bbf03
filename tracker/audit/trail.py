"""Writing the trail: what a service has done becomes a link of the chain in the same transaction.

`record` and `record_bulk` only remember; as the session commits, the entries are numbered, bound and written. The
chain's head is locked last of all and for as short as can be: two writers wait for each other only there.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain as joined
from itertools import islice
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Table, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from tracker import clock
from tracker.audit.acting import Actor, acting
from tracker.audit.chain import Link, PartSum, canonical, plain, trail_keys
from tracker.audit.keys import seal_values
from tracker.audit.models import AuditEntry, AuditHead, AuditPart
from tracker.database import db, insert_rows, is_sqlite
from tracker.rules.trail import Action, ActorKind, TargetKind

Changes = Mapping[str, tuple[object, object]]
NO_CHANGES: Changes = {}
PENDING, MARKS = "trail", "trail marks"  # what waits to be written, and how much did when each savepoint was made
ENTRY_COLUMNS = (*Link._fields, "mac")
PART_COLUMNS = ("entry_id", "record_id", "open_values", "sealed_values", "digest")
HEAD_COLUMNS = ("chain", "last_id", "last_mac", "last_read_id", "seal")
MANY_PARTS = 50
_LOCK_HEAD = select(*(getattr(AuditHead, name) for name in HEAD_COLUMNS)).with_for_update()
REPORTER = "reporter"


class BrokenTrailError(Exception):
    """The head has been changed past the program: nothing is written on top of it, so that it stays found."""


class Part(NamedTuple):
    """What an entry says of one thing: its values as they are stored, and their digest."""

    record_id: int | None
    open_values: str | None
    sealed_values: bytes | None
    digest: bytes


@dataclass(slots=True)
class _Pending:
    action: Action
    actor: Actor
    record_id: int | None = None
    target: tuple[TargetKind, int] | None = None
    fields: tuple[str, ...] = ()
    changes: Changes = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    reason: str = ""
    reporter_id: int | None = None
    parts: list[Part] | None = None
    reads: tuple[int, int, bytes] | None = None


def record(
    action: Action,
    *,
    record_id: int | None = None,
    target: tuple[TargetKind, int] | None = None,
    changes: Changes = NO_CHANGES,
    personal: Collection[str] = (),
    reason: str = "",
    actor: Actor | None = None,
) -> None:
    """Notes what is being done; it is written and chained as the session commits, and gone if it rolls back.

    `changes` is field → (old, new). Of a record, those named in `personal` and the reason are kept under the record's
    own key; of anything else, personal values leave a keyed digest only. `actor` acts, else who acts at the moment.
    """
    _queue(
        _Pending(
            action, actor or acting(), record_id, target,
            tuple(changes), changes, frozenset(personal), reason,
        )
    )  # fmt: skip


def record_report(
    action: Action, *, record_id: int, anonymous: bool, changes: Changes = NO_CHANGES, personal: Collection[str] = ()
) -> None:
    """Notes that somebody has reported something. The entry names no actor: who it was lies sealed with the record's
    personal values and is shown by the reporter's rule alone; of an anonymous report nobody is kept at all.
    """
    now = acting()
    kind = ActorKind.ANONYMOUS if anonymous else ActorKind.REPORTER
    pending = _Pending(
        action, Actor(kind), record_id, None, tuple(changes), changes, frozenset(personal),
        reporter_id=None if anonymous else now.user_id,
    )  # fmt: skip
    _queue(pending)


def record_bulk(action: Action, parts: list[Part], fields: Iterable[str]) -> None:
    """Notes a bulk change as one entry with a digest over its rows; `parts` in the order in which they are kept."""
    _queue(_Pending(action, acting(), fields=tuple(sorted(fields)), parts=parts))


def record_seal(first_read_id: int, last_read_id: int, digest: bytes) -> None:
    """Notes that the reads from one number to another are sealed into the chain."""
    _queue(_Pending(Action.READS_SEALED, acting(), reads=(first_read_id, last_read_id, digest)))


def created_part(record_id: int, values: Iterable[object]) -> Part:
    """A part for a row that did not exist before: its values stand in the register, here is their keyed digest."""
    return Part(record_id, None, None, trail_keys.digest("\x1f".join(map(str, values))))


def changed_part(
    record_id: int | None, changes: Changes, personal: Collection[str] = (), reason: str = "", key: bytes | None = None
) -> Part:
    """A part that keeps old and new values; a record's personal ones under its own key (made on first need)."""
    shown = {name: [plain(old), plain(new)] for name, (old, new) in changes.items() if name not in personal}
    hidden = {name: [plain(old), plain(new)] for name, (old, new) in changes.items() if name in personal}
    sealed = None
    if record_id is None:
        for name, (old, new) in hidden.items():  # nothing could forget these: a digest of each is all that is kept
            shown[name] = [trail_keys.digest(f"{name}={value}").hex() for value in (old, new)]
        if reason:
            shown["reason"] = [None, trail_keys.digest(f"reason={reason}").hex()]
    elif hidden or reason:
        sealed = seal_values(record_id, canonical({"values": hidden, "reason": reason}), key)
    opened = canonical(shown).decode() if shown else None
    return Part(record_id, opened, sealed, trail_keys.digest_part(record_id, opened, sealed))


def _queue(pending: _Pending) -> None:
    session = db.session()
    session.connection()  # a transaction has begun: what it rolls back, this goes with
    session.info.setdefault(PENDING, []).append(pending)


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        marks = session.info.setdefault(MARKS, WeakKeyDictionary())
        marks[transaction] = len(session.info.get(PENDING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    """What was noted since the savepoint goes with it; all of it, when the whole transaction is undone."""
    while not undone.nested and undone.parent is not None:
        undone = undone.parent
    if undone.nested:
        del session.info.get(PENDING, [])[session.info[MARKS][undone] :]
    else:
        session.info.pop(PENDING, None)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint is left: what was noted is written, and the head locked, as the transaction ends
    waiting: list[_Pending] = session.info.pop(PENDING, None) or []
    if not waiting:
        return
    session.flush()
    with session.no_autoflush:
        prepared = [(pending, _parts_of(pending)) for pending in waiting]  # all that takes time, before the lock
        _append(session, prepared)


def _parts_of(pending: _Pending) -> list[Part]:
    if pending.parts is not None:
        return pending.parts
    changes, personal = dict(pending.changes), set(pending.personal)
    if pending.reporter_id is not None:
        changes[REPORTER] = (None, pending.reporter_id)
        personal.add(REPORTER)
    if not (changes or pending.reason):
        return []
    return [changed_part(pending.record_id, changes, personal, pending.reason)]


def _append(session: Session, prepared: list[tuple[_Pending, list[Part]]]) -> None:
    """Locks the head, binds each entry to the one before it, and writes entries, parts and the new head."""
    chain, last_id, last_mac, last_read_id, seal = session.execute(_LOCK_HEAD).one()
    if chain and seal != trail_keys.seal_head(chain, last_id, last_mac, last_read_id):
        raise BrokenTrailError("the head of the trail is not as the program left it")
    if not chain:
        chain = secrets.token_hex(8)
        last_mac = trail_keys.first_mac(chain)
    now = clock.now()
    entries = []
    for pending, parts in prepared:
        last_id += 1
        first_read = last_read = None
        if pending.reads:
            first_read, last_read, digest = pending.reads
            last_read_id = last_read
        else:
            digest = trail_keys.digest_parts(
                PartSum(p.record_id, p.digest, p.open_values is not None, p.sealed_values is not None) for p in parts
            )
        actor = pending.actor
        target_kind, target_id = pending.target or (None, None)
        link = Link(
            last_id, now, actor.kind.value, actor.user_id, actor.session_id, actor.request_id, pending.action.value,
            pending.record_id, target_kind.value if target_kind else None, target_id,
            canonical(list(pending.fields)).decode(), len(parts), first_read, last_read, digest,
        )  # fmt: skip
        last_mac = trail_keys.mac(last_mac, link)
        entries.append((*link, last_mac))
    first = last_id - len(prepared) + 1
    head = {
        "chain": chain, "last_id": last_id, "last_mac": last_mac, "last_read_id": last_read_id,
        "seal": trail_keys.seal_head(chain, last_id, last_mac, last_read_id),
    }  # fmt: skip
    _store(session, entries, [(first + index, parts) for index, (_, parts) in enumerate(prepared)], head)


def _store(
    session: Session, entries: list[tuple[Any, ...]], of_entries: list[tuple[int, list[Part]]], head: dict[str, Any]
) -> None:
    """Writes entries, their parts, and where the chain ends now. The head is locked meanwhile: on PostgreSQL, where
    each statement is a way there and back, a few rows are one statement.
    """
    rows = _rows(of_entries)
    few = list(islice(rows, MANY_PARTS + 1))
    if len(few) <= MANY_PARTS and not is_sqlite():
        values = (*joined.from_iterable(entries), *joined.from_iterable(few), *head.values())
        session.connection().exec_driver_sql(_statement(len(entries), len(few)), values)
        return
    session.execute(insert(AuditEntry), [dict(zip(ENTRY_COLUMNS, entry, strict=True)) for entry in entries])
    if len(few) > MANY_PARTS:
        table: Table = AuditPart.__table__  # type: ignore[assignment] # SQLAlchemy types it more loosely
        insert_rows(table, PART_COLUMNS, joined(few, rows))
    elif few:
        session.execute(insert(AuditPart), [dict(zip(PART_COLUMNS, row, strict=True)) for row in few])
    session.execute(update(AuditHead).values(head))


@lru_cache(maxsize=500)
def _statement(entries: int, parts: int) -> str:
    """PostgreSQL's statement for so many entries and parts; only counts and names of columns are put together."""
    made = f"made AS (INSERT INTO audit_entry ({', '.join(ENTRY_COLUMNS)}) VALUES {_places(ENTRY_COLUMNS, entries)})"  # noqa: S608
    also = f", part AS (INSERT INTO audit_part ({', '.join(PART_COLUMNS)}) VALUES {_places(PART_COLUMNS, parts)})"  # noqa: S608
    names = ", ".join(f"{name} = %s" for name in HEAD_COLUMNS)
    return f"WITH {made}{also if parts else ''} UPDATE audit_head SET {names}"  # noqa: S608


def _places(columns: Sequence[str], rows: int) -> str:
    return ", ".join([f"({', '.join(['%s'] * len(columns))})"] * rows)


def _rows(of_entries: list[tuple[int, list[Part]]]) -> Iterator[tuple[object, ...]]:
    for entry_id, parts in of_entries:
        for part in parts:
            yield (entry_id, *part)
