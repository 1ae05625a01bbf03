"""Which items of a population are checked, how many, and what does the sample come to?

The draw is our own and written out in full, on top of the lots of `rules/drawing.py`. Version `sample-1+hmac-sha256-1`:

1. The items are put in order of their references, by Unicode code point. An item's *place* is its number in that order,
   from 0; so the order in which they were pasted makes no difference. A population that is only a size N holds the
   references 1…N in the order of the numbers: the item k has the place k - 1.
2. An item's lot is the lot of its place: HMAC-SHA256 with the seed as key over the place in decimal digits.
3. The plan takes the first n in lot order; of each month the first n; or all. A share is `ceil(N * per cent / 100)`.
4. *Each unit at least one*: a unit that got none gets the first of its own in lot order, on top of what was taken.
5. The sample is told in lot order.

In 4 the sample grows. To leave something out instead would make one item's chance hang on which others were drawn, and
nobody could say why just that one went. What is added is told (`added_for_units`): the items of small units are then
taken more often than others, so the share of deviations in the sample is not an estimate of the population's.

The population is fixed by its hash before the seed is made: SHA-256 over its items in order of place. An item is its
reference, month and unit, each as a netstring (the number of bytes in UTF-8 in decimal digits, `:`, the bytes, `,`) or,
where it is not given, `-,`; then a line feed. Each field tells its own length, so no two populations are written alike.
Worked example: `A1` without month and unit and `B2` of 2021-05 in `Åby` are `2:A1,-,-,` LF `2:B2,7:2021-05,4:Åby,` LF
(Å is two bytes), whose hash begins c7c29184. The size 3 is `1:1,-,-,` LF `1:2,-,-,` LF `1:3,-,-,` LF: b9cb412a.

Worked example of a draw, seed `00 01 02 … 1f`, size 12: the places in lot order are 8 (`11632d1a`), 3 (`1660ab3d`), 11,
4, 0, 7, 10, 9, 1, 2, 6, 5. 30 per cent of 12 is 3.6, so 4 are taken: the places 8, 3, 11, 4, which are the numbers 9,
4, 12, 5.
"""

import hashlib
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import nsmallest
from itertools import groupby, pairwise, repeat
from typing import NamedTuple

from tracker.rules.drawing import lots
from tracker.rules.errors import RuleViolation

ALGORITHM = "sample-1+hmac-sha256-1"
LARGEST = 1_000_000
LONGEST = 200
MOST_NAMED = 5
FEWEST_WORDS = 3
AT_ONCE = 5_000

_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
# Control, format and surrogate signs, line and paragraph separators: what nobody sees but makes two texts differ.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Item(NamedTuple):
    """One thing that can be checked: its reference, the month it belongs to (`2021-05`) and its unit."""

    reference: str
    month: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """What there is to draw from; made by `read_population`, `read_items` or `numbered`.

    Column by column in order of place, 82 bytes for each where a list of items takes 138; all three are empty where
    only a size is known. `left_out` counts what had no reference, `blank_rows` are the first few of them.
    `rows`: the row that each item stood in, as it was read in (empty when it was not).
    """

    size: int
    references: tuple[str, ...] = ()
    months: tuple[str | None, ...] = ()
    units: tuple[str | None, ...] = ()
    left_out: int = 0
    blank_rows: tuple[int, ...] = field(default=(), compare=False)
    rows: Sequence[int] = field(default=(), compare=False, repr=False)

    def item(self, place: int) -> Item:
        """The item at a place from 0; of a size alone, the number place + 1. Raises IndexError outside the size."""
        if not 0 <= place < self.size:
            raise IndexError(f"the places are 0 to {self.size - 1}, not {place}")
        if not self.references:
            return Item(str(place + 1))
        return Item(self.references[place], self.months[place], self.units[place])

    def __iter__(self) -> Iterator[Item]:
        """The items in order of place, made one at a time."""
        return map(self.item, range(self.size))


class SelectBy(StrEnum):
    """How a plan tells how much is drawn."""

    NUMBER = "antal"
    SHARE = "andel"
    A_MONTH = "per-manad"
    ALL = "alla"


