"""Putting a backup back: all of it, in one transaction, on whichever engine; or nothing."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg import Error as DriverError
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from tracker.accounts.services import end_all_sign_ins
from tracker.audit import trail
from tracker.audit.heads import publish_head, set_aside
from tracker.audit.models import AuditEntry, AuditHead
from tracker.backup import schema
from tracker.backup.archive import Reading, opened
from tracker.backup.manifest import Manifest, Member, damaged
from tracker.database import db, insert_rows, large_batch, overwrite_deleted, refresh_statistics, scrub, writer
from tracker.kept import forget_everything
from tracker.records.models import Record
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action
from tracker.search.definition import CURRENT
from tracker.search.installing import rebuild

ROWS_AT_ONCE, BYTES_AT_ONCE = 2_000, 8_000_000
LOCK_TIMEOUT = "30s"
_LOCKED = ("database is locked", "LockNotAvailable")
Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What has been put back, and what is left to do: the refs of records whose persons had been forgotten since the
    copy was taken, and where the heads that are no longer true have been put (None: there were none).
    """

    manifest: Manifest
    forgotten: tuple[str, ...]
    heads_aside: Path | None


def restore_backup(
    file: Path, heads: Path | None, now: datetime, *, replace: bool, tell: Tell = lambda *_: None
) -> Restored:
    """Puts a backup into the database in use; with `replace` in the place of what it holds. Commits.

    Before anything is written the manifest, every checksum and the keys have been found to fit. Sign-ins and codes in
    the backup are ended. Raises RuleViolation; the database is as it was then.
    """
    with opened(file) as backup:
        manifest = backup.manifest
        if not schema.is_known(manifest.revision):
            raise RuleViolation(
                "backup_newer_schema",
                f"Säkerhetskopian är gjord med en nyare version av programmet (schema {manifest.revision}). "
                "Uppgradera programmet först.",
            )
        manifest.check_data_keys()
        _check_target(db.session.connection(), manifest, replace=replace)
        db.session.rollback()
        for member in manifest.members:
            backup.check(member)
            tell(f"kontrollerad: {member.table}", member.rows)
        try:
            with writer():
                forgotten = _put_back(backup, now, replace=replace, tell=tell)
                db.session.commit()
        except (DBAPIError, DriverError) as error:  # rows that are copied in go past SQLAlchemy
            raise _refused_by_database(error) from None
        finally:
            db.session.rollback()
    forget_everything()
    _tidy(replaced=replace)
    aside = set_aside(heads, now) if heads else None
    if heads:
        publish_head(heads, now)
    return Restored(manifest, forgotten, aside)


def _check_target(connection: Connection, manifest: Manifest, *, replace: bool) -> None:
    """Raises RuleViolation when the database holds something that must not go."""
    foreign = schema.foreign_tables(connection, (member.table for member in manifest.members))
    if foreign:
        raise RuleViolation(
            "backup_foreign_tables",
            f"Databasen innehåller tabeller som inte hör till programmet ({', '.join(foreign[:5])}). Återläs i en egen "
            "databas. Inget har ändrats.",
        )
    if not replace and schema.holds_data(connection):
        raise RuleViolation(
            "backup_not_empty",
            "Databasen innehåller redan uppgifter. Återläs i en tom databas, eller ersätt allt som finns med "
            "--replace. Inget har ändrats.",
        )


def _put_back(backup: Reading, now: datetime, *, replace: bool, tell: Tell) -> tuple[str, ...]:
    """All of it, within the session's transaction, which the caller commits; gives the refs to forget again."""
    manifest = backup.manifest
    connection = _begin()
    _check_target(connection, manifest, replace=replace)
    replaced_head = _present_head(connection) if replace else None
    forgotten = _forgotten_since(connection, manifest) if replaced_head else []
    schema.drop_everything(connection)
    schema.migrate(connection, manifest.revision)
    there = schema.shapes(connection)
    by_name = _matched(there, manifest)
    with large_batch(), schema.triggers_resting(connection):
        for shape in reversed(there):  # what migrations have put in
            connection.execute(shape.table.delete())
        for shape in there:
            member = by_name[shape.name]
            at_once = max(1, min(ROWS_AT_ONCE, BYTES_AT_ONCE // (member.longest + 1)))
            insert_rows(shape.table, [name for name, _ in member.columns], backup.rows(member), at_once)
            tell(member.table, member.rows)
        schema.set_sequences(connection, there)
    _check_keys_between_tables(connection)
    if manifest.revision != schema.newest_revision():
        schema.migrate(connection, "head")
    rebuild(connection, CURRENT)
    end_all_sign_ins(now)
    head = (replaced_head, manifest.head)
    trail.record(Action.BACKUP_RESTORED, changes={"taken_at": (None, manifest.taken_at), "head": head})
    numbers = select(Record.number).where(Record.id.in_(forgotten)).order_by(Record.id)
    return tuple(connection.execute(numbers).scalars())


def _begin() -> Connection:
    """A transaction that waits for others no longer than it must, and asks about keys between tables at its end."""
    overwrite_deleted()
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    else:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    return connection


def _present_head(connection: Connection) -> str | None:
    """Where the trail stands that is about to be replaced."""
    if AuditHead.__tablename__ not in schema.table_names(connection):
        return None
    row = connection.execute(select(AuditHead.last_id, AuditHead.last_mac)).first()
    return f"{row.last_id}:{row.last_mac.hex()}" if row and row.last_id else None


def _forgotten_since(connection: Connection, manifest: Manifest) -> list[int]:
    """The records whose persons have been forgotten since the copy was taken of this same database."""
    if connection.execute(select(AuditHead.chain)).scalar() != manifest.chain:
        return []
    later = (AuditEntry.id > manifest.last_id, AuditEntry.action == Action.RECORD_FORGOTTEN)
    found = connection.execute(select(AuditEntry.record_id).where(*later)).scalars()
    return [record_id for record_id in found if record_id is not None]


def _matched(there: list[schema.Shape], manifest: Manifest) -> dict[str, Member]:
    """The members by table, when tables and columns are exactly those of the schema. Raises RuleViolation."""
    by_name = {member.table: member for member in manifest.members}
    if {name: dict(member.columns) for name, member in by_name.items()} != {
        shape.name: dict(shape.columns) for shape in there
    } or len(by_name) != len(manifest.members):
        raise damaged()
    return by_name


def _check_keys_between_tables(connection: Connection) -> None:
    """SQLite has put the question off to the end; PostgreSQL has asked already."""
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise damaged()


def _refused_by_database(error: DBAPIError | DriverError) -> RuleViolation:
    cause = error.orig if isinstance(error, DBAPIError) else error
    kind = type(cause).__name__
    if any(word in f"{kind} {cause}" for word in _LOCKED):
        return RuleViolation(
            "backup_locked", "Databasen används. Stoppa programmet och försök igen. Inget har ändrats."
        )
    return RuleViolation("backup_refused", f"Databasen tar inte emot säkerhetskopian ({kind}). Inget har ändrats.")


def _tidy(*, replaced: bool) -> None:
    """Takes what has been replaced out of the files, and lets the database look over its tables. All is done by now:
    a database that will not be tidied at the moment tidies itself later.
    """
    with suppress(DBAPIError):
        if replaced:
            scrub()
        refresh_statistics()
