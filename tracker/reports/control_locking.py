"""How does a year's follow-up become a locked report? Rendered from a snapshot, and written if that still holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tracker import clock
from tracker.activity.models import Activity
from tracker.audit.chain import trail_keys
from tracker.control.models import ControlMoment
from tracker.database import db, not_writing, read_one_snapshot, writer
from tracker.frozen.queries import LockedVersion, StoodRow, list_versions
from tracker.frozen.services import Locking, check_lockable, freeze, lock_reports, note_versions
from tracker.frozen.years import control_days, control_key, newest_control
from tracker.records.models import RecordKind
from tracker.records.scope import EVERY_RECORD
from tracker.records.yearly import lock_table
from tracker.reports.control_kept import READER, WHOLE, Kept, digest_of, render_kept, written
from tracker.reports.control_year import FORMATS, FollowUp, draft_cover, follow_up
from tracker.reports.models import ControlText
from tracker.reports.queries import find_control_template
from tracker.risk.models import Risk
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanState, check_followed_up

Files = dict[tuple[str, str], bytes]
CHANGED = "Uppföljningen har ändrats sedan du öppnade sidan. Läs siffrorna igen och ta ställning på nytt."
LOCKED = "Låst version {}"


@dataclass(frozen=True, slots=True)
class ControlLock:
    """Who locks which year's follow-up, and why anew if it is locked already.

    `after_follow_up`: the plan has to have been followed up, as on the pages; on the command line its operator stands
    for that. `seen`: `digest_of` what the person was shown.
    """

    year: int
    actor_id: int
    reason: str = ""
    after_follow_up: bool = True
    seen: str | None = None


def lock_control(asked: ControlLock, now: datetime) -> LockedVersion:
    """Locks the year's follow-up, or replaces the locked version with a reason; commits.

    Papers are set while others go on writing, and are made anew only if the follow-up has changed meanwhile. Raises
    RuleViolation when it may not be locked, and tracker.printing's errors when a paper cannot be made; nothing is
    written then.
    """
    with not_writing():
        read_one_snapshot()
        kept = _checked(asked, now)
        files = _files(kept)
        db.session.rollback()
    with writer():
        for table in (Risk, ControlMoment, Activity, ControlText):
            lock_table(table)
        lock_reports()
        again = _checked(asked, now)
        if again != kept:
            files = _files(again)
        locking = Locking(
            control_key(asked.year), *control_days(asked.year), local_title=None, ready_by=None,
            locked_by=asked.actor_id, reason=asked.reason,
        )  # fmt: skip
        note_versions(freeze(locking, files, _stood(again.found), now).id)
        db.session.commit()
    with not_writing():
        return list_versions(control_key(asked.year))[0]


def _checked(asked: ControlLock, now: datetime) -> Kept:
    """What is to be kept, read in this transaction."""
    found = follow_up(asked.year, EVERY_RECORD)
    check_lockable(control_key(asked.year), asked.reason)
    if asked.after_follow_up:
        check_followed_up(PlanState(found.plan.state))
    if not found.plan.exists:
        raise RuleViolation("no_plan", f"Det finns ingen internkontroll för {asked.year} att låsa.")
    if asked.seen is not None and asked.seen != digest_of(found):
        raise RuleViolation("changed_since_seen", CHANGED)
    earlier = newest_control(asked.year)
    number = earlier.version + 1 if earlier else 1
    template = find_control_template()
    cover = draft_cover()._replace(standing=LOCKED.format(number), day=clock.day_of(now))
    return Kept(found, cover, template.id if template else None)


def _files(kept: Kept) -> Files:
    files = {(READER, shape): render_kept(kept, shape) for shape in FORMATS}
    return files | {(READER, WHOLE): written(kept)}


def _stood(found: FollowUp) -> Iterator[StoodRow]:
    for kind, rows in ((RecordKind.CONTROL, found.moments), (RecordKind.RISK, found.risks)):
        for row in rows:
            digest = trail_keys.digest(repr(row))
            yield StoodRow(row.record_id, row.record_id, kind.value, digest)
