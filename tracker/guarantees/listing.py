"""Which columns does a guarantee's register of occasions have, and what stands in them?"""

from datetime import date
from typing import NamedTuple

from tracker.guarantees.pages import mark_of
from tracker.guarantees.queries import GuaranteeRow, OccasionRow
from tracker.guarantees.register import BY_DUE, BY_END, BY_REF, LATEST
from tracker.guarantees.words import excess_unit
from tracker.web.columns import DayWithNote, ListColumn


class AboutOccasions(NamedTuple):
    """What the rows of a page share."""

    guarantee: GuaranteeRow
    today: date


OccasionColumn = ListColumn[OccasionRow, AboutOccasions]


def _day(
    name: str, label: str, of: str, *, order: str = "", falling: bool = False, usual: bool = False
) -> OccasionColumn:  # fmt: skip
    return ListColumn(
        name, label, lambda row, _: getattr(row.days, of), usual=usual, order=order, falling=falling, css="whole",
        kind="date",
    )  # fmt: skip


def _last_day(row: OccasionRow, _: AboutOccasions) -> object:
    return DayWithNote(row.days.due_on, "förlängd") if row.days.prolonged_to else row.days.due_on


def occasion_columns(guarantee: GuaranteeRow) -> list[OccasionColumn]:
    """The columns of a guarantee's list; too late is counted in what its limit is."""
    too_late = f"För sent, {excess_unit(guarantee.limit)}"
    return [
        ListColumn("nummer", "Nummer", lambda row, _: row.number, css="whole"),
        ListColumn("referens", "Referens", lambda row, _: row.ref, order=BY_REF),
        ListColumn("enhet", "Enhet", lambda row, _: row.unit),
        _day("borjade", "Började", "started_on", order=LATEST.column, falling=True, usual=True),
        _day("grans", "Sista dag utan förlängning", "limit_on"),
        _day("forlangning-beslutad", "Förlängning beslutad", "prolonged_on"),
        ListColumn("forlangd-for", "Förlängd för", lambda row, _: row.prolonged_for, usual=False),
        ListColumn("sista-dag", "Sista dag", _last_day, order=BY_DUE, kind="date"),
        _day("klart", "Klart", "ended_on", order=BY_END, usual=True),
        ListColumn("for-sent", too_late, lambda row, _: row.excess, usual=False, css="num", kind="number"),
        _day("avbrutet", "Avbrutet", "cancelled_on"),
        ListColumn("lage", "Läge", lambda row, about: mark_of(row, about.guarantee, about.today)),
    ]
