"""What has happened with an action, in words: by the trail, and by the notes on the way. Newest first.

What an action belongs to is never named here: a reader of the action may not see the case.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from tracker.accounts.queries import user_names
from tracker.actions.queries import NoteRow
from tracker.actions.words import EFFECT_LABELS
from tracker.audit.history import Event, list_history
from tracker.clock import as_utc, day_of
from tracker.labels import ACTOR_LABELS
from tracker.rules.actions import Effect
from tracker.rules.trail import Action, ActorKind

MADE = {
    Action.RECORD_CREATED: "Upplagd",
    Action.RECORD_FORGOTTEN: "Texten är gallrad",
}
FROM_FILE = "Inläst från fil"


class TimelineLine(NamedTuple):
    """One thing that happened: the day, who did it, what, and what they said."""

    at: datetime
    on: date
    who: str | None
    what: str
    words: str


def timeline(action_id: int, notes: list[NoteRow]) -> list[TimelineLine]:
    """What has happened with an action that the reader sees; the number of statements does not follow its length."""
    events = list_history(action_id, with_personal=True)
    people = user_names({event.actor_id for event in events if event.actor_id is not None})
    found = [line for event in events for line in _lines(event, people)]
    found += [TimelineLine(as_utc(n.written_at), day_of(n.written_at), n.written_by, "", n.text) for n in notes]
    return sorted(found, key=lambda line: line.at, reverse=True)


def _lines(event: Event, people: dict[int, str]) -> Iterator[TimelineLine]:
    what = ". ".join(_what(event))
    if not what:
        return
    who = ACTOR_LABELS[event.actor_kind]
    if event.actor_kind is ActorKind.USER and event.actor_id is not None:
        who = people.get(event.actor_id, who)
    yield TimelineLine(event.at, day_of(event.at), who, what, event.reason or "")


def _what(event: Event) -> Iterator[str]:
    if event.action in MADE:
        yield MADE[event.action]
        return
    if event.action is Action.RECORDS_IMPORTED:
        yield FROM_FILE
    if event.action not in {Action.RECORD_CHANGED, Action.RECORDS_IMPORTED}:
        return
    for change in event.changes:
        told = _change(change.field, change.old, change.new)
        if told:
            yield told


def _change(field: str, old: object, new: object) -> str:
    """What became of one field."""
    was = f" (var {old})" if old else ""
    if field == "effect":
        return f"Uppföljd: {EFFECT_LABELS[Effect(str(new))].lower()}" if new else "Inte längre uppföljd"
    if field == "source":
        return "Hör till något mer" if old is None else "Hör inte längre till allt" if new is None else "Hör till annat"
    if field == "text":
        return "Texten ändrad"
    words = {
        "responsible_name": ("Överlämnad till {}", "Ingen är ansvarig"),
        "due_on": ("Klar senast {}", "Ingen sista dag"),
        "decided_on": ("Beslutad den {}", "Inte längre beslutad"),
        "done_on": ("Genomförd den {}", "Inte längre genomförd"),
        "check_on": ("Effekten följs upp den {}", "Ingen dag för uppföljning"),
    }
    if field not in words:
        return ""
    given, gone = words[field]
    return f"{given.format(new) if new else gone}{was}"
