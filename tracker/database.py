"""How does the program reach its database? One object, one base class, and SQLite taught to behave."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from itertools import islice
from operator import itemgetter
from typing import Any

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Executable, MetaData, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

from tracker.memory import collector_resting

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 30_000
ROWS_AT_ONCE = 10_000
RESTED_SECONDS = 1.0
CACHE_KB, BATCH_CACHE_KB = 8_000, 16_000
OPTIMIZE = "INSERT INTO search_index (search_index) VALUES ('optimize')"


class Base(DeclarativeBase):
    """Base of every table; the names of constraints follow one convention so that migrations can drop them."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def writer() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once, so that none fails half-way; waits up to 30 s."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """Whether what is begun now takes the write lock."""
    return _writing.get()


def set_writing(value: bool) -> None:
    """Marks the rest of this request's context as writing or not (see `writer`)."""
    _writing.set(value)


def is_reading() -> bool:
    """Whether what is begun now can change nothing on PostgreSQL."""
    return _reading.get() and not _writing.get()


def set_reading(value: bool) -> None:
    """Marks the rest of this request's context as one that only reads: PostgreSQL refuses it every change but those
    of a `writer`.
    """
    _reading.set(value)


def end_reading() -> None:
    """Ends what a reading request has begun, all of it being read: what it holds stays as it was read.

    On PostgreSQL by a commit, which keeps nothing, as the transaction could not write: the driver throws its prepared
    statements away at every rollback, and planning costs more than many a query. A reading that is noted after this
    uses the same connection, the other's pages still at hand.
    """
    session = db.session()
    if not (_reading.get() and session.in_transaction() and session.is_active):
        session.rollback()
        return
    session.expunge_all()
    if is_sqlite() or not _driver_of(session.connection()).read_only:  # what a writer has left undone is undone
        session.rollback()
    else:
        session.commit()


def _driver_of(connection: Connection) -> Any:  # noqa: ANN401 - psycopg's, but the program runs without it on SQLite
    return connection.connection.driver_connection


@contextmanager
def not_writing() -> Iterator[None]:
    """Inside a request that writes: nothing is locked, so that others go on; what was begun before is undone."""
    db.session.rollback()
    token = _writing.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        _writing.reset(token)


class _HintingCompiler(SQLiteCompiler):
    """Writes a select's hint (`INDEXED BY …`) after its table, which SQLAlchemy leaves out for SQLite."""

    def get_from_hint_text(self, table: object, text: str | None) -> str | None:
        return text


SQLiteDialect_pysqlite.statement_compiler = _HintingCompiler

# What SQLAlchemy writes for these types, for the rows that go past it (see `insert_many`).
sqlite3.register_adapter(date, date.isoformat)
sqlite3.register_adapter(datetime, lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S.%f"))


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: object, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # transactions are begun by the event below, not by the driver
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KB}")
    cursor.close()


@event.listens_for(Engine, "checkin")
def _note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["resting_since"] = time.monotonic()


@event.listens_for(Engine, "checkout")
def _try_rested(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401 - any driver's
    """A connection that has rested is tried before it is used, so that a server that has been started anew is noticed
    before a page needs it; then all that rest are replaced.
    """
    since = record.info.get("resting_since")
    if since is None or isinstance(connection, sqlite3.Connection) or time.monotonic() - since < RESTED_SECONDS:
        return
    try:
        connection.autocommit = True
        connection.execute("SELECT 1")
        connection.autocommit = False
    except Exception as error:
        raise InvalidatePoolError from error


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
        return
    driver = _driver_of(connection)
    if bool(driver.read_only) != is_reading():
        driver.read_only = is_reading() or None


def database_key() -> str:
    """Which database is in use, as a key for what is remembered of it."""
    return str(current_app.config["SQLALCHEMY_DATABASE_URI"])


def is_sqlite() -> bool:
    """Whether the database in use is SQLite."""
    return db.engine.dialect.name == "sqlite"


def insert_if_new(model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that leaves rows alone whose key is there already, on either engine."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    return insert(model).on_conflict_do_nothing()


def read(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """What a statement finds that asks for columns, past what the session does with each statement and each row: twice
    as fast for a number. What the session has not written yet is written before.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values or {})


def insert_many(table: Table, rows: list[dict[str, Any]]) -> None:
    """Inserts rows that all give the same columns, within the session's transaction, the fastest way the engine has.

    Values are what the columns hold in Python: dates, moments, texts, numbers, truth values, bytes, None; at least two
    columns.
    """
    if rows:
        names = list(rows[0])
        insert_rows(table, names, map(itemgetter(*names), rows))


def insert_rows(
    table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]], at_once: int = ROWS_AT_ONCE
) -> None:
    """Inserts rows of values in the order of `names`, as `insert_many` does; no more than `at_once` are held."""
    connection = db.session.connection()
    quote = connection.dialect.identifier_preparer.quote
    columns, into = ", ".join(map(quote, names)), quote(table.name)
    if is_sqlite():
        statement = f"INSERT INTO {into} ({columns}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
        waiting = iter(rows)
        while some := list(islice(waiting, at_once)):
            connection.exec_driver_sql(statement, some)
        return
    with _driver_of(connection).cursor() as cursor, cursor.copy(f"COPY {into} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def large_batch() -> Iterator[None]:
    """For a batch of many rows: SQLite keeps more of its pages at hand, and the collector rests."""
    with collector_resting():
        if is_sqlite():
            db.session.connection().exec_driver_sql(f"PRAGMA cache_size=-{BATCH_CACHE_KB}")
        yield


def read_one_snapshot() -> None:
    """From here on everything that is read in this session stands as at one moment; what was begun before is ended.

    SQLite's readers always do; PostgreSQL is asked to, so that a report's figures and rows agree.
    """
    end_reading()
    if not is_sqlite():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def plan_once() -> None:
    """From here on in this transaction PostgreSQL plans a statement that comes again and again once, not anew for each
    day or number: for those that cost less than their planning, and whose plan no value should change.
    """
    if not is_sqlite():
        db.session.connection().exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")


@contextmanager
def planned_once() -> Iterator[None]:
    """The same inside alone."""
    plan_once()
    yield
    if not is_sqlite():
        db.session.connection().exec_driver_sql("SET LOCAL plan_cache_mode = auto")


def overwrite_deleted() -> None:
    """From here on, on this connection, SQLite writes zeroes over what is deleted; PostgreSQL has no such thing."""
    if is_sqlite():
        db.session.connection().exec_driver_sql("PRAGMA secure_delete=ON")


def scrub_search() -> None:
    """Within the session's transaction: takes the words that no record holds any more out of the index of the search,
    which keeps them, on either engine, until it is written anew.
    """
    anew = OPTIMIZE if is_sqlite() else "REINDEX INDEX ix_search_text_vector"
    db.session.connection().exec_driver_sql(anew)


def scrub() -> None:
    """Takes what has been deleted or overwritten out of the database's files, as far as the engine can."""
    db.session.remove()
    if is_sqlite():
        with writer():
            overwrite_deleted()
            scrub_search()
            db.session.commit()
        db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            names = ("record", "decision", "decision_clock", "record_key", "record_grant", "individual_report")
            for table in (*names, "ivo_matter", "frozen_file", "clock_life", "clock_event", "action", "search_text"):
                connection.exec_driver_sql(f"VACUUM {table}")
            connection.exec_driver_sql("REINDEX INDEX CONCURRENTLY ix_search_text_vector")
            connection.exec_driver_sql("CHECKPOINT")


def refresh_statistics() -> None:
    """Lets the database look over its tables after a large change, outside any transaction."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA optimize=0x10002")
        else:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
