"""How were guarantees kept? A year of each, and twelve months of one, counted by the database from the stored days.

Protected occasions count, voided and cancelled ones do not. What ended counts in the period in which it ended; the
synpunkter are counted from their own register, beröm left out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)

from tracker.cases.missed_models import MissedPromise
from tracker.cases.models import Complaint
from tracker.database import db, is_sqlite
from tracker.guarantees.models import GuaranteeOccasion
from tracker.guarantees.queries import GuaranteeRow
from tracker.records.models import Mark
from tracker.records.scope import Scope, within_reach
from tracker.rules.guarantee_occasions import mean, median
from tracker.rules.guarantees import PRAISE, Kept

G, C = GuaranteeOccasion, Complaint
STARTED, ENDED = 0, 1


@dataclass(frozen=True, slots=True)
class YearFigures:
    """Of one guarantee: how many ended in the year up to today and how many of them in time; how many run today, how
    many of those past their last day; how many of all of these are prolonged.
    """

    ended: int = 0
    in_time: int = 0
    open: int = 0
    overdue: int = 0
    prolonged: int = 0

    @property
    def kept(self) -> Kept:
        """The two that the share is made of."""
        return Kept(self.ended, self.in_time)


@dataclass(slots=True)
class MonthFigures:
    """Of one guarantee in a month: how many started and ended, and of those that ended too late by how much and why."""

    month: date
    started: int = 0
    ended: int = 0
    excesses: list[int] = field(default_factory=list)
    causes: Counter[int] = field(default_factory=Counter)

    @property
    def missed(self) -> int:
        """How many ended too late."""
        return len(self.excesses)

    @property
    def in_time(self) -> int:
        """How many ended in time."""
        return self.ended - self.missed

    @property
    def mean(self) -> Fraction | None:
        """By how much those were too late, on the whole; None when none was."""
        return mean(self.excesses)

    @property
    def median(self) -> Fraction | None:
        """The middle one of by how much."""
        return median(self.excesses)

    @property
    def commonest(self) -> int | None:
        """The cause that most of them have, the first of the list where several have as many; None when none has."""
        return min(self.causes, key=lambda cause: (-self.causes[cause], cause), default=None)


class _Source(NamedTuple):
    """The columns that a guarantee's figures are counted from, wherever its occasions are kept."""

    model: Any
    started_on: Any
    ended_on: Any
    due_on: Any
    excess: Any
    wanted: ColumnElement[bool]


def year_figures(year: int, today: date, scope: Scope) -> dict[int, YearFigures]:
    """Guarantee → its year, of those whose occasions are kept here; one statement for all."""
    ended, runs = _in_year(G.ended_on, year, today), and_(G.ended_on.is_(None), G.cancelled_on.is_(None))
    statement = (
        select(
            G.guarantee_id, _count(ended), _count(and_(ended, G.excess == 0)), _count(runs),
            _count(and_(runs, G.due_on < today)), _count(G.prolonged_to.is_not(None)),
        )
        .where(_counts(G, scope), ended | runs)
        .group_by(G.guarantee_id)
    )  # fmt: skip
    return {row[0]: YearFigures(*row[1:]) for row in db.session.execute(statement)}


def complaint_figures(year: int, today: date, scope: Scope) -> YearFigures:
    """The same of the promise to answer synpunkter."""
    ended, runs = _in_year(C.answered_on, year, today), and_(C.answered_on.is_(None), C.is_open)
    statement = select(
        _count(ended), _count(and_(ended, C.answered_on <= C.due_on)), _count(runs),
        _count(and_(runs, C.due_on < today)), literal(0),
    ).where(_counts(C, scope), C.kind != PRAISE, ended | runs)  # fmt: skip
    return YearFigures(*db.session.execute(statement).one())


def months_of(guarantee: GuaranteeRow, year: int, scope: Scope) -> list[MonthFigures]:
    """The twelve months of a year, one statement for all of them."""
    source = _source(guarantee)
    found = [MonthFigures(date(year, month, 1)) for month in range(1, 13)]
    parts = (_started(source, year, scope), _ended(source, year, scope))
    for what, month, excess, cause_id, number in db.session.execute(union_all(*parts)):
        of = found[int(month) - 1]
        if what == STARTED:
            of.started += number
            continue
        of.ended += number
        if excess:
            of.excesses += [int(excess)] * number
            if cause_id is not None:
                of.causes[cause_id] += number
    return found


def year_of_months(months: Iterable[MonthFigures], year: int) -> MonthFigures:
    """The months of a year put together."""
    whole = MonthFigures(date(year, 1, 1))
    for month in months:
        whole.started += month.started
        whole.ended += month.ended
        whole.excesses += month.excesses
        whole.causes += month.causes
    return whole


def _source(guarantee: GuaranteeRow) -> _Source:
    if guarantee.of_complaints:
        late = (C.answered_on > C.due_on, _days_between(C.answered_on, C.due_on))
        excess = case(late, else_=literal_column("0"))
        return _Source(C, C.received_on, C.answered_on, C.due_on, excess, C.kind != PRAISE)
    wanted = and_(G.guarantee_id == guarantee.id, G.cancelled_on.is_(None))
    return _Source(G, G.started_on, G.ended_on, G.due_on, G.excess, wanted)


def _days_between(later: Any, earlier: Any) -> Any:  # noqa: ANN401 - columns of days
    return cast(func.julianday(later) - func.julianday(earlier), Integer) if is_sqlite() else later - earlier


def _started(source: _Source, year: int, scope: Scope) -> Select[Any]:
    month = extract("month", source.started_on)
    none = cast(null(), Integer)
    columns: tuple[Any, ...] = (literal(STARTED), month, none, none, func.count())
    return (
        select(*columns)
        .where(_counts(source.model, scope), source.wanted, _of_year(source.started_on, year))
        .group_by(month)
    )  # fmt: skip


def _ended(source: _Source, year: int, scope: Scope) -> Select[Any]:
    month, excess = extract("month", source.ended_on), source.excess
    columns: tuple[Any, ...] = (literal(ENDED), month, excess, MissedPromise.cause_id, func.count())
    return (
        select(*columns)
        .select_from(source.model)
        .outerjoin(MissedPromise, MissedPromise.record_id == source.model.record_id)
        .where(_counts(source.model, scope), source.wanted, _of_year(source.ended_on, year))
        .group_by(month, excess, MissedPromise.cause_id)
    )


def _of_year(day: Any, year: int) -> ColumnElement[bool]:  # noqa: ANN401 - as above
    return and_(day >= date(year, 1, 1), day <= date(year, 12, 31))


def _in_year(day: Any, year: int, today: date) -> ColumnElement[bool]:  # noqa: ANN401 - as above
    return and_(day >= date(year, 1, 1), day <= min(today, date(year, 12, 31)))


def _count(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(wanted)


def _counts(register: Any, scope: Scope) -> ColumnElement[bool]:  # noqa: ANN401 - either of the tables
    return and_(register.mark < Mark.VOIDED.value, within_reach(register.unit_id, scope.reach))
