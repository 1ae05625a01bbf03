"""What has been done with a decision, in words: when, by whom, which fields, what stood before and after?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tracker.accounts.queries import kept_units, user_names
from tracker.accounts.reader import EVERYTHING
from tracker.audit.history import MOST_EVENTS, Event, ValueChange, list_history
from tracker.clock import STOCKHOLM
from tracker.decisions.correction_pages import clock_heading
from tracker.decisions.models import DecisionClock
from tracker.labels import ACTION_LABELS, ACTOR_LABELS, ANSWER_LABELS, CLOCK_LABELS, FIELD_LABELS
from tracker.records.models import Access, CodeList
from tracker.records.queries import code_labels, kept_codes
from tracker.rules.identity import holds_person_number
from tracker.rules.life import OfferAnswer
from tracker.rules.trail import Action, ActorKind
from tracker.rules.unexecuted import ClockKind

NOTHING = "–"
HIDDEN = "innehåller ett personnummer och visas inte här"
ACCESS_LABELS = {Access.ORDINARY: "alla med behörighet", Access.PROTECTED: "bara namngivna"}
CODES = {"intervention_id": CodeList.INTERVENTION, "delay_reason_id": CodeList.DELAY_REASON}
WHO_SEES = {
    ("named", True): "{} namngiven",
    ("named", False): "{} inte längre namngiven",
    ("closed", True): "{} utestängd",
    ("closed", False): "{} inte längre utestängd",
}
WITH_REASON = frozenset(
    {
        Action.RECORD_CORRECTED, Action.RECORD_VOIDED, Action.RECORD_ACCESS_CHANGED, Action.RECORDS_REPORTED,
        Action.IVO_REPORT_NOT_SENT,
    }
)  # fmt: skip
# What an event is called by the first of these fields that it holds.
HAPPENED = {
    "executed_on": "Verkställt",
    "closed_on": "Avslutat utan verkställighet",
    "started_on": "Nytt avbrott",
    "offered_on": "Erbjudande",
    "answer": "Svar på erbjudande",
    "contacted_on": "Kontakt",
    "followed_up_on": "Uppföljning",
    "partly_on": "Delvis verkställt",
    "partly": "Delvis verkställt",
    "planned_on": "Planerat verkställighetsdatum",
    "meanwhile": "Under tiden",
    "consequences": "Under tiden",
    "delay_reason_id": "Skäl till dröjsmålet",
    "delay_note": "Skäl till dröjsmålet",
    "replaces": "Ersätter beslut",
}
# Told by the event itself, by the handler's name, and by the reporter's rule alone.
UNTOLD = frozenset({"voided_at", "handler_id", "reporter", "confirmed_version"})
_GRANT = re.compile(r"(named|closed)\.(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class HistoryReader:
    """What the reader of the page may see of it: the values of personal fields, and to whom the record is open."""

    identities: bool
    access: bool


@dataclass(frozen=True, slots=True)
class FieldLine:
    """What became of one field: its old and new value, or else a `note`."""

    label: str
    old: str = ""
    new: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that was done."""

    at: datetime
    who: str
    what: str
    clock: str
    fields: tuple[FieldLine, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A decision's history, newest first; `capped`: there is more than is shown."""

    lines: tuple[HistoryLine, ...]
    capped: bool


def history_page(record_id: int, clocks: Iterable[DecisionClock], reader: HistoryReader) -> HistoryPage:
    """The history of a decision; the number of statements does not follow the number of events."""
    events = list_history(record_id, with_personal=reader.identities)
    words = _Words(events, clocks, reader)
    return HistoryPage(tuple(words.line(event) for event in events), len(events) == MOST_EVENTS)


def latest_change(record_id: int) -> HistoryLine | None:
    """Who changed the record last, and when, without what was changed."""
    events = list_history(record_id, with_personal=False)[:1]
    return _Words(events, (), HistoryReader(identities=False, access=False)).line(events[0]) if events else None


class _Words:
    """What the values of some events are called."""

    def __init__(self, events: list[Event], clocks: Iterable[DecisionClock], reader: HistoryReader) -> None:
        self._reader = reader
        self._clocks = {clock.id: clock_heading(clock) for clock in clocks}
        wanted = {event.actor_id for event in events if event.actor_id is not None}
        if reader.access:
            wanted |= {int(match[2]) for event in events for c in event.changes if (match := _GRANT.fullmatch(c.field))}
        self._people = user_names(wanted) if wanted else {}
        self._units: dict[int, str] | None = None
        self._codes: dict[CodeList, dict[int, str]] = {}

    def line(self, event: Event) -> HistoryLine:
        """One event in words."""
        fields = list(self._fields(event))
        if event.action is Action.RECORD_ACCESS_CHANGED and not self._reader.access:
            reason = ""
        elif event.forgotten and event.action in WITH_REASON:
            reason = "glömt"
        else:
            reason = _safe(event.reason or "")
        clock = self._clock_of(event)
        return HistoryLine(
            event.at.astimezone(STOCKHOLM), self._who(event), _what(event), clock, tuple(dict.fromkeys(fields)), reason
        )

    def _who(self, event: Event) -> str:
        if event.actor_kind is ActorKind.USER and event.actor_id in self._people:
            return self._people[event.actor_id]
        return ACTOR_LABELS[event.actor_kind]

    def _clock_of(self, event: Event) -> str:
        """Which clock was set right or taken away; empty when the event says none."""
        given = {change.field: change for change in event.changes}
        if "clock_id" not in given:
            return ""
        if "kind" in given:
            kind, started = given["kind"].old, given.get("started_on")
            return f"{CLOCK_LABELS[ClockKind(str(kind))]} {started.old if started else ''}, borttagen".replace(
                " ,", ","
            )
        return self._clocks.get(int(str(given["clock_id"].old)), "En klocka som sedan har tagits bort")

    def _fields(self, event: Event) -> Iterable[FieldLine]:
        removed = any(change.field == "kind" for change in event.changes)
        for change in event.changes:
            if (
                change.field in UNTOLD
                or change.field in {"clock_id", "kind"}
                or (removed and change.field == "started_on")
            ):
                continue
            if event.action is Action.RECORD_FORGOTTEN:
                yield FieldLine(_label(change.field), note="glömd")
            elif match := _GRANT.fullmatch(change.field):
                yield self._grant(match[1], int(match[2]), change)
            elif change.field == "person":
                yield FieldLine(_label("person"), note="tillagd" if change.old is None else "ändrad")
            else:
                name = change.field.rpartition(" ")[2]
                yield FieldLine(_label(change.field), self._value(name, change.old), self._value(name, change.new))
        for field in event.withheld:
            if field not in UNTOLD:
                yield FieldLine(_label(field), note="ändrad")
        if event.forgotten:
            told = {change.field for change in event.changes}
            for field in () if event.action is Action.RECORDS_IMPORTED else event.fields:
                if field not in told and field not in UNTOLD:
                    yield FieldLine(_label(field), note="glömd")
            if event.action is Action.RECORDS_IMPORTED:
                yield FieldLine("Personuppgifter", note="glömda")

    def _grant(self, kind: str, user_id: int, change: ValueChange) -> FieldLine:
        if not self._reader.access:
            return FieldLine("Vem som ser posten", note="ändrat")
        name = self._people.get(user_id, "En användare")
        return FieldLine("Vem som ser posten", note=WHO_SEES[kind, bool(change.new)].format(name))

    def _value(self, field: str, value: object) -> str:
        if value is None or value == "":
            return NOTHING
        if field == "judgment":
            return "dom" if value else "beslut"
        if field == "answer":
            return ANSWER_LABELS[OfferAnswer(str(value))]
        if field == "access":
            return ACCESS_LABELS[Access(str(value))]
        if isinstance(value, bool):
            return "ja" if value else "nej"
        if field == "unit_id":
            return self._unit(int(str(value)))
        if field in CODES:
            return self._code(CODES[field], int(str(value)))
        return _safe(str(value))

    def _unit(self, unit_id: int) -> str:
        if self._units is None:
            self._units = {unit.id: unit.name for unit in kept_units(EVERYTHING)}
        return self._units.get(unit_id, NOTHING)

    def _code(self, code_list: CodeList, item_id: int) -> str:
        """An entry's text, as it is today; those merged since are asked for once a list."""
        known = self._codes.setdefault(code_list, {choice.id: choice.label for choice in kept_codes(code_list)})
        if item_id not in known:
            known = self._codes[code_list] = code_labels(code_list)
        return known.setdefault(item_id, NOTHING)


def _what(event: Event) -> str:
    if event.action is Action.RECORD_CHANGED:
        return next((words for field, words in HAPPENED.items() if field in event.fields), ACTION_LABELS[event.action])
    if event.action is not Action.RECORDS_IMPORTED:
        return ACTION_LABELS[event.action]
    changed = event.changes or event.withheld or event.forgotten
    return "Ändrat av en inläst fil" if changed else "Upplagt av en inläst fil"


def _label(field: str) -> str:
    """The field's name; of an interruption's clock with the day it began."""
    place, _, name = field.rpartition(" ")
    label = FIELD_LABELS.get(name, name)
    return f"{place}: {label}".capitalize() if place else label.capitalize()


def _safe(text: str) -> str:
    return HIDDEN if holds_person_number(text) else text
