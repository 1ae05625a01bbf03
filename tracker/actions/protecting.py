"""Who sees an action follows from what it belongs to.

What belongs to protected records alone is protected too: it is seen by the one responsible and by those who are named
to see one of them. What is closed to somebody in all that it belongs to is closed to them. An action that belongs to
something ordinary as well is ordinary: whoever lets it belong there lets it be seen there.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from tracker.actions.models import ActionItem, ActionSource
from tracker.audit import trail
from tracker.database import db
from tracker.records.models import Access, GrantKind, Mark, Record, RecordGrant
from tracker.rules.trail import Action

CHUNK = 1_000
QUIET = {"synchronize_session": False}
Grants = dict[int, GrantKind]


def follow_source(record_id: int, now: datetime) -> None:
    """Who sees a record has changed: its actions follow, within the caller's transaction."""
    of_record = select(ActionSource.action_id).where(ActionSource.record_id == record_id)
    follow_sources(list(db.session.scalars(of_record)), now)


def follow_sources(action_ids: Sequence[int], now: datetime) -> None:
    """What some actions belong to has changed: who sees them follows, within the caller's transaction."""
    for start in range(0, len(action_ids), CHUNK):
        some = _concerned(action_ids[start : start + CHUNK])
        if some:
            _follow(some, now)


def move_with_source(record_id: int, from_unit: int, to_unit: int) -> None:
    """A record has gone to another unit: its actions go along, within the caller's transaction, but those that belong
    to something else too, or that lay in a third unit.
    """
    other = aliased(ActionSource)
    shared = exists().where(other.action_id == ActionSource.action_id, other.record_id != record_id)
    found = db.session.scalars(
        select(ActionSource.action_id)
        .join(Record, Record.id == ActionSource.action_id)
        .where(ActionSource.record_id == record_id, Record.unit_id == from_unit, ~shared)
    ).all()
    for action_id in found:
        moved = update(Record).where(Record.id == action_id).values(unit_id=to_unit, version=Record.version + 1)
        db.session.execute(moved, execution_options=QUIET)
        trail.record(Action.RECORD_CHANGED, record_id=action_id, changes={"unit_id": (from_unit, to_unit)})


def _concerned(action_ids: Sequence[int]) -> list[int]:
    """Those that are protected or granted now, or belong to something that is."""
    kept = exists().where(RecordGrant.record_id.in_([ActionSource.record_id, ActionSource.action_id]))
    shut = exists().where(Record.id == ActionSource.record_id, Record.access == Access.PROTECTED.value)
    own = exists().where(ActionItem.record_id == ActionSource.action_id, ActionItem.mark == Mark.PROTECTED.value)
    statement = select(ActionSource.action_id).where(ActionSource.action_id.in_(action_ids), or_(kept, shut, own))
    return sorted(set(db.session.scalars(statement)))


def _follow(action_ids: Sequence[int], now: datetime) -> None:
    sources: dict[int, dict[int, bool]] = {}
    of = select(ActionSource.action_id, Record.id, Record.access).join(Record, Record.id == ActionSource.record_id)
    for action_id, record_id, access in db.session.execute(of.where(ActionSource.action_id.in_(action_ids))):
        sources.setdefault(action_id, {})[record_id] = access == Access.PROTECTED.value
    grants: dict[int, Grants] = {}
    wanted = {*action_ids, *(record_id for one in sources.values() for record_id in one)}
    rows = select(RecordGrant.record_id, RecordGrant.user_id, RecordGrant.kind)
    for record_id, user_id, kind in db.session.execute(rows.where(RecordGrant.record_id.in_(wanted))):
        grants.setdefault(record_id, {})[user_id] = GrantKind(kind)
    marks = select(ActionItem.record_id, ActionItem.mark).where(
        ActionItem.record_id.in_(action_ids), ActionItem.mark != Mark.VOIDED.value
    )
    for action_id, mark in db.session.execute(marks).all():
        of_action = sources.get(action_id, {})
        protected = bool(of_action) and all(of_action.values())
        due = _due([grants.get(record_id, {}) for record_id in of_action], protected=protected)
        changes = _set_mark(action_id, Mark(mark), Mark.PROTECTED if protected else Mark.ORDINARY)
        changes |= _set_grants(action_id, grants.get(action_id, {}), due, now)
        if changes:
            trail.record(Action.RECORD_ACCESS_CHANGED, record_id=action_id, changes=changes)


def _due(of_sources: Collection[Grants], *, protected: bool) -> Grants:
    """Who is named to see an action, and to whom it is closed."""
    closed = [{user for user, kind in grants.items() if kind is GrantKind.CLOSED} for grants in of_sources]
    shut = set.intersection(*closed) if closed else set()
    found: Grants = dict.fromkeys(shut, GrantKind.CLOSED)
    if protected:
        named = {user for grants in of_sources for user, kind in grants.items() if kind is GrantKind.NAMED}
        found |= dict.fromkeys(named - shut, GrantKind.NAMED)
    return found


def _set_mark(action_id: int, before: Mark, after: Mark) -> dict[str, tuple[object, object]]:
    if before is after:
        return {}
    access = {Mark.ORDINARY: Access.ORDINARY.value, Mark.PROTECTED: Access.PROTECTED.value}
    record = update(Record).where(Record.id == action_id).values(access=access[after])
    db.session.execute(record, execution_options=QUIET)
    row = update(ActionItem).where(ActionItem.record_id == action_id).values(mark=after.value)
    db.session.execute(row, execution_options=QUIET)
    return {"access": (access[before], access[after])}


def _set_grants(action_id: int, before: Grants, after: Grants, now: datetime) -> dict[str, tuple[object, object]]:
    if before == after:
        return {}
    gone = [user for user, kind in before.items() if after.get(user) is not kind]
    new = [user for user, kind in after.items() if before.get(user) is not kind]
    mine = delete(RecordGrant).where(RecordGrant.record_id == action_id, RecordGrant.user_id.in_(gone))
    db.session.execute(mine, execution_options=QUIET)
    for user in new:
        row = {"record_id": action_id, "user_id": user, "kind": after[user].value, "given_at": now, "given_by": None}
        db.session.execute(insert(RecordGrant).values(row))
    told: dict[str, tuple[object, object]] = {f"{before[user].value}.{user}": (True, False) for user in gone}
    return told | {f"{after[user].value}.{user}": (False, True) for user in new}
