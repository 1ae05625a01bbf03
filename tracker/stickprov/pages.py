"""What do the pages of a stickprov show? Its items with what they came to, ready for the templates."""

from collections.abc import Sequence
from typing import NamedTuple

from tracker.control.drawn import OFTEN
from tracker.labels import SELECT_LABELS, VERDICT_LABELS
from tracker.rules.control_grading import outcome_of
from tracker.rules.sample_work import SampleState, Verdict
from tracker.rules.sampling import Population, SelectBy, in_rows
from tracker.stickprov.models import SampleDraw
from tracker.stickprov.queries import ItemRow, SampleRow
from tracker.web.filters import counted

MOST_ON_ONE_PAGE, ROWS_A_PAGE = 100, 50
EVERYTHING = "alla"
_SHAPES = {
    Verdict.APPROVED: ("●", "done"),
    Verdict.DEVIATING: ("■", "late"),
    Verdict.DROPOUT: ("—", "closed"),
}


class VerdictMark(NamedTuple):
    """What an item came to as word, shape and colour."""

    word: str
    shape: str
    css: str


NOT_CHECKED = VerdictMark("Inte granskad", "○", "soon")
MARKS = {verdict: VerdictMark(VERDICT_LABELS[verdict], *shape) for verdict, shape in _SHAPES.items()}


class ItemLine(NamedTuple):
    """An item as a row of a table."""

    item_id: int
    position: int
    reference: str
    unit: str
    stands_for: str
    mark: VerdictMark
    failed: str
    comment: str


def locked_in_words(population: Population) -> str:
    """What was locked and what was left out: `Populationen är låst: 4 poster. 1 tom rad är inte med (rad 3). …`."""
    left, rows = population.left_out, in_rows(population.blank_rows, population.left_out)
    blank = f" {counted(left, 'tom rad', 'tomma rader')} är inte med ({rows})." if left else ""
    return f"Populationen är låst: {counted(population.size, 'post', 'poster')}.{blank} Nu kan stickprovet dras."


class Part(NamedTuple):
    """What one page shows of a long list: its number, of how many pages (0: all on one), and its rows."""

    number: int
    pages: int
    rows: list[ItemRow]


def part_of(rows: Sequence[ItemRow], asked: str) -> Part:
    """The part of the items that a page shows; up to a hundred stand on one, more on pages of fifty. `asked`: what the
    address says, a number or `alla`; anything else is the first.
    """
    pages = -(-len(rows) // ROWS_A_PAGE)
    if len(rows) <= MOST_ON_ONE_PAGE or asked == EVERYTHING:
        return Part(0, pages if len(rows) > MOST_ON_ONE_PAGE else 0, list(rows))
    number = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return Part(number, pages, list(rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]))


def item_lines(rows: Sequence[ItemRow]) -> list[ItemLine]:
    """The rows of a table of items."""
    return [
        ItemLine(
            row.item.id, row.item.position, row.reference, row.unit,
            f"ersätter nr {row.replaces}" if row.replaces else "",
            MARKS[row.verdict] if row.verdict else NOT_CHECKED, ", ".join(row.words.failed), row.words.comment,
        )
        for row in rows
    ]  # fmt: skip


def percent_in_words(row: SampleRow, waiting: int) -> str:
    """The share of the checked that were approved; a dash while any item waits, or when every item has dropped out."""
    percent = outcome_of(row.sample.selected, row.sample.dropouts, row.sample.deviations).percent
    return "–" if waiting or percent is None or row.state is SampleState.LOCKED else f"{percent} %"


def drawn_in_words(draws: int) -> str:
    """`draget 3 gånger` from the third draw on: whoever reads should ask why."""
    return f"draget {draws} gånger" if draws >= OFTEN else ""


def plan_in_words(draw: SampleDraw) -> str:
    """`Ett antal: 4, minst en från varje enhet`."""
    by = SelectBy(draw.select_by)
    amount = "" if by is SelectBy.ALL else f": {draw.amount}"
    return SELECT_LABELS[by] + amount + (", minst en från varje enhet" if draw.each_unit else "")


def next_ref(refs: Sequence[str]) -> str:
    """The first of S1, S2 … that is free."""
    return next(ref for ref in (f"S{number}" for number in range(1, len(refs) + 2)) if ref not in refs)
