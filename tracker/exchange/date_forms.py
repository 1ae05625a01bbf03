"""In which form is a column's days written? The forms are offered with what they would make of the cells; whoever knows
the file chooses, as 3/8 may be August or March.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.exchange.columns import FIRST_YEAR, LAST_YEAR
from tracker.exchange.errors import BadCell
from tracker.exchange.table import Cell, quoted

CENTURY = 2000  # of years with two digits
EXCEL_DAY_ZERO = date(1899, 12, 30)
_MARKS = frozenset({"", "-"})


class DateForm(StrEnum):
    """How a day is written in a column."""

    ISO = "iso"
    TIMED = "iso-tid"
    COMPACT = "aaaammdd"
    SHORT = "aammdd"
    SHORT_PARTS = "aa-mm-dd"
    YEAR_FIRST = "aaaa/m/d"
    DAY_FIRST = "d/m-aaaa"
    DAY_FIRST_SHORT = "d/m-aa"
    MONTH_FIRST = "m/d-aaaa"
    MONTH_FIRST_SHORT = "m/d-aa"
    WORDS = "ord"
    SERIAL = "excel"


DATE_FORM_LABELS = {
    DateForm.ISO: "2021-08-03",
    DateForm.TIMED: "2021-08-03 med klockslag, som lämnas utanför",
    DateForm.COMPACT: "20210803: år, månad, dag",
    DateForm.SHORT: "210803: år (2000-talet), månad, dag",
    DateForm.SHORT_PARTS: "21-08-03: år (2000-talet), månad, dag",
    DateForm.YEAR_FIRST: "2021/8/3: år, månad, dag",
    DateForm.DAY_FIRST: "3/8 2021: dag, månad, år",
    DateForm.DAY_FIRST_SHORT: "3/8-21: dag, månad, år (2000-talet)",
    DateForm.MONTH_FIRST: "8/3/2021: månad, dag, år",
    DateForm.MONTH_FIRST_SHORT: "8/3/21: månad, dag, år (2000-talet)",
    DateForm.WORDS: "3 augusti 2021",
    DateForm.SERIAL: "44411: Excels tal för en dag",
}
_SEPARATED = r"[/.\-]\s?"
_YEAR = rf"(?:{_SEPARATED}|\s)\s*"
_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?"
_PATTERNS: dict[DateForm, tuple[re.Pattern[str], str]] = {
    DateForm.ISO: (re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII), "ymd"),
    DateForm.TIMED: (
        re.compile(r"(\d{4})-(\d{2})-(\d{2})[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?", re.ASCII),
        "ymd",
    ),
    DateForm.COMPACT: (re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII), "ymd"),
    DateForm.SHORT: (re.compile(r"(\d{2})(\d{2})(\d{2})", re.ASCII), "ymd"),
    DateForm.SHORT_PARTS: (re.compile(r"(\d{2})[/.\- ](\d{1,2})[/.\- ](\d{1,2})", re.ASCII), "ymd"),
    DateForm.YEAR_FIRST: (re.compile(r"(\d{4})[/.\- ](\d{1,2})[/.\- ](\d{1,2})", re.ASCII), "ymd"),
    DateForm.DAY_FIRST: (re.compile(rf"(\d{{1,2}}){_SEPARATED}(\d{{1,2}}){_YEAR}(\d{{4}})", re.ASCII), "dmy"),
    DateForm.DAY_FIRST_SHORT: (re.compile(rf"(\d{{1,2}}){_SEPARATED}(\d{{1,2}}){_YEAR}(\d{{2}})", re.ASCII), "dmy"),
    DateForm.MONTH_FIRST: (re.compile(rf"(\d{{1,2}}){_SEPARATED}(\d{{1,2}}){_YEAR}(\d{{4}})", re.ASCII), "mdy"),
    DateForm.MONTH_FIRST_SHORT: (re.compile(rf"(\d{{1,2}}){_SEPARATED}(\d{{1,2}}){_YEAR}(\d{{2}})", re.ASCII), "mdy"),
}
_WORDS = re.compile(r"(?:den )?([0-9]{1,2})[.:]?(?:e|a)?\s+([a-zåäö]{3,9})\.?,?\s+([0-9]{4}|[0-9]{2})", re.IGNORECASE)
_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
_SHORTEST_MONTH = 3


def read_day(form: DateForm, text: str) -> date | None:
    """The day that a text means when it is written in this form; None when it is not, or there is no such day.

    `read_day(DateForm.SHORT, "210803")` is 3 August 2021; years with two digits lie in the 2000s. What is written as
    2021-08-03 means that day in every form.
    """
    found = _parts(DateForm.ISO, text) or _parts(form, text)
    if found is None:
        return None
    try:
        day = date(*found)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _parts(form: DateForm, text: str) -> tuple[int, int, int] | None:
    """Year, month and day as they are written, whether or not there is such a day."""
    if form is DateForm.SERIAL:
        if not (text.isascii() and text.isdigit() and len(text) == 5):
            return None
        day = EXCEL_DAY_ZERO + timedelta(days=int(text))
        return day.year, day.month, day.day
    if form is DateForm.WORDS:
        return _parts_of_words(text)
    pattern, order = _PATTERNS[form]
    match = pattern.fullmatch(text)
    if match is None:
        return None
    parts = dict(zip(order, match.groups(), strict=True))
    return _whole_year(parts["y"]), int(parts["m"]), int(parts["d"])


def _parts_of_words(text: str) -> tuple[int, int, int] | None:
    match = _WORDS.fullmatch(text)
    if match is None:
        return None
    word = match[2].casefold()
    months = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word)]
    if len(months) != 1 or len(word) < _SHORTEST_MONTH:
        return None
    return _whole_year(match[3]), months[0], int(match[1])


def _whole_year(text: str) -> int:
    return CENTURY + int(text) if len(text) == 2 else int(text)


@dataclass(frozen=True, slots=True)
class OfferedForm:
    """One form a column may be written in: how many of its different cells it reads, and which it does not."""

    form: DateForm
    read: int
    unread: int
    examples: tuple[tuple[str, date | None], ...]


def needs_form(cells: Iterable[Cell]) -> bool:
    """Whether any cell is a day only if somebody says how it is written."""
    return any(isinstance(cell, str) and cell not in _MARKS and read_day(DateForm.ISO, cell) is None for cell in cells)


def offer_forms(cells: Mapping[Cell, int] | Iterable[Cell], examples: int = 4) -> list[OfferedForm]:
    """The forms that read at least one of a column's different cells that is no plain day, those that read most first.

    Forms that read equally many keep the order of `DateForm`: nothing is chosen by that.
    """
    texts = [cell for cell in cells if isinstance(cell, str) and cell not in _MARKS]
    unclear = [text for text in texts if read_day(DateForm.ISO, text) is None]
    offered = []
    for form in DateForm:
        days = [(text, read_day(form, text)) for text in unclear]
        read = sum(day is not None for _, day in days)
        if form is DateForm.ISO or not read:
            continue
        telling = _telling(days, examples)
        offered.append(OfferedForm(form, read, len(days) - read, telling))
    return sorted(offered, key=lambda offer: -offer.read)


def _telling(days: list[tuple[str, date | None]], count: int) -> tuple[tuple[str, date | None], ...]:
    """Some cells: first those that show what is day and what is month, then what is not read."""
    unread = [pair for pair in days if pair[1] is None][: count // 2]
    read = sorted((pair for pair in days if pair[1]), key=lambda pair: -(pair[1].day if pair[1] else 0))
    return (*read[: count - len(unread)], *unread)


def as_day(cell: Cell, form: DateForm) -> Cell:
    """A cell of a column that is written in this form: the day, or the cell itself where it says *leave* or *clear*.

    Raises BadCell for what is no day in that form.
    """
    if isinstance(cell, date) or cell in _MARKS:
        return cell
    day = read_day(form, cell)
    if day is None:
        raise BadCell(f"{quoted(cell)} är inget datum skrivet som {DATE_FORM_LABELS[form]}. Rätta cellen i filen.")
    return day
