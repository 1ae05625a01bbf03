"""What must somebody be told of today? Clocks that come near three months or have passed them, and IVO's window.

The one provider of it: the start page shows its counts, reminders send its rows, and each count leads to a list of the
register that holds exactly those rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import select

from tracker.database import db
from tracker.decisions.filtering import RegisterFilter, Status
from tracker.decisions.models import DecisionClock
from tracker.decisions.queries import find_in_register
from tracker.decisions.windows import kept_windows
from tracker.records.scope import Scope
from tracker.rules.warnings import CLOCK_KINDS, WarningKind, WindowWarning, due_days, warned_on, window_warning

C = DecisionClock
STATUSES = {
    WarningKind.REPORTABLE: Status.REPORTABLE,
    WarningKind.SEVEN_DAYS: Status.CLOSE,
    WarningKind.THIRTY_DAYS: Status.OPEN,
}


@dataclass(frozen=True, slots=True)
class ClockWarning:
    """One clock that is warned of; `day` is the day the warning fell on: with kind and clock it is told once."""

    kind: WarningKind
    record_id: int
    clock_id: int
    ref: str
    due_on: date
    day: date


@dataclass(frozen=True, slots=True)
class WarningCount:
    """How many clocks a warning stands for, and the parameters of the register's list that holds exactly those."""

    kind: WarningKind
    count: int
    parameters: str


def warning_filter(kind: WarningKind, today: date, since: date | None = None) -> RegisterFilter:
    """The register's filter that holds the clocks of a warning; `since` as in `rules.warnings.due_days`."""
    first, last = due_days(kind, today, since)
    if kind is WarningKind.SEVEN_DAYS:
        return RegisterFilter(STATUSES[kind])
    if kind is WarningKind.REPORTABLE:
        return RegisterFilter(STATUSES[kind], due_from=first)
    return RegisterFilter(STATUSES[kind], due_from=first, due_to=last)


def warning_lists(today: date) -> list[tuple[WarningKind, RegisterFilter]]:
    """The lists that a warning is a count of, the most urgent first."""
    return [(kind, warning_filter(kind, today)) for kind in CLOCK_KINDS]


def told_warnings(lists: Sequence[tuple[WarningKind, RegisterFilter]], counts: Sequence[int]) -> list[WarningCount]:
    """The warnings of some lists that have been counted; nothing that is none."""
    found = []
    for (kind, wanted), count in zip(lists, counts, strict=True):
        if count:
            days = {"tidigast": wanted.due_from, "senast": wanted.due_to}
            given = {name: day.isoformat() for name, day in days.items() if day is not None}
            found.append(WarningCount(kind, count, urlencode({"status": STATUSES[kind].value} | given)))
    return found


def list_warnings(scope: Scope, today: date, since: date | None = None) -> Iterator[ClockWarning]:
    """The clocks that the reader is warned of today, the most urgent first, each once; `since`: the first day whose
    `rapporteringspliktig` is still told, else six days ago.
    """
    for kind in CLOCK_KINDS:
        statement, values = find_in_register(
            select(C.decision_id, C.id, C.ref, C.due_on), warning_filter(kind, today, since), scope, today
        )
        for record_id, clock_id, ref, due_on in db.session.execute(statement.order_by(C.due_on, C.id), values):
            yield ClockWarning(kind, record_id, clock_id, ref, due_on, warned_on(kind, due_on))


def standing_window_warning(today: date) -> WindowWarning | None:
    """What stands today about IVO's window, by the installation's own days."""
    return window_warning(today, kept_windows())