@dataclass(frozen=True, slots=True)
class Selection:
    """How much is drawn: `amount` items, per cent or items a month (0 for all); `each_unit`: at least one of each."""

    by: SelectBy
    amount: int = 0
    each_unit: bool = False

    def __post_init__(self) -> None:
        """Raises RuleViolation for an amount that makes no sense whatever there is to draw from."""
        if self.by is SelectBy.ALL:
            if self.amount:
                raise RuleViolation("sample_all", "Alla tas. Lämna antalet tomt, eller välj ett annat urval.", "amount")
        elif self.by is SelectBy.SHARE:
            if not 1 <= self.amount <= 100:
                raise RuleViolation("sample_share", "Skriv andelen i hela procent, från 1 till 100.", "amount")
        elif not 1 <= self.amount <= LARGEST:
            raise RuleViolation("sample_number", "Skriv ett antal som är minst 1 och högst en miljon.", "amount")


def read_population(cells: Iterable[str]) -> Population:
    """The population of references alone, one a cell: ` F-2`, an empty one, `F-1` gives F-1, F-2 and one left out.

    Raises RuleViolation as `read_items` does.
    """
    return _read(zip(cells, repeat(None), repeat(None)))


def read_items(items: Iterable[Item], first_row: int = 1) -> Population:
    """The population of these items, each text in NFC and trimmed; those without a reference are left out and counted.

    Raises RuleViolation for a reference twice, an invisible sign, a text of more than 200 characters, a month that is
    not written `2021-05`, nothing at all or more than a million. Rows are counted from `first_row`, those left out too.
    """
    return _read(items, first_row)


def _read(rows: Iterable[tuple[str, str | None, str | None]], first_row: int = 1) -> Population:
    kept: tuple[list[str], list[str | None], list[str | None]] = ([], [], [])
    kept_rows, blank = array("I"), list[int]()
    left_out = 0
    months: dict[str | None, str | None] = {None: None}
    units: dict[str | None, str | None] = {None: None}
    for row, (raw, month, unit) in enumerate(rows, start=first_row):
        reference = _clean(raw, row, "referensen")
        if not reference:
            left_out += 1
            blank += [row] if left_out <= MOST_NAMED else []
            continue
        if len(kept[0]) == LARGEST:
            raise RuleViolation("population_large", "Högst en miljon poster ryms. Dela populationen.", "population")
        if month not in months:
            months[month] = _month(month or "", row)
        if unit not in units:
            units[unit] = _clean(unit or "", row, "enheten") or None
        kept[0].append(reference)
        kept[1].append(months[month])
        kept[2].append(units[unit])
        kept_rows.append(row)
    if not kept[0]:
        raise RuleViolation("population_empty", "Det finns inga referenser. Klistra in minst en.", "population")
    order = sorted(range(len(kept[0])), key=kept[0].__getitem__)
    references = tuple(map(kept[0].__getitem__, order))
    in_order = array("I", map(kept_rows.__getitem__, order))
    _check_doubles(references, in_order)
    return Population(
        len(order), references, tuple(map(kept[1].__getitem__, order)), tuple(map(kept[2].__getitem__, order)),
        left_out, tuple(blank), in_order,
    )  # fmt: skip


def numbered(size: int) -> Population:
    """The population that is the numbers 1 to size. Raises RuleViolation outside 1 to a million."""
    if not 1 <= size <= LARGEST:
        raise RuleViolation("population_size", "Skriv hur många det finns: minst 1 och högst en miljon.", "population")
    return Population(size)


def _clean(raw: str, row: int, what: str) -> str:
    text = raw.strip() if raw.isascii() else unicodedata.normalize("NFC", raw).strip()
    if len(text) <= LONGEST and text.isprintable():
        return text
    if len(text) > LONGEST:
        raise RuleViolation(
            "population_long", f"Rad {row}: {what} har {len(text)} tecken. Korta till högst {LONGEST}.", "population"
        )
    invisible = next((sign for sign in text if unicodedata.category(sign) in _INVISIBLE), None)
    if invisible:
        raise RuleViolation(
            "population_control",
            f"Rad {row}: {what} har ett osynligt styrtecken (U+{ord(invisible):04X}). Skriv om utan det.",
            "population",
        )
    return text


