"""Writing who may see a record although others may not, and who may not although others may.

Every service here takes the version that the actor saw and raises StaleVersion when somebody has changed the record
since. The register that the record belongs to keeps its own marks equal afterwards.
"""

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from tracker.audit import trail
from tracker.database import db
from tracker.records.models import Access, GrantKind, Record, RecordGrant
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


def copy_closings(from_id: int, to_id: int, reason: str) -> None:
    """Closes a record that tells of another to those whom the other is closed to, within the caller's transaction. Whom
    it has been given to by name keeps it: that was done on its own page.
    """
    there = _kinds(to_id)
    for grant in db.session.scalars(select(RecordGrant).filter_by(record_id=from_id, kind=GrantKind.CLOSED.value)):
        if grant.user_id not in there:
            row = {"record_id": to_id, "user_id": grant.user_id, "kind": GrantKind.CLOSED.value}
            given = {"given_at": grant.given_at, "given_by": grant.given_by}
            db.session.execute(insert(RecordGrant).values(row | given))
            _note(to_id, "closed", grant.user_id, (False, True), reason)


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
