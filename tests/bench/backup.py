"""What do a backup and its restoring cost? 100 000 decisions with persons and a trail, on and across the engines."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import data
from tests.bench.measuring import measured
from tests.bench.parts import MEDIUM, Line
from tests.support import databases

Tell = Callable[[Line], None]


def measure(engine: str, tell: Tell) -> None:
    """Creates a backup of a filled database, and puts it back: into an empty one, and over the one it came from."""
    folder = Path(os.environ[databases.FOLDER])
    file, rows = folder / f"backup-{engine}.zip", folder / f"backup-{engine}.csv"
    rows.write_bytes(data.csv_of(MEDIUM))
    full = databases.empty_database(engine)
    for command in (("db", "upgrade"), ("import", "decisions", str(rows))):
        measured(*_flask(full, *command))
    seconds, memory = measured(*_flask(full, "backup", "create", str(file)))
    note = f"{file.stat().st_size / 1_000_000:.1f} MB"
    tell(Line(engine, f"backup of {MEDIUM} decisions", "-", MEDIUM, None, seconds, "s", 20, note))
    tell(Line(engine, "its memory", "-", MEDIUM, None, memory, "MB", 150))
    for into, database, option in (
        (engine, databases.empty_database(engine), ()),
        (engine, full, ("--replace",)),
        *((other, databases.empty_database(other), ()) for other in databases.ENGINES if other != engine),
    ):
        seconds, memory = measured(*_flask(database, "backup", "restore", str(file), *option))
        what = f"restored into {into}{', over what was there' if option else ''}"
        tell(Line(engine, what, "-", MEDIUM, None, seconds, "s", 60))
        tell(Line(engine, "its memory", "-", MEDIUM, None, memory, "MB", 150))


def _flask(database: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    key = databases.TEST_KEY
    environment = {"APP_ENV": "testing", "DATABASE_URL": database, "SECRET_KEY": key, "DATA_ENCRYPTION_KEY": key,
                   "AUDIT_KEY": key}  # fmt: skip
    return [sys.executable, "-m", "flask", *arguments], environment
