"""Signing in and out. Each failed try makes the next wait longer, for the address tried and for the host it comes from.

The try is counted before the password is looked at, in a transaction of its own: guesses sent side by side cannot all
slip in before the first is counted, and a refused sign-in is counted although the request is rolled back. Passwords are
looked at, and made, outside every transaction: that is slow on purpose, and nobody else shall wait for it.
"""

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from math import ceil
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from tracker.accounts.models import SignInThrottle, User, UserSession
from tracker.accounts.reader import Reader, in_utc, token_hash
from tracker.accounts.services import check_password
from tracker.audit import trail
from tracker.audit.acting import acting
from tracker.database import db, insert_if_new, writer
from tracker.rules.trail import Action, ActorKind, TargetKind

FREE_TRIES = 4
FREE_TRIES_PER_HOST = 40
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
SESSION_HOURS = 10
NO_WAIT = timedelta(minutes=1)  # so far back that a try made at the same moment is not refused
_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a try ended: a token, or None with the seconds to wait before the next try is looked at."""

    token: str | None
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How giving the present password again ended: done, wrong, or too early with the seconds to wait."""

    done: bool
    wait_seconds: int = 0


def wait_after(failures: int, free: int) -> timedelta:
    """How long to wait after so many failures: none for the first few, then 2, 4, 8 … seconds, at most 15 minutes."""
    over = failures - free
    return timedelta(0) if over <= 0 else min(timedelta(seconds=2 ** min(over, 10)), LONGEST_WAIT)


def sign_in(email: str, password: str, host: str, now: datetime, key: bytes) -> SignIn:
    """Tries to sign a person in; `key` hashes the address and the host before they are stored.

    Takes the same time whether the address exists or not. Ends the request's own transaction.
    """
    email = email.strip().casefold()
    keys = _keys(email, host, key)
    db.session.rollback()
    wait = _count_try(keys, now)
    if wait:
        return SignIn(None, wait)
    user = db.session.execute(
        select(User.id, User.password_hash, User.version, User.active).where(User.email == email)
    ).first()
    db.session.rollback()
    right = _matches(user.password_hash if user and user.password_hash else _decoy(), password)
    if user is None or not user.password_hash or not user.active or not right:
        return _refuse(user.id if user else None)
    renewed = _hasher.hash(password) if _hasher.check_needs_rehash(user.password_hash) else None
    with writer():
        _forget(keys, now)
        if renewed:
            same = update(User).where(User.id == user.id, User.password_hash == user.password_hash)
            db.session.execute(same.values(password_hash=renewed))
        token = open_session(user.id, user.version, now)
        db.session.commit()
    return SignIn(token)


def confirm(reader: Reader, password: str, host: str, now: datetime, key: bytes) -> Confirmation:
    """Gives the present password again: this sign-in, and no other, counts as confirmed from `now` on.

    Each wrong one makes the next wait longer, as at sign-in. Ends the request's own transaction.
    """
    keys = _keys(reader.email.casefold(), host, key)
    stored = _present_hash(reader, password, keys, now)
    if isinstance(stored, SignIn):
        return Confirmation(False, stored.wait_seconds)
    with writer():
        _forget(keys, now)
        this = update(UserSession).where(UserSession.id == reader.session_id, UserSession.ended_at.is_(None))
        db.session.execute(this.values(confirmed_at=now))
        trail.record(Action.CONFIRMED, target=(TargetKind.USER, reader.user_id))
        db.session.commit()
    return Confirmation(True)


def change_password(reader: Reader, present: str, password: str, host: str, now: datetime, key: bytes) -> SignIn:
    """A new password for one who knows the present one; every sign-in ends and the token is that of a new one.

    Raises RuleViolation when the new password is not accepted. Ends the request's own transaction.
    """
    check_password(password, reader.email)
    keys = _keys(reader.email.casefold(), host, key)
    stored = _present_hash(reader, present, keys, now)
    if isinstance(stored, SignIn):
        return stored
    hashed = _hasher.hash(password)
    with writer():
        same = update(User).where(User.id == reader.user_id, User.password_hash == stored, User.active.is_(True))
        changed = same.values(password_hash=hashed, version=User.version + 1).returning(User.version)
        version = db.session.scalar(changed)
        if version is None:  # somebody has changed it meanwhile
            db.session.rollback()
            return SignIn(None)
        _forget(keys, now)
        every = update(UserSession).where(UserSession.user_id == reader.user_id, UserSession.ended_at.is_(None))
        db.session.execute(every.values(ended_at=now))
        trail.record(Action.PASSWORD_CHANGED, target=(TargetKind.USER, reader.user_id))
        token = open_session(reader.user_id, version, now)
        db.session.commit()
    return SignIn(token)


