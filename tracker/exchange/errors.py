"""How is a file that cannot be imported told to the user, cell by cell?"""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 50
REMEMBERED_PLACES = 10_000


class BadCell(ValueError):
    """One cell cannot be read; the message is Swedish and says what to write instead."""


@dataclass(frozen=True)
class CellError:
    """What is wrong in one place; `row` is the row number the user sees in the file, the head is row 1."""

    row: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        places = []
        if self.row is not None:
            places.append(f"rad {self.row}")
        if self.column is not None:
            places.append(f"kolumn {self.column}")
        return f"{', '.join(places)}: {self.message}" if places else self.message


class ImportRefused(Exception):
    """Nothing was imported; `errors` are those kept, `total` is how many were found."""

    def __init__(self, errors: Iterable[CellError], total: int | None = None) -> None:
        self.errors = tuple(errors)
        self.total = max(total or 0, len(self.errors))
        super().__init__(self.errors, self.total)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, limit: int = SHOWN) -> list[str]:
        """Give at most `limit` lines sorted by row (errors without a row first), then how many more there are."""
        ordered = sorted(self.errors, key=lambda error: error.row or 0)[:limit]
        lines = [str(error) for error in ordered]
        if self.total > len(ordered):
            lines.append(f"… och {self.total - len(ordered)} fel till")
        return lines


class Collector:
    """Gathers errors while a file is read; keeps the first 50 in the order they came and counts the rest."""

    def __init__(self) -> None:
        self.total = 0
        self._kept: list[CellError] = []
        self._told: set[tuple[int | None, str | None]] = set()

    def add(self, row: int | None, column: str | None, message: str) -> None:
        """Note one error; what is wrong with a cell is told once, however many find it."""
        place = (row, column)
        if column is not None and place in self._told:
            return
        if len(self._told) < REMEMBERED_PLACES:
            self._told.add(place)
        self.total += 1
        if len(self._kept) < SHOWN:
            self._kept.append(CellError(row, column, message))

    @property
    def errors(self) -> tuple[CellError, ...]:
        """Those that are kept."""
        return tuple(self._kept)

    def raise_if_any(self) -> None:
        """Raise ImportRefused when at least one error was noted."""
        if self.total:
            raise ImportRefused(self.errors, self.total)


def refuse(message: str, *, row: int | None = None, column: str | None = None) -> ImportRefused:
    """Make the refusal of a whole file for a single reason, ready to be raised."""
    return ImportRefused([CellError(row, column, message)])
