"""An import whose process dies half-way leaves nothing of itself."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.decisions.running import HEAD
from tests.support.databases import TEST_KEY

ROOT = Path(__file__).parent.parent.parent
TABLES = ("record", "decision", "decision_clock", "unit", "code_item")
# Runs the command itself, but makes SQLite keep next to nothing in memory, so that rows reach the disk before the
# commit, and kills its own process when the given number of batches has been written.
DYING = """
import os, signal, sys
from tracker.database import db
from tracker.decisions import writing

write, left = writing.Changes.write, int(sys.argv.pop(1))

def write_and_die(batch):
    global left
    db.session.connection().exec_driver_sql("PRAGMA cache_size=10")
    write(batch)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

writing.Changes.write = write_and_die
from flask.cli import main
main()
"""


def environment(database: Path) -> dict[str, str]:
    return os.environ | {
        "APP_ENV": "testing",
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": TEST_KEY,
        "DATA_ENCRYPTION_KEY": TEST_KEY,
        "AUDIT_KEY": TEST_KEY,
    }


def flask(database: Path, *arguments: object, batches: int | None = None) -> subprocess.CompletedProcess[str]:
    start = ["-m", "flask"] if batches is None else ["-c", DYING, str(batches)]
    command = [sys.executable, *start, *(str(argument) for argument in arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environment(database), capture_output=True, text=True, timeout=120, check=False
    )


def counts(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}  # noqa: S608


def test_nothing_remains_of_an_import_that_was_killed_while_rows_were_written(tmp_path):
    database, log = tmp_path / "register.sqlite", tmp_path / "register.sqlite-wal"
    assert flask(database, "db", "upgrade").returncode == 0
    first, many = tmp_path / "first.csv", tmp_path / "many.csv"
    first.write_text(f"{HEAD}\nA-1;Kontaktperson;2021-01-07;;;;;\n")
    assert flask(database, "import", "decisions", first).stdout == "1 nya, 0 ändrade, 0 oförändrade\n"
    before = counts(database)
    rows = (f"R-{number};Ny insats;2021-01-07;;2021-02-01;;;\n" for number in range(8_000))
    many.write_text("".join([f"{HEAD}\nA-1;Ändrad insats;;;;;;\n", *rows]))

    killed = flask(database, "import", "decisions", many, batches=2)

    assert killed.returncode == -signal.SIGKILL
    assert killed.stdout == ""
    assert log.stat().st_size > 1_000_000, "rows had reached the disk when the process died"
    assert counts(database) == before
    with closing(sqlite3.connect(database)) as connection:
        labels = {label for (label,) in connection.execute("SELECT label FROM code_item WHERE list = 'intervention'")}
    assert labels == {"Kontaktperson"}

    again = flask(database, "import", "decisions", many)
    assert again.stdout == "8000 nya, 1 ändrade, 0 oförändrade\n", again.stderr
    assert counts(database)["decision_clock"] == 8_001
