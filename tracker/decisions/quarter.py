"""Which clocks stand in the classes of a quarterly report? Read through the index that holds only those that can.

The class is told by SQL, exactly as `rules.unexecuted.classify` tells it (a test compares them); days and months
are never reckoned in SQL.
"""

import operator
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, reduce
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Cast,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from tracker.accounts.reader import Reach
from tracker.database import db, is_sqlite
from tracker.decisions.models import ALIVE, Decision, DecisionClock
from tracker.decisions.notes import open_note
from tracker.decisions.saving import clock_facts
from tracker.records.questions import read_written
from tracker.records.scope import within_reach
from tracker.rules.quarters import Period
from tracker.rules.unexecuted import FOREVER, Clock, ReportClass

C = DecisionClock
CLASSES = tuple(ReportClass)
MISSED = len(CLASSES)
NOT_IN_IT = "9"
TOLD_AT_ONCE = 5_000
INTERVENTION, REASON = 5, 12  # where the codes' numbers stand in the rows of list_class_rows
NOTED = 13  # where `noted` stands in the rows of list_class_rows
MARK = 6  # where `mark` stands in the rows of list_missed
_A: BindParameter[date] = bindparam("cutoff_on")
_P: BindParameter[date] = bindparam("previous_on")
_ended = C.ended_on <= _A
_reported = C.first_reported_on < _A
ENDED_CLOSED = C.ended_value.op("&", return_type=Integer())(literal_column("2")) == literal_column("2")
_late = and_(_ended, C.ended_on > C.due_on)
_CLASS = case(
    (and_(_reported, _ended, ~ENDED_CLOSED), literal_column("0")),
    (and_(_reported, _ended), literal_column("1")),
    (_reported, literal_column("2")),
    (and_(~_ended, C.due_on < _A), literal_column("3")),
    (and_(_late, C.ended_on > _P, ~ENDED_CLOSED), literal_column("4")),
    (and_(_late, C.ended_on > _P), literal_column("5")),
    (_late, literal_column("6")),
    else_=literal_column("-1"),
).label("class_index")
_FOREVER: ColumnElement[date] = literal_column(f"'{FOREVER.isoformat()}'")


