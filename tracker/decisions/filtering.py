"""What can the register be filtered by?"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.unexecuted import ClockKind


class Status(StrEnum):
    """How the register can be filtered by state; all but the last two are parts of what is not executed."""

    OPEN = "ej-verkstallda"
    OVERDUE = "over-tre-manader"
    REPORTABLE = "rapporteringspliktiga"
    CLOSE = "sju-dagar"
    SOON = "snart-tre-manader"
    EXECUTED = "verkstallda"
    CLOSED = "avslutade"

    @property
    def longest_wait_first(self) -> bool:
        """What waits is listed with the longest wait first, what has ended with the newest first."""
        return self not in {Status.EXECUTED, Status.CLOSED}


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the register is filtered by; None and empty mean everything. `due_from` and `due_to`: the days between which
    the three months end, both within.
    """

    status: Status | None = None
    intervention_id: int | None = None
    kind: ClockKind | None = None
    ref: str = ""
    due_from: date | None = None
    due_to: date | None = None

    @property
    def longest_wait_first(self) -> bool:
        """The order of the list."""
        return self.status is not None and self.status.longest_wait_first
