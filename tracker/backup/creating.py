"""Taking a copy of the whole database while the program runs: one moment of it, in one file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Row, String, func, select

from tracker.audit import trail
from tracker.audit.heads import publish_head
from tracker.audit.models import AuditHead, DataKey
from tracker.audit.reads import seal_reads
from tracker.backup.archive import Writing, new_file
from tracker.backup.manifest import Manifest, audit_key_id, new_probe
from tracker.backup.schema import Shape, foreign_tables, is_known, newest_revision, revision_of, shapes
from tracker.database import db, read_one_snapshot, writer
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action

ROWS_AT_ONCE, BYTES_AT_ONCE = 2_000, 8_000_000
TOLD_EVERY = 100_000
Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Created:
    """What the file holds: its manifest, how large it is, and tables that are not the program's and are left out."""

    manifest: Manifest
    size: int
    left_out: tuple[str, ...]


def create_backup(file: Path, heads: Path | None, now: datetime, tell: Tell = lambda *_: None) -> Created:
    """Copies the database as it stands at one moment into a file; commits what it notes in the trail first.

    The reads are sealed and the head published (to `heads`, if given) before the copy is taken, so that the copy's own
    entry stands in it. `tell` hears of each table and how many rows of it are done. Raises RuleViolation.
    """
    with new_file(file) as stream:
        _check_revision(revision_of(db.session.connection()))
        db.session.rollback()
        seal_reads()
        _note()
        if heads:
            publish_head(heads, now)
        read_one_snapshot()
        try:
            archive = Writing(stream)
            left_out = _not_ours(db.session.connection())
            manifest = _copy(db.session.connection(), archive, left_out, now, tell)
            archive.finish(manifest)
        finally:
            db.session.rollback()
        size = stream.tell()
    return Created(manifest, size, left_out)


def _check_revision(revision: str | None) -> None:
    if revision is None:
        raise RuleViolation("backup_no_schema", "Databasen är tom: det finns inget att säkerhetskopiera.")
    if not is_known(revision):
        raise RuleViolation(
            "backup_newer_database",
            "Databasen hör till en nyare version av programmet. Uppgradera programmet först.",
        )


def _note() -> None:
    """As for any file with personal data: noted before it is taken out."""
    with writer():
        trail.record(Action.BACKUP_CREATED)
        db.session.commit()


def _not_ours(connection: Connection) -> tuple[str, ...]:
    """Tables that somebody else has put into the database; of an older schema it cannot be told."""
    return tuple(foreign_tables(connection, ())) if revision_of(connection) == newest_revision() else ()


def _copy(connection: Connection, archive: Writing, left_out: tuple[str, ...], now: datetime, tell: Tell) -> Manifest:
    """Every table but those left out into the archive; gives the manifest."""
    head = connection.execute(select(AuditHead.chain, AuditHead.last_id, AuditHead.last_mac)).one()
    revision = str(revision_of(connection))
    keys = connection.execute(select(DataKey.key_id).order_by(DataKey.key_id)).scalars().all()
    members = [
        archive.add_table(shape.name, shape.columns, _rows(connection, shape, tell))
        for shape in shapes(connection, left_out)
    ]
    return Manifest(
        taken_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        engine=connection.dialect.name,
        revision=revision,
        chain=head.chain,
        last_id=head.last_id,
        last_mac=head.last_mac.hex(),
        audit_key=audit_key_id(),
        data_keys=tuple(key.hex() for key in keys),
        probe=new_probe(),
        members=tuple(members),
    )


def _rows(connection: Connection, shape: Shape, tell: Tell) -> Iterator[Row[tuple[object, ...]]]:
    """A table's rows in the order of its key, some at a time."""
    statement = select(shape.table).order_by(*(shape.table.c[name] for name in shape.key))
    options = {"stream_results": True, "yield_per": _at_once(connection, shape)}
    with connection.execute(statement, execution_options=options) as result:
        done = 0
        for rows in result.partitions():
            yield from rows
            done += len(rows)
            if done % TOLD_EVERY < len(rows) < done:
                tell(shape.name, done)
    tell(shape.name, done)


def _at_once(connection: Connection, shape: Shape) -> int:
    """How many of the table's rows may be held: fewer where some are large."""
    table = shape.table
    kinds = dict(shape.columns)
    free = [c for c in table.c if kinds[c.name] == "bytes" or (isinstance(c.type, String) and not c.type.length)]
    lengths = [func.coalesce(func.max(func.length(column)), 0) for column in free]
    largest = sum(connection.execute(select(*lengths)).one()) if lengths else 0
    return int(max(1, min(ROWS_AT_ONCE, BYTES_AT_ONCE // (largest + 1))))
