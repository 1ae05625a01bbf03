"""When in the year is a kontrollmoment to be carried out, and has it been?

No law says; the choices are ours. The frequency gives the year's occasions, each a period written as files write it.
An occasion falls due the last day of its period, or the next working day. It is done when the stickprov that count
cover every month of it; a stickprov that does not tell its period counts for the year as a whole only.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from tracker.rules.working_days import next_working_day


class Frequency(StrEnum):
    """How often a kontrollmoment is carried out."""

    CONTINUOUS = "löpande"
    MONTH = "månad"
    QUARTER = "kvartal"
    TERTIAL = "tertial"
    HALF_YEAR = "halvår"
    YEAR = "år"


class OccasionState(StrEnum):
    """How an occasion stands; one that was dropped belongs to a kontrollmoment that is not carried out."""

    DONE = "gjord"
    LATE = "sen"
    COMING = "kommande"
    DROPPED = "utgår"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time in the year: its period (`2026-K1`), the first and the last month of it, and the day it falls due."""

    period: str
    first: int
    last: int
    due_on: date

    @property
    def months(self) -> frozenset[int]:
        """The months it spans."""
        return frozenset(range(self.first, self.last + 1))


_F = Frequency
_WORDS = {
    _F.CONTINUOUS: ("löpande", "fortlöpande", "kontinuerlig", "kontinuerligt", "löpande under året"),
    _F.MONTH: ("månad", "månaden", "månadsvis", "månatlig", "månatligen", "mån"),
    _F.QUARTER: ("kvartal", "kvartalet", "kvartalsvis", "kvartalsvist"),
    _F.TERTIAL: ("tertial", "tertialet", "tertialvis", "tertialsvis"),
    _F.HALF_YEAR: ("halvår", "halvåret", "halvårsvis", "halvårligen"),
    _F.YEAR: ("år", "året", "årlig", "årligen", "årsvis", "helår"),
}
_BY_WORD = {word: frequency for frequency, words in _WORDS.items() for word in words}
_TIMES = {1: _F.YEAR, 2: _F.HALF_YEAR, 3: _F.TERTIAL, 4: _F.QUARTER, 12: _F.MONTH}
_NUMBERS = {"en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "tolv": 12}
_OFTEN = re.compile(r"(\d+|en|två|tre|fyra|tolv) (?:gång|gånger|ggr|ggn) (?:per|om|i|varje|under) (.+)")
_EACH = re.compile(r"(?:varje|per|en gång) (.+)")
# How many months a period has, and how its number is written.
_LENGTHS = {
    _F.MONTH: (1, "-{:02}"), _F.QUARTER: (3, "-K{}"), _F.TERTIAL: (4, "-T{}"), _F.HALF_YEAR: (6, "-H{}"),
}  # fmt: skip
_BY_LETTER = {"K": 3, "T": 4, "H": 6}
_WHOLE_YEAR = frozenset(range(1, 13))


@lru_cache(maxsize=1_000)
def read_frequency(text: str | None) -> Frequency | None:
    """The frequency that words stand for, as people write them; None when they say nothing that can be counted.

    "varje månad", "Kvartalsvis", "1 gång per år", "2 ggr/år" (halvår).
    """
    plain = " ".join((text or "").casefold().replace("/", " per ").strip(" .").split())
    if plain in _BY_WORD:
        return _BY_WORD[plain]
    often = _OFTEN.fullmatch(plain)
    if often:
        times = _NUMBERS.get(often[1]) or int(often[1])
        span = _BY_WORD.get(often[2])
        return _TIMES.get(times) if span is _F.YEAR else span if times == 1 else None
    each = _EACH.fullmatch(plain)
    return _BY_WORD.get(each[1]) if each and each[1] not in _WORDS[_F.CONTINUOUS] else None


@lru_cache(maxsize=1_000)
def occasions_of(frequency: Frequency, year: int) -> tuple[Occasion, ...]:
    """The year's occasions in order; what goes on all the time is asked for once, when the year ends."""
    length, written = _LENGTHS.get(frequency, (12, ""))
    return tuple(
        Occasion(
            f"{year}{written.format(number)}", (number - 1) * length + 1, number * length,
            next_working_day(_last_day(year, number * length)),
        )
        for number in range(1, 12 // length + 1)
    )  # fmt: skip


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def months_of(period: str) -> frozenset[int]:
    """The months of a period as files write it: `2026` all twelve, `2026-T2` May to August."""
    _, _, part = period.partition("-")
    if not part:
        return _WHOLE_YEAR
    if part.isdigit():
        return frozenset({int(part)})
    length, number = _BY_LETTER[part[0]], int(part[1:])
    return frozenset(range((number - 1) * length + 1, number * length + 1))


def states_of(
    frequency: Frequency, year: int, periods: Iterable[str | None], today: date, *, dropped: bool
) -> list[tuple[Occasion, OccasionState]]:
    """The year's occasions, each with how it stands. `periods`: of the stickprov that count; `dropped`: the
    kontrollmoment is not carried out, so that nothing is waited for.
    """
    told = list(periods)
    covered = frozenset[int]().union(*(months_of(period) for period in told if period))
    found = []
    for occasion in occasions_of(frequency, year):
        whole_year = occasion.months == _WHOLE_YEAR
        anything = bool(told) and (frequency is _F.CONTINUOUS or (whole_year and None in told))
        if anything or occasion.months <= covered:
            state = OccasionState.DONE
        elif dropped:
            state = OccasionState.DROPPED
        else:
            state = OccasionState.LATE if occasion.due_on < today else OccasionState.COMING
        found.append((occasion, state))
    return found


@lru_cache(maxsize=5_000)
def late_of(frequency: Frequency, year: int, periods: frozenset[str | None], today: date) -> tuple[Occasion, ...]:
    """The occasions that are late, of a kontrollmoment that is carried out; worked out once for all that are alike."""
    states = states_of(frequency, year, periods, today, dropped=False)
    return tuple(occasion for occasion, state in states if state is OccasionState.LATE)
