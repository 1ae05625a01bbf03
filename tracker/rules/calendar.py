"""How are months counted, and how are dates said in Swedish?

Source: lag (1930:173) om beräkning av lagstadgad tid, 1 §: a time in months ends on the day with the same number;
where the month has no such day, on its last day.
"""

import calendar
from datetime import date
from functools import lru_cache

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip


@lru_cache(maxsize=16_384)
def add_months(day: date, months: int) -> date:
    """The day that lies `months` calendar months after `day`, clamped to the month's last day.

    2025-11-30 + 3 is 2026-02-28; 2026-02-28 + 3 is 2026-05-28. Raises ValueError outside years 1–9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last))


def whole_months(start: date, end: date) -> int:
    """The largest n for which `start` + n months is not after `end`. `end` must not lie before `start`.

    From 2025-11-30: 2 on 2026-02-27, 3 on 2026-02-28.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if add_months(start, months) > end else months


def in_words(day: date) -> str:
    """A date as a sentence has it: 31 mars 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
