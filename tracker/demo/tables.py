"""How do the demonstration's rows come in? As if from a file, so that the import's own rules check them."""

from collections.abc import Iterable
from datetime import date

from tracker.exchange.table import HEAD_ROW, Row, Table


def as_table(rows: list[dict[str, str | date]], names: Iterable[str]) -> Table:
    """The rows as a file's table, with those of the columns that any row has."""
    columns = tuple(name for name in names if any(name in row for row in rows))
    cells = (tuple(row.get(name, "") for name in columns) for row in rows)
    return Table(columns, [Row(number, of_row) for number, of_row in enumerate(cells, start=HEAD_ROW + 1)])
