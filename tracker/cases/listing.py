"""Which columns do the registers of cases have, and what stands in them?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.accounts.queries import UnitRow
from tracker.cases.asked import CHOICE_NAMES
from tracker.cases.pages import WORDS, choice_words, state_mark
from tracker.cases.register import BESIDE, CaseRow
from tracker.cases.registers import CaseRegister
from tracker.records.models import RecordKind
from tracker.web.columns import ListColumn


@dataclass(frozen=True, slots=True)
class AboutCases:
    """What the rows of a page share. `whole`: the cases that the reader reads the whole of, None for all; of the others
    no more is told than number, unit, days of the list and how far they have come.
    """

    register: CaseRegister
    units: dict[int, str]
    today: date
    whole: frozenset[int] | None


CaseColumn = ListColumn[CaseRow, AboutCases]


def about_cases(
    register: CaseRegister, units: Iterable[UnitRow], today: date, whole: frozenset[int] | None
) -> AboutCases:
    """What the columns are worked out from, beside the rows."""
    return AboutCases(register, {unit.id: unit.name for unit in units}, today, whole)


def case_columns(register: CaseRegister, *, tells: bool, several_units: bool) -> list[CaseColumn]:
    """The columns that a reader can be shown. `tells`: they read some case of the register whole."""
    left_out = set() if several_units else {"enhet"}
    found = [column for column in _COLUMNS[register.kind] if column.name not in left_out]
    return found if tells else [column for column in found if column.name in _IN_SHORT]


def _told(row: CaseRow, about: AboutCases, value: object) -> object:
    return value if about.whole is None or row.record_id in about.whole else None


def _beside(kind: RecordKind, name: str, label: str, column: str, css: str = "", sort: Any = "text") -> CaseColumn:  # noqa: ANN401
    place = BESIDE[kind].index(column)
    return ListColumn(
        name, label, lambda row, about: _told(row, about, row.beside[place]), usual=False, css=css, kind=sort
    )


def _columns(kind: RecordKind, *more: CaseColumn) -> tuple[CaseColumn, ...]:
    words = WORDS[kind]
    due = {"Eget mål": "mal", "Svar senast": "svar-senast"}.get(words.due)
    last: list[CaseColumn] = []
    if due:
        last = [ListColumn(due, words.due, lambda row, _: row.due_on, css="whole", kind="date")]
    return (
        ListColumn("nummer", "Nummer", lambda row, _: row.ref, order="ref", css="whole"),
        ListColumn(
            CHOICE_NAMES[kind], words.choice,
            lambda row, about: _told(row, about, choice_words(about.register, row.choice)),
        ),
        ListColumn("enhet", "Enhet", lambda row, about: about.units.get(row.unit_id, "")),
        ListColumn(
            words.listed.casefold(), words.listed, lambda row, _: row.listed_on, order="listed_on", falling=True,
            css="whole", kind="date",
        ),
        *last,
        *more,
        ListColumn(
            "avslutad", "Avslutad", lambda row, about: _told(row, about, row.closed_on), usual=False, css="whole",
            kind="date",
        ),
        ListColumn("status", "Status", lambda row, about: state_mark(row.state, row.due_on, row.met_on, about.today)),
    )  # fmt: skip


def _met(name: str, label: str) -> CaseColumn:
    return ListColumn(
        name, label, lambda row, about: _told(row, about, row.met_on), usual=False, css="whole", kind="date"
    )


_D, _L = RecordKind.DEVIATION, RecordKind.LEX_SARAH
_COLUMNS = {
    _D: _columns(
        _D,
        _beside(_D, "handelsedatum", "Hände", "happened_on", "whole", "date"),
        _beside(_D, "lagomrade", "Lagområde", "law_area"),
        _beside(_D, "slag", "Slag", "kind"),
        _beside(_D, "allvarlighet", "Allvarlighet", "severity", "num", "number"),
    ),
    _L: _columns(
        _L,
        _beside(_L, "lagrum", "Lagrum", "law"),
        _beside(_L, "handelsedatum", "Hände", "happened_on", "whole", "date"),
        _met("beslutad", "Beslutad"),
    ),
    RecordKind.COMPLAINT: _columns(RecordKind.COMPLAINT, _met("besvarad", "Besvarad")),
}
_IN_SHORT = frozenset({"nummer", "enhet", "mottagen", "mal", "status"})
