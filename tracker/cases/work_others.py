"""What waits among the avvikelser and the synpunkter, for those who handle them?"""

from datetime import date

from tracker.accounts.reader import Reader
from tracker.cases.access import case_scope
from tracker.cases.filtering import Status
from tracker.cases.register import COUNT_CAP, count_lists
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, CaseRegister
from tracker.cases.work import Work
from tracker.records.models import RecordKind
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


def list_other_work(register: CaseRegister, reader: Reader, today: date) -> list[Work]:
    """The work lists over avvikelser or synpunkter, for who handles them; one statement. Each holds exactly what the
    register's filter of the same name does.
    """
    if not reader.allows(BY[register.kind]):
        return []
    waiting = WAITING[register.kind]
    counts = count_lists(register, tuple(waiting), case_scope(register, reader), today)
    return [
        Work(status.value, label, min(count, COUNT_CAP), count > COUNT_CAP, status in LATE and count > 0)
        for (status, label), count in zip(waiting.items(), counts, strict=True)
    ]
