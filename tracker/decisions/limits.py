"""What does a decision's page say of the särskild avgift, of the two years, and of when a clock is to be reported?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.decisions.correction_pages import clock_heading
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.windows import kept_windows
from tracker.records.models import Mark
from tracker.rules.legal_basis import law_of
from tracker.rules.reporting_windows import Window, first_quarter_to_report, next_window
from tracker.rules.special_fee import FeeInterval, fee_interval, fee_sentences, last_day_to_apply
from tracker.rules.unexecuted import ClockState


@dataclass(frozen=True, slots=True)
class ClockLimit:
    """One clock: the last day on which an application for the fee can be served (None: not known here), whether that
    day has passed, and the window in which the clock is to be reported next if it goes on (None: it is not).
    """

    heading: str
    apply_by: date | None
    passed: bool
    window: Window | None


@dataclass(frozen=True, slots=True)
class Limits:
    """The decision's interval with its clocks, and the two sentences of Varför?"""

    fee: FeeInterval
    clocks: tuple[ClockLimit, ...]
    sentences: tuple[str, str]


def limits_of(decision: Decision, clocks: Iterable[DecisionClock], on: date, today: date) -> Limits | None:
    """What follows from the days of a decision's clocks; `on` is the day whose law is named. None when it is voided."""
    if decision.mark == Mark.VOIDED:
        return None
    own = kept_windows()
    lines = []
    for clock in clocks:
        waits = clock.state == ClockState.OPEN and not decision.judgment
        apply_by = None if decision.judgment else last_day_to_apply(clock.started_on)
        lines.append(
            ClockLimit(
                clock_heading(clock),
                apply_by,
                apply_by is not None and apply_by < today,
                next_window(today, own, first_quarter_to_report(clock.due_on)) if waits else None,
            )
        )
    law = law_of(decision.legal_basis)
    sentences = fee_sentences(decision.decided_on, law, on, judgment=decision.judgment)
    return Limits(fee_interval(decision.decided_on), tuple(lines), sentences)
