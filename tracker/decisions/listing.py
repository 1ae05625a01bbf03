"""Which columns does the register of decisions have, and what stands in them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.accounts.queries import UnitRow
from tracker.decisions.pages import state_mark
from tracker.decisions.queries import BY_REF, RegisterRow
from tracker.records.models import CodeList
from tracker.records.queries import kept_codes, kept_label
from tracker.rules.unexecuted import ClockKind
from tracker.web.columns import ListColumn


@dataclass(frozen=True, slots=True)
class AboutClocks:
    """What the rows of a page share: the names of units and insatser, and the day."""

    units: dict[int, str]
    interventions: dict[int, str]
    today: date


ClockColumn = ListColumn[RegisterRow, AboutClocks]


def about_clocks(units: Iterable[UnitRow], today: date) -> AboutClocks:
    """What the columns are worked out from, beside the rows."""
    interventions = {choice.id: choice.label for choice in kept_codes(CodeList.INTERVENTION)}
    return AboutClocks({unit.id: unit.name for unit in units}, interventions, today)


def clock_columns(*, several_units: bool) -> list[ClockColumn]:
    """The columns that a reader can be shown; identities are in none."""
    return [column for column in _COLUMNS if several_units or column.name != "enhet"]


def _insats(row: RegisterRow, about: AboutClocks) -> object:
    return about.interventions.get(row.intervention_id) or kept_label(CodeList.INTERVENTION, row.intervention_id)


def _day(name: str, label: str, of: str, *, usual: bool = False, order: str = "") -> ClockColumn:
    return ListColumn(name, label, lambda row, _: getattr(row, of), usual=usual, order=order, css="whole", kind="date")


_COLUMNS: tuple[ClockColumn, ...] = (
    ListColumn("beslut", "Beslut", lambda row, _: row.ref, order=BY_REF, css="whole"),
    ListColumn("insats", "Insats", _insats),
    ListColumn(
        "klocka", "Klocka från", lambda row, _: "Avbrott" if row.kind == ClockKind.INTERRUPTION else "Beslut"
    ),
    ListColumn("enhet", "Enhet", lambda row, about: about.units.get(row.unit_id, "")),
    _day("beslutad", "Beslutad", "decided_on"),
    _day("start", "Start", "started_on", usual=True),
    _day("tre-manader", "Tre månader", "due_on", usual=True, order="due_on"),
    ListColumn(
        "dagar", "Väntetid, dagar", lambda row, about: ((row.ended_on or about.today) - row.started_on).days,
        css="num", kind="number",
    ),
    _day("verkstalld", "Verkställd", "executed_on"),
    _day("avslutad", "Avslutad", "closed_on"),
    _day("forst-rapporterad", "Först rapporterad", "first_reported_on"),
    ListColumn("status", "Status", lambda row, about: state_mark(row.state, row.due_on, about.today)),
)  # fmt: skip
