"""What day and what time is it? The only module that reads the clock; everything else is told."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """The present moment, in UTC with its zone."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Sweden."""
    return now().astimezone(STOCKHOLM).date()


def as_utc(moment: datetime) -> datetime:
    """A stored moment with its zone, which SQLite leaves out."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_of(moment: datetime) -> date:
    """The calendar day in Sweden of a stored moment."""
    return as_utc(moment).astimezone(STOCKHOLM).date()


def start_of(day: date) -> datetime:
    """The moment, in UTC with its zone, at which a calendar day begins in Sweden: 22.00 the day before, in summer."""
    return datetime.combine(day, time(), STOCKHOLM).astimezone(UTC)
