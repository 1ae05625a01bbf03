"""Reading kontrollmoment and what came of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from tracker.control.drawn import OFTEN, DrawnSample, SampleCriterion, counts
from tracker.control.models import ControlMoment, ControlSample
from tracker.control.override_models import ControlOverride
from tracker.database import db, read
from tracker.records.scope import Scope, visible
from tracker.risk.models import ControlPlan, Risk
from tracker.rules.control_grading import Grade, Graded, Limits, Outcome, count_grades, grade, overridden
from tracker.rules.sample_work import SampleState

M, S, D, BY_HAND = ControlMoment, ControlSample, DrawnSample, ControlOverride
YEARS_TOLD = 3


@dataclass(frozen=True, slots=True)
class MomentRow:
    """A kontrollmoment as lists and reports tell of it. `history`: the grade of each of three years, the latest last;
    None where there was no such moment, or nothing came of it. `motivation`: of a grade that was set by hand and holds.
    """

    record_id: int
    ref: str
    name: str
    risk_id: int | None
    risk_ref: str | None
    method: str | None
    frequency: str | None
    responsible: str | None
    limits: Limits
    not_done: str | None
    not_done_next: str | None
    comment: str | None
    outcome: Outcome
    graded: Graded
    motivation: str | None
    history: dict[int, Grade | None]

    @property
    def result(self) -> Outcome:
        """What its compliance is told of: nothing where it was not carried out, whatever was sampled."""
        return Outcome() if self.graded.grade is Grade.NOT_DONE else self.outcome


class SampleRow(NamedTuple):
    """A stickprov in figures. `state` of one that is drawn here, None of one told in figures; `first_ref`: what it
    is the retest of; `draws`: how many times it has been drawn.
    """

    ref: str
    period: str | None
    population: int | None
    selected: int
    dropouts: int
    deviations: int
    comment: str | None
    sample_id: int
    state: SampleState | None
    first_ref: str | None
    draws: int = 0

    @property
    def often(self) -> bool:
        """Whether it has been drawn so many times that it is told."""
        return self.draws >= OFTEN

    @property
    def settled(self) -> bool:
        """Whether its figures stand."""
        return self.state in {None, SampleState.ACCEPTED}


CHECKED = func.coalesce(func.sum(S.selected - S.dropouts), 0)
APPROVED = func.coalesce(func.sum(S.selected - S.dropouts - S.deviations), 0)
WEIGHED: tuple[Any, ...] = (
    func.coalesce(M.good_limit, ControlPlan.good_limit),
    func.coalesce(M.acceptable_limit, ControlPlan.acceptable_limit),
    M.not_done,
    BY_HAND.grade,
    CHECKED,
    APPROVED,
)


@lru_cache(maxsize=5_000)
def _weighed(
    good: int, acceptable: int, checked: int, approved: int, by_hand: str | None, *, dropped: bool
) -> tuple[Limits, Outcome, Graded]:
    limits, outcome = Limits(good, acceptable), Outcome(checked, approved)
    graded = grade(outcome, limits, "dropped" if dropped else None)  # that there is a reason decides, not which
    return limits, outcome, overridden(graded, Grade(by_hand) if by_hand else None)


def _weigh(weighed: Sequence[Any]) -> tuple[Limits, Outcome, Graded]:
    """The limits, what came of a moment and its grade, of the columns above."""
    good, acceptable, not_done, by_hand, checked, approved = weighed
    return _weighed(good, acceptable, int(checked), int(approved), by_hand, dropped=bool(not_done))


class MomentStanding(NamedTuple):
    """How a kontrollmoment stands, for counts over a year. `periods`: of the stickprov that count, None for one that
    does not tell its period.
    """

    record_id: int
    ref: str
    name: str
    frequency: str | None
    dropped: bool
    periods: frozenset[str | None]
    graded: Graded
    unit_id: int


_APART = ","  # between the periods of stickprov, which hold none


@lru_cache(maxsize=200)
def _standings(scope: Scope) -> Select[Any]:
    """Grouped and ordered as the list's index goes, so that nothing is sorted; there is one plan, and its limits are
    filled in afterwards.
    """
    periods = func.aggregate_strings(case((S.id.is_not(None), func.coalesce(S.period, ""))), _APART)
    columns: tuple[Any, ...] = (
        M.record_id, M.ref, M.name, M.frequency, M.unit_id, func.count(S.id), periods,
        M.good_limit, M.acceptable_limit, M.not_done, func.max(BY_HAND.grade), CHECKED, APPROVED,
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(BY_HAND, BY_HAND.moment_id == M.record_id)
        .outerjoin(S, and_(S.moment_id == M.record_id, counts()))
        .where(M.year == bindparam("year"), visible(M.record_id, M.unit_id, M.mark, scope))
        .group_by(M.ref_key, M.record_id)
        .order_by(M.ref_key, M.record_id)
    )


def list_standings(year: int, scope: Scope, limits: Limits) -> list[MomentStanding]:
    """Every kontrollmoment of a year that the reader may see, in the natural order of their refs; one statement.
    `limits`: the plan's.
    """
    found = list[MomentStanding]()
    rows = read(_standings(scope), scope.values | {"year": year})
    for record_id, ref, name, frequency, unit_id, samples, together, good, acceptable, not_done, *came in rows:
        by_hand, checked, approved = came
        weighed = _weighed(
            limits.good if good is None else good, limits.acceptable if acceptable is None else acceptable,
            int(checked), int(approved), by_hand, dropped=bool(not_done),
        )  # fmt: skip
        periods = _periods(together) if samples else NO_PERIODS
        found.append(MomentStanding(record_id, ref, name, frequency, bool(not_done), periods, weighed[2], unit_id))
    return found


NO_PERIODS: frozenset[str | None] = frozenset()


@lru_cache(maxsize=5_000)
def _periods(together: str) -> frozenset[str | None]:
    return frozenset(period or None for period in together.split(_APART))


@lru_cache(maxsize=200)
def _moments(scope: Scope, *, some: bool) -> Select[Any]:
    """The moments within a scope with their figures; a risk that the reader may not see is not told of. `some`: those
    with the bound `refs`.
    """
    seen = visible(M.record_id, M.unit_id, M.mark, scope)
    risk_seen = visible(Risk.record_id, Risk.unit_id, Risk.mark, scope)
    columns: tuple[Any, ...] = (
        M.year, M.record_id, M.ref, M.name, Risk.record_id, Risk.ref, M.method, M.frequency, M.responsible,
        M.not_done_next, M.comment, BY_HAND.motivation, *WEIGHED,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(ControlPlan, ControlPlan.year == M.year)
        .outerjoin(Risk, and_(Risk.record_id == M.risk_id, risk_seen))
        .outerjoin(BY_HAND, BY_HAND.moment_id == M.record_id)
        .outerjoin(S, and_(S.moment_id == M.record_id, counts()))
        .where(M.year.in_(bindparam("years", expanding=True)), seen)
        .group_by(M.record_id, Risk.record_id, ControlPlan.year, BY_HAND.moment_id)
        .order_by(M.ref_key, M.ref)
    )
    return statement.where(M.ref.in_(bindparam("refs", expanding=True))) if some else statement


def list_moments(year: int, scope: Scope, refs: Sequence[str] | None = None) -> list[MomentRow]:
    """The kontrollmoment of a year that the reader may see, in the natural order of their refs, with what came of them
    in that year and the two before it; all of them, or those with these refs.
    """
    years = range(year - YEARS_TOLD + 1, year + 1)
    found: dict[int, list[MomentRow]] = {one: [] for one in years}
    values: dict[str, Any] = {"years": list(years)} | ({} if refs is None else {"refs": list(refs)})
    for row in db.session.execute(_moments(scope, some=refs is not None), scope.values | values):
        of_year, record_id, ref, name, risk_id, risk_ref, method, frequency, responsible, *rest = row
        not_done_next, comment, motivation, *weighed = rest
        limits, outcome, graded = _weigh(weighed)
        found[of_year].append(
            MomentRow(
                record_id, ref, name, risk_id, risk_ref, method, frequency, responsible, limits, weighed[2],
                not_done_next, comment, outcome, graded, motivation if graded.computed else None, {},
            )
        )  # fmt: skip
    told = {one: {row.ref: row.graded for row in rows} for one, rows in found.items()}
    for moment in found[year]:
        for one in years:
            then = told[one].get(moment.ref)
            moment.history[one] = then.grade if then is not None and not then.no_result else None
    return found[year]


def grades_of(moments: Iterable[MomentRow]) -> dict[Grade, int]:
    """How many of the moments have each grade."""
    return count_grades(moment.graded.grade for moment in moments)


def list_samples(moment_id: int) -> list[SampleRow]:
    """The stickprov of a kontrollmoment in the natural order of their refs, each followed by its retests."""
    first = aliased(S)
    columns = (
        S.ref,
        S.period,
        S.population,
        S.selected,
        S.dropouts,
        S.deviations,
        S.comment,
        S.id,
        D.state,
        first.ref,
        D.draws,
    )
    statement = (
        select(*columns)
        .outerjoin(D, D.sample_id == S.id)
        .outerjoin(first, first.id == D.retest_of)
        .where(S.moment_id == moment_id)
        .order_by(func.coalesce(first.ref_key, S.ref_key), first.id.is_not(None), S.ref_key, S.ref)
    )
    return [
        SampleRow(*row[:8], SampleState(row[8]) if row[8] else None, row[9], row[10] or 0)
        for row in db.session.execute(statement)
    ]


def get_moment(record_id: int, scope: Scope) -> ControlMoment | None:
    """The row of a kontrollmoment; None when there is none or the reader may not see it."""
    seen = visible(M.record_id, M.unit_id, M.mark, scope)
    return db.session.scalar(select(M).where(M.record_id == record_id, seen), scope.values)


def moments_of_risk(risk_id: int, scope: Scope) -> list[tuple[int, str, str]]:
    """(record, ref, name) of the kontrollmoment against a risk, in the natural order of their refs."""
    seen = visible(M.record_id, M.unit_id, M.mark, scope)
    statement = select(M.record_id, M.ref, M.name).where(M.risk_id == risk_id, seen).order_by(M.ref_key, M.ref)
    return [(row[0], row[1], row[2]) for row in db.session.execute(statement, scope.values)]


class CriterionRow(NamedTuple):
    """A criterion that items have failed: how many items, of how many kontrollmoment."""

    criterion: str
    items: int
    moments: int


@lru_cache(maxsize=200)
def _failed(scope: Scope) -> Select[Any]:
    items = func.sum(SampleCriterion.number)
    columns: tuple[Any, ...] = (SampleCriterion.criterion, items, func.count(M.record_id.distinct()))
    return (
        select(*columns)
        .join(S, S.id == SampleCriterion.sample_id)
        .join(M, M.record_id == S.moment_id)
        .where(M.year == bindparam("year"), visible(M.record_id, M.unit_id, M.mark, scope), counts())
        .group_by(SampleCriterion.criterion)
        .order_by(items.desc(), SampleCriterion.criterion)
    )


def list_failed_criteria(year: int, scope: Scope) -> list[CriterionRow]:
    """The criteria that items of the year's stickprov failed, of what counts and the reader may see; the most first."""
    rows = db.session.execute(_failed(scope), scope.values | {"year": year})
    return [CriterionRow(row[0], int(row[1]), row[2]) for row in rows]


def find_override(record_id: int) -> ControlOverride | None:
    """The grade that was set by hand; the caller sees to who may know of the kontrollmoment."""
    return db.session.get(ControlOverride, record_id)


def find_moment(record_id: int, scope: Scope) -> tuple[MomentRow, int] | None:
    """A kontrollmoment and its year; None when there is none or the reader may not see it."""
    row = get_moment(record_id, scope)
    if row is None:
        return None
    return next(
        (moment, row.year) for moment in list_moments(row.year, scope, [row.ref]) if moment.record_id == record_id
    )
