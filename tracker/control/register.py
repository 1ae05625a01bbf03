"""The list of a year's kontrollmoment: of one outcome or of all, a page of it or the whole for a file.

Grades are worked out of figures and limits, so a year is read whole and told apart in memory; what a row shows is read
of the rows of a page alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, select

from tracker.control.models import ControlMoment
from tracker.control.occasions import count_late
from tracker.control.queries import MomentRow, MomentStanding, list_moments, list_standings
from tracker.database import read
from tracker.records.natural import natural_key
from tracker.records.scope import Scope, visible
from tracker.risk.models import Risk
from tracker.risk.queries import Plan
from tracker.rules.control_grading import Grade
from tracker.rules.plan_workflow import PlanState, results_are_open
from tracker.web.pagination import PAGE_ROWS, Order, TextKey

M = ControlMoment
BY_REF = Order("ref_key")


class Came(StrEnum):
    """What a list of kontrollmoment can be narrowed to: one grade that something came to, what has no result yet, or
    what has an occasion that is late.
    """

    GOOD = Grade.GOOD.value
    ACCEPTABLE = Grade.ACCEPTABLE.value
    FAILED = Grade.FAILED.value
    NOT_DONE = Grade.NOT_DONE.value
    NO_RESULT = "inget-resultat"
    LATE = "forsenat"


OUTCOMES = tuple(one for one in Came if one is not Came.LATE)  # each kontrollmoment is of exactly one of these


def outcome_of_standing(standing: MomentStanding) -> Came:
    """What a kontrollmoment has come to; one without a result is not yet told to be ej genomförd."""
    return Came.NO_RESULT if standing.graded.no_result else Came(standing.graded.grade.value)


@dataclass(frozen=True, slots=True)
class YearStandings:
    """How the kontrollmoment of a year stand, in the natural order of their refs; `late`: how many occasions are late
    of each that has any, by record.
    """

    year: int
    standings: Sequence[MomentStanding]
    late: Mapping[int, int]

    @property
    def outcomes(self) -> dict[Came, int]:
        """How many there are of each outcome, together all of them; those of `Came.LATE` are in them."""
        counts: dict[Came, int] = dict.fromkeys(OUTCOMES, 0)
        for one in self.standings:
            counts[outcome_of_standing(one)] += 1
        return counts

    def of(self, came: Came | None) -> Sequence[MomentStanding]:
        """Those of one outcome, or all."""
        if came is None:
            return self.standings
        if came is Came.LATE:
            return [one for one in self.standings if one.record_id in self.late]
        return [one for one in self.standings if outcome_of_standing(one) is came]


def read_year(plan: Plan, scope: Scope, today: date) -> YearStandings:
    """The year of a plan, as the reader may see it; nothing is late once it has been followed up."""
    standings = list_standings(plan.year, scope, plan.limits)
    waited = standings if results_are_open(PlanState(plan.state)) else []
    return YearStandings(plan.year, standings, count_late(plan.year, waited, today))


class ListedMoment(NamedTuple):
    """A row of the list."""

    standing: MomentStanding
    moment: MomentRow

    @property
    def record_id(self) -> int:
        """The number of its record."""
        return self.standing.record_id


@dataclass(frozen=True, slots=True)
class MomentPage:
    """A page of the list; the keys are None where it ends."""

    standings: Sequence[MomentStanding]
    after: TextKey | None
    before: TextKey | None


def page_of(
    found: Sequence[MomentStanding], after: TextKey | None, before: TextKey | None, order: Order = BY_REF
) -> MomentPage:
    """The page that follows `after` or precedes `before`, else the first, of kontrollmoment that rise by ref. A key
    holds its place though its kontrollmoment is no longer there.
    """
    rising, size = not order.falling, len(found)
    first = 0
    if before is not None:
        first = max(_passed(found, before, rising=rising, itself=False) - PAGE_ROWS, 0)
        last = _passed(found, before, rising=rising, itself=False)
    else:
        first = _passed(found, after, rising=rising, itself=True) if after is not None else 0
        last = min(first + PAGE_ROWS, size)
    ordered = found[first:last] if rising else found[size - last : size - first][::-1]
    more = bool(ordered) and last < size
    return MomentPage(ordered, _key(ordered[-1]) if more else None, _key(ordered[0]) if ordered and first else None)


def _passed(found: Sequence[MomentStanding], key: TextKey, *, rising: bool, itself: bool) -> int:
    """How many rows stand before a key in the list's direction; `itself`: counted in."""
    place = (key.text, key.id)
    if rising:
        return (bisect_right if itself else bisect_left)(found, place, key=_place)
    return len(found) - (bisect_left if itself else bisect_right)(found, place, key=_place)


def _place(standing: MomentStanding) -> tuple[str, int]:
    return natural_key(standing.ref), standing.record_id


def _key(standing: MomentStanding) -> TextKey:
    return TextKey(*_place(standing))


def read_rows(
    year: int, standings: Sequence[MomentStanding], scope: Scope, *, whole: bool = False
) -> list[ListedMoment]:  # fmt: skip
    """What rows of a year show, in the order given. `scope`: the reader's, not narrowed to a unit, as a kontrollmoment
    may have stood in another the year before. `whole`: of a list that is not a page.
    """
    refs = None if whole else [one.ref for one in standings]
    moments = {moment.record_id: moment for moment in list_moments(year, scope, refs)} if standings else {}
    return [ListedMoment(one, moments[one.record_id]) for one in standings if one.record_id in moments]


class StoredMoment(NamedTuple):
    """A kontrollmoment as its file of the import has it, after its year; limits of its own alone, and no risk that the
    reader may not see (an empty cell leaves what is there).
    """

    record_id: int
    ref: str
    risk_ref: str | None
    name: str
    method: str | None
    frequency: str | None
    responsible: str | None
    good_limit: int | None
    acceptable_limit: int | None
    not_done: str | None
    comment: str | None


@lru_cache(maxsize=200)
def _stored(scope: Scope) -> Select[Any]:
    columns: tuple[Any, ...] = (
        M.record_id, M.ref, Risk.ref, M.name, M.method, M.frequency, M.responsible, M.good_limit, M.acceptable_limit,
        M.not_done, M.comment,
    )  # fmt: skip
    risk_seen = visible(Risk.record_id, Risk.unit_id, Risk.mark, scope)
    return (
        select(*columns)
        .outerjoin(Risk, and_(Risk.record_id == M.risk_id, risk_seen))
        .where(M.year == bindparam("year"), visible(M.record_id, M.unit_id, M.mark, scope))
        .order_by(M.ref_key, M.record_id)
    )


def read_stored(year: int, standings: Iterable[MomentStanding], scope: Scope) -> Iterator[StoredMoment]:
    """The same kontrollmoment as they are stored, in the natural order of their refs."""
    wanted = {one.record_id for one in standings}
    rows = map(StoredMoment._make, read(_stored(scope), scope.values | {"year": year}))
    return (row for row in rows if row.record_id in wanted)
