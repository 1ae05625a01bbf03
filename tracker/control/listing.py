"""Which columns does the list of a year's kontrollmoment have, and what stands in them?"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tracker.control.pages import CAME_MARKS, MARKS, note_of
from tracker.control.queries import MomentRow
from tracker.control.register import BY_REF, ListedMoment, outcome_of_standing
from tracker.web.columns import ListColumn, WithNote


class AboutMoments(NamedTuple):
    """What the rows of a page share: the names of units, and how many occasions are late of a record."""

    units: Mapping[int, str]
    late: Mapping[int, int]


MomentColumn = ListColumn[ListedMoment, AboutMoments]


def _name(row: ListedMoment, _: AboutMoments) -> object:
    note = "" if row.moment.graded.no_result else note_of(row.moment)
    return WithNote(row.moment.name, note) if note else row.moment.name


def _more(name: str, label: str, of: str) -> MomentColumn:
    return ListColumn(name, label, lambda row, _: getattr(row.moment, of), usual=False)


def _past(name: str, year: int) -> MomentColumn:
    def mark(row: ListedMoment, _: AboutMoments) -> object:
        grade = row.moment.history[year]
        return MARKS[grade] if grade else None

    return ListColumn(name, f"Bedömning {year}", mark, usual=False)


def _number(name: str, label: str, of: Callable[[MomentRow], int | None], *, usual: bool = True) -> MomentColumn:
    return ListColumn(name, label, lambda row, _: of(row.moment), usual=usual, css="num", kind="number")


def moment_columns(year: int) -> list[MomentColumn]:
    """The columns of a year's list; a limit is the plan's where the kontrollmoment has none of its own."""
    return [
        ListColumn("ref", "Ref", lambda row, _: row.moment.ref, order=BY_REF.column, css="whole"),
        ListColumn("kontrollmoment", "Moment", _name),
        ListColumn("risk", "Risk", lambda row, _: row.moment.risk_ref, css="whole"),
        ListColumn("enhet", "Enhet", lambda row, about: about.units.get(row.standing.unit_id)),
        _more("metod", "Metod", "method"),
        _more("frekvens", "Frekvens", "frequency"),
        _more("ansvarig", "Ansvarig", "responsible"),
        _number("god-grans", "God från, %", lambda moment: moment.limits.good, usual=False),
        _number("godtagbar-grans", "Godtagbar från, %", lambda moment: moment.limits.acceptable, usual=False),
        _number("granskade", "Granskade", lambda moment: moment.outcome.checked),
        _number("godkanda", "Godkända", lambda moment: moment.outcome.approved, usual=False),
        _number("foljsamhet", "Följsamhet, %", lambda moment: moment.result.percent),
        ListColumn("bedomning", "Bedömning", lambda row, _: CAME_MARKS[outcome_of_standing(row.standing)]),
        ListColumn(
            "forsenade", "Försenade tillfällen", lambda row, about: about.late.get(row.record_id), css="num",
            kind="number",
        ),
        _past("aret-fore", year - 1),
        _past("tva-ar-fore", year - 2),
        _more("skal", "Varför ej genomförd", "not_done"),
        _more("harnast", "Vad som händer nu", "not_done_next"),
        _more("motivering", "Varför bedömningen är ändrad", "motivation"),
        _more("kommentar", "Kommentar", "comment"),
    ]  # fmt: skip
