"""Does a text stand in plain sight in the database: in SQLite's files as bytes, in PostgreSQL's rows as it dumps?"""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from tracker.database import db


def traces_left(traces: Iterable[str]) -> set[str]:
    """Those of the texts that stand somewhere in the database as they are."""
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        path = str(db.engine.url.database)
        held = b"".join(file.read_bytes() for end in ("", "-wal", "-shm") if (file := Path(path + end)).exists())
        return {trace for trace in traces if trace.encode() in held}
    found = set()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            shown = "".join(v.decode("latin-1") if isinstance(v, bytes) else f"{v}\x1f" for v in row)
            found |= {trace for trace in traces if trace in shown}
    db.session.rollback()
    return found
