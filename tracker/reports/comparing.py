"""What has come, gone and changed between a locked report and what the register says?"""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.decisions.pages import facts_of
from tracker.decisions.single import clocks_with_decisions
from tracker.frozen.queries import StoodRow
from tracker.records.grants import granted_in
from tracker.records.models import Mark
from tracker.records.scope import Scope
from tracker.reports.locking import stood_row
from tracker.reports.quarter import ReportRow
from tracker.rules.quarters import Period
from tracker.rules.unexecuted import ReportClass, classify

GONE = "Klockan är borttagen ur registret."


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock that stands otherwise now: from which class to which, and why; `ref` is empty for a voided one."""

    record_id: int
    ref: str
    before: ReportClass | None
    now: ReportClass | None
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Clocks that have come, gone, changed class, or stand in the same class with something else said of them.

    `same`: how many stand as they did; `hidden`: how many of the others the reader may not see.
    """

    come: tuple[Moved, ...]
    gone: tuple[Moved, ...]
    moved: tuple[Moved, ...]
    altered: tuple[Moved, ...]
    same: int
    hidden: int

    @property
    def differs(self) -> bool:
        """Whether anything is otherwise."""
        return bool(self.come or self.gone or self.moved or self.altered or self.hidden)


def compare(stood: Iterable[StoodRow], rows: Iterable[ReportRow], period: Period, scope: Scope) -> Comparison:
    """What stood in a locked report against the rows of the draft for `period`, for a reader."""
    before = {row.item_id: row for row in stood}
    now = {row.clock_id: row for row in rows}
    granted, hidden, same = granted_in(scope), 0, 0
    found: dict[str, list[Moved]] = {"come": [], "gone": [], "moved": [], "altered": []}
    changed: list[tuple[str, int]] = []
    for clock_id in sorted(before.keys() | now.keys()):
        old, new = before.get(clock_id), now.get(clock_id)
        if old is None:
            changed.append(("come", clock_id))
        elif new is None:
            changed.append(("gone", clock_id))
        elif old.stood_as != new.report_class:
            changed.append(("moved", clock_id))
        elif old.digest != stood_row(new).digest:
            changed.append(("altered", clock_id))
        else:
            same += 1
    clocks = clocks_with_decisions([clock_id for _, clock_id in changed])
    for kind, clock_id in changed:
        old, new = before.get(clock_id), now.get(clock_id)
        was = ReportClass(old.stood_as) if old else None
        known = clocks.get(clock_id)
        if known is None:
            found[kind].append(Moved(old.record_id if old else 0, "", was, None, GONE))
            continue
        clock, decision = known
        voided = decision.mark == Mark.VOIDED
        if granted.hides(decision.record_id, decision.mark) and not voided:
            hidden += 1
            continue
        verdict = classify(facts_of(clock, decision), period.cutoff_on, period.previous_on)
        ref, report_class = "" if voided else decision.ref, new.report_class if new else None
        found[kind].append(Moved(decision.record_id, ref, was, report_class, verdict.because))
    come, gone, moved, altered = (tuple(found[kind]) for kind in ("come", "gone", "moved", "altered"))
    return Comparison(come, gone, moved, altered, same, hidden)
