"""The statement behind the work view: the individrapporter of a quarter, told, counted, and a page of them.

One statement, so that each clock is looked at once: `work` holds a row for each individrapport with how it stands, and
the pieces below are read from it. Hidden rows stay in it to be counted, and are in no other piece.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    any_,
    bindparam,
    case,
    distinct,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.database import is_sqlite
from tracker.decisions.ivo_models import IndividualReport
from tracker.decisions.models import ALIVE, Decision, DecisionClock
from tracker.decisions.quarter import ENDED_CLOSED
from tracker.frozen.models import FrozenReport, FrozenRow
from tracker.frozen.quarters import KIND
from tracker.records.models import Access, Mark, Record
from tracker.records.scope import Scope, closed_records, is_marked, named_records, visible, within_reach
from tracker.rules.sending import IvoType, types_of
from tracker.rules.unexecuted import FOREVER, ReportClass
from tracker.sending.filtering import MINE, NOW, Standing

C, F = DecisionClock, FrozenRow
STANDINGS = tuple(Standing)
PAGE, NOW_LISTED, MOST_NOW = 25, 10, 1_000


class Part(IntEnum):
    """Why an individrapport is in the work: it stood in the locked version, is kept although it did not, or is an end
    that can be sent on any day.
    """

    STOOD = 0
    OTHER = 1
    NOW = 2


class Piece(IntEnum):
    """What a row of the answer is. COUNT: one row, how many there are of what, in the columns of TALLIES. HEAD: the
    locked version's id, version and cut-off, if there is one.
    """

    ROW = 0
    NOW = 1
    COUNT = 2
    HEAD = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides how the statement looks; its values are bound when it runs."""

    shown: str
    by_handler: bool
    by_intervention: bool
    with_now: bool
    scope: Scope
    sqlite: bool


# The columns of `work` that a page's row is made of, in the order of the answer; the piece stands before them.
TOLD = (
    "part", "standing", "item_id", "record_id", "mark", "ref", "kind", "started_on", "intervention_id",
    "ivo_type", "ended_on", "year", "number", "afterwards", "taken_by", "sent_on",
)  # fmt: skip
# Which of those columns hold what in the row of counts: each standing, the ends to send now, what the filter holds, and
# the clocks that are hidden.
TALLIES: dict[Standing | str, str] = dict(zip(STANDINGS, TOLD, strict=False)) | {
    "now": "mark", "fitting": "intervention_id", "hidden": "year",
}  # fmt: skip
OF_KEPT = ("year", "number", "afterwards", "taken_by", "sent_on")
_FOREVER: ColumnElement[date] = literal_column(f"'{FOREVER.isoformat()}'")


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(int(value)), Integer)


def _word(value: str) -> ColumnElement[str]:
    return literal_column(f"'{value}'", String)


def _standing(value: Standing) -> ColumnElement[int]:
    return _number(STANDINGS.index(value))


