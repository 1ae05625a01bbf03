"""Writing down what was read: at once, in a transaction of its own, before anything of it is shown."""

from tracker.rules.trail import Purpose, ReadKind


def note_read(
    kind: ReadKind,
    *,
    record_id: int | None = None,
    what: str | None = None,
    selection: str | None = None,
    row_count: int | None = None,
    purpose: Purpose | None = None,
) -> None:
    """Commits one reading by the present actor. Raises what the database raises: what cannot be logged is not shown."""
