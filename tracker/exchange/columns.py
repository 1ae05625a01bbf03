"""Which column is which, and what does a cell mean?"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache
from typing import Final, Literal, TypeVar

from tracker.exchange.errors import BadCell, Collector
from tracker.exchange.table import HEAD_ROW, Cell, quoted

T = TypeVar("T")

FIRST_YEAR, LAST_YEAR = 1900, 2100
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIMED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:.*", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
_FOLDED = str.maketrans({"å": "a", "ä": "a", "ö": "o"})
_EXAMPLE = "Skriv datumet som 2026-03-31."


class Mark(Enum):
    """What a cell says when it holds no value: leave what is there, or clear it."""

    LEAVE = "leave"
    CLEAR = "clear"


LEAVE: Final[Literal[Mark.LEAVE]] = Mark.LEAVE
CLEAR: Final[Literal[Mark.CLEAR]] = Mark.CLEAR


def fold(name: str) -> str:
    """Make a name comparable: `Först rapporterad`, `forst-rapporterad` → `forst_rapporterad`.

    Decomposed letters, as Excel on a Mac writes them, count as the composed ones.
    """
    plain = unicodedata.normalize("NFC", name).casefold().translate(_FOLDED).strip()
    return re.sub(r"[\s-]+", "_", plain)


def match_columns(table_columns: Sequence[str], known: Mapping[str, bool], collector: Collector) -> dict[str, int]:
    """Find each known column's place: known name → index in a row's cells.

    `known` says for each name whether it is required. Unknown columns, missing required columns and two
    columns with the same meaning are noted in `collector` at the head row.
    """
    names = {fold(name): name for name in known}
    found: dict[str, int] = {}
    for index, column in enumerate(table_columns):
        name = names.get(fold(column))
        if name is None:
            advice = _suggestion(column, names) or "Ta bort kolumnen eller rätta namnet."
            collector.add(HEAD_ROW, column, f"kolumnen är okänd. {advice}")
        elif name in found:
            first = table_columns[found[name]]
            collector.add(HEAD_ROW, column, f"betyder samma sak som kolumnen {first}. Ta bort en av dem.")
        else:
            found[name] = index
    for name, required in known.items():
        if required and name not in found:
            collector.add(HEAD_ROW, name, "kolumnen saknas. Lägg till den, den måste finnas.")
    return found


def cell_at(cells: Sequence[Cell], columns: Mapping[str, int], name: str) -> Cell:
    """Give the row's cell in a named column; a column that is not in the file counts as an empty cell."""
    index = columns.get(name)
    return "" if index is None else cells[index]


def parse_text(cell: Cell) -> str | Mark:
    """Read a text; a date cell gives its ISO form."""
    return _mark(cell) or str(cell)


def parse_date(cell: Cell) -> date | Mark:
    """Read `ÅÅÅÅ-MM-DD` or a date cell, 1900–2100; raise BadCell for everything else."""
    if isinstance(cell, str):
        return _parse_date_text(cell)
    if isinstance(cell, datetime):
        return _parse_date_text(cell.isoformat())
    if not FIRST_YEAR <= cell.year <= LAST_YEAR:
        raise _year_out_of_range(cell.isoformat())
    return cell


def parse_choice(cell: Cell, choices: Mapping[str, T], labels: Iterable[str] = ()) -> T | Mark:
    """Look a cell up among `choices` (folded name → value); raise BadCell, naming `labels`, if it is not there."""
    mark = _mark(cell)
    if mark:
        return mark
    text = str(cell)
    try:
        return choices[fold(text)]
    except KeyError:
        shown = list(labels) or list(choices)
        advice = _suggestion(text, {fold(label): label for label in shown}) or f"Välj bland {', '.join(shown)}."
        raise BadCell(f"{quoted(text)} går inte att välja. {advice}") from None


def parse_whole_number(cell: Cell, minimum: int = 0, maximum: int | None = None) -> int | Mark:
    """Read a whole number within the bounds, both included; raise BadCell otherwise."""
    mark = _mark(cell)
    if mark:
        return mark
    text = str(cell)
    if not _WHOLE.fullmatch(text):
        raise BadCell(f"{quoted(text)} är inget heltal. Skriv bara siffror, till exempel 12.")
    number = int(text)
    if number < minimum:
        raise BadCell(f"{number} är för litet. Skriv ett tal som är minst {minimum}.")
    if maximum is not None and number > maximum:
        raise BadCell(f"{number} är för stort. Skriv ett tal som är högst {maximum}.")
    return number


def _mark(cell: Cell) -> Mark | None:
    if cell == "":
        return LEAVE
    return CLEAR if cell == "-" else None


def _suggestion(text: str, names: Mapping[str, str]) -> str | None:
    close = get_close_matches(fold(text), names, n=1, cutoff=0.7)
    return f"Menade du {names[close[0]]}?" if close else None


@lru_cache(maxsize=32_768)
def _parse_date_text(text: str) -> date | Mark:
    mark = _mark(text)
    if mark:
        return mark
    parts = _ISO_DATE.fullmatch(text)
    if parts is None:
        raise BadCell(_why_no_date(text))
    year, month, day = map(int, parts.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _year_out_of_range(text)
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell(f"{quoted(text)} finns inte i kalendern. {_EXAMPLE}") from None


def _year_out_of_range(text: str) -> BadCell:
    return BadCell(f"{quoted(text)} ligger utanför åren {FIRST_YEAR}–{LAST_YEAR}. Rätta året. {_EXAMPLE}")


def _why_no_date(text: str) -> str:
    if text.isdecimal() and len(text) == 5:
        return f"{quoted(text)} ser ut som Excels tal för ett datum. Formatera cellen som datum. {_EXAMPLE}"
    if text.isdecimal() and len(text) in {6, 8}:
        return f"{quoted(text)} saknar bindestreck. Skriv datumet med fyra siffror för året, som 2026-03-31."
    if _TIMED.fullmatch(text):
        return f"{quoted(text)} har ett klockslag. Ta bort klockslaget. {_EXAMPLE}"
    return f"{quoted(text)} är inget datum som går att läsa. {_EXAMPLE}"
