"""Twelve calendar months up to one of them, for figures month by month."""

from datetime import date, timedelta
from typing import NamedTuple

from tracker.rules.calendar import MONTHS, add_months

EARLIEST, LATEST = 1901, 2200


class Month(NamedTuple):
    """A calendar month. `number` counts months from the year 0, so that the next month's is one more."""

    year: int
    month: int

    @property
    def number(self) -> int:
        """March 2026: 2026 · 12 + 3."""
        return self.year * 12 + self.month

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return add_months(self.first, 1) - timedelta(days=1)

    @property
    def words(self) -> str:
        """mars 2026."""
        return f"{MONTHS[self.month - 1]} {self.year}"

    @property
    def short(self) -> str:
        """2026-03, as an address has it."""
        return f"{self.year}-{self.month:02}"


def month_of(text: str) -> Month | None:
    """The month of `2026-03`; None for what is none."""
    year, _, month = text.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and month.isascii() and month.isdigit()):
        return None
    found = Month(int(year), int(month))
    return found if EARLIEST <= found.year <= LATEST and 1 <= found.month <= 12 and len(month) == 2 else None


def twelve_months(last: Month) -> list[Month]:
    """The twelve months that end with this one, the earliest first."""
    return [Month(*divmod_month(number)) for number in range(last.number - 11, last.number + 1)]


def divmod_month(number: int) -> tuple[int, int]:
    """(year, month) of a month's number: 24315 is March 2026."""
    year, month = divmod(number - 1, 12)
    return year, month + 1
