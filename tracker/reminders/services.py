"""Making reminders: what falls due becomes a notice to each it concerns, and notices become mails in the outbox.

All of it in one transaction, by one run at a time: who comes second finds everything told.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from tracker.audit import trail
from tracker.database import db, insert_if_new, insert_many
from tracker.reminders.audience import Audience, Escalated
from tracker.reminders.falling import Thing, list_things
from tracker.reminders.models import CalendarAddress, OutboxMail, ReminderChoice, ReminderNotice, ReminderRun
from tracker.reminders.queries import choice_of, hash_of
from tracker.rules.reminders import KEPT_DAYS, Often, Point, key_of, looked_back_to, may_mail, standing
from tracker.rules.trail import Action, TargetKind

N, M = ReminderNotice, OutboxMail
TOKEN_BYTES = 24
KEPT_FOR = timedelta(days=365)
QUIET = {"synchronize_session": False}


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """How many reminders are new, to how many people, and how many mails they and those that waited became."""

    reminders: int
    people: int
    mails: int


@dataclass(frozen=True, slots=True)
class _Told:
    thing: Thing
    point: Point
    fresh: bool  # else it fell before the last run, and only waits for its mail


def make_reminders(today: date, now: datetime, more: Iterable[tuple[int, int]] = ()) -> Made:
    """Makes what is new, within the caller's writing transaction. `more`: (record, user) for who is told as well."""
    run = _hold_run()
    besides = dict[int, set[int]]()
    for record_id, user_id in more:
        besides.setdefault(record_id, set()).add(user_id)
    standing_now = _standing(today, looked_back_to(run.last_on, today), besides)
    choices = {row.user_id: Often(row.often) for row in db.session.scalars(select(ReminderChoice))}
    known = _known(standing_now)
    new = [(key, told) for key, told in standing_now.items() if told.fresh and key not in known]
    insert_many(
        db.metadata.tables[N.__tablename__],
        [
            {
                "user_id": user_id, "key": key, "reason": told.point.reason.value,
                "number": told.thing.number if told.thing.record_id is None else None, "path": told.thing.path,
                "record_id": told.thing.record_id, "day": told.point.day, "made_at": now,
                "to_mail": choices.get(user_id, Often.AT_ONCE) is not Often.NEVER,
            }
            for (user_id, key), told in new
        ],
    )  # fmt: skip
    mails = _gather(standing_now, choices, today, now)
    run.last_on = max(run.last_on or today, today)
    _let_go(today)
    if new or mails:
        trail.record(Action.REMINDERS_MADE, changes={"reminders": (None, len(new)), "mails": (None, mails)})
    db.session.flush()
    return Made(len(new), len({user_id for (user_id, _), _ in new}), mails)


def _hold_run() -> ReminderRun:
    """The one row, held until the transaction ends."""
    db.session.execute(insert_if_new(ReminderRun), [{"id": 1, "last_on": None}])
    return db.session.scalars(select(ReminderRun).with_for_update().execution_options(populate_existing=True)).one()


def _standing(today: date, since: date, more: Escalated) -> dict[tuple[int, str], _Told]:
    """(user, key) → what is to be told to them today, or was and still holds."""
    far = min(since, today - timedelta(days=KEPT_DAYS - 1))
    audience = Audience(today)
    found = dict[tuple[int, str], _Told]()
    for thing in list_things(today, far):
        point = standing(thing.points, today, far)
        if point is None:
            continue
        told = _Told(thing, point, point.day >= since or today <= point.last)
        key = key_of(thing.subject, thing.name, point)
        for user_id in audience.told_of(thing, more):
            found[user_id, key] = told
    return found


def _known(found: Mapping[tuple[int, str], _Told]) -> set[tuple[int, str]]:
    """What has been told already, as far back as anything that is to be told goes."""
    if not found:
        return set()
    first = min(told.point.day for told in found.values())
    return {(user_id, key) for user_id, key in db.session.execute(select(N.user_id, N.key).where(N.day >= first))}


