"""What is kept of a follow-up of internal control when it is locked, and what a reader may see of it today?

All that its pages and files are made of is kept as JSON, so that a part of it can be made for who may see a part.
"""

import hashlib
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import select

from tracker.activity.models import Activity
from tracker.activity.queries import ActivityRow
from tracker.control.models import ControlMoment
from tracker.control.plan_queries import ids_seen
from tracker.control.queries import MomentRow
from tracker.database import db
from tracker.frozen.queries import LockedVersion, get_file
from tracker.records.scope import EVERY_RECORD, Scope
from tracker.reports.control_year import FollowUp, draft_cover, follow_up, render_control
from tracker.reports.queries import find_template
from tracker.reports.rendering.control import Cover
from tracker.risk.models import Risk
from tracker.rules.plan_changes import RowChange, compare

READER, WHOLE = "intern", "underlag"  # whose files they are, and beside them what all of them were made of
MOMENT_FIELDS = ("name", "risk_ref", "checked", "approved", "grade", "not_done", "comment")
ACTIVITY_FIELDS = ("text", "risk_ref", "responsible", "due_on", "status", "done_on", "analysis")
RISK_FIELDS = ("text", "area", "level", "likelihood", "consequence", "motivation", "handling", "in_net", "net_reason")


@dataclass(frozen=True, slots=True)
class Kept:
    """A follow-up as it was locked, what heads its papers, and which Word template was in use (None: the program's)."""

    found: FollowUp
    cover: Cover
    template_id: int | None = None


class Seen(NamedTuple):
    """What a reader may see of a locked follow-up; `whole`: all of it."""

    kept: Kept
    whole: bool


class Since(NamedTuple):
    """What is otherwise now than in a locked follow-up: kontrollmoment, risks, activities, and whether texts are."""

    moments: list[RowChange]
    risks: list[RowChange]
    activities: list[RowChange]
    texts: bool

    @property
    def differs(self) -> bool:
        """Whether anything is."""
        return bool(self.moments or self.risks or self.activities or self.texts)


@cache
def _adapter() -> TypeAdapter[Kept]:
    return TypeAdapter(Kept)


@cache
def _content() -> TypeAdapter[FollowUp]:
    return TypeAdapter(FollowUp)


def digest_of(found: FollowUp) -> str:
    """The SHA-256 in hex of all that a follow-up says."""
    return hashlib.sha256(_content().dump_json(found)).hexdigest()


def written(kept: Kept) -> bytes:
    """As it is kept."""
    return _adapter().dump_json(kept)


def read(data: bytes) -> Kept:
    """What was kept so."""
    return _adapter().validate_json(data)


def seen_in(version: LockedVersion, scope: Scope) -> Seen:
    """What a reader may see of a locked version, by what its risks and kontrollmoment are today."""
    return _part(read(get_file(version.id, READER, WHOLE) or b""), scope)


def now_seen(year: int, scope: Scope) -> FollowUp:
    """What the same reader would see of the version that could be locked now."""
    return _part(Kept(follow_up(year, EVERY_RECORD), draft_cover()), scope).kept.found


def locked_file(version: LockedVersion, seen: Seen, shape: str) -> bytes:
    """The bytes that were locked, or for a reader of a part the same made of what they may see.

    Raises as `render_control` does.
    """
    if seen.whole and (data := get_file(version.id, READER, shape)) is not None:
        return data
    return render_kept(seen.kept, shape)


def render_kept(kept: Kept, shape: str) -> bytes:
    """A format of what was kept, in the template of then. Raises as `render_control` does."""
    template = find_template(kept.template_id) if kept.template_id and shape == "docx" else None
    return render_control(kept.found, shape, kept.cover, template.content if template else None)


def _part(kept: Kept, scope: Scope) -> Seen:
    found, year = kept.found, kept.found.plan.year
    moments_seen, risks_seen = ids_seen(ControlMoment, year, scope), ids_seen(Risk, year, scope)
    untold = _untold(found.moments, year, scope)
    moments = [_told(one, risks_seen, untold) for one in found.moments if one.record_id in moments_seen]
    risks = [one for one in found.risks if one.record_id in risks_seen]
    activities_seen = ids_seen(Activity, year, scope)
    activities = [
        _told_of(one, risks_seen, moments_seen) for one in found.activities if one.record_id in activities_seen
    ]
    if scope.reach.everything and (moments, risks, activities) == (found.moments, found.risks, found.activities):
        return Seen(kept, whole=True)
    size = found.plan.scale.size
    matrix = [[0] * size for _ in range(size)]
    for risk in risks:
        matrix[risk.likelihood - 1][risk.consequence - 1] += 1
    texts = found.texts if scope.reach.everything else {}
    # Made anew and not replaced: what a reader of a part may see of a new field has to be thought of first.
    seen = FollowUp(found.plan, moments, risks, matrix, texts, activities)
    return Seen(Kept(seen, kept.cover, kept.template_id), whole=False)


def _untold(moments: list[MomentRow], year: int, scope: Scope) -> set[tuple[int, str]]:
    """(year, ref) of the earlier years' kontrollmoment that the reader may not see."""
    found = set()
    for earlier in {one for moment in moments for one in moment.history} - {year}:
        seen = ids_seen(ControlMoment, earlier, scope)
        rows = db.session.execute(
            select(ControlMoment.record_id, ControlMoment.ref).where(ControlMoment.year == earlier)
        )
        found |= {(earlier, ref) for record_id, ref in rows if record_id not in seen}
    return found


def _told(moment: MomentRow, risks_seen: set[int], untold: set[tuple[int, str]]) -> MomentRow:
    """The kontrollmoment without the risk's ref and the earlier years' grades that are kept from the reader."""
    history = {year: None if (year, moment.ref) in untold else grade for year, grade in moment.history.items()}
    told = replace(moment, history=history)
    hidden = moment.risk_id is not None and moment.risk_id not in risks_seen
    return replace(told, risk_id=None, risk_ref=None) if hidden else told


def _told_of(activity: ActivityRow, risks_seen: set[int], moments_seen: set[int]) -> ActivityRow:
    """The activity without the risk and the kontrollmoment that are kept from the reader."""
    if activity.risk_id not in risks_seen:
        activity = replace(activity, risk_id=None, risk_ref=None)
    if activity.moment_id not in moments_seen:
        activity = replace(activity, moment_id=None, moment_ref=None)
    return activity


def since(then: FollowUp, now: FollowUp) -> Since:
    """What is otherwise now, by the refs of what the same reader may see of both."""
    moments = compare(map(_moment, then.moments), map(_moment, now.moments), MOMENT_FIELDS)
    risks = compare((one._asdict() for one in then.risks), (one._asdict() for one in now.risks), RISK_FIELDS)
    activities = compare(map(asdict, then.activities), map(asdict, now.activities), ACTIVITY_FIELDS)
    before, after = ({name: text for name, text in one.texts.items() if text} for one in (then, now))
    return Since(moments, risks, activities, before != after)


def _moment(row: MomentRow) -> dict[str, object]:
    return {
        "ref": row.ref, "name": row.name, "risk_ref": row.risk_ref, "checked": row.outcome.checked,
        "approved": row.outcome.approved, "grade": row.graded.grade.value, "not_done": row.not_done,
        "comment": row.comment,
    }  # fmt: skip
