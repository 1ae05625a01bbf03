"""What does the start page say about ej verkställda beslut?"""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.decisions.filtering import RegisterFilter, Status
from tracker.decisions.first_rows import first_rows
from tracker.decisions.ivo_matters import OpenMatter, ask_any_open, list_open
from tracker.decisions.pages import answer_mark, register_lines
from tracker.decisions.queries import ask_open, list_register
from tracker.decisions.rounds import MyRound, ask_any_round, my_rounds
from tracker.decisions.warnings import WarningCount, standing_window_warning, told_warnings, warning_lists
from tracker.decisions.windows import kept_windows
from tracker.labels import MATTER_LABELS
from tracker.records.questions import Part
from tracker.records.scope import Scope
from tracker.reports.closing import ask_periods
from tracker.reports.quarter import ClassCounts, quarter_counts
from tracker.rules.quarters import Period, Quarter
from tracker.rules.reporting_windows import Window, window_of
from tracker.rules.unexecuted import ReportClass
from tracker.rules.warnings import SOON_DAYS, WindowWarning
from tracker.web.marks import StateMark

LINES = 8
CLASS_WORDS = {
    ReportClass.EXECUTED: "Verkställda sedan förra",
    ReportClass.CLOSED: "Avslutade utan verkställighet",
    ReportClass.STILL_UNEXECUTED: "Ännu inte verkställda",
    ReportClass.NEW: "Nya att rapportera",
    ReportClass.LATE_EXECUTED: "Sent verkställda",
    ReportClass.LATE_CLOSED: "Sent avslutade",
}


@dataclass(frozen=True, slots=True)
class QuarterBox:
    """A quarter in short: (word, class, count) in the order of ReportClass, their sum, how many the reports miss, and
    the address of the draft that holds just these.
    """

    period: Period
    told: list[tuple[str, ReportClass, int]]
    total: int
    missed: int
    address: str

    @classmethod
    def of(cls, found: ClassCounts) -> "QuarterBox":
        """The box of a period that has been counted."""
        period, quarter = found.period, found.period.quarter
        days = urlencode({"avstamning": period.cutoff_on, "foregaende": period.previous_on, "utkast": 1})
        told = [(CLASS_WORDS[one], one, count) for one, count in zip(ReportClass, found.counts, strict=True)]
        address = f"/rapporter/kvartal/{quarter.year}/{quarter.number}?{days}"
        return cls(period, told, found.total, found.missed, address)


@dataclass(frozen=True, slots=True)
class DecisionsOverview:
    """Counts that lead to their lists, the clocks that have waited longest, those that come next, and the quarter."""

    overdue: int
    soon: int
    waiting: int
    longest: list[tuple[object, ...]]
    next_up: list[tuple[object, ...]]
    figures: QuarterBox
    to_report: QuarterBox
    warnings: list[WarningCount]
    window: WindowWarning | None
    reported_in: Window
    asked: list[MyRound]
    empty: bool
    answers: list[tuple[OpenMatter, str, StateMark]]


def decisions_overview(scope: Scope, report_reach: Reach, reader_id: int, today: date) -> Part[DecisionsOverview]:
    """The start page's part on decisions. `to_report` is the latest finished quarter, `figures` the one going on."""
    units = kept_units(EVERYTHING if scope.named else scope.reach)
    late, coming = RegisterFilter(Status.OVERDUE), RegisterFilter(Status.SOON)
    later = RegisterFilter(Status.OPEN, due_from=today + timedelta(days=SOON_DAYS + 1))
    warnings = warning_lists(today)
    counts, periods, any_round, any_matter = yield [
        ask_open([late, coming, later, *(wanted for _, wanted in warnings)], scope, today), ask_periods(today),
        ask_any_round(), ask_any_open(scope),
    ]  # fmt: skip
    overdue, soon = counts[:2]
    waiting = sum(counts[:3])
    quarter = Quarter.holding(today)
    longest, next_up = (
        register_lines(rows, units, today)
        for rows in first_rows([(late, overdue), (coming, soon)], scope, today, LINES)
    )
    to_report, figures = map(QuarterBox.of, quarter_counts(periods, report_reach))
    return DecisionsOverview(
        overdue,
        soon,
        waiting,
        longest,
        next_up,
        figures,
        to_report,
        told_warnings(warnings, counts[3:]),
        standing_window_warning(today),
        window_of(quarter.before, kept_windows()),
        [one for one in my_rounds(reader_id, scope, today) if one.left] if any_round else [],
        empty=not waiting and not list_register(RegisterFilter(), scope, today).count,
        answers=[(one, MATTER_LABELS[one.kind], answer_mark(one.days_left)) for one in list_open(scope, today)]
        if any_matter
        else [],
    )
