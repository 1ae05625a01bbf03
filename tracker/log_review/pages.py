"""What do the log's pages and files say of an entry or a read? Lines ready for the templates; never a value."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from tracker.accounts.queries import UnitRow
from tracker.accounts.reader import Reach
from tracker.clock import STOCKHOLM
from tracker.exchange.writing import Column
from tracker.labels import ACTION_LABELS, ACTOR_LABELS, FIELD_LABELS, PURPOSE_LABELS, READ_LABELS, TARGET_LABELS
from tracker.log_review.filters import AskedFor
from tracker.log_review.names import (
    Person,
    RecordName,
    people,
    people_by_text,
    record_names,
    records_by_number,
    unit_names,
)
from tracker.log_review.queries import Event, LogFilter
from tracker.records.models import RecordKind
from tracker.rules.case_fields import TRAIL_FIELDS as CASE_FIELDS
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action, ActorKind, Purpose, ReadKind, TargetKind

REPORTER = "Rapportören (visas enligt regeln för rapportörer)"
LINES_AT_ONCE = 1_000
CASES = frozenset({RecordKind.DEVIATION, RecordKind.LEX_SARAH, RecordKind.COMPLAINT})
OF_CASES = FIELD_LABELS | CASE_FIELDS  # some names are another thing in other registers
EXPORT = (
    Column("at", "tidpunkt", 20),
    Column("who", "vem", 28),
    Column("email", "e-postadress", 28),
    Column("what", "vad", 24),
    Column("record", "post", 20),
    Column("unit", "enhet", 24),
    Column("about", "gäller", 24),
    Column("fields", "fält", 40),
    Column("count", "antal", 10, "number"),
    Column("list", "lista", 20),
    Column("selection", "urval", 40),
    Column("purpose", "ändamål", 20),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry or read as a page shows it. `person` is None where nobody is to be named."""

    at: str
    who: str
    person: Person | None
    what: str
    record: RecordName | None
    about: str
    fields: str
    count: int | None
    list_name: str
    selection: str
    purpose: str

    def cells(self) -> tuple[object, ...]:
        """The line as a row of EXPORT."""
        record, unit = (self.record.text, self.record.unit) if self.record else ("", "")
        email = self.person.email if self.person else ""
        return (
            self.at, self.who, email, self.what, record, unit, self.about, self.fields, self.count, self.list_name,
            self.selection, self.purpose,
        )  # fmt: skip


def lines(events: Iterable[Event], reach: Reach) -> list[Line]:
    """The events of one page as lines; four statements, however many."""
    found = list(events)
    records = record_names({event.record_id for event in found if event.record_id is not None}, reach)
    targets = {
        kind: {event.target_id for event in found if event.target_kind == kind and event.target_id is not None}
        for kind in (TargetKind.USER, TargetKind.UNIT)
    }
    named = people({event.actor_id for event in found if event.actor_id is not None} | targets[TargetKind.USER])
    units = unit_names(targets[TargetKind.UNIT]) if targets[TargetKind.UNIT] else {}
    return [_line(event, records, named, units) for event in found]


def export_lines(events: Iterator[Event], reach: Reach) -> Iterator[tuple[object, ...]]:
    """The events of a file as its rows, looked up some at a time."""
    while batch := list(islice(events, LINES_AT_ONCE)):
        yield from (line.cells() for line in lines(batch, reach))


def _line(event: Event, records: dict[int, RecordName], named: dict[int, Person], units: dict[int, str]) -> Line:
    person = named.get(event.actor_id) if event.actor_id is not None else None
    record = records.get(event.record_id) if event.record_id is not None else None
    labels = OF_CASES if record and record.kind in CASES else FIELD_LABELS
    return Line(
        event.at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M:%S"),
        who(event.actor_kind, person),
        person,
        ACTION_LABELS[event.what] if isinstance(event.what, Action) else READ_LABELS[event.what],
        record,
        _about(event, named, units),
        ", ".join(dict.fromkeys(labels.get(name, name) for name in event.fields)),
        event.row_count,
        event.list_name or "",
        event.selection or "",
        PURPOSE_LABELS[Purpose(event.purpose)] if event.purpose in set(Purpose) else "",
    )


def who(kind: ActorKind, person: Person | None) -> str:
    """Who acted, in words. A reporter is never named, and who is anonymous is nobody."""
    if kind is ActorKind.REPORTER:
        return REPORTER
    if kind is ActorKind.USER and person:
        return person.name
    label = ACTOR_LABELS[kind]
    return f"{label}, {person.name}" if person else label


def _about(event: Event, named: dict[int, Person], units: dict[int, str]) -> str:
    if event.target_kind not in set(TargetKind):
        return ""
    label, number = TARGET_LABELS[TargetKind(event.target_kind)], event.target_id
    if number is None:
        return label
    if event.target_kind == TargetKind.USER and number in named:
        return f"{label}: {named[number].name}"
    return (
        f"{label}: {units[number]}" if event.target_kind == TargetKind.UNIT and number in units else f"{label} {number}"
    )


@dataclass(frozen=True, slots=True)
class Search:
    """A search ready to be made; `errors` beside their fields, `reach` narrowed to the unit asked for."""

    wanted: LogFilter
    reach: Reach
    errors: dict[str, str]


def search_for(asked: AskedFor, reach: Reach, units: list[UnitRow]) -> Search:
    """What an address asks for, with people and records found by what was typed."""
    errors = dict(asked.errors)
    narrowed = unit_reach(asked.unit_id, units, reach)
    actor_ids = None
    try:
        actor_ids = people_by_text(asked.person) if asked.person else None
    except RuleViolation as violation:
        errors[violation.field or "person"] = violation.message
    record_ids = records_by_number(asked.record, narrowed or Reach()) if asked.record else None
    wanted = LogFilter(asked.first_on, asked.last_on, asked.tab, actor_ids, record_ids, asked.action, asked.read_kind)
    if narrowed is None:
        wanted = replace(wanted, record_ids=())
    return Search(wanted, narrowed or Reach(), errors)


def unit_reach(unit_id: int | None, units: list[UnitRow], reach: Reach) -> Reach | None:
    """The reach narrowed to a unit and all below it; None when the unit lies outside."""
    if unit_id is None:
        return reach
    for unit in units:
        if unit.id == unit_id:
            single = unit.tree_from == unit.tree_to
            return Reach(
                intervals=((unit.tree_from, unit.tree_to),), only_unit_id=unit.id if single else None, tree=reach.tree
            )
    return None


def kinds_offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups of the select *Vad*, each with (value, label)."""
    return [
        ("Händelser", [(f"handelse:{action.value}", ACTION_LABELS[action]) for action in Action]),
        ("Läsningar", [(f"lasning:{kind.value}", READ_LABELS[kind]) for kind in ReadKind]),
    ]
