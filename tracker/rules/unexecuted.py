"""In which class of the quarterly report does a clock fall, for how long has it run, and why?

A clock runs from the day of a favourable decision, or from the day on which its execution was interrupted.
Sources: 34 kap. 1–3 §§ socialtjänstlagen (2025:400), before 2025-07-01 16 kap. 6 f–6 h §§ (2001:453);
28 f–28 h §§ lagen (1993:387) om stöd och service till vissa funktionshindrade (LSS).

Worked example: decided 2025-11-30, the three months end 2026-02-28 (the month has no 30th). Executed on 2026-02-28:
nothing to report. Executed on 2026-03-01: `late_executed` in the report with cut-off 2026-03-31, 91 days.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.calendar import add_months, in_words, whole_months

REPORTING_MONTHS = 3
NEW_LAW_FROM = date(2025, 7, 1)
BINS = ("0-2", "3-6", "7-9", "10-12", "13-17", "18+")
BIN_ENDS = (2, 6, 9, 12, 17)
NEVER = date(1, 1, 1)
FOREVER = date(9999, 12, 31)


class ClockKind(StrEnum):
    """What started the clock."""

    DECISION = "beslut"
    INTERRUPTION = "avbrott"


class ReportClass(StrEnum):
    """The classes of the quarterly report, in its order."""

    EXECUTED = "executed"
    CLOSED = "closed"
    STILL_UNEXECUTED = "still_unexecuted"
    NEW = "new"
    LATE_EXECUTED = "late_executed"
    LATE_CLOSED = "late_closed"


class ClockState(StrEnum):
    """How the clock stands, whatever has been reported."""

    OPEN = "open"
    EXECUTED = "executed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Clock:
    """The facts about one clock; days are calendar days, None where nothing has happened."""

    kind: ClockKind
    started_on: date
    executed_on: date | None = None
    closed_on: date | None = None
    first_reported_on: date | None = None
    final_reported_on: date | None = None
    judgment: bool = False
    law: str | None = None
    voided: bool = False

    @property
    def due_on(self) -> date:
        """The last day of the three months."""
        return due_day(self.started_on)

    @property
    def ended_on(self) -> date | None:
        """The day the clock stopped: executed, else closed, else None."""
        return self.executed_on or self.closed_on

    @property
    def state(self) -> ClockState:
        """Executed goes before closed."""
        if self.executed_on:
            return ClockState.EXECUTED
        return ClockState.CLOSED if self.closed_on else ClockState.OPEN


def due_day(started_on: date) -> date:
    """Start + three calendar months, clamped to the month's last day."""
    return add_months(started_on, REPORTING_MONTHS)


