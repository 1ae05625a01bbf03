"""What waits among the avvikelser and the synpunkter, for those who handle them?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.accounts.reader import Reader
from tracker.cases.access import case_scope
from tracker.cases.filtering import CaseFilter, Status
from tracker.cases.mas import HSL
from tracker.cases.register import COUNT_CAP, count_cases, counted_lists
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, CaseRegister
from tracker.cases.work import Work
from tracker.records.models import RecordKind
from tracker.records.questions import Question
from tracker.rules.permissions import Permission

WAITING = {
    RecordKind.DEVIATION: {
        Status.TO_RECEIVE: "att ta emot",
        Status.INVESTIGATING: "utreds",
        Status.STILL: "står still mer än 30 dagar",
        Status.ACTION_LATE: "med försenad åtgärd",
    },
    RecordKind.COMPLAINT: {
        Status.TO_RECEIVE: "att ta emot",
        Status.RECEIVED: "att besvara",
        Status.SOON: "ska ha svar inom 3 dagar",
        Status.LATE: "försenade",
    },
}
BY = {DEVIATIONS.kind: Permission.HANDLE_DEVIATIONS, COMPLAINTS.kind: Permission.HANDLE_COMPLAINTS}
LATE = frozenset({Status.LATE, Status.ACTION_LATE})


def ask_other_work(register: CaseRegister, reader: Reader, today: date) -> Question[list[Work]] | None:
    """The work lists over avvikelser or synpunkter, for who handles them; None for others. Each holds exactly what the
    register's filter of the same name does. A MAS costs a statement more.
    """
    if not reader.allows(BY[register.kind]):
        return None
    waiting = WAITING[register.kind]
    scope = case_scope(register, reader)

    def tell(counts: Sequence[Any]) -> list[Work]:
        found = [
            Work(status.value, label, min(count, COUNT_CAP), count > COUNT_CAP, status in LATE and count > 0)
            for (status, label), count in zip(waiting.items(), counts, strict=True)
        ]
        if register is DEVIATIONS and reader.mas:
            count = count_cases(register, CaseFilter(Status.OPEN, more=(("omrade", HSL),)), scope, today)
            found.append(Work(f"{Status.OPEN}&omrade={HSL}", "i hälso- och sjukvård", count, capped=False))
        return found

    return Question(*counted_lists(register, [(status, scope) for status in waiting], today), tell)
