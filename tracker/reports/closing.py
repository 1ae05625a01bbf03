"""How far has a quarter's report come? Its days, who has marked it ready, its locked versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.accounts.queries import user_names
from tracker.frozen.models import ReportClosing
from tracker.frozen.quarters import key_of, previous_cutoff
from tracker.frozen.queries import LockedVersion, ask_days, find_closing, list_versions
from tracker.records.questions import Question
from tracker.rules.quarters import Period, Quarter


@dataclass(frozen=True, slots=True)
class Closing:
    """Where a quarter's report stands. `versions`: the locked ones, the newest first; `row`: what is being prepared."""

    quarter: Quarter
    versions: tuple[LockedVersion, ...]
    row: ReportClosing | None
    ready_by: str | None

    @property
    def locked(self) -> LockedVersion | None:
        """The version that counts."""
        return self.versions[0] if self.versions else None

    @property
    def period(self) -> Period:
        """The report's days: those being prepared, or locked; else the quarter's own."""
        if self.row is not None:
            return Period.of(self.quarter, self.row.cutoff_on, self.row.previous_on)
        if self.versions:
            return Period.of(self.quarter, self.versions[0].cutoff_on, self.versions[0].previous_on)
        return Period.of(self.quarter, None, previous_cutoff(self.quarter, self.quarter.last_day))

    @property
    def local_title(self) -> str | None:
        """The title of what is being prepared, else that of the version that counts."""
        if self.row is not None:
            return self.row.local_title
        return self.locked.local_title if self.locked else None

    @property
    def seen(self) -> int:
        """The version of what is being prepared, for forms."""
        return self.row.version if self.row else 0

    @property
    def word(self) -> str:
        """The state as a word."""
        if self.ready_by:
            return "Klar att låsa" if not self.versions else "Rättelse klar att låsa"
        return "Låst" if self.versions else "Utkast"


def closing_of(quarter: Quarter) -> Closing:
    """Where the quarter's report stands."""
    row = find_closing(key_of(quarter))
    ready_by = user_names([row.ready_by]).get(row.ready_by) if row and row.ready_by else None
    return Closing(quarter, tuple(list_versions(key_of(quarter))), row, ready_by)


def period_of(quarter: Quarter, cutoff_on: date | None = None, previous_on: date | None = None) -> Period:
    """The report's days: those given; else those being prepared, or locked; else the quarter's own.

    The previous cut-off is, where none is given, that of the latest locked report before the cut-off.
    """
    if cutoff_on is None and previous_on is None:
        return closing_of(quarter).period
    cutoff = cutoff_on or quarter.last_day
    return Period.of(quarter, cutoff, previous_on or previous_cutoff(quarter, cutoff))


def ask_periods(today: date) -> Question[tuple[Period, Period]]:
    """The days of the latest finished quarter's report, and those of the one going on, cut off today: what `period_of`
    tells of each.
    """
    going_on = Quarter.holding(today)
    finished = going_on.before
    days = ask_days(key_of(finished), finished.last_day, today)

    def tell(row: Sequence[Any]) -> tuple[Period, Period]:
        found = days.tell(row)
        first = Period.of(finished, found.cutoff_on, found.previous_on or found.before_first)
        return first, Period.of(going_on, today, found.before_second)

    return Question(days.statement, days.values, tell)