def _present_hash(reader: Reader, password: str, keys: list[tuple[bytes, int]], now: datetime) -> str | SignIn:
    """The stored hash when the password is the reader's present one; otherwise how the try ended."""
    db.session.rollback()
    wait = _count_try(keys, now)
    if wait:
        return SignIn(None, wait)
    stored = db.session.scalar(select(User.password_hash).where(User.id == reader.user_id, User.active.is_(True)))
    db.session.rollback()
    right = _matches(stored or _decoy(), password)
    return stored if stored and right else _refuse(reader.user_id)


def _refuse(user_id: int | None) -> SignIn:
    """A wrong password leaves its note although the request is rolled back."""
    with writer():
        trail.record(Action.SIGN_IN_REFUSED, target=(TargetKind.USER, user_id) if user_id else None)
        db.session.commit()
    return SignIn(None)


def _keys(email: str, host: str, key: bytes) -> list[tuple[bytes, int]]:
    """What tries are counted under, address first, with how many are free of waiting."""
    return [
        (hmac.digest(key, b"email:" + email.encode(), "sha256"), FREE_TRIES),
        (hmac.digest(key, b"host:" + host.encode(), "sha256"), FREE_TRIES_PER_HOST),
    ]


def open_session(user_id: int, version: int, now: datetime, method: str = "password", level: int = 1) -> str:
    """A new sign-in; returns the token that the browser keeps."""
    token = secrets.token_urlsafe(32)
    row = UserSession(
        token_hash=token_hash(token),
        user_id=user_id,
        user_version=version,
        method=method,
        level=level,
        created_at=now,
        expires_at=now + timedelta(hours=SESSION_HOURS),
        confirmed_at=now,
        ended_at=None,
    )
    db.session.add(row)
    db.session.flush()
    itself = replace(acting(), kind=ActorKind.USER, user_id=user_id, session_id=row.id)
    how = {"method": (None, method)}
    trail.record(Action.SIGNED_IN, target=(TargetKind.USER, user_id), changes=how, actor=itself)
    return token


def session_of(token: str) -> tuple[int, int]:
    """The number and the user of a sign-in that has just begun; raises NoResultFound."""
    row = select(UserSession.id, UserSession.user_id).where(UserSession.token_hash == token_hash(token))
    session_id, user_id = db.session.execute(row).one()
    return session_id, user_id


def sign_out(session_id: int, user_id: int, now: datetime) -> None:
    """Ends one sign-in of the user; one that has ended already stays as it is."""
    this = update(UserSession).where(UserSession.id == session_id, UserSession.ended_at.is_(None))
    if db.session.scalar(this.values(ended_at=now).returning(UserSession.id)) is not None:
        trail.record(Action.SIGNED_OUT, target=(TargetKind.USER, user_id))


@cache
def _decoy() -> str:
    """A hash to compare with where there is no user; made on first need, as making one takes 64 MB."""
    return _hasher.hash("a password that nobody has")


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _count_try(keys: list[tuple[bytes, int]], now: datetime) -> int:
    """Counts a try as failed until it has succeeded; returns the seconds to wait when it comes too early."""
    with writer():
        rows = _locked_rows(keys, now)
        for key, _ in keys:
            blocked_until = in_utc(rows[key].blocked_until)
            if blocked_until > now:
                db.session.rollback()
                return ceil((blocked_until - now).total_seconds())
        for key, free in keys:
            row = rows[key]
            if in_utc(row.blocked_until) + FORGOTTEN_AFTER < now:
                row.failures = 0
            row.failures += 1
            wait = wait_after(row.failures, free)
            row.blocked_until = now + wait if wait else now - NO_WAIT
        db.session.commit()
    return 0


def _locked_rows(keys: list[tuple[bytes, int]], now: datetime) -> dict[bytes, SignInThrottle]:
    """The rows of the keys, locked in one order; made where there are none, again if they are cleaned away."""
    names = sorted(key for key, _ in keys)
    locked = select(SignInThrottle).where(SignInThrottle.key.in_(names)).order_by(SignInThrottle.key).with_for_update()
    while True:
        fresh = [{"key": key, "failures": 0, "blocked_until": now - NO_WAIT} for key in names]
        db.session.execute(insert_if_new(SignInThrottle), fresh)
        rows = {row.key: row for row in db.session.scalars(locked)}
        if len(rows) == len(names):
            return rows


def _forget(keys: list[tuple[bytes, int]], now: datetime) -> None:
    """A success clears the address, and takes its own try back from the host; in the order that tries lock them."""
    (address, _), (host, _) = keys
    left: dict[bytes, Any] = {address: 0, host: SignInThrottle.failures - 1}
    for key in sorted(left):
        this = update(SignInThrottle).where(SignInThrottle.key == key)
        db.session.execute(this.values(failures=left[key], blocked_until=now - NO_WAIT))