def _month(raw: str, row: int) -> str | None:
    text = _clean(raw, row, "månaden")
    if text and not _MONTH.fullmatch(text):
        raise RuleViolation(
            "population_month", f"Rad {row}: ”{text}” är ingen månad. Skriv år och månad som 2021-05.", "population"
        )
    return text or None


def _check_doubles(references: Sequence[str], rows: Sequence[int]) -> None:
    """Both in order of place, so that equal references stand beside each other, the earlier row first."""
    places = [place for place, (a, b) in enumerate(pairwise(references), start=1) if a == b]
    doubles = [(reference, list(found)) for reference, found in groupby(places, key=references.__getitem__)]
    if doubles:
        named = ", ".join(
            f"”{reference}” ({in_rows([rows[again[0] - 1], *(rows[place] for place in again)])})"
            for reference, again in doubles[:MOST_NAMED]
        )
        more = f" och {len(doubles) - MOST_NAMED} till" if len(doubles) > MOST_NAMED else ""
        raise RuleViolation(
            "population_doubles",
            f"Varje referens får bara stå en gång. Ta bort dubbletterna av {named}{more}.",
            "population",
        )


def in_rows(rows: Sequence[int], total: int = 0) -> str:
    """`rad 3, 7, 9 …`: the first few of some rows; `total`: how many there are, when not all are given."""
    shown = ", ".join(map(str, rows[:MOST_NAMED]))
    return f"rad {shown}{' …' if max(total, len(rows)) > MOST_NAMED else ''}"


def population_hash(population: Population) -> bytes:
    """SHA-256 over the items in order of place, written as the module says; a few thousand of them at a time."""
    digest, written = hashlib.sha256(), _Netstrings()
    for start in range(0, population.size, AT_ONCE):
        stop = min(start + AT_ONCE, population.size)
        if population.references:
            part = slice(start, stop)
            columns = zip(population.references[part], population.months[part], population.units[part], strict=True)
        else:
            columns = zip(map(str, range(start + 1, stop + 1)), repeat(None), repeat(None))
        lines = [f"{_netstring(reference)}{written[month]}{written[unit]}\n" for reference, month, unit in columns]
        digest.update("".join(lines).encode())
    return digest.digest()


def _netstring(text: str) -> str:
    return f"{len(text) if text.isascii() else len(text.encode())}:{text},"


class _Netstrings(dict[str | None, str]):
    """A month or a unit as it is written in the hash, each worked out once."""

    def __missing__(self, text: str | None) -> str:
        self[text] = "-," if text is None else _netstring(text)
        return self[text]


def check_selection(population: Population, selection: Selection) -> None:
    """Raises RuleViolation when the plan asks for more than there is, or for months or units that are not given."""
    size = population.size
    if selection.by is SelectBy.NUMBER and selection.amount > size:
        raise RuleViolation(
            "sample_more", f"Det finns {size} att dra ur. Välj ett antal från 1 till {size}, eller alla.", "amount"
        )
    lacking = _lacking(population.months, size) if selection.by is SelectBy.A_MONTH else 0
    if lacking:
        raise RuleViolation(
            "sample_months",
            f"{lacking} av {size} saknar månad. Skriv månaden för alla, eller välj ett urval som inte går efter månad.",
            "by",
        )
    lacking = _lacking(population.units, size) if selection.each_unit else 0
    if lacking:
        raise RuleViolation(
            "sample_units",
            f"{lacking} av {size} saknar enhet. Skriv enheten för alla, eller välj bort minst en per enhet.",
            "each_unit",
        )


def _lacking(column: Sequence[str | None], size: int) -> int:
    return column.count(None) if column else size


