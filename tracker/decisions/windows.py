"""IVO's windows as the installation has them: read with what has been changed, and changed with a reason."""

from dataclasses import dataclass

from sqlalchemy import select

from tracker.audit import trail
from tracker.database import database_key, db
from tracker.decisions.round_models import LONGEST_REASON, ReportingWindow
from tracker.kept import Kept
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.quarters import Quarter
from tracker.rules.reporting_windows import Window, check_window, default_window
from tracker.rules.trail import Action, TargetKind

KEPT_SECONDS = 10.0
_own: Kept[dict[Quarter, Window]] = Kept(KEPT_SECONDS, 10)


@dataclass(frozen=True, slots=True)
class OwnWindow:
    """A window with days of its own, and the reason that was given last."""

    window: Window
    reason: str


def list_own_windows() -> dict[Quarter, OwnWindow]:
    """The quarters whose windows are not the default."""
    found = {}
    for row in db.session.scalars(select(ReportingWindow)):
        quarter = Quarter(row.year, row.quarter)
        found[quarter] = OwnWindow(Window(quarter, row.opens_on, row.closes_on), row.reason)
    return found


def kept_windows() -> dict[Quarter, Window]:
    """The windows with days of their own, as they were at most ten seconds ago; for warnings and texts."""

    def read() -> dict[Quarter, Window]:
        return {quarter: own.window for quarter, own in list_own_windows().items()}

    return _own.get(database_key(), read)


def change_window(window: Window, reason: str) -> None:
    """Gives a quarter's window its days; the default's own days take what was given away again.

    Raises RuleViolation for days that cannot be, when nothing is changed, and for a reason that points somebody out.
    The caller holds the administration's lock.
    """
    own = {quarter: known.window for quarter, known in list_own_windows().items()}
    before = own.get(window.quarter) or default_window(window.quarter)
    if window == before:
        raise RuleViolation("unchanged", "Fönstret har redan de dagarna. Ändra någon av dem.", "opens_on")
    check_window(window, own)
    if holds_person_number(reason):
        raise RuleViolation("person_number", "Ser ut som ett personnummer. Skriv skälet utan det.", "reason")
    if len(reason) > LONGEST_REASON:
        raise RuleViolation("long", f"Skriv högst {LONGEST_REASON} tecken.", "reason")
    quarter = window.quarter
    statement = select(ReportingWindow).where(
        ReportingWindow.year == quarter.year, ReportingWindow.quarter == quarter.number
    )
    row = db.session.scalar(statement)
    if row is None:
        row = ReportingWindow(year=quarter.year, quarter=quarter.number)
        db.session.add(row)
    row.opens_on, row.closes_on, row.reason = window.opens_on, window.closes_on, reason
    db.session.flush()
    number = row.id
    if window == default_window(quarter):
        db.session.delete(row)
    trail.record(
        Action.WINDOW_CHANGED,
        target=(TargetKind.WINDOW, number),
        changes={
            "quarter": (str_of(quarter), str_of(quarter)),
            "opens_on": (before.opens_on, window.opens_on),
            "closes_on": (before.closes_on, window.closes_on),
            "reason": (None, reason),
        },
    )
    _own.forget()


def str_of(quarter: Quarter) -> str:
    """A quarter as the trail names it: 2026-K3."""
    return f"{quarter.year}-K{quarter.number}"
