"""What has happened while the demonstration's clocks ran: contacts, offers and plans, noted as a person would."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from tracker.accounts.reader import EVERYTHING
from tracker.database import db
from tracker.decisions import happenings
from tracker.decisions.happenings import Happening
from tracker.decisions.models import DecisionClock
from tracker.records.models import CodeItem, Record
from tracker.rules.life import EventKind, OfferAnswer
from tracker.rules.preflight import DECLINED
from tracker.rules.unexecuted import ClockState

WAITED_DAYS = 45  # before that, next to nothing has happened
SILENT, WITHOUT_OFFER, PLANNED, FOLLOWED_UP = 9, 4, 3, 5  # every so many
CONTACTS = ("Telefonsamtal", "Hembesök", "Brev", "Möte på kontoret")
OFFERED = "En ledig plats"


def note_events(today: date) -> None:
    """Notes the events of the clocks that run, in the caller's transaction; the same for one day."""
    for place, (clock_id, record_id, started_on, code) in enumerate(_running(today)):
        versions = _versions(record_id)
        at = Happening(record_id, clock_id, next(versions), EVERYTHING, today)
        spoken = today - timedelta(days=20 + place * 7 % 90)
        if place % SILENT and spoken > started_on:
            kind = EventKind.CONTACT if place % FOLLOWED_UP else EventKind.FOLLOW_UP
            happenings.contact(at, kind, spoken, CONTACTS[place % len(CONTACTS)])
            at = replace(at, seen=next(versions))
        offered = started_on + timedelta(days=30 + place % 12)
        if code == DECLINED and place % WITHOUT_OFFER:
            happenings.offer(at, offered, OFFERED, OfferAnswer.DECLINED, offered + timedelta(days=2))
            at = replace(at, seen=next(versions))
        if not place % PLANNED:
            happenings.plan(at, today + timedelta(days=25 + place))


def _running(today: date) -> list[tuple[int, int, date, str | None]]:
    """(clock, record, start, code of the reason) of the clocks that have run for a while, by start."""
    clock = DecisionClock
    statement = (
        select(clock.id, clock.decision_id, clock.started_on, CodeItem.code)
        .outerjoin(CodeItem, CodeItem.id == clock.delay_reason_id)
        .where(clock.state == ClockState.OPEN.value, clock.started_on < today - timedelta(days=WAITED_DAYS))
        .order_by(clock.started_on, clock.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(statement)]


def _versions(record_id: int) -> Iterator[int]:
    """The record's version as it stands each time."""
    while True:
        yield db.session.scalars(select(Record.version).where(Record.id == record_id)).one()