def _is_final(ivo_type: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return or_(*(ivo_type == _word(one.value) for one in IvoType if one.is_final))


_some = aliased(FrozenRow)
_newest = (
    select(FrozenReport.id, FrozenReport.version, FrozenReport.cutoff_on)
    .where(
        FrozenReport.kind == KIND, FrozenReport.year == bindparam("year"), FrozenReport.number == bindparam("number")
    )
    .order_by(FrozenReport.version.desc())
    .limit(1)
    .cte("newest")
)
# The locked version that counts; 0 while the quarter is not locked.
_REPORT_ID = func.coalesce(select(_newest.c.id).scalar_subquery(), _number(0))
# Class in the locked version → the types that it needs, as `rules.sending` has it.
_NEEDED = union_all(
    *(
        select(_word(stood_as.value).label("stood_as"), _word(ivo_type.value).label("ivo_type"))
        for stood_as in ReportClass
        for ivo_type in types_of(stood_as)
    )
).cte("needed")


def _stood_so(clock_id: Any, record_id: Any, ivo_type: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    """Whether the locked version asks for this individrapport."""
    needing = {one: [name for name in ReportClass if one in types_of(name)] for one in IvoType}
    asks = or_(
        *(
            and_(ivo_type == _word(one.value), or_(*(F.stood_as == _word(name.value) for name in names)))
            for one, names in needing.items()
        )
    )
    return (
        select(_number(1))
        .where(F.report_id == _REPORT_ID, F.item_id == clock_id, F.record_id == record_id, asks)
        .correlate_except(F)
        .exists()
    )


def _here(kept: Any) -> ColumnElement[bool]:  # noqa: ANN401 - an alias of IndividualReport
    return and_(kept.year == bindparam("year"), kept.number == bindparam("number"))


def _is_kept(kept: Any, clock_id: Any, record_id: Any, ivo_type: Any) -> ColumnElement[bool]:  # noqa: ANN401
    """What is kept of an individrapport: the quarter's; of an end, else the first that was begun in any quarter."""
    better = aliased(IndividualReport)
    first = (
        select(_number(1))
        .where(
            better.clock_id == kept.clock_id, better.ivo_type == kept.ivo_type,
            or_(_here(better), better.id < kept.id),
        )
        .correlate_except(better)
        .exists()
    )  # fmt: skip
    return and_(
        kept.clock_id == clock_id,
        kept.record_id == record_id,
        kept.ivo_type == ivo_type,
        or_(_here(kept), and_(_is_final(kept.ivo_type), not_(first))),
    )


def _hidden(record_id: Any, mark: Any, scope: Scope) -> ColumnElement[int]:  # noqa: ANN401 - columns
    """1 for what lies within reach and is kept from the reader. A voided one is seen by those who saw it before."""
    access = select(Record.access).where(Record.id == record_id).correlate_except(Record).scalar_subquery()
    was_protected = and_(is_marked(mark, Mark.VOIDED), access == _word(Access.PROTECTED.value))
    hidden = or_(is_marked(mark, Mark.PROTECTED), was_protected)
    if scope.named:
        hidden = and_(hidden, record_id.not_in(named_records()))
    if scope.closed:
        hidden = or_(hidden, record_id.in_(closed_records()))
    return case((hidden, _number(1)), else_=_number(0))


def _columns(part: Part, kept: Any, clock: Any, **own: Any) -> list[Any]:  # noqa: ANN401
    """The columns of `work`, of these sources; `own` are those that only this part knows."""
    given = {"part": _number(part)} | own
    found = []
    for name in (*TOLD, "hidden"):
        source = kept if name in OF_KEPT else clock
        found.append((given[name] if name in given else getattr(source, name)).label(name))
    return found


def _sent_or_left(kept: Any) -> ColumnElement[int]:  # noqa: ANN401 - an alias of IndividualReport
    return case((kept.sent_on.is_not(None), _standing(Standing.SENT)), else_=_standing(Standing.LEFT))


def _clocks() -> CTE:
    """What stood in the locked version, with what its clock says now; `clock_id` is empty where it has been removed."""
    clocks = and_(C.id == F.item_id, C.decision_id == F.record_id)
    if not is_sqlite():  # by their numbers: PostgreSQL might read all clocks for the sake of some hundred
        some = select(_some.item_id).where(_some.report_id == _REPORT_ID).scalar_subquery()
        clocks = and_(clocks, C.id == any_(func.array(some)))
    told = (C.kind, C.started_on, C.ref, C.intervention_id, C.mark, C.unit_id)
    return (
        select(F.item_id, F.record_id, F.stood_as, C.id.label("clock_id"), *told)
        .select_from(F)
        .outerjoin(C, clocks)
        .where(F.report_id == _REPORT_ID)
        .cte("stood")
    )


def _stood(clocks: CTE, source: Any, decision: Any, scope: Scope, condition: ColumnElement[bool]) -> Select[Any]:  # noqa: ANN401
    """What the locked version asks for of these clocks, voided ones too; `decision` tells what the decision says."""
    kept, ivo_type, stood = aliased(IndividualReport), _NEEDED.c.ivo_type, clocks.c
    never_told = and_(ivo_type == _word(IvoType.NEW.value), kept.sent_on.is_(None))
    standing = case(
        (
            or_(stood.clock_id.is_(None), is_marked(decision.mark, Mark.VOIDED)),
            case((never_told, _standing(Standing.DROPPED)), else_=_standing(Standing.CORRECT)),
        ),
        else_=_sent_or_left(kept),
    )
    own = {
        "standing": standing, "item_id": stood.item_id, "record_id": stood.record_id, "mark": decision.mark,
        "ref": decision.ref, "intervention_id": decision.intervention_id, "ivo_type": ivo_type, "ended_on": null(),
        "hidden": _hidden(stood.record_id, decision.mark, scope),
    }  # fmt: skip
    return (
        select(*_columns(Part.STOOD, kept, stood, **own))
        .select_from(source)
        .outerjoin(_NEEDED, _NEEDED.c.stood_as == stood.stood_as)  # each class has some; so SQLite begins with the rows
        .outerjoin(kept, _is_kept(kept, stood.item_id, stood.record_id, ivo_type))
        .where(condition, within_reach(decision.unit_id, scope.reach))
    )


def _others(scope: Scope) -> Select[Any]:
    """What the locked version does not ask for: sent afterwards, or sent although it no longer says so."""
    kept = aliased(IndividualReport)
    no_longer = and_(_number(0) < _REPORT_ID, kept.sent_on.is_not(None), not_(_is_final(kept.ivo_type)))
    standing = case((kept.afterwards, _sent_or_left(kept)), else_=_standing(Standing.CORRECT))
    own = {
        "standing": standing, "item_id": C.id, "record_id": C.decision_id, "ivo_type": kept.ivo_type,
        "ended_on": null(), "hidden": _number(0),
    }  # fmt: skip
    return (
        select(*_columns(Part.OTHER, kept, C, **own))
        .select_from(kept)
        .join(C, and_(C.id == kept.clock_id, C.decision_id == kept.record_id))
        .where(
            _here(kept), or_(kept.afterwards, no_longer),
            not_(_stood_so(kept.clock_id, kept.record_id, kept.ivo_type)),
            visible(C.decision_id, C.unit_id, C.mark, scope),
        )
    )  # fmt: skip


def _now(scope: Scope) -> Select[Any]:
    """Of what has been reported and has ended, that of which no report has held the end, the latest ends first.

    The index of the quarter holds the last day of such a clock as FOREVER until the end was reported too, and all else
    that is asked for here.
    """
    ivo_type = case((ENDED_CLOSED, _word(IvoType.CLOSED.value)), else_=_word(IvoType.EXECUTED.value))
    ended = (
        select(
            C.id, C.decision_id, C.mark, C.ref, C.kind, C.started_on, C.intervention_id, C.ended_on,
            ivo_type.label("ivo_type"),
        )
        .where(
            text(ALIVE), C.alive_until == _FOREVER, C.first_reported_on.is_not(None), C.ended_on < _FOREVER,
            within_reach(C.unit_id, scope.reach),
        )
        .order_by(C.ended_on.desc(), C.id)
        .limit(MOST_NOW)
        .subquery("ended")
        .c
    )  # fmt: skip
    kept = aliased(IndividualReport)
    hidden = _hidden(ended.decision_id, ended.mark, scope)
    own = {
        "standing": _sent_or_left(kept), "item_id": ended.id, "record_id": ended.decision_id,
        "ivo_type": ended.ivo_type, "hidden": hidden,
    }  # fmt: skip
    return (
        select(*_columns(Part.NOW, kept, ended, **own))
        .outerjoin(kept, _is_kept(kept, ended.id, ended.decision_id, ended.ivo_type))
        .where(not_(_stood_so(ended.id, ended.decision_id, ended.ivo_type)))
    )


def _chosen(work: Any, shape: Shape) -> ColumnElement[bool]:  # noqa: ANN401 - the CTE's columns
    """What the filter holds."""
    is_now = work.part == _number(Part.NOW)
    found = [is_now if shape.shown == NOW else not_(is_now), work.hidden == _number(0)]
    if shape.shown == MINE:
        found += [work.standing == _standing(Standing.LEFT), work.taken_by == bindparam("mine")]
    elif shape.shown in set(Standing):
        found.append(work.standing == _standing(Standing(shape.shown)))
    if shape.by_handler:
        found.append(_handler(work) == bindparam("handler"))
    if shape.by_intervention:
        found.append(work.intervention_id == bindparam("intervention_id"))
    return and_(*found)


def _handler(work: Any) -> Any:  # noqa: ANN401 - the CTE's columns
    return select(Decision.handler_name).where(Decision.record_id == work.record_id).scalar_subquery()


def _piece(piece: Piece, work: CTE, **given: Any) -> Select[Any]:  # noqa: ANN401
    """Rows of one piece that counts; columns that it does not give are empty."""
    told = [given.get(name, null()).label(name) for name in (*TOLD, "handler")]
    return select(_number(piece).label("piece"), *told).select_from(work)


def _rows(piece: Piece, work: CTE, condition: ColumnElement[bool], most: int, first: Any = None) -> Select[Any]:  # noqa: ANN401
    """Rows in the list's order: what is to be done, the type, then by the clock's day and the decision's ref."""
    types = case({one.value: _number(place) for place, one in enumerate(IvoType)}, value=work.c.ivo_type)
    order = (work.c.standing, types, work.c.started_on.nulls_first(), work.c.ref, work.c.item_id)
    statement = select(*(work.c[name] for name in TOLD)).where(condition).order_by(*order).limit(most)
    some = (statement if first is None else statement.offset(first)).subquery()
    return select(_number(piece).label("piece"), *(some.c[name] for name in TOLD), _handler(some.c).label("handler"))


def _work(scope: Scope) -> CTE:
    """Every individrapport. A clock says of itself what its decision does; of a removed one the decision is asked."""
    stood = _clocks()
    decided = stood.join(Decision, Decision.record_id == stood.c.record_id)
    running = _stood(stood, stood, stood.c, scope, stood.c.clock_id.is_not(None))
    removed = _stood(stood, decided, Decision, scope, stood.c.clock_id.is_(None))
    return union_all(_now(scope), running, removed, _others(scope)).cte("work")


@lru_cache(maxsize=2_000)
def work_statement(shape: Shape) -> CompoundSelect[Any]:
    """All that the work view tells; bind year and number, `first`, and what `shape` asks."""
    work = _work(shape.scope)
    row, seen = work.c, work.c.hidden == _number(0)
    chosen = _chosen(row, shape)
    pieces = [
        _rows(Piece.ROW, work, chosen, PAGE, bindparam("first", type_=Integer)),
        _piece(Piece.COUNT, work, **_tallies(row, chosen)),
    ]
    head = {"item_id": _newest.c.id, "record_id": _newest.c.version, "started_on": _newest.c.cutoff_on}
    pieces.append(_piece(Piece.HEAD, _newest, **head))
    if shape.with_now:
        pieces.append(_rows(Piece.NOW, work, and_(row.part == _number(Part.NOW), seen), NOW_LISTED))
    return union_all(*pieces)


def _tallies(row: Any, chosen: ColumnElement[bool]) -> dict[str, Any]:  # noqa: ANN401 - the CTE's columns
    seen, is_now = row.hidden == _number(0), row.part == _number(Part.NOW)
    conditions: dict[Standing | str, ColumnElement[bool]] = {
        standing: and_(seen, not_(is_now), row.standing == _standing(standing)) for standing in STANDINGS
    }
    conditions |= {"now": and_(seen, is_now), "fitting": chosen}
    counts: dict[Standing | str, Any] = {what: func.count(case((it, _number(1)))) for what, it in conditions.items()}
    counts["hidden"] = func.count(distinct(case((row.hidden == _number(1), row.item_id))))
    return {TALLIES[what]: count for what, count in counts.items()}


@lru_cache(maxsize=200)
def choices_statement(scope: Scope, sqlite: bool) -> CompoundSelect[Any]:
    """(handler, None) and (None, insats) of the decisions in the work, each once; bind year and number."""
    work = _work(scope)
    seen = work.c.hidden == _number(0)
    names = select(_handler(work.c).label("name")).where(seen).distinct().subquery()
    return union_all(
        select(names.c.name, null()).where(names.c.name > _word("")),
        select(null(), work.c.intervention_id).where(seen).distinct(),
    )
