"""What do the pages of reminders show, and how is a calendar written?"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from tracker.reminders.falling import Thing
from tracker.reminders.queries import NoticeRow
from tracker.reminders.words import REASON_LABELS, SUBJECT_LABELS
from tracker.web.marks import StateMark

REFRESH = timedelta(hours=6)
NEW, SEEN = StateMark("Ny", "●", "open"), StateMark("Sedd", "✓", "done")


class NoticeLine(NamedTuple):
    """A row of the page: what, its number, its page, why, since when, and whether it is new."""

    what: str
    number: str
    path: str
    why: str
    day: str
    state: StateMark


def notice_lines(rows: Iterable[NoticeRow]) -> list[NoticeLine]:
    """The rows of the page."""
    return [
        NoticeLine(
            SUBJECT_LABELS[row.subject],
            row.number,
            row.path,
            REASON_LABELS[row.reason],
            str(row.day),
            SEEN if row.seen else NEW,
        )
        for row in rows
    ]


def write_calendar(things: Iterable[Thing], base_url: str, now: datetime) -> bytes:
    """The last days as iCalendar (RFC 5545), a day each: number and link, never content."""
    calendar = Calendar()
    calendar.add("prodid", "-//Egenkoll//Egenkoll//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Egenkoll")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    host = urlsplit(base_url).hostname or "egenkoll"
    for thing in things:
        event = Event()
        event.add("uid", f"{thing.subject}-{thing.name}@{host}")
        event.add("dtstamp", now)
        event.add("dtstart", thing.last_day)
        event.add("summary", thing.number)
        event.add("url", f"{base_url}{thing.path}")
        event.add("description", f"{base_url}{thing.path}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
