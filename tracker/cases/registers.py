"""What is kept equal in each of the three registers of cases when a day or a unit changes?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.cases.models import Complaint, Deviation, LexSarahReport
from tracker.records.models import RecordKind
from tracker.rules.case_days import Told, wrong_order
from tracker.rules.case_workflow import ENDED, CaseState
from tracker.rules.errors import RuleViolation
from tracker.rules.guarantees import DEFAULTS, GuaranteeKind, due_day
from tracker.rules.lex_sarah import IvoDays, LexSarahDays, state_of, target_day, wrong_days
from tracker.rules.permissions import Permission

Stored = dict[str, Any]
STEP_DAYS = frozenset({
    "reported_on", "received_on", "completed_on", "decided_on", "answered_on", "closed_on", "ivo_notified_on",
    "ivo_investigation_sent_on", "ivo_decided_on",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseRegister:
    """A register of cases. `noun` heads a record's title and `prefix` its number; `read`: who reads it.

    `wrong` tells what contradicts itself in a row, at the field or column; `settle` works out what follows from its
    days, once they are right. `by_days` gives the state that the days of a case tell which is kept elsewhere.
    """

    model: Any
    kind: RecordKind
    noun: str
    prefix: str
    read: Permission
    wrong: Callable[[Stored, date], list[RuleViolation]]
    settle: Callable[[Stored], None]
    by_days: Callable[[Stored], CaseState]

    def moved_on(self, row: Stored) -> date:
        """The last day on which something happened to a case that is kept elsewhere, as its days tell."""
        days: list[date] = [row[name] for name in STEP_DAYS & row.keys() if row[name] is not None]
        return max(days)

    @property
    def columns(self) -> list[str]:
        """The names of the register's columns."""
        return list(self.model.__table__.columns.keys())


def _wrong_deviation(row: Stored, today: date) -> list[RuleViolation]:
    return wrong_order(
        (
            Told("handelsedatum", "händelsen", row["happened_on"]),
            Told("rapporterad", "rapporten", row["reported_on"]),
            Told("avslutad", "avslutet", row["closed_on"]),
        ),
        today,
    )


def _settle_deviation(row: Stored) -> None:
    row["listed_on"] = row["reported_on"]


def _deviation_by_days(row: Stored) -> CaseState:
    return CaseState.RECEIVED if row["closed_on"] is None else CaseState.CLOSED


def days_of(row: Stored) -> LexSarahDays:
    """The days of a lex Sarah-rapport as the rules read them."""
    ivo = IvoDays(row["ivo_notified_on"], row["ivo_investigation_sent_on"], row["ivo_decided_on"])
    return LexSarahDays(
        row["happened_on"], row["noticed_on"], row["reported_on"], row["received_on"], row["completed_on"],
        row["decided_on"], row["closed_on"], ivo,
    )  # fmt: skip


def _wrong_lex_sarah(row: Stored, today: date) -> list[RuleViolation]:
    return wrong_days(days_of(row), today)


def _settle_lex_sarah(row: Stored) -> None:
    received = row["received_on"]
    row["target_on"] = None if received is None else target_day(received)
    row["listed_on"] = received or row["reported_on"]


def _lex_sarah_by_days(row: Stored) -> CaseState:
    return state_of(days_of(row))


def _wrong_complaint(row: Stored, today: date) -> list[RuleViolation]:
    received = Told("mottagen", "mottagandet", row["received_on"])
    answered = wrong_order((received, Told("besvarad", "svaret", row["answered_on"])), today)
    closed = wrong_order((received, Told("avslutad", "avslutet", row["closed_on"])), today)
    return answered + [one for one in closed if one.field == "avslutad"]


def _settle_complaint(row: Stored) -> None:
    row["listed_on"] = row["received_on"]
    row["due_on"] = due_day(row["received_on"], DEFAULTS[GuaranteeKind.COMPLAINT_ANSWER])


def _complaint_by_days(row: Stored) -> CaseState:
    if row["answered_on"] is not None:
        return CaseState.ANSWERED
    return CaseState.RECEIVED if row["closed_on"] is None else CaseState.CLOSED


DEVIATIONS = CaseRegister(
    Deviation,
    RecordKind.DEVIATION,
    "Avvikelse",
    "A",
    Permission.READ_DEVIATIONS,
    _wrong_deviation,
    _settle_deviation,
    _deviation_by_days,
)
LEX_SARAH = CaseRegister(
    LexSarahReport,
    RecordKind.LEX_SARAH,
    "Lex Sarah",
    "LS",
    Permission.READ_LEX_SARAH,
    _wrong_lex_sarah,
    _settle_lex_sarah,
    _lex_sarah_by_days,
)
COMPLAINTS = CaseRegister(
    Complaint,
    RecordKind.COMPLAINT,
    "Synpunkt",
    "S",
    Permission.READ_COMPLAINTS,
    _wrong_complaint,
    _settle_complaint,
    _complaint_by_days,
)
REGISTERS = {register.kind: register for register in (DEVIATIONS, LEX_SARAH, COMPLAINTS)}


def set_state(row: Stored, state: CaseState) -> None:
    """Puts a row in a state, and in or out of what is open."""
    row["state"], row["is_open"] = state.value, state not in ENDED
