"""Counting what came, went and was open over the quarters, and what was kept in time: one statement each.

Every register tells by which of its days a row comes and goes. Cases and actions are counted as their lists hold them:
that there is a protected one is told to those alone who read the year's quality figures over its unit, which count it
too. Decisions are counted as the quarter's report counts them: everybody within reach, but no judgment.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    Subquery,
    TextClause,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
)

from tracker.accounts.reader import Reach
from tracker.actions.models import ActionItem, ActionSource
from tracker.actions.queries import sources_seen
from tracker.cases.mas import seen_by
from tracker.cases.models import Complaint, Deviation, LexSarahReport
from tracker.database import db
from tracker.decisions.models import ALIVE, DecisionClock
from tracker.pictures.measures import Division, Measure
from tracker.records.models import Mark, Record, RecordKind
from tracker.records.scope import Scope, closed_records, is_marked, within_reach
from tracker.rules.guarantees import PRAISE
from tracker.rules.trends import Flow, Goal, Span

Key = int | str | None
Expression = SQLColumnExpression[Any]
UNDIVIDED = 0
SEVERAL, OTHER = "flera", "annat"


@dataclass(frozen=True, slots=True)
class Seen:
    """What of the registers the reader sees: the `scope` of the one that is counted, where they read the year's quality
    figures, and by which scopes they see what actions belong to.
    """

    scope: Scope
    quality: Reach
    sources: Mapping[RecordKind, Scope] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """What statements made with these scopes need bound."""
        return {name: value for one in (self.scope, *self.sources.values()) for name, value in one.values.items()}


@dataclass(frozen=True, slots=True)
class _Counted:
    """How a register is counted: when a row has come and gone by a day, by which column it is divided. `index`: the one
    that SQLite reads, which would rather walk one that has the groups in order, and look up each row.
    """

    model: Any
    index: str
    came_by: Callable[[date], ColumnElement[bool]]
    went_on: Expression
    category: Expression | None = None
    only: tuple[ColumnElement[bool] | TextClause, ...] = ()


@dataclass(frozen=True, slots=True)
class _Promised:
    """A promise of a register: its last day, the day it was kept, by which column it is divided; as above."""

    model: Any
    index: str
    due_on: Expression
    kept_on: Expression
    category: Expression | None = None
    only: tuple[ColumnElement[bool] | TextClause, ...] = ()


_D, _L, _C, _A, _K = Deviation, LexSarahReport, Complaint, ActionItem, DecisionClock


def _earlier(one: Expression, other: Expression) -> Expression:
    """The earlier of two days, of which either may be missing."""
    return case((or_(other.is_(None), one <= other), one), else_=other)


def _by(day: Expression) -> Callable[[date], ColumnElement[bool]]:
    return lambda until: day <= until


_NO_PRAISE = (_C.kind != PRAISE,)
_FLOWS = {
    Measure.DEVIATIONS: _Counted(_D, "ix_deviation_year", _by(_D.reported_on), _D.closed_on, _D.category_id),
    Measure.LEX_SARAH: _Counted(
        _L, "ix_lex_sarah_report_year", _by(_L.received_on), _earlier(_L.decided_on, _L.closed_on)
    ),
    Measure.COMPLAINTS: _Counted(
        _C, "ix_complaint_year", _by(_C.received_on), _earlier(_C.answered_on, _C.closed_on), _C.kind, _NO_PRAISE
    ),
    # One that was carried out without a decision came and went that day.
    Measure.ACTIONS: _Counted(_A, "ix_action_year", _by(func.coalesce(_A.decided_on, _A.done_on)), _A.done_on),
    # The three months have passed on the day after the last of them, so what ends on the last never came.
    Measure.DECISIONS: _Counted(
        _K, "ix_clock_quarter", lambda until: _K.due_on < until, _K.ended_on, _K.intervention_id,
        (text(ALIVE), _K.ended_on > _K.due_on),
    ),
}  # fmt: skip
_PROMISES = {
    Measure.LEX_SARAH_GOAL: _Promised(_L, "ix_lex_sarah_report_year", _L.target_on, _L.decided_on),
    Measure.COMPLAINTS_GOAL: _Promised(_C, "ix_complaint_year", _C.due_on, _C.answered_on, _C.kind, _NO_PRAISE),
    Measure.ACTIONS_GOAL: _Promised(
        _A, "ix_action_year", _A.due_on, _A.done_on, only=(or_(_A.decided_on.is_not(None), _A.done_on.is_not(None)),)
    ),
}  # fmt: skip


def count_flows(measure: Measure, spans: Sequence[Span], seen: Seen, division: Division | None) -> dict[Key, Flow]:
    """Unit, category (UNDIVIDED alone without a division) → what came, went and was open in each quarter.

    What nothing is counted of has no entry. One statement.
    """
    of = _FLOWS[measure]
    before, days = spans[0].quarter.first_day - timedelta(days=1), [span.until for span in spans]
    came = case(*((of.came_by(day), _number(place)) for place, day in enumerate((before, *days))))
    by_then = ((of.went_on <= day, _number(place)) for place, day in enumerate(days, 1))
    went = case(*by_then, else_=_number(len(days) + 1))
    there = (of.came_by(days[-1]), or_(of.went_on.is_(None), of.went_on > before))
    rows = _rows(of, seen, division, (came.label("came"), went.label("went")), there)
    cells: dict[Key, dict[tuple[int, int], int]] = {}
    for key, came_at, went_at, count in db.session.execute(_grouped(rows, func.count()), seen.values):
        cells.setdefault(key, {})[came_at, went_at] = count
    return {key: Flow.of(counts, len(days)) for key, counts in cells.items()}


def count_goals(measure: Measure, spans: Sequence[Span], seen: Seen, division: Division | None) -> dict[Key, Goal]:
    """As `count_flows`: how many had their last day in each quarter, and that day is over; how many were done by it."""
    of = _PROMISES[measure]
    days = [span.past for span in spans]
    quarter = case(*((of.due_on <= day, _number(place)) for place, day in enumerate(days)))
    kept = case((of.kept_on <= of.due_on, _number(1)), else_=_number(0))
    there = (of.due_on >= spans[0].quarter.first_day, of.due_on <= days[-1])
    rows = _rows(of, seen, division, (quarter.label("quarter"), kept.label("kept")), there)
    found: dict[Key, tuple[list[int], list[int]]] = {}
    for key, place, was_kept, count in db.session.execute(_grouped(rows, func.count()), seen.values):
        due, kept_counts = found.setdefault(key, ([0] * len(days), [0] * len(days)))
        due[place] += count
        kept_counts[place] += count if was_kept else 0
    return {key: Goal(tuple(due), tuple(kept_counts)) for key, (due, kept_counts) in found.items()}


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value))


def _grouped(rows: Subquery, count: ColumnElement[int]) -> Select[Any]:
    return select(*rows.c, count).group_by(*rows.c)


def _rows(
    of: _Counted | _Promised, seen: Seen, division: Division | None, columns: Sequence[ColumnElement[Any]],
    there: Sequence[ColumnElement[bool]],
) -> Subquery:  # fmt: skip
    """A row for each that is counted: its key, and the columns."""
    key: Expression = _number(UNDIVIDED)
    if division is Division.UNIT:
        key = of.model.unit_id
    elif division is Division.CATEGORY and of.model is ActionItem:
        key = _kind_of_action(seen.sources)
    elif division is Division.CATEGORY and of.category is not None:
        key = of.category
    statement = select(key.label("key"), *columns).where(*there, *of.only, _counts(of.model, seen))
    return statement.with_hint(of.model, f"INDEXED BY {of.index}", dialect_name="sqlite").subquery()


def _kind_of_action(scopes: Mapping[RecordKind, Scope]) -> ScalarSelect[Any]:
    """The kind of what an action belongs to, of that which is seen: SEVERAL kinds, or OTHER where none of it is; NULL:
    it belongs to nothing. What is not seen leaves no trace beside what is.
    """
    kind = case((sources_seen(scopes), Record.kind))
    word = case(
        (func.min(kind) == func.max(kind), func.min(kind)),
        (func.count(kind) > _number(0), literal(SEVERAL)),
        (func.count() > _number(0), literal(OTHER)),
    )
    of_action = select(word).join_from(ActionSource, Record, Record.id == ActionSource.record_id)
    return of_action.where(ActionSource.action_id == ActionItem.record_id).correlate(ActionItem).scalar_subquery()


def _counts(model: Any, seen: Seen) -> ColumnElement[bool]:  # noqa: ANN401 - any of the registers
    scope, of_unit = seen.scope, within_reach(model.unit_id, seen.scope.reach)
    if model is DecisionClock:
        return of_unit  # voided ones stand in no report, and so not among those that the index holds
    listed = seen_by(model, scope)
    protected = and_(is_marked(model.mark, Mark.PROTECTED), of_unit, within_reach(model.unit_id, seen.quality))
    if scope.closed:
        protected = and_(protected, model.record_id.not_in(closed_records()))
    return or_(listed, protected)
