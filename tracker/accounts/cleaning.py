"""What of sign-ins may go when it has served its time? Called now and then, by as many processes as like."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tracker.accounts.drafts import Draft, served
from tracker.accounts.models import OneTimeCode, SignInThrottle, UserSession
from tracker.accounts.signin import FORGOTTEN_AFTER
from tracker.accounts.visits import LONGEST_WINDOW, VisitCount
from tracker.database import Base, db, writer

OLD_AFTER = timedelta(days=30)
MOST_AT_ONCE = 1_000  # of each table, so that nobody has to wait for the write lock; the rest goes the next time


def clean_up(now: datetime) -> dict[str, int]:
    """Removes what nobody may or need read any more, in one transaction of its own; gives how many rows by table.

    Typed text after its time, throttles that are forgotten, counts of visits after their window, sign-ins and one-time
    codes 30 days after their end. Sign-ins go whole: the trail names them by number and holds who signed in, when and
    how. The latest stays, so that no engine gives its number to another. The write lock is taken only when there is
    something to remove; rows that another process is just removing or using are left alone.
    """
    every = _old_rows(now)
    db.session.rollback()
    due = [one for one in every if db.session.scalar(select(exists(_keys(*one))))]
    db.session.rollback()
    removed: dict[str, int] = {}
    if not due:
        return removed
    with writer():
        for table, key, old in due:
            keys = list(db.session.scalars(_keys(table, key, old).with_for_update(skip_locked=True)))
            db.session.execute(delete(table).where(key.in_(keys)), execution_options={"synchronize_session": False})
            removed[table.__tablename__] = len(keys)
        db.session.commit()
    return removed


Old = tuple[type[Base], InstrumentedAttribute[Any], ColumnElement[bool]]


def _old_rows(now: datetime) -> list[Old]:
    later = aliased(UserSession)
    latest = select(func.max(later.id)).scalar_subquery()
    month_ago = now - OLD_AFTER
    return [
        (Draft, Draft.id, served(now)),
        (SignInThrottle, SignInThrottle.key, SignInThrottle.blocked_until < now - FORGOTTEN_AFTER),
        (VisitCount, VisitCount.key, VisitCount.since <= now - LONGEST_WINDOW),
        (
            UserSession,
            UserSession.id,
            or_(UserSession.ended_at < month_ago, UserSession.expires_at < month_ago) & (UserSession.id < latest),
        ),
        (OneTimeCode, OneTimeCode.id, or_(OneTimeCode.used_at < month_ago, OneTimeCode.expires_at < month_ago)),
    ]


def _keys(_table: type[Base], key: InstrumentedAttribute[Any], old: ColumnElement[bool]) -> Select[tuple[Any]]:
    return select(key).where(old).limit(MOST_AT_ONCE)
