"""Writing who may see a record although others may not, and who may not although others may.

Every service here takes the version that the actor saw and raises StaleVersion when somebody has changed the record
since. The register that the record belongs to keeps its own marks equal afterwards.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update

from tracker.audit import trail
from tracker.database import db
from tracker.records.models import Access, GrantKind, Mark, Record, RecordGrant
from tracker.records.versions import raise_version
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action

CLOSED_TO = "Posten är stängd för personen. Ta bort stängningen först, om den inte längre gäller."
SOMEBODY = "Namnge någon först. En skyddad post måste någon kunna se."
NOT_ONESELF = "Du kan inte ge dig själv en post som du inte ser. Be någon annan."


def protect(record_id: int, seen: int, named: set[int], actor_id: int, now: datetime, reason: str) -> None:
    """Only those given the record by name see it from now on; `named` are given it as well."""
    raise_version(record_id, seen)
    kinds = _kinds(record_id)
    for user_id in sorted(named):
        if kinds.get(user_id) == GrantKind.CLOSED:
            raise RuleViolation("closed", CLOSED_TO, "person")
        if user_id not in kinds:
            _give(record_id, user_id, GrantKind.NAMED, actor_id, now)
    if GrantKind.NAMED not in {*kinds.values(), *(GrantKind.NAMED for _ in named)}:
        raise RuleViolation("nobody_named", SOMEBODY, "person")
    _set_access(record_id, Access.PROTECTED)
    changes: dict[str, tuple[object, object]] = {"access": (Access.ORDINARY.value, Access.PROTECTED.value)}
    changes |= {f"named.{user_id}": (False, True) for user_id in sorted(named - set(kinds))}
    trail.record(Action.RECORD_ACCESS_CHANGED, record_id=record_id, changes=changes, reason=reason)


def unprotect(record_id: int, seen: int, reason: str) -> None:
    """Everybody within reach sees the record again; those named keep it."""
    raise_version(record_id, seen)
    _set_access(record_id, Access.ORDINARY)
    changes = {"access": (Access.PROTECTED.value, Access.ORDINARY.value)}
    trail.record(Action.RECORD_ACCESS_CHANGED, record_id=record_id, changes=changes, reason=reason)


def name(
    record_id: int, seen: int, user_id: int, actor_id: int, now: datetime, reason: str, *, sees: bool = True
) -> None:
    """Gives the record to a person by name. Whoever does not see it (`sees`) may give it to others only."""
    raise_version(record_id, seen)
    if user_id == actor_id and not sees:
        raise RuleViolation("oneself", NOT_ONESELF, "person")
    kind = _kinds(record_id).get(user_id)
    if kind == GrantKind.CLOSED:
        raise RuleViolation("closed", CLOSED_TO, "person")
    if kind == GrantKind.NAMED:
        raise RuleViolation("named_already", "Personen är redan namngiven.", "person")
    _give(record_id, user_id, GrantKind.NAMED, actor_id, now)
    _note(record_id, "named", user_id, (False, True), reason)


def close(record_id: int, seen: int, user_id: int, actor_id: int, now: datetime, reason: str) -> None:
    """Closes the record to a person; a name given to them goes."""
    raise_version(record_id, seen)
    kinds = _kinds(record_id)
    if kinds.get(user_id) == GrantKind.CLOSED:
        raise RuleViolation("closed_already", "Posten är redan stängd för personen.", "person")
    if user_id in kinds:
        _refuse_the_last(record_id, kinds, user_id)
        _withdraw(record_id, user_id)
        _note(record_id, "named", user_id, (True, False), reason)
    _give(record_id, user_id, GrantKind.CLOSED, actor_id, now)
    _note(record_id, "closed", user_id, (False, True), reason)


class Seen(NamedTuple):
    """Who sees a record: its access, and (user, kind, when, by whom) of each who is named or whom it is closed to."""

    access: Access
    grants: frozenset[tuple[int, str, datetime, int | None]]


NOBODY_GIVEN = Seen(Access.ORDINARY, frozenset())


def seen_by(record_id: int) -> Seen:
    """Who sees a record as it stands now."""
    g = RecordGrant
    rows = db.session.execute(select(g.user_id, g.kind, g.given_at, g.given_by).where(g.record_id == record_id))
    access = db.session.scalars(select(Record.access).where(Record.id == record_id)).one()
    return Seen(Access(access), frozenset((user_id, kind, at, by) for user_id, kind, at, by in rows))


def follow(from_id: int, to_id: int, before: Seen, reason: str) -> Mark | None:
    """Lets a record that tells of another be seen as the other is, by what differs since `before`, within the caller's
    transaction; gives the mark that its register is to have, None when it stays. What was given, closed or protected on
    the record's own page stays: what it has from the other has the other's day and giver.
    """
    now, there, own = seen_by(from_id), seen_by(to_id), _kinds(to_id)
    changes: dict[str, tuple[object, object]] = {}
    for grant in sorted(before.grants - now.grants & there.grants, key=_order):
        _withdraw(to_id, grant[0])
        del own[grant[0]]
        changes[f"{grant[1]}.{grant[0]}"] = (True, False)
    for grant in sorted(now.grants - before.grants, key=_order):
        user_id, kind, given_at, given_by = grant
        if user_id not in own:
            row = {"user_id": user_id, "kind": kind, "given_at": given_at, "given_by": given_by}
            db.session.execute(insert(RecordGrant).values(row | {"record_id": to_id}))
            changes[f"{kind}.{user_id}"] = (False, True)
    mark = None
    if now.access is not before.access and now.access is not there.access and not _keeps(now, there, before):
        _set_access(to_id, now.access)
        changes["access"] = (there.access.value, now.access.value)
        mark = Mark.PROTECTED if now.access is Access.PROTECTED else Mark.ORDINARY
    if changes:
        trail.record(Action.RECORD_ACCESS_CHANGED, record_id=to_id, changes=changes, reason=reason)
    return mark


def _order(grant: tuple[int, str, datetime, int | None]) -> tuple[str, int]:
    return grant[1], grant[0]


def _keeps(now: Seen, there: Seen, before: Seen) -> bool:
    """Whether a protection that the other has lost stays: somebody was named on the record's own page."""
    named = {grant for grant in there.grants - before.grants - now.grants if grant[1] == GrantKind.NAMED}
    return now.access is Access.ORDINARY and bool(named)


