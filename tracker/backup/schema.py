"""Which tables does a database have, how are they made and taken away? Asked of the database itself, not of the models:
a backup may be older than the program.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Column, Connection, MetaData, Table, inspect, text

from tracker.audit.verifying import WITNESSES
from tracker.backup.kinds import kind_of
from tracker.database import db
from tracker.search.installing import DERIVED, TABLES
from tracker.settings import ROOT

VERSION_TABLE = "alembic_version"
# Rows in any of these: somebody has done something. Nothing is done without an entry in the trail.
HOLDING = (*WITNESSES, "audit_entry", "audit_read")


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as the database has it: SQLAlchemy's idea of it, each column's kind, and the key its rows go by."""

    table: Table
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name


def table_names(connection: Connection) -> set[str]:
    """Every table that the database holds, but the index of the search, which is made from the others."""
    return {name for name in inspect(connection).get_table_names() if not name.startswith(DERIVED)}


def shapes(connection: Connection, without: Collection[str] = ()) -> list[Shape]:
    """The tables but Alembic's own and those named, those that others point at before them."""
    inspector = inspect(connection)
    left_out = {None, VERSION_TABLE, *without}
    ordered = [
        name
        for name, _ in inspector.get_sorted_table_and_fkc_names()
        if name not in left_out and not str(name).startswith(DERIVED)
    ]
    found = []
    for name in ordered:
        columns = inspector.get_columns(str(name))
        table = Table(str(name), MetaData(), *(Column(column["name"], column["type"]) for column in columns))
        kinds = tuple((column["name"], kind_of(column["type"])) for column in columns)
        found.append(Shape(table, kinds, tuple(inspector.get_pk_constraint(str(name))["constrained_columns"])))
    return found


def revision_of(connection: Connection) -> str | None:
    """The schema's revision, None where there is no schema."""
    if VERSION_TABLE not in table_names(connection):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
    return found


def is_known(revision: str) -> bool:
    """Whether this program has the migration."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(revision) is not None
    except CommandError:
        return False


def newest_revision() -> str | None:
    """The newest migration that this program has."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def migrate(connection: Connection, revision: str) -> None:
    """Brings the schema up to a revision within the connection's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    return config


def holds_data(connection: Connection) -> bool:
    """Whether anything has been done in the database: what migrations and a start leave there is nothing."""
    there = table_names(connection)
    return any(
        connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first()  # noqa: S608 - names of our own
        for name in HOLDING
        if name in there
    )


def foreign_tables(connection: Connection, known: Iterable[str]) -> list[str]:
    """The tables that are neither the program's nor among those known."""
    return sorted(table_names(connection) - {VERSION_TABLE, *db.metadata.tables, *known})


def drop_everything(connection: Connection) -> None:
    """Takes away every table, with its rows and triggers, and the functions that only triggers use.

    The triggers that keep the trail refuse DELETE; a table that goes does not ask them, and that takes its owner.
    """
    quote = connection.dialect.identifier_preparer.quote
    ordered = [shape.name for shape in shapes(connection)] + sorted({VERSION_TABLE} & table_names(connection))
    if not ordered:
        return
    there = set(inspect(connection).get_table_names())
    ordered += [name for name in TABLES if name in there]
    if connection.dialect.name == "sqlite":
        for name in reversed(ordered):
            connection.exec_driver_sql(f"DROP TABLE {quote(name)}")
        return
    functions = connection.execute(text(_TRIGGER_FUNCTIONS)).scalars().all()
    connection.exec_driver_sql(f"DROP TABLE {', '.join(map(quote, ordered))}")
    for function in functions:
        connection.exec_driver_sql(f"DROP FUNCTION {function}")


_TRIGGER_FUNCTIONS = """
    SELECT DISTINCT pg_trigger.tgfoid::regprocedure::text FROM pg_trigger
    JOIN pg_class ON pg_class.oid = pg_trigger.tgrelid
    JOIN pg_proc ON pg_proc.oid = pg_trigger.tgfoid
    WHERE NOT pg_trigger.tgisinternal AND pg_class.relnamespace = current_schema()::regnamespace
    AND pg_proc.pronamespace = current_schema()::regnamespace
"""


@contextmanager
def triggers_resting(connection: Connection) -> Iterator[None]:
    """Inside, no trigger of the schema acts; afterwards all of them are as before. Within one transaction: when that
    fails, they were never gone.
    """
    if connection.dialect.name == "sqlite":
        listed = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        quote = connection.dialect.identifier_preparer.quote
        for name, _ in listed:
            connection.exec_driver_sql(f"DROP TRIGGER {quote(name)}")
        yield
        for _, statement in listed:
            connection.exec_driver_sql(statement)
        return
    names = [connection.dialect.identifier_preparer.quote(name) for name in table_names(connection)]
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    yield
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def set_sequences(connection: Connection, of: Iterable[Shape]) -> None:
    """PostgreSQL's next numbers come after the highest that the tables hold; SQLite looks for itself."""
    if connection.dialect.name == "sqlite":
        return
    quote = connection.dialect.identifier_preparer.quote
    for shape in of:
        for column, kind in shape.columns:
            if kind != "integer":
                continue
            name = {"table": quote(shape.name), "column": column}
            find = text("SELECT pg_get_serial_sequence(:table, :column)")
            sequence = connection.execute(find, name).scalar()
            if sequence:
                highest = f"SELECT max({quote(column)}) FROM {quote(shape.name)}"  # noqa: S608 - names of the schema
                last = text(f"SELECT setval(:sequence, coalesce(({highest}), 1), ({highest}) IS NOT NULL)")
                connection.execute(last, {"sequence": sequence})
