"""Who is MAS, and which avvikelser that opens.

A MAS is a user who handles avvikelser somewhere by their role. Beside what that role reaches they read and handle the
avvikelser of hälso- och sjukvård of every unit: a rule of scope, no grant for each case, so that it holds for what was
there before and ends with the setting (`Reader.mas`, asked for with each request). Protected cases and those closed to
them stay so.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.audit import trail
from tracker.cases.mas_models import MasUser
from tracker.database import db
from tracker.records.models import Mark
from tracker.records.scope import Scope, closed_records, is_marked, visible, within_reach
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action, TargetKind

HSL = "HSL"
NOT_ONESELF = "Du kan inte göra dig själv till MAS. Be en annan administratör."


def list_mas() -> list[int]:
    """The users who are MAS."""
    return list(db.session.scalars(select(MasUser.user_id).order_by(MasUser.user_id)))


def set_mas(wanted: Collection[int], actor_id: int, now: datetime) -> bool:
    """Makes these users MAS and no others, within the caller's transaction; False: nothing changed.

    Raises RuleViolation, field `mas`, when somebody would make themselves MAS.
    """
    before, after = set(list_mas()), set(wanted)
    if actor_id in after - before:
        raise RuleViolation("oneself", NOT_ONESELF, "mas")
    for user_id in sorted(before - after):
        db.session.delete(db.session.get_one(MasUser, user_id))
    for user_id in sorted(after - before):
        db.session.add(MasUser(user_id=user_id, given_at=now, given_by=actor_id))
    for user_id in sorted(before ^ after):
        changes = {"mas": (user_id in before, user_id in after)}
        trail.record(Action.USER_CHANGED, target=(TargetKind.USER, user_id), changes=changes)
    db.session.flush()
    return before != after


def seen_by(model: Any, scope: Scope, *, in_order: bool = False) -> ColumnElement[bool]:  # noqa: ANN401 - the register
    """The predicate of a register's rows: what the scope sees, and for a MAS the ordinary avvikelser of HSL."""
    seen = visible(model.record_id, model.unit_id, model.mark, scope, in_order=in_order)
    if not scope.hsl:
        return seen
    opened = and_(model.law_area == HSL, is_marked(model.mark, Mark.ORDINARY))
    if scope.narrowed:
        opened = and_(opened, within_reach(model.unit_id, scope.reach))
    if scope.closed:
        opened = and_(opened, model.record_id.not_in(closed_records()))
    return or_(seen, opened)
