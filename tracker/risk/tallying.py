"""How many risks stand in each cell? Kept equal to the register, within the transaction that changes it."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.dialects import postgresql, sqlite

from tracker.database import db, is_sqlite
from tracker.records.models import Mark
from tracker.records.yearly import Change, Stored
from tracker.risk.models import RiskTally


def tally(changes: Iterable[Change]) -> None:
    """Moves each changed risk from the cell where it stood to the one where it stands."""
    moved = Counter[tuple[int, int, int, int]]()
    for change in changes:
        moved.subtract(_cells(change.before))
        moved.update(_cells(change.after))
    keys = ("year", "unit_id", "likelihood", "consequence")
    rows = [dict(zip(keys, cell, strict=True)) | {"number": n} for cell, n in sorted(moved.items()) if n]
    if not rows:
        return
    insert = (sqlite.insert if is_sqlite() else postgresql.insert)(RiskTally)
    statement = insert.on_conflict_do_update(
        index_elements=list(keys), set_={"number": RiskTally.number + insert.excluded.number}
    )
    db.session.execute(statement, rows)


def _cells(row: Stored | None) -> list[tuple[int, int, int, int]]:
    if row is None or row["mark"] != Mark.ORDINARY:
        return []
    return [(row["year"], row["unit_id"], row["likelihood"], row["consequence"])]
