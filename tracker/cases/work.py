"""What waits for whom among the lex Sarah cases? For each role what it acts on, with how many there are."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.accounts.reader import Reader
from tracker.cases.access import case_scope, whole_scope
from tracker.cases.filtering import Status
from tracker.cases.register import COUNT_CAP, counted_lists
from tracker.cases.registers import LEX_SARAH
from tracker.records.questions import Question
from tracker.rules.calendar import in_words
from tracker.rules.lex_sarah import supplement_day
from tracker.rules.permissions import Permission

WAITING = {
    Status.TO_RECEIVE: "att ta emot",
    Status.INVESTIGATING: "utreds",
    Status.INVESTIGATED: "att besluta",
    Status.TO_FOLLOW_UP: "att följa upp",
}
SEND_BY = "utredning till IVO, senast {}"


class Work(NamedTuple):
    """A list of what waits: its filter, what it holds and how many (`capped`: more than are counted)."""

    status: str
    label: str
    cases: int
    capped: bool
    late: bool = False


def ask_work(reader: Reader, today: date) -> Question[list[Work]] | None:
    """The work lists of a reader: all for those who decide or follow the cases, what they investigate for an utredare;
    None for who sees cases in short. Each holds exactly what the register's filter of the same name does.
    """
    if reader.allows(Permission.READ_LEX_SARAH):
        wanted = [*WAITING]
    elif reader.allows(Permission.INVESTIGATE_LEX_SARAH):
        wanted = [Status.INVESTIGATING]
    else:
        return None
    scope = case_scope(LEX_SARAH, reader)
    lists = [*((status, scope) for status in wanted), (Status.TO_SUPPLEMENT, whole_scope(LEX_SARAH, reader))]

    def tell(row: Sequence[Any]) -> list[Work]:
        *counts, first = row
        found = [_work(status, WAITING[status], count) for status, count in zip(wanted, counts, strict=False)]
        if first is None:
            return found
        last = supplement_day(first)
        to_ivo = _work(Status.TO_SUPPLEMENT, SEND_BY.format(in_words(last)), counts[-1])
        return [*found, to_ivo._replace(late=last < today)]

    return Question(*counted_lists(LEX_SARAH, lists, today), tell)


def _work(status: Status, label: str, count: int) -> Work:
    return Work(status.value, label, min(count, COUNT_CAP), count > COUNT_CAP)
