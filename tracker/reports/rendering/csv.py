"""How does a report become CSV? Its main table: the rows, or for the council the groups."""

from tracker.exchange.writing import write_csv
from tracker.reports.audiences import Audience, Document
from tracker.reports.rendering.tables import GROUP_COLUMNS, group_cells, row_cells, row_columns


def render_csv(document: Document) -> bytes:
    """The rows of the report; the council, which has none, gets the groups."""
    if document["audience"] == Audience.COUNCIL:
        return "".join(write_csv(GROUP_COLUMNS, group_cells(document))).encode()
    return "".join(write_csv(row_columns(document), row_cells(document))).encode()
