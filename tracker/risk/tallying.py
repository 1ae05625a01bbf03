"""How many risks stand in each cell? Kept equal to the register, within the transaction that changes it."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.dialects import postgresql, sqlite

from tracker.database import db, is_sqlite
from tracker.records.models import Mark
from tracker.records.yearly import Change, Stored
from tracker.risk.models import RiskTally

KEYS = ("year", "unit_id", "likelihood", "consequence")
COUNTS = ("number", "net_number")


def tally(changes: Iterable[Change]) -> None:
    """Moves each changed risk from the cell where it stood to the one where it stands, on each of the lists."""
    moved = {count: Counter[tuple[int, ...]]() for count in COUNTS}
    for change in changes:
        for count, cells in moved.items():
            cells.subtract(_cells(change.before, count))
            cells.update(_cells(change.after, count))
    cells_moved = sorted({cell for cells in moved.values() for cell, n in cells.items() if n})
    if not cells_moved:
        return
    rows = [
        dict(zip(KEYS, cell, strict=True)) | {count: cells[cell] for count, cells in moved.items()}
        for cell in cells_moved
    ]
    insert = (sqlite.insert if is_sqlite() else postgresql.insert)(RiskTally)
    added = {count: getattr(RiskTally, count) + getattr(insert.excluded, count) for count in COUNTS}
    db.session.execute(insert.on_conflict_do_update(index_elements=list(KEYS), set_=added), rows)


def _cells(row: Stored | None, count: str) -> list[tuple[int, ...]]:
    if row is None or row["mark"] != Mark.ORDINARY or not (count == "number" or row["in_net"]):
        return []
    return [tuple(row[name] for name in KEYS)]
