"""Which occasions of a year's kontrollmoment are late? Asked in one statement for all of them."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, select

from tracker.control.drawn import counts
from tracker.control.models import ControlMoment, ControlSample
from tracker.control.queries import SampleRow
from tracker.database import db
from tracker.records.scope import Scope, visible
from tracker.rules.control_occasions import Occasion, OccasionState, late_of, read_frequency, states_of

M, S = ControlMoment, ControlSample


class LateOccasion(NamedTuple):
    """An occasion that has passed without a stickprov that counts, and its kontrollmoment."""

    record_id: int
    ref: str
    name: str
    period: str
    due_on: date


def late_occasions(year: int, scope: Scope, today: date) -> list[LateOccasion]:
    """The late occasions of the kontrollmoment that the reader may see: by due day, then by the natural order of refs.

    Of one that has a reason why it was not carried out, or a frequency that says nothing, there are none.
    """
    seen = visible(M.record_id, M.unit_id, M.mark, scope)
    statement = (
        select(M.record_id, M.ref, M.name, M.frequency, S.id, S.period)
        .outerjoin(S, and_(S.moment_id == M.record_id, counts()))
        .where(M.year == year, M.not_done.is_(None), M.frequency != "", seen)
        .order_by(M.ref_key, M.ref)
    )
    moments, periods = dict[int, tuple[str, str, str | None]](), dict[int, list[str | None]]()
    for record_id, ref, name, frequency, sample_id, period in db.session.execute(statement, scope.values):
        moments[record_id] = (ref, name, frequency)
        told = periods.setdefault(record_id, [])
        if sample_id is not None:
            told.append(period)
    found = list[LateOccasion]()
    for record_id, (ref, name, written) in moments.items():
        frequency = read_frequency(written)
        if frequency is None:
            continue
        found += [
            LateOccasion(record_id, ref, name, occasion.period, occasion.due_on)
            for occasion in late_of(frequency, year, frozenset(periods[record_id]), today)
        ]
    return sorted(found, key=lambda one: one.due_on)


def occasions_of_moment(
    moment: ControlMoment, samples: list[SampleRow], today: date
) -> list[tuple[Occasion, OccasionState]] | None:
    """The year's occasions of a kontrollmoment with how each stands; None when its frequency says nothing."""
    frequency = read_frequency(moment.frequency)
    if frequency is None:
        return None
    periods = [sample.period for sample in samples if sample.settled and sample.first_ref is None]
    return states_of(frequency, moment.year, periods, today, dropped=bool(moment.not_done))
