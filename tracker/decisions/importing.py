"""How does a file of decisions become rows to save? Reading and checking only: nothing here touches the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final, NamedTuple

from tracker.exchange.columns import (
    CLEAR,
    LEAVE,
    Mark,
    cell_at,
    fold,
    match_columns,
    parse_choice,
    parse_date,
    parse_text,
)
from tracker.exchange.errors import BadCell, Collector
from tracker.exchange.reading import Cell, Table
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number, normalise_person
from tracker.rules.legal_basis import parse_legal_basis

REMEMBERED_CELLS = 20_000
AREAS = ("Äldreomsorg", "Funktionsnedsättning", "IFO", "LSS")


class Unreadable(Enum):
    """Stands where a cell could not be read: it has been told, and nothing more is concluded from it."""

    BAD = "bad"


BAD: Final = Unreadable.BAD
Value = str | bool | date | Mark | Unreadable
Parser = Callable[[Cell], Value]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the import file: what reads its cells, and the longest text it takes."""

    name: str
    parse: Parser
    required: bool = False
    longest: int = 0


def _by_rule(rule: Callable[[str], str]) -> Parser:
    def parse(cell: Cell) -> Value:
        text = parse_text(cell)
        if isinstance(text, Mark):
            return text
        try:
            return rule(text)
        except RuleViolation as violation:
            raise BadCell(violation.message) from None

    return parse


def _nameless(cell: Cell) -> Value:
    """A short text that is shown in lists and stored as it is: no number of a person may stand in it."""
    text = parse_text(cell)
    if isinstance(text, str) and holds_person_number(text):
        raise BadCell("ser ut som ett personnummer. Ta bort det; vem beslutet gäller skrivs i kolumnen person.")
    return text


def _one_of(labels: Mapping[str, str | bool]) -> Parser:
    folded = {fold(label): value for label, value in labels.items()}
    return lambda cell: parse_choice(cell, folded, labels)


DECISION_FIELDS = (
    Field("lagrum", _by_rule(parse_legal_basis)),
    Field("grund", _one_of({"beslut": False, "dom": True})),
    Field("omrade", _one_of({area: area for area in AREAS})),
    Field("insats", _nameless, required=True, longest=200),
    Field("kon", _one_of({"kvinna": "kvinna", "man": "man"})),
    Field("person", _by_rule(normalise_person)),
    Field("enhet", _nameless, longest=120),
    Field("handlaggare", _nameless, longest=120),
    Field("utforare", _nameless, longest=120),
    Field("diarienummer", _nameless, longest=60),
    Field("beslutsdatum", parse_date, required=True),
)
CLOCK_FIELDS = (
    Field("verkstalld", parse_date),
    Field("avslutad", parse_date),
    Field("avslutsorsak", _nameless, longest=200),
    Field("skal", parse_text, longest=2000),
    Field("forst_rapporterad", parse_date),
    Field("slutrapporterad", parse_date),
)
DECISION_NAMES = tuple(field.name for field in DECISION_FIELDS)
REF = Field("ref", parse_text, required=True, longest=60)
INTERRUPTED = Field("avbrottsdatum", parse_date)
ALL_FIELDS = (REF, INTERRUPTED, *DECISION_FIELDS, *CLOCK_FIELDS)
COLUMNS = {field.name: field.required for field in ALL_FIELDS}
NEVER_CLEARED = frozenset({"insats", "beslutsdatum"})


class ParsedRow(NamedTuple):
    """One row of the file: one clock. Values stand in the order of DECISION_FIELDS and CLOCK_FIELDS."""

    number: int
    ref: str
    interrupted_on: date | None
    decision: tuple[Value, ...]
    clock: tuple[Value, ...]


class ParsedFile(NamedTuple):
    """What has been read of a file: its rows by ref, and what was wrong so far."""

    rows: dict[str, list[ParsedRow]]
    collector: Collector


def parse_rows(table: Table, collector: Collector) -> dict[str, list[ParsedRow]]:
    """The rows of a table by ref, in the file's order; every bad cell is noted in `collector`.

    Raises ImportRefused at once when the columns themselves are wrong.
    """
    errors = collector.total
    places = match_columns(table.columns, COLUMNS, collector)
    if collector.total > errors:
        collector.raise_if_any()
    by_ref: dict[str, list[ParsedRow]] = {}
    keys: dict[tuple[str, date | None], int] = {}
    remembered: dict[tuple[Value, ...], tuple[Value, ...]] = {}
    decision_cells = [_CellReader(field, places.get(field.name), collector) for field in DECISION_FIELDS]
    clock_cells = [_CellReader(field, places.get(field.name), collector) for field in CLOCK_FIELDS]
    interruptions = _CellReader(INTERRUPTED, places.get("avbrottsdatum"), collector)
    for number, cells in table.rows:
        ref = _parse_ref(cell_at(cells, places, "ref"), number, collector)
        interrupted = interruptions.read(cells, number)
        decision = tuple([reader.read(cells, number) for reader in decision_cells])
        clock = tuple([reader.read(cells, number) for reader in clock_cells])
        if ref is None or interrupted is BAD:
            continue
        interrupted_on = interrupted if isinstance(interrupted, date) else None
        earlier = keys.setdefault((ref, interrupted_on), number)
        if earlier != number:
            what = "avbrottsdatum" if interrupted_on else "ref"
            collector.add(
                number, what, f"samma beslut och avbrottsdatum står redan på rad {earlier}. Ta bort en av dem."
            )
            continue
        clock = remembered.setdefault(clock, clock)
        by_ref.setdefault(ref, []).append(ParsedRow(number, ref, interrupted_on, decision, clock))
    return by_ref


