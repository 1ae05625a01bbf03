"""Which days does a quarter hold?"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from tracker.rules.calendar import add_months
from tracker.rules.errors import RuleViolation

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of a calendar year; `number` is 1–4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        """Raises RuleViolation for a quarter that does not exist or lies outside the years served."""
        if self.number not in range(1, 5):
            raise RuleViolation("quarter", "Kvartalet ska vara 1, 2, 3 eller 4.", "quarter")
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise RuleViolation("year", f"Året ska ligga mellan {FIRST_YEAR} och {LAST_YEAR}.", "year")

    @classmethod
    def holding(cls, day: date) -> Self:
        """The quarter in which `day` lies."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def first_day(self) -> date:
        """1 January, April, July or October."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> date:
        """31 March, 30 June, 30 September or 31 December."""
        return date.fromordinal(add_months(self.first_day, 3).toordinal() - 1)

    @property
    def before(self) -> "Quarter":
        """The quarter before this one."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def after(self) -> "Quarter":
        """The quarter after this one."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def short(self) -> str:
        """2025-K4, as an address has it."""
        return f"{self.year}-K{self.number}"


def quarter_of(text: str) -> Quarter | None:
    """The quarter of `2025-K4`; None for what is none, or lies outside the years served."""
    year, _, number = text.partition("-K")
    if not (len(year) == 4 and len(number) == 1 and f"{year}{number}".isascii() and f"{year}{number}".isdigit()):
        return None
    try:
        return Quarter(int(year), int(number))
    except RuleViolation:
        return None


@dataclass(frozen=True, slots=True)
class Period:
    """What a quarterly report looks at: the facts after `previous_on`, up to and with `cutoff_on`."""

    quarter: Quarter
    cutoff_on: date
    previous_on: date

    @classmethod
    def of(cls, quarter: Quarter, cutoff_on: date | None = None, previous_on: date | None = None) -> Self:
        """The quarter's own days unless others are given: its last day, and the last day of the one before.

        Raises RuleViolation when the previous cut-off does not lie before the cut-off, or the cut-off far off.
        """
        cutoff = cutoff_on or quarter.last_day
        previous = previous_on or quarter.first_day - timedelta(days=1)
        if not FIRST_YEAR <= cutoff.year <= LAST_YEAR:
            raise RuleViolation(
                "cutoff_year", f"Avstämningsdatum ska ligga i åren {FIRST_YEAR}–{LAST_YEAR}.", "avstamning"
            )
        if previous >= cutoff:
            raise RuleViolation(
                "previous_not_before",
                f"Föregående avstämningsdatum {previous} måste ligga före avstämningsdatum {cutoff}.",
                "foregaende",
            )
        return cls(quarter, cutoff, previous)
