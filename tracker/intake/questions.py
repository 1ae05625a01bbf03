"""What must whoever knows the file say of its cells? In which form a column's days are written, and what values stand
for that are not the register's own.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.accounts.queries import list_units, unit_places
from tracker.accounts.reader import Reach
from tracker.decisions.importing import AREAS, FIELDS
from tracker.decisions.lookups import delay_reason_ids
from tracker.exchange.columns import fold
from tracker.exchange.date_forms import DateForm, OfferedForm, needs_form, offer_forms
from tracker.exchange.errors import BadCell
from tracker.exchange.foreign import distinct_cells
from tracker.exchange.sheets import OpenFile
from tracker.exchange.table import Cell
from tracker.exchange.value_maps import propose
from tracker.intake.choices import AS_IT_STANDS, LEFT_EMPTY, Choices
from tracker.intake.fields import CODED_FIELDS, DATE_FIELDS
from tracker.records.models import CodeList
from tracker.records.queries import offered_codes
from tracker.records.services import code_ids
from tracker.rules.identity import holds_person_number
from tracker.rules.legal_basis import LSS, SOL

MOST_DAYS, MOST_VALUES = 20_000, 5_000
MOST_ASKED = 150
FIXED = {"kon": ("kvinna", "man"), "grund": ("beslut", "dom"), "omrade": AREAS, "lagrum": (*SOL, *LSS)}
TAKES_ANY_TEXT = frozenset({"insats", "skal", "avslutsorsak"})
HIDDEN = "(ser ut som ett personnummer, visas inte)"


def shown(text: str, longest: int = 60) -> str:
    """A cell of the file as a page shows it: never a personnummer, not too long."""
    if holds_person_number(text):
        return HIDDEN
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


@dataclass(frozen=True, slots=True)
class DayQuestion:
    """In which form are the days of this column written? `offers` are those that read any of them."""

    field: str
    head: str
    offers: tuple[OfferedForm, ...]
    chosen: str

    @property
    def name(self) -> str:
        """The form's field."""
        return f"datum_{self.field}"


@dataclass(frozen=True, slots=True)
class ValueQuestion:
    """What does this value stand for? `count` rows hold it; `chosen` is what is proposed, or was chosen before."""

    field: str
    head: str
    cell: str
    count: int
    chosen: str | None

    @property
    def name(self) -> str:
        """The form's field: made from the value, so that it stays the same whatever else is asked."""
        return f"varde_{self.field}_{hashlib.sha256(self.cell.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Questions:
    """All that is to be asked; `known`: field → the register's own values; `too_many`: columns with more values than
    can be asked about; `unread`: columns of days in which no form reads anything; `left`: field → how many values are
    not asked about and stand as they are.
    """

    days: list[DayQuestion]
    values: list[ValueQuestion]
    known: dict[str, list[str]]
    too_many: list[str]
    unread: list[str]
    left: dict[str, int]

    @property
    def any(self) -> bool:
        """Whether there is anything to ask."""
        return bool(self.days or self.values)


def ask(
    file: OpenFile, choices: Choices, reach: Reach, today: date, earlier: Mapping[str, Mapping[str, str]],
    earlier_days: Mapping[str, str],
) -> Questions:  # fmt: skip
    """Walks the table, and finds what is to be asked. `earlier`, `earlier_days`: what was answered for a file like it.

    `reach`: where the importer's rows may be; only its units are offered.
    """
    days = {name: choices.columns[name] for name in DATE_FIELDS if name in choices.columns}
    coded = {name: choices.columns[name] for name in CODED_FIELDS if name in choices.columns}
    cells = distinct_cells(file, choices.table, choices.notes, days, MOST_DAYS)
    cells |= distinct_cells(file, choices.table, choices.notes, coded, MOST_VALUES)
    found = Questions([], [], {}, [], [], {})
    for name in days:
        if needs_form(cells[name]):
            _ask_days(found, name, choices, cells[name], choices.dates.get(name) or earlier_days.get(name, ""))
    for name in coded:
        accepted, offered = _known(name, reach, today)
        found.known[name] = offered
        unknown = Counter({str(cell): n for cell, n in cells[name].items() if not accepted.takes(str(cell))})
        said = dict(earlier.get(name, {})) | dict((choices.values or {}).get(name, {}))
        _ask_values(found, name, choices.heads[name], unknown, said)
    return found


def _ask_days(found: Questions, name: str, choices: Choices, cells: Iterable[Cell], chosen: str) -> None:
    offers = tuple(offer_forms(cells))
    if not offers:
        found.unread.append(name)
        return
    fits = {offer.form.value for offer in offers}
    found.days.append(DayQuestion(name, choices.heads[name], offers, chosen if chosen in fits else ""))


def _ask_values(found: Questions, name: str, head: str, unknown: Counter[str], said: Mapping[str, str]) -> None:
    if len(unknown) > MOST_ASKED:
        if name not in TAKES_ANY_TEXT:
            found.too_many.append(name)
            return
        found.left[name] = len(unknown) - MOST_ASKED
    offered = found.known[name]
    for cell, count in sorted(unknown.items(), key=lambda item: (-item[1], item[0]))[:MOST_ASKED]:
        chosen = said.get(cell)
        if chosen is None or not (chosen in offered or chosen in {AS_IT_STANDS, LEFT_EMPTY}):
            chosen = propose(name, cell, offered) or (AS_IT_STANDS if name in TAKES_ANY_TEXT else None)
        found.values.append(ValueQuestion(name, head, cell, count, chosen))


class _Accepted:
    """Which texts a field takes as they stand."""

    def __init__(self, name: str, exact: Iterable[str] = (), folded: Iterable[str] = ()) -> None:
        self._name, self._exact, self._folded = name, frozenset(exact), frozenset(folded)
        self._by_rule = name in FIXED

    def takes(self, cell: str) -> bool:
        """Whether the register's own import takes the text."""
        if not self._by_rule:
            return cell in self._exact or fold(cell) in self._folded
        try:
            FIELDS[self._name].parse(cell)
        except BadCell:
            return False
        return True


def _known(name: str, reach: Reach, today: date) -> tuple[_Accepted, list[str]]:
    """What a field takes as it stands, and what is offered for the rest."""
    if name == "enhet":
        reachable = [place for place, (_, low) in unit_places().items() if reach.covers(low)]
        return _Accepted(name, reachable), [unit.name for unit in list_units(reach)]
    if name == "insats":
        offered = [choice.label for choice in offered_codes(CodeList.INTERVENTION, today)]
        return _Accepted(name, code_ids(CodeList.INTERVENTION)), sorted(offered)
    if name == "skal":
        offered = [choice.label for choice in offered_codes(CodeList.DELAY_REASON, today)]
        return _Accepted(name, folded=delay_reason_ids()), offered
    if name == "avslutsorsak":
        offered = [choice.label for choice in offered_codes(CodeList.CLOSE_REASON, today)]
        return _Accepted(name, code_ids(CodeList.CLOSE_REASON)), offered
    return _Accepted(name), list(FIXED[name])


def form_of(choices: Choices, name: str) -> DateForm:
    """The form in which a column's days are read."""
    return DateForm(choices.dates.get(name, DateForm.ISO))