def alive_ranges(cutoff_on: BindParameter[date]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The index's two ranges of clocks that no report up to the cut-off has finished; no clock stands in both."""
    return (C.alive_until == _FOREVER, and_(C.alive_until >= cutoff_on, C.alive_until < _FOREVER))


def _selects(columns: Sequence[Any], reach: Reach, missed: bool = False) -> list[Select[Any]]:
    """The clocks that can stand in a class at the cut-off, or those that no report will hold, from two index ranges."""
    relevant = C.relevant_until <= _P
    if not missed:  # what runs within its three months, unreported, is left in the index
        relevant = and_(C.relevant_until > _P, C.started_on <= _A, or_(_reported, _ended, C.due_on < _A))
    return [
        select(*columns).where(text(ALIVE), within, relevant, within_reach(C.unit_id, reach, in_order=True))
        for within in alive_ranges(_A)
    ]


def standing_clocks(reach: Reach) -> Select[Any]:
    """(id, decision_id, class_index) of each clock in a class; bind cutoff_on and previous_on. Missed ones are left
    out.
    """
    found = union_all(*_selects((C.id, C.decision_id, _CLASS), reach)).subquery()
    in_class = and_(found.c.class_index >= literal_column("0"), found.c.class_index < literal_column(str(MISSED)))
    return select(found.c.id, found.c.decision_id, found.c.class_index).where(in_class)


def _days(period: Period) -> dict[str, date]:
    return {"cutoff_on": period.cutoff_on, "previous_on": period.previous_on}


def list_class_facts(period: Period, reach: Reach) -> tuple[list[tuple[Any, ...]], int]:
    """What the figures are made of: (class index, intervention, kind, sex, ended value, start) for each clock in a
    class, and the number of missed clocks. The ended value is 0 when the clock is counted to the cut-off.
    """
    ended_value = case((_ended, C.ended_value), else_=literal_column("0"))
    columns = (_CLASS, C.intervention_id, C.kind, C.sex, ended_value.label("value"), C.started_on)
    statement = union_all(*_selects(columns, reach))
    rows: Sequence[tuple[Any, ...]] = db.session.execute(statement, _days(period)).all()
    missed = sum(1 for row in rows if row[0] == MISSED) + count_unreported(period, reach)
    return [row for row in rows if 0 <= row[0] < MISSED], missed


def count_classes(periods: Sequence[Period], reach: Reach) -> list[tuple[tuple[int, ...], int]]:
    """For each period how many clocks stand in each class, in the order of ReportClass, and how many are missed; of a
    start page. One statement, one walk through the index.
    """
    values: dict[str, date] = {
        "first_cutoff": min(period.cutoff_on for period in periods),
        "last_cutoff": max(period.cutoff_on for period in periods),
        "last_previous": max(period.previous_on for period in periods),
    }
    for place, period in enumerate(periods):
        values |= {f"cutoff_{place}": period.cutoff_on, f"previous_{place}": period.previous_on}
    counts = [[0] * (MISSED + 1) for _ in periods]
    for code, count in read_written(_counting(len(periods), reach, is_sqlite()), values):
        for place, digit in enumerate(f"{code:0{len(periods)}}"):
            if digit != NOT_IN_IT:
                counts[place][int(digit)] += count
    return [(tuple(of[:MISSED]), of[MISSED]) for of in counts]


def _standing_at(place: int) -> ColumnElement[int]:
    """The class that any clock of the index stands in at a cut-off: what `_selects` and `_CLASS` tell together, asked
    in the order that ends soonest. MISSED when it ended late before, NOT_IN_IT for none.
    """
    cutoff, previous = _day(f"cutoff_{place}"), _day(f"previous_{place}")
    none: ColumnElement[int] = literal_column(NOT_IN_IT)
    one = literal_column
    executed = case((C.first_reported_on < cutoff, one("0")), else_=one("4"))
    ended = executed + case((ENDED_CLOSED, one("1")), else_=one("0"))
    return case(
        (C.alive_until < cutoff, none),
        (C.relevant_until <= previous, one(str(MISSED))),
        (C.started_on > cutoff, none),
        (C.ended_on > cutoff, _running_at(place)),
        (C.first_reported_on < cutoff, ended),
        (C.ended_on <= C.due_on, none),
        (C.ended_on <= previous, one(str(MISSED))),
        else_=ended,
    )


def _running_at(place: int) -> ColumnElement[int]:
    """The same of a clock that stands and runs at the cut-off."""
    cutoff, one = _day(f"cutoff_{place}"), literal_column
    return case((C.first_reported_on < cutoff, one("2")), (C.due_on < cutoff, one("3")), else_=one(NOT_IN_IT))


def _day(name: str) -> BindParameter[date]:
    return bindparam(name, type_=Date)


def _digits(class_at: Callable[[int], ColumnElement[int]], periods: int) -> ColumnElement[int]:
    """The classes at some cut-offs as one number."""
    digits = (class_at(place) * literal_column(str(10 ** (periods - 1 - place))) for place in range(periods))
    return reduce(operator.add, digits)


@lru_cache(maxsize=500)
def _counting(periods: int, reach: Reach, sqlite: bool) -> Select[Any]:
    """How many clocks stand in which class at each of some cut-offs: a number with a digit for each, the first cut-off
    first. Made once for each reach and engine.
    """
    last, last_previous = _day("last_cutoff"), _day("last_previous")
    possible = or_(  # half of the index runs within its three months
        C.due_on < last, C.first_reported_on < last, C.ended_on <= last, C.relevant_until <= last_previous
    )
    runs_all_along = and_(  # most clocks: those need not be asked for each cut-off whether they stand at all
        C.ended_on > last, C.started_on <= _day("first_cutoff"), C.alive_until >= last, C.relevant_until > last_previous
    )
    running, any_clock = _digits(_running_at, periods), _digits(_standing_at, periods)
    code = case((runs_all_along, running), else_=any_clock).label("code")
    alive = C.alive_until >= _day("first_cutoff")
    walked = select(code).where(text(ALIVE), alive, possible, within_reach(C.unit_id, reach, in_order=True)).subquery()
    return select(walked.c.code, func.count()).group_by(walked.c.code)


def count_unreported(period: Period, reach: Reach) -> int:
    """Clocks that ended late on or before the previous cut-off and that no report has held."""
    missed = union_all(*_selects((literal(1).label("one"),), reach, missed=True)).subquery()
    return db.session.scalar(select(func.count()).select_from(missed), _days(period)) or 0


def _text(day: ColumnElement[date] | InstrumentedAttribute[date] | InstrumentedAttribute[date | None]) -> Cast[str]:
    """A day as ÅÅÅÅ-MM-DD: pages and files show it so, and many thousand rows need not be parsed and written again."""
    return cast(day, String(10))


_ROW_COLUMNS = (
    _CLASS,
    _text(C.started_on).label("started_on"),
    C.ref,
    C.kind,
    C.decision_id,
    C.intervention_id,
    C.sex,
    _text(C.decided_on).label("decided_on"),
    _text(C.due_on).label("due_on"),
    case((and_(_ended, ~ENDED_CLOSED), _text(C.ended_on))).label("executed_on"),
    case((and_(_ended, ENDED_CLOSED), _text(C.ended_on))).label("closed_on"),
    case((_ended, C.ended_value.op(">>", return_type=Integer())(literal_column("5")))).label("days"),
    C.delay_reason_id,
    C.noted,
    C.mark,
    C.id,
)


def list_class_rows(period: Period, reach: Reach) -> list[tuple[Any, ...]]:
    """Each clock in a class with its decision's ref and day, by class, start, ref and kind; missed ones are left out.

    Columns as in _ROW_COLUMNS, days as text; all of them stand in the index. `days` is None when the clock is counted
    to the cut-off.
    """
    statement = union_all(*_selects(_ROW_COLUMNS, reach))
    rows: Sequence[tuple[Any, ...]] = db.session.execute(statement, _days(period)).all()
    return sorted([row for row in rows if 0 <= row[0] < MISSED], key=itemgetter(0, 1, 2, 3))


class ToldClock(NamedTuple):
    """A clock, whether or not it stands in a class: its row as in list_class_rows, what was written as its reason, the
    facts for the rules, and its decision's ref and mark.
    """

    row: tuple[Any, ...]
    note: str | None
    facts: Clock
    record_id: int
    ref: str
    mark: int


_FACTS = (C.kind, C.started_on, C.executed_on, C.closed_on, C.first_reported_on, C.final_reported_on)
_OF_DECISION = (Decision.judgment, Decision.legal_basis, Decision.mark)
_TOLD: Any = (
    select(*(column.label(f"row_{at}") for at, column in enumerate(_ROW_COLUMNS)), C.delay_note, *_FACTS, Decision.ref,
           *_OF_DECISION)
    .join(Decision, Decision.record_id == C.decision_id)
    .where(C.id.in_(bindparam("clock_ids", expanding=True)))
)  # fmt: skip


def told_clocks(clock_ids: Sequence[int], period: Period) -> dict[int, ToldClock]:
    """Some clocks by number, those of voided decisions too; the caller sees to what the reader may know."""
    width, found = len(_ROW_COLUMNS), dict[int, ToldClock]()
    for start in range(0, len(clock_ids), TOLD_AT_ONCE):
        values = _days(period) | {"clock_ids": clock_ids[start : start + TOLD_AT_ONCE]}
        for told in db.session.execute(_TOLD, values):
            row, (sealed, *facts), (ref, *basis) = told[:width], told[width:-4], told[-4:]
            of_clock = {column.key: value for column, value in zip(_FACTS, facts, strict=True)}
            of_decision = {column.key: value for column, value in zip(_OF_DECISION, basis, strict=True)}
            found[row[-1]] = ToldClock(
                row, open_note(sealed, row[-1]), clock_facts(of_clock, of_decision), row[4], ref, of_decision["mark"]
            )
    return found


def class_notes(period: Period, reach: Reach) -> dict[int, str]:
    """Clock → what was written as its reason, for the clocks above that have a text of their own."""
    parts = [part.where(C.noted.is_(True)) for part in _selects((C.id, C.delay_note), reach)]
    rows = db.session.execute(union_all(*parts), _days(period))
    return {clock_id: open_note(sealed, clock_id) or "" for clock_id, sealed in rows}


def list_missed(period: Period, reach: Reach, limit: int) -> list[tuple[Any, ...]]:
    """(decision id, ref, kind, start, due day, end, mark) of the first missed clocks, by the day they ended."""
    columns = (C.decision_id, C.ref, C.kind, C.started_on, C.due_on, C.ended_on, C.mark)
    unreported = _selects(columns, reach, missed=True)
    reported_later = [part.where(_CLASS == MISSED) for part in _selects(columns, reach)]
    statement = union_all(*unreported, *reported_later).order_by(text("ended_on"), text("ref")).limit(limit)
    return list(db.session.execute(statement, _days(period)).all())
