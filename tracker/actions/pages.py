"""What do the pages and files of actions show? The state in words, colour and shape, and what an action belongs to."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from tracker.actions.importing import SOURCE_WORDS
from tracker.actions.queries import ActionRow, SourceRow
from tracker.actions.words import EFFECT_LABELS, SOURCE_NAMES, STATE_LABELS
from tracker.records.models import RecordKind
from tracker.rules.actions import ActionState, Effect
from tracker.web.marks import StateMark

SHAPES = {
    ActionState.PROPOSED: ("○", "closed"),
    ActionState.DECIDED: ("◆", "soon"),
    ActionState.DONE: ("◐", "soon"),
    ActionState.FOLLOWED_UP: ("●", "done"),
}
ADDRESSES = {
    RecordKind.RISK: "/risker/{}",
    RecordKind.CONTROL: "/internkontroll/moment/{}",
    RecordKind.DEVIATION: "/avvikelser/{}",
    RecordKind.LEX_SARAH: "/lex-sarah/{}",
    RecordKind.DECISION: "/beslut/{}",
    RecordKind.COMPLAINT: "/synpunkter/{}",
}


class ActionLine(NamedTuple):
    """A row of a list of actions."""

    row: ActionRow
    mark: StateMark


def mark_of(row: ActionRow, today: date) -> StateMark:
    """The mark of an action: `■ Försenad` when its last day has passed, `● Uppföljd: delvis uppnådd` at its end."""
    if row.late(today):
        return StateMark("Försenad", "■", "late")
    shape, css = SHAPES[row.state]
    word = STATE_LABELS[row.state]
    if row.days.effect is None:
        return StateMark(word, shape, css)
    effect = EFFECT_LABELS[row.days.effect].lower()
    return StateMark(f"{word}: {effect}", shape, "late" if row.days.effect is Effect.NOT else css)


def action_lines(rows: Iterable[ActionRow], today: date) -> list[ActionLine]:
    """Each action with its mark."""
    return [ActionLine(row, mark_of(row, today)) for row in rows]


def source_links(sources: Iterable[SourceRow]) -> list[tuple[str, str]]:
    """(words, address or None) of what an action belongs to: `Risk 2026/R1`."""
    found = []
    for record_id, kind, number, _ in sources:
        found.append((f"{SOURCE_NAMES[kind]} {number}", ADDRESSES[kind].format(record_id)))
    return found


def exported_row(row: ActionRow, sources: Mapping[int, list[SourceRow]]) -> tuple[object, ...]:
    """A row of the file, in the columns of the import; of several sources the first one that the reader sees."""
    first = next(iter(sources.get(row.record_id, ())), None)
    days = row.days
    return (
        row.ref, first and SOURCE_WORDS[first.kind], first and first.number, row.text, row.responsible,
        days.decided_on, days.due_on, days.done_on, days.effect and days.effect.value,
    )  # fmt: skip
