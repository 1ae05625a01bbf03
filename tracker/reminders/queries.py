"""Reading what has been told to somebody, how often they want mail, and whose calendar an address is."""

import hashlib
from datetime import date, datetime
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from tracker.accounts.models import User
from tracker.database import db
from tracker.records.models import Access, GrantKind, Record, RecordGrant
from tracker.records.questions import Question, ask
from tracker.reminders.audience import Audience
from tracker.reminders.falling import Thing, list_things
from tracker.reminders.models import CalendarAddress, ReminderChoice, ReminderNotice
from tracker.rules.reminders import CALENDAR_AHEAD, CALENDAR_BACK, Often, Reason, Subject

N = ReminderNotice
MOST_SHOWN = 25


class NoticeRow(NamedTuple):
    """A reminder as its receiver sees it."""

    id: int
    subject: Subject
    reason: Reason
    number: str
    path: str
    day: date
    seen: bool


def open_to(user_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Notices of what is no record, or of one that is not closed to a user, nor protected without their name."""
    mine = and_(RecordGrant.user_id == user_id, RecordGrant.record_id == N.record_id)
    closed = exists().where(mine, RecordGrant.kind == GrantKind.CLOSED.value)
    named = exists().where(mine, RecordGrant.kind == GrantKind.NAMED.value)
    of = aliased(Record)
    protected = exists().where(of.id == N.record_id, of.access == Access.PROTECTED.value)
    return and_(~closed, or_(~protected, named))


def list_notices(user_id: int) -> list[NoticeRow]:
    """The newest reminders to a user, without those of records that they may not see any more."""
    rows = db.session.execute(
        select(N.id, N.key, N.reason, func.coalesce(Record.number, N.number).label("number"), N.path, N.day, N.seen_at)
        .outerjoin(Record, Record.id == N.record_id)
        .where(N.user_id == user_id, open_to(user_id))
        .order_by(N.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        NoticeRow(
            row.id, Subject(row.key.partition(":")[0]), Reason(row.reason), row.number, row.path, row.day,
            row.seen_at is not None,
        )
        for row in rows
    ]  # fmt: skip


_READER: ColumnElement[int] = bindparam("of_user", type_=Integer)
_OF_USER = select(func.count()).select_from(N).where(N.user_id == _READER, N.seen_at.is_(None), open_to(_READER))
_UNSEEN = select(_OF_USER.scalar_subquery())


def count_unseen(user_id: int) -> int:
    """How many reminders a user has not marked as seen, of those that `list_notices` can give them."""
    return ask(ask_unseen(user_id))


def ask_unseen(user_id: int) -> Question[int]:
    """The same as a question."""
    return Question(_UNSEEN, {"of_user": user_id}, itemgetter(0))


def choice_of(user_id: int) -> Often:
    """How often a user wants mail."""
    row = db.session.get(ReminderChoice, user_id)
    return Often.AT_ONCE if row is None else Often(row.often)


def calendar_made_at(user_id: int) -> datetime | None:
    """When the address of a user's calendar was made; None: there is none."""
    row = db.session.get(CalendarAddress, user_id)
    return None if row is None else row.made_at


def hash_of(token: str) -> bytes:
    """What is kept of a calendar's token."""
    return hashlib.sha256(token.encode()).digest()


def find_calendar(token: str) -> int | None:
    """Whose calendar a token opens; None when it opens none, or its user can no longer sign in."""
    statement = (
        select(CalendarAddress.user_id)
        .join(User, User.id == CalendarAddress.user_id)
        .where(CalendarAddress.token_hash == hash_of(token), User.active.is_(True))
    )
    return db.session.scalar(statement)


def list_last_days(user_id: int, today: date) -> list[Thing]:
    """What has a last day near today and concerns a user, by that day."""
    audience, first = Audience(today), today - CALENDAR_BACK
    found = [
        thing
        for thing in list_things(today, first, CALENDAR_AHEAD.days)
        if thing.last_day is not None and first <= thing.last_day <= today + CALENDAR_AHEAD
        and user_id in audience.told_of(thing)
    ]  # fmt: skip
    return sorted(found, key=lambda thing: (thing.last_day or today, thing.subject, thing.name))
