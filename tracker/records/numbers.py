"""Which numbers will rows have that are made now and written later? They can be pointed at already."""

from collections.abc import Iterator

from tracker.database import Base
from tracker.records.services import reserve_ids

AT_ONCE = 1_000


class Numbers:
    """Free numbers of tables with an integer key, taken one at a time.

    On PostgreSQL they come from the tables' own sequences and are nobody else's. On SQLite they follow the last one
    that the transaction sees, and are free for as long as nobody else has written: the caller holds the write lock,
    or sees to that when the rows are written.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Iterator[int]] = {}
        self._taken: dict[str, int] = {}

    def take(self, model: type[Base]) -> int:
        """The next free number of the table."""
        name = model.__tablename__
        number = next(self._waiting.get(name, iter(())), None)
        if number is None:
            self._waiting[name] = iter(reserve_ids(model, AT_ONCE, after=self._taken.get(name, 0)))
            number = next(self._waiting[name])
        self._taken[name] = number
        return number
