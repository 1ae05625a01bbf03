"""Making the index of the search, with the triggers that keep it in step, and making it anew.

Triggers, as registers are written row by row, in bulk and by COPY: nothing that changes a row can forget the index. On
SQLite the words lie in `search_text` and FTS5 indexes them; on PostgreSQL a column of it is the tsvector.

A migration that makes one of these tables anew on SQLite (`batch_alter_table`) takes its triggers with it: it calls
`uninstall` first and `install` afterwards.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from tracker.search.definition import BEGINNINGS, INDEX, LONGEST, TERMS, TEXT, Source, selected

COLUMNS = "id, record_id, kind, unit_id, day, ref, number, case_number, words, marks"
INDEXED = "number, case_number, words, marks"
DERIVED = "search_"  # how the names of all its tables begin, those that FTS5 makes for itself too
BY_UNIT = f"CREATE INDEX IF NOT EXISTS ix_{TEXT}_unit ON {TEXT} (unit_id, id)"  # PostgreSQL walks a unit's newest
TABLES = (TEXT, INDEX, TERMS)  # in the order that they are made; FTS5 takes its own away
# PostgreSQL's own splitting knows addresses and signed numbers; here a word is what stands between other signs, as in
# FTS5. Letters are made small by code point, whatever the database's locale.
_LARGE = "".join(chr(code) for code in range(0xC0, 0xDF) if code != 0xD7)
_SMALL = "".join(chr(code + 0x20) for code in range(0xC0, 0xDF) if code != 0xD7)
_BETWEEN = r"[\x01-/:-@\[-`{-\xbf\xd7\xf7\u2000-\u206f\ue000]+"
_WORDS = (
    f"to_tsvector('simple', regexp_replace(translate(left(number || ' ' || coalesce(case_number, '') || ' ' || words, "
    f"{LONGEST}), '{_LARGE}', '{_SMALL}') COLLATE \"C\", '{_BETWEEN}', ' ', 'g'))"
)


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic is to compare it with the models: all but the tables of the index."""
    return not (kind == "table" and str(name).startswith(DERIVED))


def install(connection: Connection, sources: Sequence[Source]) -> None:
    """Makes the index of these registers with its triggers, and fills it."""
    run = connection.exec_driver_sql
    sqlite = connection.dialect.name == "sqlite"
    vector = "" if sqlite else (
        f", vector tsvector GENERATED ALWAYS AS ({_WORDS} || array_to_tsvector(string_to_array(marks, ' '))) STORED"
    )  # fmt: skip
    run(
        f"CREATE TABLE {TEXT} (id BIGINT NOT NULL PRIMARY KEY, record_id INTEGER NOT NULL, "
        "kind VARCHAR(20) NOT NULL, unit_id INTEGER NOT NULL, day DATE NOT NULL, ref TEXT NOT NULL, "
        f"number TEXT NOT NULL, case_number TEXT, words TEXT NOT NULL, marks TEXT NOT NULL{vector})".replace(
            "id BIGINT", "id INTEGER" if sqlite else "id BIGINT", 1
        )
    )
    run(f"CREATE UNIQUE INDEX ix_{TEXT}_record ON {TEXT} (record_id, kind)")
    for column in ("ref", "number"):
        run(f"CREATE INDEX ix_{TEXT}_{column} ON {TEXT} ({column})")
    if sqlite:
        run(
            f"CREATE VIRTUAL TABLE {INDEX} USING fts5({INDEXED}, content='{TEXT}', content_rowid='id', "
            f"detail='none', prefix='{' '.join(map(str, BEGINNINGS))}', tokenize='unicode61 remove_diacritics 0')"
        )
        run(f"CREATE VIRTUAL TABLE {TERMS} USING fts5vocab('{INDEX}', 'instance')")
        _index_follows(connection)
    else:
        run(f"CREATE INDEX ix_{TEXT}_vector ON {TEXT} USING gin (vector)")
        run(BY_UNIT)
    for source in sources:
        (_sqlite_triggers if sqlite else _postgresql_triggers)(connection, source)
    _case_number_follows(connection, sqlite=sqlite)
    rebuild(connection, sources)


def uninstall(connection: Connection, sources: Sequence[Source]) -> None:
    """Takes the index and its triggers away."""
    run = connection.exec_driver_sql
    for table in (*(source.table for source in sources), "record"):
        for event in ("insert", "update", "delete"):
            of_table = "" if connection.dialect.name == "sqlite" else f" ON {table}"
            run(f"DROP TRIGGER IF EXISTS search_{table}_{event}{of_table}")
        if connection.dialect.name != "sqlite":
            run(f"DROP FUNCTION search_{table}()")
    if connection.dialect.name == "sqlite":
        run(f"DROP TABLE {TERMS}")
        run(f"DROP TABLE {INDEX}")
    run(f"DROP TABLE {TEXT}")


