"""Writing how a kontrollmoment came out beside its figures: why it was not carried out, and a grade set by hand."""

from dataclasses import dataclass
from datetime import datetime

from tracker.audit import trail
from tracker.control.bringing_in import REGISTER, import_controls
from tracker.control.models import ControlMoment
from tracker.control.override_models import ControlOverride
from tracker.control.queries import MomentRow, find_moment
from tracker.control.results import require_results_open
from tracker.database import db
from tracker.exchange.columns import LEAVE
from tracker.exchange.errors import Collector
from tracker.records.scope import EVERY_RECORD
from tracker.records.versions import raise_version
from tracker.records.yearly import Importer, Line, take_one
from tracker.rules.control_grading import Grade, check_figures, check_not_done, check_override
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action

NO_OVERRIDE = "Bedömningen är inte ändrad. Öppna sidan igen och se vad som gäller."


def save_outcome(
    moment: ControlMoment,
    seen: int,
    not_done: str | None,
    not_done_next: str | None,
    comment: str | None,
    importer: Importer,
    now: datetime,
) -> None:
    """Saves why a kontrollmoment was not carried out, what happens next, and the comment, within the caller's
    transaction, by the writer of files.

    Raises RuleViolation for one of the first two without the other, StaleVersion, ImportRefused as a file's row does.
    """
    take_one(REGISTER, moment.year, moment.ref, (moment.record_id, seen))
    check_not_done(not_done, not_done_next)
    said = {"risk_ref": LEAVE, "not_done": not_done, "not_done_next": not_done_next, "comment": comment}
    import_controls([Line(1, moment.year, moment.ref, said)], importer, Collector(), now)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page showed of a kontrollmoment: its record's version, and what its grade was computed from
    (`figures_of`), which changes without that version when a stickprov is accepted.
    """

    version: int
    figures: str


def set_override(record_id: int, seen: Seen, by_hand: Grade, motivation: str, by: int, now: datetime) -> None:
    """Sets a grade in place of the computed one, which is kept beside it, within the caller's transaction.

    Raises StaleVersion, RuleViolation as `check_figures` and `check_override` do and when the plan has been followed
    up.
    """
    raise_version(record_id, seen.version)
    row, before = _open_row(record_id), db.session.get(ControlOverride, record_id)
    computed = row.graded.computed or row.graded.grade
    check_figures(seen.figures, computed, row.outcome)
    check_override(computed, by_hand, motivation)
    old = before.grade if before else None
    given = {"grade": by_hand.value, "computed": computed.value, "motivation": motivation, "by": by, "at": now}
    if before is None:
        db.session.add(ControlOverride(moment_id=record_id, **given))
    else:
        for name, value in given.items():
            setattr(before, name, value)
    db.session.flush()
    changes = {"grade_by_hand": (old, by_hand.value), "computed": (None, computed.value)}
    trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=changes, reason=motivation)


def undo_override(record_id: int, seen: int) -> None:
    """Takes the grade that was set by hand away, so that the computed one holds again; the trail keeps both.

    Raises StaleVersion, RuleViolation when there is none and when the plan has been followed up.
    """
    raise_version(record_id, seen)
    _open_row(record_id)
    found = db.session.get(ControlOverride, record_id)
    if found is None:
        raise RuleViolation("no_override", NO_OVERRIDE)
    changes = {"grade_by_hand": (found.grade, None)}
    db.session.delete(found)
    db.session.flush()
    trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=changes)


def _open_row(record_id: int) -> MomentRow:
    """How a kontrollmoment stands whose results can be changed."""
    found = find_moment(record_id, EVERY_RECORD)
    if found is None:
        raise RuleViolation("moment", "Kontrollmomentet finns inte längre.")
    row, year = found
    require_results_open(year)
    return row
