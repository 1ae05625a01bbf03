"""Does anything change without leaving an entry in the trail? Asked of every commit of every request in the tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

# The trail's own statement on PostgreSQL begins with a part that has a name.
WRITES = re.compile(
    r"\s*(?:WITH\s+\w+\s+AS\s+\(\s*)?(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE
)
# What is no content: sign-ins, waits, what was typed, what has been seen, the trail itself, and files that are being
# made, whose taking out is noted.
EXEMPT = frozenset(
    {
        "user_session", "sign_in_throttle", "visit_count", "draft", "waiting_import", "waiting_piece",
        "audit_part", "audit_head", "audit_read", "record_key", "data_key", "alembic_version", "unit_tree",
        "reminder_notice", "export_job",
    }
)  # fmt: skip
ENABLED = True  # tests that take the trail away take this, too
_guarded: ContextVar[bool] = ContextVar("guarded", default=False)


class UnrecordedChangeError(AssertionError):
    """A table was written in a transaction that leaves no entry in the trail."""


@contextmanager
def guarded() -> Iterator[None]:
    """Inside, a commit that changes anything without an entry in the trail fails."""
    token = _guarded.set(True)
    try:
        yield
    finally:
        _guarded.reset(token)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    connection.info["written"] = set()


@event.listens_for(Engine, "before_cursor_execute")
def _note(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    found = WRITES.match(statement)
    if found:
        connection.info.setdefault("written", set()).add(found[1].lower())


@event.listens_for(Engine, "commit")
def _check(connection: Connection) -> None:
    written = connection.info.get("written", set())
    silent = written - EXEMPT - {"audit_entry"}
    if ENABLED and _guarded.get() and silent and "audit_entry" not in written:
        raise UnrecordedChangeError(f"changed without an entry in the trail: {', '.join(sorted(silent))}")