def bin_index(started_on: date, day: date) -> int:
    """Which of BINS the whole calendar months from start to `day` fall in, 0–5."""
    months = whole_months(started_on, day)
    for index, end in enumerate(BIN_ENDS):
        if months <= end:
            return index
    return len(BIN_ENDS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the report says of one clock at one cut-off, and why.

    `report_class` is None for a clock that stands in no class; `counted_to` is the day its waiting time is counted
    to and None outside the classes; `missed` tells a clock that no report has held and none will by itself.
    """

    clock: Clock
    cutoff_on: date
    report_class: ReportClass | None
    counted_to: date | None
    missed: bool
    because: str

    @property
    def days(self) -> int | None:
        """Whole days from the clock's start to the day it is counted to."""
        return None if self.counted_to is None else (self.counted_to - self.clock.started_on).days

    @property
    def bin(self) -> str | None:
        """The bin of whole calendar months, as in BINS."""
        return None if self.counted_to is None else BINS[bin_index(self.clock.started_on, self.counted_to)]

    @property
    def sentences(self) -> tuple[str, str]:
        """Two Swedish sentences: how the clock runs and by which rule, then what follows at this cut-off."""
        return _running_sentence(self.clock, self.cutoff_on), self.because


def classify(clock: Clock, cutoff_on: date, previous_on: date) -> Verdict:
    """The clock's class in the report with this cut-off, the previous report's cut-off being `previous_on`.

    Facts dated after the cut-off do not exist yet. A clock has been reported when a report with an earlier cut-off
    held it, and is finished when one held its execution or closing too.
    """
    executed = _known(clock.executed_on, cutoff_on)
    closed = None if executed else _known(clock.closed_on, cutoff_on)
    reported = clock.first_reported_on is not None and clock.first_reported_on < cutoff_on
    finished = clock.final_reported_on is not None and clock.final_reported_on < cutoff_on
    due_on = clock.due_on

    def verdict(
        because: str, report_class: ReportClass | None = None, to: date | None = None, missed: bool = False
    ) -> Verdict:
        return Verdict(clock, cutoff_on, report_class, to, missed, because)

    if clock.voided or clock.judgment:
        why = "Beslutet är makulerat" if clock.voided else "En dom rapporteras inte"
        return verdict(f"{why}, därför står det inte i någon klass.")
    if clock.started_on > cutoff_on:
        return verdict(
            f"Avstämningsdatum {in_words(cutoff_on)} kommer före starten, därför står det inte i någon klass."
        )
    if finished:
        return verdict(
            f"Det slutrapporterades per {in_words(_day(clock.final_reported_on))}, därför står det inte i någon klass."
        )
    if reported:
        return _classify_reported(clock, cutoff_on, executed, closed, verdict)
    ended = executed or closed
    if ended is None:
        if due_on < cutoff_on:
            return verdict(
                f"Per {in_words(cutoff_on)} var det inte verkställt, avslutat eller rapporterat tidigare: klass "
                "ny rapportering.",
                ReportClass.NEW,
                cutoff_on,
            )
        return verdict(f"Per {in_words(cutoff_on)} hade tre månader inte passerat, därför står det inte i någon klass.")
    did = "verkställdes" if executed else "avslutades"
    if ended <= due_on:
        return verdict(f"Det {did} {in_words(ended)}, inom tre månader, därför står det inte i någon klass.")
    if ended <= previous_on:
        return verdict(
            f"Det {did} {in_words(ended)}, efter tre månader men senast föregående avstämningsdatum "
            f"{in_words(previous_on)}, utan att ha rapporterats: det saknas i rapporterna.",
            missed=True,
        )
    if executed:
        return verdict(
            f"Det {did} {in_words(ended)}, efter tre månader och utan att ha rapporterats tidigare: klass "
            "sent verkställt, ej tidigare rapporterat.",
            ReportClass.LATE_EXECUTED,
            ended,
        )
    return verdict(
        f"Det {did} {in_words(ended)}, efter tre månader och utan att ha rapporterats tidigare: klass "
        "sent avslutat, ej tidigare rapporterat.",
        ReportClass.LATE_CLOSED,
        ended,
    )


def _classify_reported(
    clock: Clock,
    cutoff_on: date,
    executed: date | None,
    closed: date | None,
    verdict: Callable[..., Verdict],
) -> Verdict:
    """The three classes of what an earlier report has held."""
    since = f"Det rapporterades första gången per {in_words(_day(clock.first_reported_on))}"
    if executed:
        return verdict(
            f"{since} och verkställdes {in_words(executed)}: klass verkställt.",
            ReportClass.EXECUTED,
            executed,
        )
    if closed:
        return verdict(
            f"{since} och avslutades {in_words(closed)}: klass avslutat utan verkställighet.",
            ReportClass.CLOSED,
            closed,
        )
    return verdict(
        f"{since} och var varken verkställt eller avslutat per {in_words(cutoff_on)}: klass ännu inte verkställt.",
        ReportClass.STILL_UNEXECUTED,
        cutoff_on,
    )


def reporting_paragraph(law: str | None, on: date) -> str:
    """The paragraph that asks for the report on a given day; `law` is SoL, LSS or None where the register is silent."""
    sol = "34 kap. 1 § socialtjänstlagen" if on >= NEW_LAW_FROM else "16 kap. 6 f § socialtjänstlagen (2001:453)"
    if law == "SoL":
        return sol
    return "28 f § LSS" if law == "LSS" else f"{sol} eller 28 f § LSS"


def statute_of_reports(on: date) -> str:
    """The paragraphs on the report to IVO and auditors, on its end, and on the statistics to the council, on a day.

    2025-06-30 → "16 kap. 6 f–6 h §§ socialtjänstlagen (2001:453) och 28 f–28 h §§ LSS". Source: the laws themselves;
    SoL (2025:400) is in force from 2025-07-01.
    """
    new = on >= NEW_LAW_FROM
    sol = "34 kap. 1–3 §§ socialtjänstlagen" if new else "16 kap. 6 f–6 h §§ socialtjänstlagen (2001:453)"
    return f"{sol} och 28 f–28 h §§ LSS"


def _running_sentence(clock: Clock, cutoff_on: date) -> str:
    start = in_words(clock.started_on)
    begun = f"Beslutet fattades {start}" if clock.kind is ClockKind.DECISION else f"Insatsen avbröts {start}"
    return (
        f"{begun} och tre månader {'gick' if clock.due_on < cutoff_on else 'går'} ut {in_words(clock.due_on)} "
        f"({reporting_paragraph(clock.law, cutoff_on)}; månader räknas enligt 1 § lagen 1930:173)."
    )


def _known(day: date | None, cutoff_on: date) -> date | None:
    """A day that lies after the cut-off has not come yet."""
    return day if day is not None and day <= cutoff_on else None


def _day(day: date | None) -> date:
    """A day that the caller has checked is there."""
    assert day is not None  # noqa: S101 - states what the caller has tested
    return day


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """What stands beside a clock in the table so that the report reads few rows and reckons no months there.

    `ended_value` is 0 while open, else days × 32 + bin × 4 + (2 if closed) + 1. The clock can stand in a class or be
    missed only in a report with cut-off ≤ `alive_until`; it can stand in a class only if the previous cut-off lies
    before `relevant_until`.
    """

    state: ClockState
    due_on: date
    ended_on: date
    ended_value: int
    alive_until: date
    relevant_until: date


def stored_figures(clock: Clock) -> StoredFigures:
    """The figures to store beside the clock; they hold for every cut-off and never depend on today."""
    ended_on, due_on = clock.ended_on, clock.due_on
    value = 0
    if ended_on is not None:
        closed = clock.state is ClockState.CLOSED
        days = (ended_on - clock.started_on).days
        bin_number = bin_index(clock.started_on, ended_on)
        value = days << 5 | bin_number << 2 | closed << 1 | 1
    in_time = ended_on is not None and ended_on <= due_on
    if clock.voided or clock.judgment or (in_time and clock.first_reported_on is None):
        alive_until = NEVER
    else:
        alive_until = clock.final_reported_on or FOREVER
    unreported_end = ended_on is not None and clock.first_reported_on is None
    return StoredFigures(
        clock.state,
        due_on,
        ended_on or FOREVER,
        value,
        alive_until,
        (ended_on or FOREVER) if unreported_end else FOREVER,
    )


def ended_days(value: int) -> int:
    """The days in a stored `ended_value`."""
    return value >> 5


def ended_bin(value: int) -> int:
    """The bin index in a stored `ended_value`."""
    return value >> 2 & 7
