"""What can a register of cases be filtered by?"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.cases.narrowing import More
from tracker.records.models import RecordKind
from tracker.rules.case_workflow import CaseState

STANDS_STILL_AFTER = timedelta(days=30)
SOON_WITHIN = timedelta(days=3)


class Status(StrEnum):
    """How a register of cases can be filtered by how far they have come, by the words of an address."""

    OPEN = "oppna"
    TO_RECEIVE = "att-ta-emot"
    RECEIVED = "mottagna"
    ASSESSED = "forst-bedomda"
    INVESTIGATING = "utreds"
    INVESTIGATED = "utredda"
    DECIDED = "beslutade"
    ACTING = "atgardas"
    FOLLOWED_UP = "uppfoljda"
    LATE = "forsenade"
    SOON = "svar-snart"
    ACTION_LATE = "forsenad-atgard"
    STILL = "star-still"
    TO_IVO = "till-ivo"
    TO_FOLLOW_UP = "att-folja-upp"
    TO_SUPPLEMENT = "utredning-till-ivo"
    ENDED = "avslutade"


STATUS_LABELS = {
    Status.OPEN: "Öppna",
    Status.TO_RECEIVE: "Att ta emot",
    Status.RECEIVED: "Mottagna",
    Status.ASSESSED: "Först bedömda",
    Status.INVESTIGATING: "Utreds",
    Status.INVESTIGATED: "Utredning klar",
    Status.DECIDED: "Beslutade",
    Status.ACTING: "Åtgärder pågår",
    Status.FOLLOWED_UP: "Uppföljda",
    Status.LATE: "Försenade",
    Status.SOON: "Ska ha svar inom 3 dagar",
    Status.ACTION_LATE: "Med försenad åtgärd",
    Status.STILL: "Står still mer än 30 dagar",
    Status.TO_IVO: "Anmälda till IVO",
    Status.TO_FOLLOW_UP: "Att följa upp",
    Status.TO_SUPPLEMENT: "Utredning att skicka till IVO",
    Status.ENDED: "Avslutade",
}
STATE_OF = {
    Status.TO_RECEIVE: CaseState.REPORTED,
    Status.RECEIVED: CaseState.RECEIVED,
    Status.ASSESSED: CaseState.ASSESSED,
    Status.INVESTIGATING: CaseState.INVESTIGATING,
    Status.INVESTIGATED: CaseState.INVESTIGATED,
    Status.DECIDED: CaseState.DECIDED,
    Status.ACTING: CaseState.ACTING,
    Status.FOLLOWED_UP: CaseState.FOLLOWED_UP,
}
TELLS_OF_IVO = frozenset({Status.TO_IVO, Status.TO_SUPPLEMENT})  # what is not told of a case in short
FOLLOWED_UP_FROM = (CaseState.DECIDED.value, CaseState.ACTING.value)
_ENDS = (Status.STILL, Status.ENDED)
STATUSES = {
    RecordKind.DEVIATION: (
        Status.OPEN, Status.TO_RECEIVE, Status.RECEIVED, Status.INVESTIGATING, Status.ACTING, Status.FOLLOWED_UP,
        Status.ACTION_LATE, *_ENDS,
    ),
    RecordKind.LEX_SARAH: (*(one for one in Status if one not in (*_ENDS, Status.SOON, Status.ACTION_LATE)), *_ENDS),
    RecordKind.COMPLAINT: (Status.OPEN, Status.TO_RECEIVE, Status.RECEIVED, Status.SOON, Status.LATE, *_ENDS),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a register is filtered by; None and empty mean everything. `choice` is a category's number, an assessment or
    a kind, as the register has it; `from_on` and `to_on` bound the day by which the list goes, both within. `more`:
    what else of an avvikelse.
    """

    status: Status | None = None
    choice: str | int | None = None
    from_on: date | None = None
    to_on: date | None = None
    ref: str = ""
    more: More = ()