def withdraw(record_id: int, seen: int, user_id: int, actor_id: int, reason: str) -> None:
    """Takes a name or a closing away; nobody takes away what is closed to themselves."""
    raise_version(record_id, seen)
    kinds = _kinds(record_id)
    kind = kinds.get(user_id)
    if kind is None:
        raise RuleViolation("no_grant", "Personen är varken namngiven eller utestängd.", "person")
    if kind == GrantKind.CLOSED and user_id == actor_id:
        raise RuleViolation("oneself", "Du kan inte öppna en post som är stängd för dig.", "person")
    if kind == GrantKind.NAMED:
        _refuse_the_last(record_id, kinds, user_id)
    _withdraw(record_id, user_id)
    _note(record_id, kind.value, user_id, (True, False), reason)


def _kinds(record_id: int) -> dict[int, GrantKind]:
    rows = db.session.execute(select(RecordGrant.user_id, RecordGrant.kind).where(RecordGrant.record_id == record_id))
    return {user_id: GrantKind(kind) for user_id, kind in rows}


def _give(record_id: int, user_id: int, kind: GrantKind, actor_id: int, now: datetime) -> None:
    row = {"record_id": record_id, "user_id": user_id, "kind": kind.value, "given_at": now, "given_by": actor_id}
    db.session.execute(insert(RecordGrant).values(row))


def _withdraw(record_id: int, user_id: int) -> None:
    mine = (RecordGrant.record_id == record_id, RecordGrant.user_id == user_id)
    db.session.execute(delete(RecordGrant).where(*mine), execution_options={"synchronize_session": False})


def _set_access(record_id: int, access: Access) -> None:
    statement = update(Record).where(Record.id == record_id).values(access=access.value)
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _refuse_the_last(record_id: int, kinds: dict[int, GrantKind], user_id: int) -> None:
    """A protected record keeps somebody who sees it."""
    others = {kind for other, kind in kinds.items() if other != user_id}
    access = db.session.scalar(select(Record.access).where(Record.id == record_id))
    if access == Access.PROTECTED and GrantKind.NAMED not in others:
        raise RuleViolation("last_named", SOMEBODY, "person")


def _note(record_id: int, what: str, user_id: int, change: tuple[bool, bool], reason: str) -> None:
    changes = {f"{what}.{user_id}": change}
    trail.record(Action.RECORD_ACCESS_CHANGED, record_id=record_id, changes=changes, reason=reason)
