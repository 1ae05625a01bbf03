"""What waits for a reader, register by register? Each number leads to a list that holds exactly so many."""

from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from tracker.accounts.reader import Reader
from tracker.actions.register import ActionList
from tracker.actions.waiting import COUNT_CAP, count_waiting
from tracker.cases.registers import COMPLAINTS, DEVIATIONS
from tracker.cases.work import Work, list_work
from tracker.cases.work_others import list_other_work
from tracker.guarantees.work import count_unregistered
from tracker.records.scope import scope_of
from tracker.rules.permissions import Permission

ACTION_WORDS = {
    (ActionList.LATE, True): "mina är försenade",
    (ActionList.SOON, True): "mina ska vara klara inom 14 dagar",
    (ActionList.OPEN, True): "mina pågår",
    (ActionList.LATE, False): "i enheten är försenade",
    (ActionList.SOON, False): "i enheten ska vara klara inom 14 dagar",
    (ActionList.TO_CHECK, False): "i enheten ska följas upp",
}


class WaitingLine(NamedTuple):
    """How many of something wait, and where they are listed; `capped`: more than are counted."""

    label: str
    path: str
    held: int
    capped: bool
    late: bool


class WaitingPart(NamedTuple):
    """A register and what waits in it, without what nothing waits of."""

    title: str
    path: str
    lines: list[WaitingLine]


def waiting_parts(reader: Reader, today: date) -> list[WaitingPart]:
    """The registers in which something waits for the reader, in the order of the menu."""
    parts = [
        WaitingPart("Avvikelser", "/avvikelser", _of_works("/avvikelser", list_other_work(DEVIATIONS, reader, today))),
        WaitingPart("Lex Sarah", "/lex-sarah", _of_works("/lex-sarah", list_work(reader, today))),
        WaitingPart("Synpunkter", "/synpunkter", _of_works("/synpunkter", list_other_work(COMPLAINTS, reader, today))),
        WaitingPart("Garantier", "/garantier", _of_guarantees(reader, today)),
        WaitingPart("Åtgärder", "/atgarder", _of_actions(reader, today)),
    ]
    return [part for part in parts if part.lines]


def _of_works(path: str, works: list[Work]) -> list[WaitingLine]:
    return [
        WaitingLine(work.label, f"{path}?status={work.status}", work.cases, work.capped, work.late)
        for work in works
        if work.cases
    ]


def _of_guarantees(reader: Reader, today: date) -> list[WaitingLine]:
    if not reader.allows(Permission.HANDLE_GUARANTEES):
        return []
    reads = reader.allows(Permission.READ_COMPLAINTS)
    complaints = scope_of(reader, Permission.READ_COMPLAINTS) if reads else None
    count = count_unregistered(scope_of(reader, Permission.READ_GUARANTEES), complaints, today, COUNT_CAP + 1)
    if not count:
        return []
    label, held = "överskridna, inte registrerade", min(count, COUNT_CAP)
    return [WaitingLine(label, "/garantier/overskridna", held, count > COUNT_CAP, True)]


def _of_actions(reader: Reader, today: date) -> list[WaitingLine]:
    if not reader.allows(Permission.CARRY_OUT_ACTIONS):
        return []
    follows = reader.allows(Permission.READ_ACTIONS)
    found = count_waiting(scope_of(reader, Permission.READ_ACTIONS), reader.user_id, today, follows=follows)
    lines = []
    for chosen, mine, count in found:
        if count:
            path = f"/atgarder?{urlencode({'lista': chosen.value, 'vems': 'mina' if mine else 'alla'})}"
            lines.append(
                WaitingLine(
                    ACTION_WORDS[chosen, mine], path, min(count, COUNT_CAP), count > COUNT_CAP,
                    chosen is ActionList.LATE,
                )
            )  # fmt: skip
    return lines
