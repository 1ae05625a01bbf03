"""What does the page of eight quarters show? Pictures, the tables beside them, and the same numbers as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tracker.exchange.writing import Column
from tracker.pictures.lines import EightQuarters, Line
from tracker.pictures.measures import GOALS, WORDS, Measure
from tracker.reports.trend_pictures import WIDE, Picture, bar_height, small_pictures, wide_picture
from tracker.rules.trends import Flow, Goal, Span

DRAWN = 12
HALF, BETWEEN = 36, 3
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in the picture's own measures, and its number."""

    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bars of one quarter: beside each other what came and what went, or, one before the other, what was due and
    what was kept. `share`: in per cent, of the latter.
    """

    quarter: str
    year: int
    x: int
    first: Bar
    second: Bar
    share: int | None
    begins_year: bool
    last: bool


class Table(NamedTuple):
    """One number of each line in each quarter, its cells as (number, what stands below it); its last line is all."""

    title: str
    lines: list[tuple[Line, list[tuple[int | None, str]]]]
    unit: str


class Drawn(NamedTuple):
    """The pictures of a measure: what was open, what came and went (or was due and kept), and a small one of each of
    the lines of which the picture shows most; `left_out`: how many more stand in the table alone.
    """

    open: Picture | None
    pairs: list[Pair]
    small: list[Picture]
    left_out: int


def drawn(found: EightQuarters) -> Drawn:
    """The pictures of a measure; none where there is nothing."""
    counts = found.total.counts
    quarters = [span.quarter for span in found.spans]
    if counts.empty:
        return Drawn(None, [], [], 0)
    whole = wide_picture(found.total.name, quarters, counts.open) if isinstance(counts, Flow) else None
    shown = sorted(found.lines, key=lambda line: -(line.counts.shown[-1] or 0))[:DRAWN]
    series = [(line.name, line.counts.shown) for line in found.lines if line in shown]
    small = small_pictures(quarters, series, WHOLE if found.measure in GOALS else None) if len(series) > 1 else []
    return Drawn(whole, _pairs(found.spans, counts), small, len(found.lines) - len(small) if small else 0)


def _pairs(spans: tuple[Span, ...], counts: Flow | Goal) -> list[Pair]:
    goal = isinstance(counts, Goal)
    of = (counts.due, counts.kept) if isinstance(counts, Goal) else (counts.came, counts.went)
    shares = counts.percents if isinstance(counts, Goal) else (None,) * len(spans)
    largest = max(*of[0], *of[1], 1)
    found = []
    for place, (span, share) in enumerate(zip(spans, shares, strict=True)):
        x = place * WIDE.step + WIDE.inset
        first, second = (
            _bar(numbers[place], x if goal else x + beside * (HALF + BETWEEN), largest)
            for beside, numbers in enumerate(of)
        )
        begins, last = span.quarter.number == 1, place == len(spans) - 1
        found.append(Pair(f"K{span.quarter.number}", span.quarter.year, x, first, second, share, begins, last))
    return found


def _bar(count: int, x: int, largest: int) -> Bar:
    height = bar_height(count, largest, WIDE)
    return Bar(count, x, WIDE.ground - height, height)


def tables_of(found: EightQuarters) -> list[Table]:
    """The tables of the lines: a goal has one, of shares; else what was open, came and went."""
    words = WORDS[found.measure]
    if not found.lines:
        return []
    lines = [*found.lines, found.total]
    if found.measure in GOALS:
        return [Table("Andel", [(line, _shares(line)) for line in lines], " %")]
    return [
        Table(title, [(line, [(number, "") for number in getattr(line.counts, of)]) for line in lines], "")
        for title, of in ((at_the_end(found.measure), "open"), (words.came, "came"), (words.went, "went"))
    ]


def _shares(line: Line) -> list[tuple[int | None, str]]:
    counts: Goal = line.counts
    told = zip(counts.percents, counts.kept, counts.due, strict=True)
    return [(percent, f"{kept} av {due}" if due else "") for percent, kept, due in told]


def at_the_end(measure: Measure) -> str:
    """What the number as a quarter ends is called where there is room: Öppna vid kvartalets slut."""
    return f"{WORDS[measure].open} vid kvartalets slut"


def heads_of(measure: Measure) -> tuple[str, ...]:
    """The heads of the numbers that each quarter has, on the page and in the file."""
    words = WORDS[measure]
    if measure in GOALS:
        return words.came, words.went, "Andel"
    return f"{words.open} vid start", words.came, words.went, f"{words.open} vid slut"


def numbers_of(counts: Flow | Goal) -> list[tuple[int | None, ...]]:
    """The numbers of each quarter, under `heads_of`; a share is in whole per cent."""
    if isinstance(counts, Goal):
        return list(zip(counts.due, counts.kept, counts.percents, strict=True))
    return list(zip(counts.open_before, counts.came, counts.went, counts.open, strict=True))


def columns_of(measure: Measure) -> tuple[Column, ...]:
    """The columns of the file."""
    numbers = (f"{head}, procent" if head == "Andel" else head for head in heads_of(measure))
    return (
        Column("line", "rad", 30), Column("quarter", "kvartal", 12), Column("until", "till och med", 14, "date"),
        *(Column(head, head.lower(), 20, "number") for head in numbers),
    )  # fmt: skip


def rows_of(found: EightQuarters) -> Iterator[tuple[object, ...]]:
    """The rows of the file: each quarter of each line, and of all of them last."""
    goal = found.measure in GOALS
    for line in (*found.lines, found.total):
        for span, numbers in zip(found.spans, numbers_of(line.counts), strict=True):
            yield line.name, span.quarter.short, span.past if goal else span.until, *numbers
