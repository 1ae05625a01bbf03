"""What day and what time is it? The only module that reads the clock; everything else is told."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """The present moment, in UTC with its zone."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Sweden."""
    return now().astimezone(STOCKHOLM).date()
