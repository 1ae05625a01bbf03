"""What does the page of patterns show? Tables whose every number leads to the list that holds it, and bars."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tracker.accounts.queries import UnitRow
from tracker.cases.filtering import Status
from tracker.cases.forms import LIKELIHOODS, SEVERITIES
from tracker.cases.narrowing import UNSAID_LABELS, WITHOUT
from tracker.cases.patterns import Counts, Patterns
from tracker.exchange.writing import Column
from tracker.rules.months import Month

LIST = "/avvikelser"
KIND_LABELS = {"händelse": "Händelse", "tillbud": "Tillbud"}
STEPS = (1, 2, 3, 4)
TALL, WIDE, GAP = 160, 54, 12


class Cell(NamedTuple):
    """A number and the list that holds it; `address` is empty for 0."""

    number: int
    address: str
    words: str


class Line(NamedTuple):
    """A row of a table: its name, how far in it stands, a cell for each month, the sum, what stands still."""

    name: str
    depth: int
    cells: list[Cell]
    total: Cell
    still: Cell | None = None


class Table(NamedTuple):
    """A table of twelve months; its last line is all of them."""

    title: str
    head: str
    lines: list[Line]
    everything: Line


class Bar(NamedTuple):
    """A month's bar, in the picture's own measures."""

    x: int
    y: float
    height: float
    number: int
    month: Month


def _cell(count: int, words: str, parameters: dict[str, str]) -> Cell:
    return Cell(count, f"{LIST}?{urlencode(parameters)}" if count else "", words)


def _days(first: Month, last: Month) -> dict[str, str]:
    return {"fran": first.first.isoformat(), "till": last.last.isoformat()}


def _line(
    name: str, counts: Counter[int], months: list[Month], chosen: dict[str, str], *, depth: int = 0,
    still: int | None = None,
) -> Line:  # fmt: skip
    cells = [
        _cell(counts[month.number], f"{name}, {month.words}", chosen | _days(month, month)) for month in months
    ]  # fmt: skip
    total = _cell(sum(counts.values()), f"{name}, alla månader", chosen | _days(months[0], months[-1]))
    stands = None if still is None else _cell(still, f"{name}, står still", chosen | {"status": Status.STILL.value})
    return Line(name, depth, cells, total, stands)


def unit_table(found: Patterns, units: list[UnitRow], places: dict[int, int], months: list[Month]) -> Table:
    """By unit, each with all below it; units without any number are left out. `places`: unit → where it begins."""
    lines = []
    for unit in units:
        below = [one for one, place in places.items() if unit.tree_from <= place <= unit.tree_to]
        counts = _sum(found.units.get(one, Counter()) for one in below)
        still = sum(found.still[one] for one in below)
        if counts or still:
            chosen = {"enhet": str(unit.id)}
            lines.append(_line(unit.name, counts, months, chosen, depth=unit.depth, still=still))
    return Table("Per enhet", "Enhet", lines, _everything(found, months, still=True))


def code_table(
    title: str, head: str, name: str, counts: Counts, labels: dict[Any, str], found: Patterns, months: list[Month]
) -> Table:  # fmt: skip
    """By what is chosen from a list: the most first, what has not been said last. `name`: its filter's name."""
    said = sorted(
        (key for key in counts if key is not None), key=lambda key: (-sum(counts[key].values()), labels.get(key, ""))
    )  # fmt: skip
    lines = [_line(labels.get(key, str(key)), counts[key], months, {name: str(key)}) for key in said]
    if None in counts:
        unsaid = UNSAID_LABELS[name].capitalize()
        lines.append(_line(unsaid, counts[None], months, {WITHOUT: name}))
    return Table(title, head, lines, _everything(found, months))


def _everything(found: Patterns, months: list[Month], *, still: bool = False) -> Line:
    counts = _sum(found.units.values())
    return _line("Alla", counts, months, {}, still=sum(found.still.values()) if still else None)


def _sum(counts: Iterable[Counter[int]]) -> Counter[int]:
    total: Counter[int] = Counter()
    for one in counts:
        total.update(one)
    return total


def matrix_lines(found: Patterns, months: list[Month]) -> list[tuple[str, list[Cell]]]:
    """(severity in words, a cell for each likelihood), the most serious first."""
    days = _days(months[0], months[-1])
    return [
        (
            SEVERITIES[str(severity)],
            [
                _cell(
                    found.matrix.get((severity, likelihood), 0),
                    f"allvarlighet {severity}, sannolikhet {likelihood}",
                    {"allvarlighet": str(severity), "sannolikhet": str(likelihood)} | days,
                )
                for likelihood in STEPS
            ],
        )
        for severity in reversed(STEPS)
    ]


def likelihood_words() -> list[str]:
    """The head of the matrix."""
    return [LIKELIHOODS[str(step)] for step in STEPS]


def unassessed(found: Patterns, months: list[Month]) -> Cell:
    """How many have not been assessed, severity or likelihood."""
    count = sum(count for steps, count in found.matrix.items() if None in steps)
    return _cell(count, "utan bedömning", {WITHOUT: "bedomning"} | _days(months[0], months[-1]))


def bars_of(line: Line, months: list[Month]) -> list[Bar]:
    """The bars of a line, the tallest as tall as the picture."""
    most = max(*(cell.number for cell in line.cells), 1)
    return [
        Bar(number * (WIDE + GAP), TALL - TALL * cell.number / most + 24, TALL * cell.number / most, cell.number, month)
        for number, (cell, month) in enumerate(zip(line.cells, months, strict=True))
    ]


def pattern_columns(months: list[Month]) -> tuple[Column, ...]:
    """The columns of the file: which table, which row, each month, the sum."""
    counted = (Column(month.short, month.short, 10, "number") for month in months)
    return (Column("table", "tabell", 16), Column("row", "rad", 30), *counted, Column("sum", "summa", 10, "number"))


def pattern_rows(tables: Iterable[Table]) -> Iterator[tuple[object, ...]]:
    """The rows of the file, table by table, each ending with all of them."""
    for table in tables:
        for line in (*table.lines, table.everything):
            yield (table.title, line.name, *(cell.number for cell in line.cells), line.total.number)
