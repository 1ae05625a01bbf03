"""What has come, gone and changed between a locked report and what the register says?"""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.database import plan_once
from tracker.decisions.quarter import INTERVENTION, REASON, ToldClock, told_clocks
from tracker.frozen.queries import LockedVersion
from tracker.records.grants import granted_in
from tracker.records.models import Mark
from tracker.records.queries import kept_words
from tracker.records.scope import Scope
from tracker.reports.differing import Standing, list_differing
from tracker.reports.locking import stood_row
from tracker.reports.quarter import report_rows
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


def compare(version: LockedVersion, period: Period, scope: Scope) -> Comparison:
    """What stood in a locked report against the draft for `period`, for a reader."""
    plan_once()
    differing, standing = list_differing(version, period, scope.reach, kept_words().names_digest)
    told = told_clocks([one.clock_id for one in differing], period)
    unaltered = _unaltered([one for one in differing if one.may_be_altered], told, period, scope)
    changed = [one for one in differing if one.clock_id not in unaltered]
    granted, hidden = granted_in(scope), 0
    found: dict[str, list[Moved]] = {"come": [], "gone": [], "moved": [], "altered": []}
    for one in changed:
        kind = _kind(one)
        known = told.get(one.clock_id)
        if known is None:
            found[kind].append(Moved(one.record_id, "", one.before, None, GONE))
            continue
        voided = known.mark == Mark.VOIDED
        if granted.hides(known.record_id, known.mark) and not voided:
            hidden += 1
            continue
        verdict = classify(known.facts, period.cutoff_on, period.previous_on)
        ref = "" if voided else known.ref
        found[kind].append(Moved(known.record_id, ref, one.before, one.now, verdict.because))
    same = standing - sum(one.now is not None for one in changed)
    come, gone, moved, altered = (tuple(found[kind]) for kind in ("come", "gone", "moved", "altered"))
    return Comparison(come, gone, moved, altered, same, hidden)


def _kind(one: Standing) -> str:
    if one.before is None:
        return "come"
    if one.now is None:
        return "gone"
    return "altered" if one.may_be_altered else "moved"


def _unaltered(touched: list[Standing], told: Mapping[int, ToldClock], period: Period, scope: Scope) -> set[int]:
    """Of clocks whose records have changed since the lock, those of which the report would still say the same."""
    clocks = {one.clock_id: told[one.clock_id] for one in touched}
    notes = {clock_id: clock.note or "" for clock_id, clock in clocks.items()}
    found = [clock.row for clock in clocks.values()]
    labels = kept_words(number for row in found for number in (row[INTERVENTION], row[REASON]) if number).labels
    rows = report_rows(found, labels, notes, period, scope)
    before = {one.clock_id: one.digest for one in touched}
    return {row.clock_id for row in rows if stood_row(row).digest == before[row.clock_id]}
