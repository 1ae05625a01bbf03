"""What does an uploaded file of references hold? A population, or one line that says why not."""

import threading
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice

from tracker.exchange.columns import fold
from tracker.exchange.errors import ImportRefused
from tracker.exchange.reading import TOO_MANY_DIGITS
from tracker.exchange.sheets import Inexact, OpenFile, RawRow, filled
from tracker.exchange.table import Cell, Limits
from tracker.memory import collector_resting
from tracker.rules.errors import RuleViolation
from tracker.rules.sampling import LARGEST, Item, Population, read_items

LARGEST_FILE = 40_000_000  # bytes: a million references with month and unit
LIMITS = Limits(max_bytes=LARGEST_FILE, max_rows=LARGEST + 1, max_columns=50)
LOOKED_AT = 20
REFERENCE, MONTH, UNIT = HEADS = ("referens", "manad", "enhet")
ALSO_REFERENCE = frozenset({"ref", "referenser", "reference"})

_turn = threading.Lock()  # one file at a time in each process: the memory of two is not there


def read_file(data: bytes, filename: str) -> Population:
    """The population of a CSV file or of the first sheet of an XLSX file: columns referens, and if wanted manad and
    enhet, whose names stand in the first row; or a single column, which needs no name.

    Raises RuleViolation as `read_items` does and for a file that cannot be read.
    """
    if len(data) > LARGEST_FILE:
        raise _refusal(
            f"Filen är större än {LARGEST_FILE // 1_000_000} MB. Behåll bara kolumnerna referens, manad och enhet,"
            " eller spara den som CSV."
        )
    try:
        with _turn, collector_resting():
            return _read(OpenFile(data, filename, limits=LIMITS).rows())
    except ImportRefused as refused:
        lines = [f"{line[:1].upper()}{line[1:]}" for line in refused.lines(3)]
        raise _refusal(" ".join(lines)) from None


def _read(rows: Iterator[RawRow]) -> Population:
    beginning = list(islice(rows, LOOKED_AT))
    head = next((place for place, (_, cells) in enumerate(beginning) if filled(cells)), None)
    if head is None:
        raise _refusal("Filen är tom. Välj en fil som har minst en referens.")
    number, cells = beginning[head]
    columns = _columns(number, cells)
    if columns is None:
        _check_single(beginning[head:])
        return read_items(_single(chain(beginning, rows)))
    return read_items(_items(chain(beginning[head + 1 :], rows), columns), number + 1)


def _columns(number: int, cells: list[Cell]) -> list[int | None] | None:
    """Where reference, month and unit stand; None when the first row holds no names."""
    names = [fold(cell) if isinstance(cell, str) else "" for cell in cells]
    names = [REFERENCE if name in ALSO_REFERENCE else name for name in names]
    twice = next((name for name in HEADS if names.count(name) > 1), None)
    if twice:
        raise _refusal(f"Rad {number}: kolumnen {twice} finns två gånger. Ta bort den ena.")
    if REFERENCE in names:
        return [names.index(name) if name in names else None for name in HEADS]
    if filled(cells) > 1 or set(names) & {MONTH, UNIT}:
        raise _refusal(
            f"Rad {number}: ingen kolumn heter referens. Skriv kolumnernas namn på första raden: referens, och om de"
            " finns manad och enhet."
        )
    return None


def _check_single(rows: list[RawRow]) -> None:
    """A name that we do not know would be drawn as a reference: a first cell without a digit above cells that have."""
    first, *rest = [text for text in (_text(*row, _only(row[1])) for row in rows) if text]
    if rest and not _has_digit(first) and all(map(_has_digit, rest)):
        raise _refusal(
            f"Den första raden, ”{first[:40]}”, ser ut som en rubrik. Skriv referens där, eller ta bort raden."
        )


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _only(cells: list[Cell]) -> int | None:
    return next((place for place, cell in enumerate(cells) if filled([cell])), None)


def _single(rows: Iterable[RawRow]) -> Iterator[Item]:
    for number, cells in rows:
        if len(cells) > 1 and filled(cells) > 1:
            raise _refusal(
                f"Rad {number} har mer än en kolumn, men ingen av dem har något namn. Skriv referens, manad och enhet"
                " på första raden."
            )
        yield Item(_text(number, cells, 0 if len(cells) == 1 else _only(cells)))


def _items(rows: Iterable[RawRow], columns: list[int | None]) -> Iterator[Item]:
    reference, month, unit = columns
    for number, cells in rows:
        when = cells[month] if month is not None and month < len(cells) else ""
        told = f"{when:%Y-%m}" if isinstance(when, date) else _text(number, cells, month)
        yield Item(_text(number, cells, reference), told, _text(number, cells, unit))


def _text(number: int, cells: list[Cell], place: int | None) -> str:
    if place is None or place >= len(cells):
        return ""
    cell = cells[place]
    if isinstance(cell, Inexact):
        raise _refusal(f"Rad {number}: {TOO_MANY_DIGITS}")
    return cell.isoformat() if isinstance(cell, date) else cell


def _refusal(message: str) -> RuleViolation:
    return RuleViolation("population_file", message, "population")
