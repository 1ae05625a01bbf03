"""What waits for whom among the lex Sarah cases? For each role what it acts on, with how many there are."""

from datetime import date
from typing import NamedTuple

from tracker.accounts.reader import Reader
from tracker.cases.access import case_scope, whole_scope
from tracker.cases.filtering import Status
from tracker.cases.register import COUNT_CAP, count_lex_sarah
from tracker.cases.registers import LEX_SARAH
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


def list_work(reader: Reader, today: date) -> list[Work]:
    """The work lists of a reader: all for those who decide or follow the cases, what they investigate for an utredare;
    none for who sees cases in short. Each holds exactly what the register's filter of the same name does.
    """
    if reader.allows(Permission.READ_LEX_SARAH):
        wanted = [*WAITING]
    elif reader.allows(Permission.INVESTIGATE_LEX_SARAH):
        wanted = [Status.INVESTIGATING]
    else:
        return []
    scope = case_scope(LEX_SARAH, reader)
    lists = [*((status, scope) for status in wanted), (Status.TO_SUPPLEMENT, whole_scope(LEX_SARAH, reader))]
    counts, first = count_lex_sarah(lists, today)
    found = [_work(status, WAITING[status], count) for status, count in zip(wanted, counts, strict=False)]
    if first is None:
        return found
    last = supplement_day(first)
    to_ivo = _work(Status.TO_SUPPLEMENT, SEND_BY.format(in_words(last)), counts[-1])
    return [*found, to_ivo._replace(late=last < today)]


def _work(status: Status, label: str, count: int) -> Work:
    return Work(status.value, label, min(count, COUNT_CAP), count > COUNT_CAP)