FIELDS = {field.name: field for field in ALL_FIELDS}


def parse_typed(name: str, text: str) -> Value:
    """What a person has written in a form's field, read as a cell of the file would be; an empty field clears.

    Raises RuleViolation for the field, with what to write instead.
    """
    field = FIELDS[name]
    if not text and (field.required or name in NEVER_CLEARED):
        raise RuleViolation("empty", "Fältet kan inte vara tomt. Skriv vad som gäller.", name)
    return _read_typed(field, text or "-")


def parse_typed_day(name: str, text: str) -> date | None:
    """A day that a person has written in a form's field that no file has; None for an empty one.

    Raises RuleViolation for the field, with what to write instead.
    """
    day = _read_typed(Field(name, parse_date), text or "-")
    return day if isinstance(day, date) else None


def _read_typed(field: Field, text: str) -> Value:
    try:
        return _read(field, text)
    except BadCell as error:
        message = str(error)
        raise RuleViolation("cell", message[:1].upper() + message[1:], field.name) from None


def names_in(by_ref: dict[str, list[ParsedRow]], field_name: str) -> dict[str, int]:
    """Each text that stands in a column of the decision, in the file's order, with the first row that holds it."""
    place = DECISION_NAMES.index(field_name)
    found: dict[str, int] = {}
    for rows in by_ref.values():
        for row in rows:
            value = row.decision[place]
            if isinstance(value, str):
                found.setdefault(value, row.number)
    return found


def combine(rows: list[ParsedRow], collector: Collector) -> dict[str, Value]:
    """What the rows of one ref say together of the decision; rows that contradict each other are noted."""
    if len(rows) == 1:
        return {name: value for name, value in zip(DECISION_NAMES, rows[0].decision, strict=True) if value is not LEAVE}
    said: dict[str, tuple[Value, int]] = {}
    for row in rows:
        for field, value in zip(DECISION_FIELDS, row.decision, strict=True):
            if value is LEAVE or (value is BAD and field.name in said):
                continue
            earlier = said.setdefault(field.name, (value, row.number))
            if earlier[0] is not BAD and earlier[0] != value:
                collector.add(
                    row.number,
                    field.name,
                    f"rad {earlier[1]} säger något annat om samma beslut. Skriv samma sak på båda raderna.",
                )
    return {name: value for name, (value, _) in said.items()}


def _parse_ref(cell: Cell, number: int, collector: Collector) -> str | None:
    value = _parse_cell(REF, cell, number, collector)
    if value is BAD:
        return None
    if isinstance(value, Mark) or not isinstance(value, str):
        collector.add(number, "ref", "referensen saknas. Skriv beslutets eget nummer, till exempel B-01.")
        return None
    if holds_person_number(value):
        collector.add(number, "ref", "ser ut som ett personnummer. Skriv en referens som inte pekar ut någon.")
        return None
    return value


class _CellReader:
    """Reads one column's cells; what it has read once it knows, as most cells of a register stand there many times."""

    def __init__(self, field: Field, place: int | None, collector: Collector) -> None:
        self._field, self._place, self._collector = field, place, collector
        self._known: dict[Cell, Value] = {"": LEAVE}

    def read(self, cells: Sequence[Cell], number: int) -> Value:
        """The value of the row's cell; a bad cell is noted and left."""
        if self._place is None:
            return LEAVE
        cell = cells[self._place]
        value = self._known.get(cell)
        if value is None:
            errors = self._collector.total
            value = _parse_cell(self._field, cell, number, self._collector)
            if errors == self._collector.total and len(self._known) < REMEMBERED_CELLS:
                self._known[cell] = value
        return value


def _parse_cell(field: Field, cell: Cell, number: int, collector: Collector) -> Value:
    if cell == "":
        return LEAVE
    try:
        return _read(field, cell)
    except BadCell as error:
        collector.add(number, field.name, str(error))
        return BAD


def _read(field: Field, cell: Cell) -> Value:
    value = field.parse(cell)
    if value is CLEAR and field.name in NEVER_CLEARED:
        raise BadCell("kan inte tömmas. Skriv vad som gäller.")
    if field.longest and isinstance(value, str) and len(value) > field.longest:
        raise BadCell(f"texten är för lång. Skriv högst {field.longest} tecken.")
    return value