def clear(connection: Connection) -> None:
    """Empties the index."""
    if connection.dialect.name == "sqlite":
        listed = connection.exec_driver_sql(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TEXT}'"
        ).all()
        for name, _ in listed:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(f"DELETE FROM {TEXT}")
        connection.exec_driver_sql(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')")
        for _, statement in listed:
            connection.exec_driver_sql(statement)
        return
    connection.exec_driver_sql(f"DELETE FROM {TEXT}")


def rebuild(connection: Connection, sources: Sequence[Source]) -> int:
    """Makes the index anew from the registers, within the caller's transaction; gives how many records it holds."""
    clear(connection)
    sqlite = connection.dialect.name == "sqlite"
    count = 0
    for source in sources:
        of_register = selected(source, source.table, sqlite=sqlite)
        count += connection.exec_driver_sql(f"INSERT INTO {TEXT} ({COLUMNS}) {of_register}").rowcount
    return count


def _index_follows(connection: Connection) -> None:
    """FTS5 is told what is put into `search_text`, and what is taken out."""
    old = f"INSERT INTO {INDEX} ({INDEX}, rowid, {INDEXED}) VALUES ('delete', OLD.id, {_of('OLD', INDEXED)});"
    new = f"INSERT INTO {INDEX} (rowid, {INDEXED}) VALUES (NEW.id, {_of('NEW', INDEXED)});"
    for event, body in (("insert", new), ("update", f"{old} {new}"), ("delete", old)):
        connection.exec_driver_sql(
            f"CREATE TRIGGER search_text_{event} AFTER {event.upper()} ON {TEXT} BEGIN {body} END"
        )


def _of(row: str, columns: str) -> str:
    return ", ".join(f"{row}.{column}" for column in columns.split(", "))


def _sqlite_triggers(connection: Connection, source: Source) -> None:
    gone = f"DELETE FROM {TEXT} WHERE record_id = OLD.record_id AND kind = '{source.kind}';"
    of_row = selected(source, source.table, sqlite=True)
    made = f"INSERT INTO {TEXT} ({COLUMNS}) {of_row} AND r.record_id = NEW.record_id;"
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in source.columns)
    for event, when, body in (
        ("insert", "", made), ("update", f" WHEN {changed}", f"{gone} {made}"), ("delete", "", gone),
    ):  # fmt: skip
        connection.exec_driver_sql(
            f"CREATE TRIGGER search_{source.table}_{event} AFTER {event.upper()} ON {source.table}{when} "
            f"BEGIN {body} END"
        )


def _postgresql_triggers(connection: Connection, source: Source) -> None:
    """One for a statement, however many rows it writes."""
    both = tuple(f"({', '.join(f'{row}.{column}' for column in source.columns)})" for row in ("gone", "fresh"))
    changed = "SELECT fresh.record_id FROM gone JOIN fresh USING (record_id) WHERE {} IS DISTINCT FROM {}".format(*both)
    gone = f"DELETE FROM {TEXT} WHERE kind = '{source.kind}' AND record_id IN"
    made = f"INSERT INTO {TEXT} ({COLUMNS}) {selected(source, 'fresh', sqlite=False)}"
    connection.exec_driver_sql(
        f"CREATE FUNCTION search_{source.table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN {made}; "
        f"ELSIF TG_OP = 'DELETE' THEN {gone} (SELECT record_id FROM gone); "
        f"ELSE {gone} ({changed}); {made} AND r.record_id IN ({changed}); END IF; "
        "RETURN NULL; END $$"
    )
    for event, seen in (
        ("insert", "NEW TABLE AS fresh"), ("update", "OLD TABLE AS gone NEW TABLE AS fresh"),
        ("delete", "OLD TABLE AS gone"),
    ):  # fmt: skip
        connection.exec_driver_sql(
            f"CREATE TRIGGER search_{source.table}_{event} AFTER {event.upper()} ON {source.table} "
            f"REFERENCING {seen} FOR EACH STATEMENT EXECUTE FUNCTION search_{source.table}()"
        )


def _case_number_follows(connection: Connection, *, sqlite: bool) -> None:
    """A record's number and diary number may change by themselves; its unit does so in the register's own row."""
    change = (
        f"UPDATE {TEXT} SET number = NEW.number, "
        "case_number = CASE WHEN kind = 'lex_sarah' THEN NULL ELSE NEW.case_number END WHERE record_id = NEW.id;"
    )
    other = "OLD.number {0} NEW.number OR OLD.case_number {0} NEW.case_number".format(
        "IS NOT" if sqlite else "IS DISTINCT FROM"
    )
    if sqlite:
        connection.exec_driver_sql(
            f"CREATE TRIGGER search_record_update AFTER UPDATE ON record WHEN {other} BEGIN {change} END"
        )
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION search_record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change} RETURN NULL; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER search_record_update AFTER UPDATE ON record FOR EACH ROW WHEN ({other}) "
        "EXECUTE FUNCTION search_record()"
    )
