"""Which occasions of a year's kontrollmoment are late, and how do those of one stand?"""

from collections.abc import Iterable
from datetime import date
from itertools import chain, islice
from typing import NamedTuple

from tracker.control.models import ControlMoment
from tracker.control.queries import MomentStanding, SampleRow
from tracker.rules.control_occasions import Occasion, OccasionState, late_of, read_frequency, states_of


class LateOccasion(NamedTuple):
    """An occasion that has passed without a stickprov that counts, and its kontrollmoment."""

    moment: MomentStanding
    occasion: Occasion


def late_occasions(
    year: int, moments: Iterable[MomentStanding], today: date, most: int | None = None
) -> tuple[list[LateOccasion], int]:
    """The late occasions of a year's kontrollmoment by due day, then as the kontrollmoment come: the first `most`, and
    how many there are.

    Of one that has a reason why it was not carried out, or a frequency that says nothing, there are none.
    """
    by_day = dict[date, list[tuple[MomentStanding, Occasion]]]()
    for moment in moments:
        for occasion in _late_of(year, moment, today):
            by_day.setdefault(occasion.due_on, []).append((moment, occasion))
    in_order = chain.from_iterable(by_day[day] for day in sorted(by_day))
    return [LateOccasion(*one) for one in islice(in_order, most)], sum(map(len, by_day.values()))


def count_late(year: int, moments: Iterable[MomentStanding], today: date) -> dict[int, int]:
    """How many occasions are late of each kontrollmoment that has any, by record; together as many as
    `late_occasions` finds.
    """
    found = ((moment.record_id, len(_late_of(year, moment, today))) for moment in moments)
    return {record_id: number for record_id, number in found if number}


def _late_of(year: int, moment: MomentStanding, today: date) -> tuple[Occasion, ...]:
    frequency = None if moment.dropped else read_frequency(moment.frequency)
    return () if frequency is None else late_of(frequency, year, moment.periods, today)


def occasions_of_moment(
    moment: ControlMoment, samples: list[SampleRow], today: date
) -> list[tuple[Occasion, OccasionState]] | None:
    """The year's occasions of a kontrollmoment with how each stands; None when its frequency says nothing."""
    frequency = read_frequency(moment.frequency)
    if frequency is None:
        return None
    periods = [sample.period for sample in samples if sample.settled and sample.first_ref is None]
    return states_of(frequency, moment.year, periods, today, dropped=bool(moment.not_done))
