"""What waits for a reader, register by register? Each number leads to a list that holds exactly so many."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tracker.accounts.reader import Reader
from tracker.actions.register import ActionList
from tracker.actions.waiting import COUNT_CAP, Waiting, ask_waiting
from tracker.cases.registers import COMPLAINTS, DEVIATIONS
from tracker.cases.work import Work, ask_work
from tracker.cases.work_others import ask_other_work
from tracker.guarantees.work import ask_unregistered
from tracker.records.questions import Part, Question
from tracker.records.scope import scope_of
from tracker.reminders.queries import ask_unseen
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


def waiting_parts(reader: Reader, today: date) -> Part[list[WaitingPart]]:
    """The registers in which something waits for the reader, in the order of the menu."""
    asked: list[tuple[str, str, Question[Any] | None, Callable[[str, Any], list[WaitingLine]]]] = [
        ("Avvikelser", "/avvikelser", ask_other_work(DEVIATIONS, reader, today), _of_works),
        ("Lex Sarah", "/lex-sarah", ask_work(reader, today), _of_works),
        ("Synpunkter", "/synpunkter", ask_other_work(COMPLAINTS, reader, today), _of_works),
        ("Garantier", "/garantier", _ask_guarantees(reader, today), _of_guarantees),
        ("Åtgärder", "/atgarder", _ask_actions(reader, today), _of_actions),
    ]
    answers = iter((yield [question for _, _, question, _ in asked if question]))
    parts = [
        WaitingPart(title, path, lines_of(path, next(answers))) for title, path, question, lines_of in asked if question
    ]
    return [part for part in parts if part.lines]


def count_news(reader: Reader) -> Part[int]:
    """How many reminders the reader has not marked as seen."""
    (count,) = yield [ask_unseen(reader.user_id)]
    return int(count)


def _of_works(path: str, works: list[Work]) -> list[WaitingLine]:
    return [
        WaitingLine(work.label, f"{path}?status={work.status}", work.cases, work.capped, work.late)
        for work in works
        if work.cases
    ]


def _ask_guarantees(reader: Reader, today: date) -> Question[int] | None:
    if not reader.allows(Permission.HANDLE_GUARANTEES):
        return None
    reads = reader.allows(Permission.READ_COMPLAINTS)
    complaints = scope_of(reader, Permission.READ_COMPLAINTS) if reads else None
    return ask_unregistered(scope_of(reader, Permission.READ_GUARANTEES), complaints, today, COUNT_CAP + 1)


def _of_guarantees(path: str, count: int) -> list[WaitingLine]:
    if not count:
        return []
    label, held = "överskridna, inte registrerade", min(count, COUNT_CAP)
    return [WaitingLine(label, f"{path}/overskridna", held, count > COUNT_CAP, True)]


def _ask_actions(reader: Reader, today: date) -> Question[list[Waiting]] | None:
    if not reader.allows(Permission.CARRY_OUT_ACTIONS):
        return None
    follows = reader.allows(Permission.READ_ACTIONS)
    return ask_waiting(scope_of(reader, Permission.READ_ACTIONS), reader.user_id, today, follows=follows)


def _of_actions(path: str, found: list[Waiting]) -> list[WaitingLine]:
    lines = []
    for chosen, mine, count in found:
        if count:
            address = f"{path}?{urlencode({'lista': chosen.value, 'vems': 'mina' if mine else 'alla'})}"
            lines.append(
                WaitingLine(
                    ACTION_WORDS[chosen, mine], address, min(count, COUNT_CAP), count > COUNT_CAP,
                    chosen is ActionList.LATE,
                )
            )  # fmt: skip
    return lines
