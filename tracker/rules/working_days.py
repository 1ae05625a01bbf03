"""Which days are working days, and which is the next one?

Source: lag (1930:173) om beräkning av lagstadgad tid, 2 §: what falls on a Saturday, a Sunday, another public holiday,
midsommarafton, julafton or nyårsafton may be done the next working day; lag (1989:253) om allmänna helgdagar names the
holidays.
"""

from datetime import date, timedelta
from functools import lru_cache

# Nyårsdagen, trettondedag jul, första maj, nationaldagen, julafton, juldagen, annandag jul, nyårsafton.
FIXED = frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)})
FROM_EASTER = (-2, 0, 1, 39, 49)  # långfredagen, påskdagen, annandag påsk, Kristi himmelsfärds dag, pingstdagen
SATURDAY = 5


def next_working_day(day: date) -> date:
    """The day itself, or the first working day after it: 2026-05-31, a Sunday, gives 2026-06-01."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_working_day(day: date) -> bool:
    """Whether it is neither at a weekend nor a holiday nor one of the three eves."""
    if day.weekday() >= SATURDAY or (day.month, day.day) in FIXED:
        return False
    eve_of_midsummer = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == SATURDAY - 1
    return not eve_of_midsummer and day not in _movable(day.year)


@lru_cache(maxsize=256)
def _movable(year: int) -> frozenset[date]:
    easter = easter_day(year)
    return frozenset(easter + timedelta(days=days) for days in FROM_EASTER)


def easter_day(year: int) -> date:
    """Påskdagen by the Gregorian computus: 5 April 2026."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = epact - (epact // 28) * (1 - (epact // 28) * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    distance = moon - weekday
    month = 3 + (distance + 40) // 44
    return date(year, month, distance + 28 - 31 * (month // 4))
