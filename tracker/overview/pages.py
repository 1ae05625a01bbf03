"""What does the start page say about ej verkställda beslut?"""

from dataclasses import dataclass
from datetime import date

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.decisions.filtering import RegisterFilter, Status
from tracker.decisions.ivo_matters import OpenMatter, list_open
from tracker.decisions.pages import answer_mark, register_lines
from tracker.decisions.queries import count_register, list_register
from tracker.decisions.rounds import MyRound, my_rounds
from tracker.decisions.warnings import WarningCount, count_warnings, standing_window_warning
from tracker.decisions.windows import kept_windows
from tracker.labels import MATTER_LABELS
from tracker.records.scope import Scope
from tracker.reports.closing import period_of
from tracker.reports.quarter import ClassCounts, quarter_counts
from tracker.rules.quarters import Quarter
from tracker.rules.reporting_windows import Window, window_of
from tracker.rules.warnings import WindowWarning
from tracker.web.marks import StateMark

LINES = 8


@dataclass(frozen=True, slots=True)
class DecisionsOverview:
    """Counts that lead to their lists, the clocks that have waited longest, those that come next, and the quarter."""

    overdue: int
    soon: int
    waiting: int
    longest: list[tuple[object, ...]]
    next_up: list[tuple[object, ...]]
    figures: ClassCounts
    to_report: ClassCounts
    warnings: list[WarningCount]
    window: WindowWarning | None
    reported_in: Window
    asked: list[MyRound]
    empty: bool
    answers: list[tuple[OpenMatter, str, StateMark]]


def decisions_overview(scope: Scope, report_reach: Reach, reader_id: int, today: date) -> DecisionsOverview:
    """The start page's part on decisions. `to_report` is the latest finished quarter, `figures` the one going on."""
    units = kept_units(EVERYTHING if scope.named else scope.reach)
    overdue, soon, waiting = (
        count_register(RegisterFilter(status), scope, today) for status in (Status.OVERDUE, Status.SOON, Status.OPEN)
    )
    quarter = Quarter.holding(today)
    longest, next_up = (
        register_lines(list_register(RegisterFilter(status), scope, today).rows[:LINES], units, today)
        for status in (Status.OVERDUE, Status.SOON)
    )
    return DecisionsOverview(
        overdue,
        soon,
        waiting,
        longest,
        next_up,
        quarter_counts(period_of(quarter, today), report_reach),
        quarter_counts(period_of(quarter.before), report_reach),
        count_warnings(scope, today),
        standing_window_warning(today),
        window_of(quarter.before, kept_windows()),
        [one for one in my_rounds(reader_id, scope, today) if one.left],
        empty=not waiting and not list_register(RegisterFilter(), scope, today).count,
        answers=[(one, MATTER_LABELS[one.kind], answer_mark(one.days_left)) for one in list_open(scope, today)],
    )
