"""Signing in and out. Each failed try makes the next wait longer, for the address tried and for the host it comes from.

The try is counted before the password is looked at, in a transaction of its own: guesses sent side by side cannot all
slip in before the first is counted, and a refused sign-in is counted although the request is rolled back.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from math import ceil

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from tracker.accounts.models import SignInThrottle, User, UserSession
from tracker.accounts.reader import token_hash
from tracker.database import db, insert_if_new, writer

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
        return SignIn(None)
    with writer():
        _forget(keys, now)
        if _hasher.check_needs_rehash(user.password_hash):
            db.session.execute(update(User).where(User.id == user.id).values(password_hash=_hasher.hash(password)))
        token = open_session(user.id, user.version, now)
        db.session.commit()
    return SignIn(token)


def count_confirmation(email: str, host: str, now: datetime, key: bytes) -> int:
    """Counts a try to give the present password again; returns the seconds to wait when it comes too early.

    Ends the request's own transaction. `forget_tries` takes it back when the password was right.
    """
    db.session.rollback()
    return _count_try(_keys(email.casefold(), host, key), now)


def forget_tries(email: str, host: str, now: datetime, key: bytes) -> None:
    """A right password: the address starts afresh, within the caller's transaction."""
    _forget(_keys(email.casefold(), host, key), now)


def _keys(email: str, host: str, key: bytes) -> list[tuple[bytes, int]]:
    """What tries are counted under, address first, with how many are free of waiting."""
    return [
        (hmac.digest(key, b"email:" + email.encode(), "sha256"), FREE_TRIES),
        (hmac.digest(key, b"host:" + host.encode(), "sha256"), FREE_TRIES_PER_HOST),
    ]


def open_session(user_id: int, version: int, now: datetime, method: str = "password", level: int = 1) -> str:
    """A new sign-in; returns the token that the browser keeps."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        UserSession(
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
    )
    db.session.flush()
    return token


def sign_out(session_id: int, now: datetime) -> None:
    """Ends one sign-in."""
    db.session.execute(update(UserSession).where(UserSession.id == session_id).values(ended_at=now))


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
        fresh = [{"key": key, "failures": 0, "blocked_until": now - NO_WAIT} for key, _ in keys]
        db.session.execute(insert_if_new(SignInThrottle), fresh)
        locked = select(SignInThrottle).where(SignInThrottle.key.in_([key for key, _ in keys]))
        rows = {row.key: row for row in db.session.scalars(locked.order_by(SignInThrottle.key).with_for_update())}
        for key, _ in keys:
            row = rows[key]
            if _utc(row.blocked_until) > now:
                seconds = ceil((_utc(row.blocked_until) - now).total_seconds())
                db.session.rollback()
                return seconds
        for key, free in keys:
            row = rows[key]
            if _utc(row.blocked_until) + FORGOTTEN_AFTER < now:
                row.failures = 0
            row.failures += 1
            wait = wait_after(row.failures, free)
            row.blocked_until = now + wait if wait else now - NO_WAIT
        db.session.commit()
    return 0


def _forget(keys: list[tuple[bytes, int]], now: datetime) -> None:
    """A success clears the address, and takes its own try back from the host."""
    (address, _), (host, _) = keys
    db.session.execute(
        update(SignInThrottle).where(SignInThrottle.key == address).values(failures=0, blocked_until=now - NO_WAIT)
    )
    db.session.execute(
        update(SignInThrottle)
        .where(SignInThrottle.key == host)
        .values(failures=SignInThrottle.failures - 1, blocked_until=now - NO_WAIT)
    )


def _utc(moment: datetime) -> datetime:
    """SQLite gives moments back without their zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