def _gather(found: Mapping[tuple[int, str], _Told], choices: Mapping[int, Often], today: date, now: datetime) -> int:
    """Puts what waits into one mail for each who may have one today; what does not hold any more is let go."""
    waiting, gone = set[int](), list[int]()
    rows = select(N.id, N.user_id, N.key).where(N.to_mail.is_(True), N.mail_id.is_(None))
    for notice_id, user_id, key in db.session.execute(rows):
        if (user_id, key) in found:
            waiting.add(user_id)
        else:
            gone.append(notice_id)
    if gone:
        drop = update(N).where(N.id == bindparam("notice")).values(to_mail=False)
        db.session.connection().execute(drop, [{"notice": one} for one in gone])
    last = dict[int, date]()
    for user_id, day in db.session.execute(select(M.user_id, func.max(M.made_on)).group_by(M.user_id)):
        last[user_id] = day
    mails = {
        user_id: secrets.token_hex(16)
        for user_id in sorted(waiting)
        if may_mail(choices.get(user_id, Often.AT_ONCE), last.get(user_id), today)
    }
    insert_many(
        db.metadata.tables[M.__tablename__],
        [
            {
                "user_id": user_id, "made_on": today, "message_id": message_id, "made_at": now, "next_try_at": now,
                "tries": 0,
            }
            for user_id, message_id in mails.items()
        ],
    )  # fmt: skip
    if mails:
        ids = db.session.execute(select(M.id, M.user_id).where(M.message_id.in_(mails.values()))).all()
        take = (
            update(N)
            .where(N.user_id == bindparam("whose"), N.to_mail.is_(True), N.mail_id.is_(None))
            .values(mail_id=bindparam("mail"))
        )
        db.session.connection().execute(take, [{"mail": mail_id, "whose": user_id} for mail_id, user_id in ids])
    return len(mails)


def _let_go(today: date) -> None:
    """Removes what was told a year ago, and mails that ended then; nothing so old is told again."""
    before = today - KEPT_FOR
    told = delete(N).where(N.day < before, N.made_at < datetime.combine(before, time(), UTC))
    db.session.execute(told, execution_options=QUIET)
    left = select(N.mail_id).where(N.mail_id.is_not(None))
    mails = delete(M).where(M.made_on < before, M.next_try_at.is_(None), M.id.not_in(left))
    db.session.execute(mails, execution_options=QUIET)


def choose_often(user_id: int, often: Often, now: datetime) -> bool:
    """Keeps how often a user wants mail, within the caller's transaction; False: it was that already.

    Who wants none gets none of what waits either; it stays on their page.
    """
    before = choice_of(user_id)
    if before is often:
        return False
    db.session.merge(ReminderChoice(user_id=user_id, often=often.value, changed_at=now))
    if often is Often.NEVER:
        waits = update(N).where(N.user_id == user_id, N.to_mail.is_(True), N.mail_id.is_(None))
        db.session.execute(waits.values(to_mail=False), execution_options=QUIET)
    changes = {"often": (before.value, often.value)}
    trail.record(Action.REMINDERS_CHOSEN, target=(TargetKind.USER, user_id), changes=changes)
    db.session.flush()
    return True


def mark_seen(user_id: int, last_id: int, now: datetime) -> None:
    """Marks a user's reminders as seen, up to the newest that was shown."""
    unseen = update(N).where(N.user_id == user_id, N.id <= last_id, N.seen_at.is_(None))
    db.session.execute(unseen.values(seen_at=now), execution_options=QUIET)


def open_calendar(user_id: int, now: datetime) -> str:
    """Gives a user's calendar a new address, the former one ends; gives the token, of which only a hash is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.merge(CalendarAddress(user_id=user_id, token_hash=hash_of(token), made_at=now))
    trail.record(Action.CALENDAR_OPENED, target=(TargetKind.USER, user_id))
    db.session.flush()
    return token


def end_calendar(user_id: int) -> bool:
    """Ends the address of a user's calendar; False: there was none."""
    row = db.session.get(CalendarAddress, user_id)
    if row is None:
        return False
    db.session.delete(row)
    trail.record(Action.CALENDAR_CLOSED, target=(TargetKind.USER, user_id))
    db.session.flush()
    return True