def planned_size(population: Population, selection: Selection) -> int:
    """How many the plan takes before any unit is given one of its own.

    5 per cent of 130 is 7, of 1 is 1; 2 a month of months with 5, 2 and 1 items is 2 + 2 + 1 = 5.
    """
    check_selection(population, selection)
    if selection.by is SelectBy.NUMBER:
        return selection.amount
    if selection.by is SelectBy.SHARE:
        return -(-population.size * selection.amount // 100)
    if selection.by is SelectBy.A_MONTH:
        return sum(min(selection.amount, there) for there in Counter(population.months).values())
    return population.size


def added_for_units(population: Population, selection: Selection, taken: Collection[int]) -> int:
    """How many of what `take` gave stand there only so that each unit has one; by that the sample grew, which is told.

    Number 2, two of four units without any: 4 taken, 2 added.
    """
    return len(taken) - planned_size(population, selection)


def take(seed: bytes, population: Population, selection: Selection) -> list[int]:
    """The places drawn, in lot order; the first of them is always the first of the population in lot order.

    Raises RuleViolation as `check_selection` does, and ValueError for a seed of another length.
    """
    size = planned_size(population, selection)
    lot_of = lots(seed)
    if selection.by is SelectBy.A_MONTH:
        months = _places_by(population.months).values()
        drawn = [place for places in months for place in nsmallest(selection.amount, places, key=lot_of)]
    else:
        drawn = nsmallest(size, range(population.size), key=lot_of)
    if selection.each_unit:
        have = {population.units[place] for place in drawn}
        others = (places for unit, places in _places_by(population.units).items() if unit not in have)
        drawn += [min(places, key=lot_of) for places in others]
    return sorted(drawn, key=lambda place: (lot_of(place), place))


def _places_by(column: Iterable[str | None]) -> dict[str | None, list[int]]:
    """The places of each month or unit, rising: of equal lots the smaller place is then found first."""
    found: defaultdict[str | None, list[int]] = defaultdict(list)
    for place, value in enumerate(column):
        found[value].append(place)
    return found


def replacement(
    seed: bytes, population: Population, selection: Selection, taken: Collection[int], dropout: int
) -> int | None:
    """The place to check instead of one that dropped out: the next in lot order that has not been taken.

    `taken` is all that was drawn, with the dropouts and the replacements so far. Where the plan goes by month it is of
    the dropout's month; where each unit has at least one, of the dropout's unit as long as that has any left. None
    when nothing is left. Seed and size as in the module: 8, 3, 11, 4 are taken and 3 drops out: 0.

    Raises ValueError when the dropout was not taken, or something was that is not there.
    """
    check_selection(population, selection)
    gone = frozenset(taken)
    if dropout not in gone or min(gone) < 0 or max(gone) >= population.size:
        raise ValueError("a dropout is one of those taken, and those are places of the population")
    lot_of = lots(seed)
    own = population.item(dropout)
    left: Iterable[int] = (place for place in range(population.size) if place not in gone)
    if selection.by is SelectBy.A_MONTH:
        left = (place for place in left if population.months[place] == own.month)

    def rank(place: int) -> tuple[bool, bytes, int]:
        elsewhere = selection.each_unit and population.units[place] != own.unit
        return elsewhere, lot_of(place), place

    return min(left, key=rank, default=None)


def check_redraw(reason: str, done: int) -> None:
    """Raises RuleViolation for a new draw, after `done` earlier ones, whose reason has less than three words.

    A word holds a letter: `1 2 3` gives no reason, `fel period angavs` does. The first draw needs none.
    """
    if done and sum(any(map(str.isalpha, word)) for word in reason.split()) < FEWEST_WORDS:
        raise RuleViolation(
            "redraw_reason", "Skriv med några ord varför stickprovet dras om. Båda dragningarna står kvar.", "reason"
        )


def check_dropout(reason: str) -> None:
    """Raises RuleViolation when it is not told why an item cannot be checked."""
    if not any(map(str.isalpha, reason)):
        raise RuleViolation("dropout_reason", "Skriv varför posten inte går att kontrollera.", "reason")
