"""Reads a database past the program, straight through its driver, so that two of them can be compared row by row."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import psycopg
from sqlalchemy import make_url

Rows = dict[str, list[tuple[tuple[str, object], ...]]]
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
TRIGGERS = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger "
    "WHERE NOT tgisinternal",
}


def _as_written(value: object) -> object:
    """A value as SQLite keeps it, whichever engine it came from."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _ask(address: str, *statements: str) -> list[tuple[list[str], list[tuple[object, ...]]]]:
    """The columns and rows of each statement."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)
    else:
        connection = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    found = []
    with closing(connection):
        for statement in statements:
            cursor = connection.execute(statement)
            found.append(([column[0] for column in cursor.description], cursor.fetchall()))
    return found


def _engine(address: str) -> str:
    return make_url(address).get_backend_name()


def all_rows(address: str) -> Rows:
    """Every row of every table, as pairs of column and value in the order of the columns' names; sorted."""
    ((_, listed),) = _ask(address, TABLES[_engine(address)])
    # The search's index is made anew from the others where it is restored (`tests/search/test_index.py`).
    names = sorted(name for (name,) in listed if not name.startswith("search_"))
    asked = _ask(address, *(f'SELECT * FROM "{name}"' for name in names))  # noqa: S608
    rows: Rows = {}
    for name, (columns, found) in zip(names, asked, strict=True):
        pairs = (tuple(sorted(zip(columns, map(_as_written, row), strict=True))) for row in found)
        rows[name] = sorted(pairs, key=repr)
    return rows


def triggers(address: str) -> list[tuple[object, ...]]:
    """Every trigger, and whether it acts."""
    ((_, found),) = _ask(address, TRIGGERS[_engine(address)])
    return sorted(found, key=repr)
