"""How does a list leave as it is shown? With the columns and the order chosen, under the heads of the page.

Such a file is to be read, not to be read in again: that is the one without chosen columns.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tracker.exchange.writing import Column
from tracker.web.columns import Arranged


class ListedFile(NamedTuple):
    """The columns of a file and its rows, read as they are written."""

    columns: tuple[Column, ...]
    rows: Iterator[tuple[object, ...]]


def listed_file(arranged: Arranged[Any, Any], rows: Iterable[Any], about: object) -> ListedFile:
    """A list as a file: the columns shown, the rows in the order that they come in."""
    columns = tuple(Column(column.name, column.label, 16, column.kind) for column in arranged.columns)
    return ListedFile(columns, arranged.told(rows, about))
