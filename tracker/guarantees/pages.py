"""What do the pages and files of guarantees show? Shares, states in words, shapes and colours, and rows."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tracker.exchange.writing import Column
from tracker.guarantees.figures import MonthFigures, YearFigures
from tracker.guarantees.queries import GuaranteeRow, OccasionRow
from tracker.guarantees.words import STATE_LABELS, excess_words, limit_words
from tracker.records.models import CodeList
from tracker.records.queries import kept_label
from tracker.rules.calendar import MONTHS
from tracker.rules.guarantee_occasions import OccasionState, state_of
from tracker.web.filters import whole_number
from tracker.web.marks import StateMark

SHAPES = {
    OccasionState.RUNNING: ("○", "soon"),
    OccasionState.LATE: ("■", "late"),
    OccasionState.IN_TIME: ("●", "done"),
    OccasionState.MISSED: ("■", "late"),
    OccasionState.CANCELLED: ("–", "closed"),
}
COLUMNS = (
    "ref", "garanti", "enhet", "startdatum", "slutdatum", "forlangd_till", "forlangd_beslutad", "forlangd_skal",
    "sista_dag", "overskriden", "lage",
)  # fmt: skip
DAYS = frozenset({"startdatum", "slutdatum", "forlangd_till", "forlangd_beslutad", "sista_dag"})
EXPORT = tuple(
    Column(name, name, 16, "date" if name in DAYS else "number" if name == "overskriden" else "text")
    for name in COLUMNS
)


class GuaranteeLine(NamedTuple):
    """A row of the page of all guarantees; `share` and `outcome` are None where nothing has ended."""

    guarantee: GuaranteeRow
    limit: str
    figures: YearFigures
    share: str
    outcome: StateMark


class MonthLine(NamedTuple):
    """A row of the table by month, as it is shown."""

    name: str
    figures: MonthFigures
    mean: str
    median: str
    cause: str


def one_decimal(value: Fraction | None) -> str:
    """98,5; 3; an en dash for None. Exactly halfway is rounded up."""
    if value is None:
        return "–"
    tenths = int(value * 10 + Fraction(1, 2))
    whole, rest = divmod(tenths, 10)
    return f"{whole_number(whole)},{rest}"


def percent_words(share: Fraction | None) -> str:
    """98,5 %; an en dash where there is no share."""
    return "–" if share is None else f"{one_decimal(share * 100)} %"


def guarantee_line(guarantee: GuaranteeRow, figures: YearFigures) -> GuaranteeLine:
    """A guarantee with its year. Whether the target is reached is told in words as well as by colour."""
    kept = figures.kept
    if kept.share is None:
        outcome = StateMark("Inget avslutat i år", "○", "closed")
    elif kept.meets(guarantee.limit):
        outcome = StateMark("Målet nått", "●", "done")
    else:
        outcome = StateMark("Målet inte nått", "■", "late")
    return GuaranteeLine(guarantee, limit_words(guarantee.limit), figures, percent_words(kept.share), outcome)


def mark_of(row: OccasionRow, guarantee: GuaranteeRow, today: date) -> StateMark:
    """How an occasion stands: `■ Klart för sent, 3 arbetsdagar`."""
    state = state_of(row.days, today)
    shape, css = SHAPES[state]
    late = f", {excess_words(row.excess, guarantee.limit)}" if row.excess else ""
    return StateMark(f"{STATE_LABELS[state]}{late}", shape, css)


def month_line(figures: MonthFigures, name: str | None = None) -> MonthLine:
    """A month as the table has it; `name`: another name than the month's."""
    cause = figures.commonest
    return MonthLine(
        name or MONTHS[figures.month.month - 1], figures, one_decimal(figures.mean), one_decimal(figures.median),
        "–" if cause is None else kept_label(CodeList.DEVIATION_CAUSE, cause),
    )  # fmt: skip


def exported_row(row: OccasionRow, guarantee: GuaranteeRow, today: date) -> tuple[object, ...]:
    """An occasion as a file holds it."""
    days = row.days
    return (
        row.ref, guarantee.slug, row.unit, days.started_on, days.ended_on, days.prolonged_to, days.prolonged_on,
        row.prolonged_for, days.due_on, row.excess, STATE_LABELS[state_of(days, today)],
    )  # fmt: skip
