"""How does each engine give a page of hits? Statements are made once for each shape of a search.

SQLite's index gives its hits in their order, so that it stops as a page is full; of a reader of many units the newest
places of the words alone are looked at first, as putting them together with each unit costs more than walking past some
that are another's. PostgreSQL's gives them in none: it reads every place of a word before the first is known. There the
newest that the reader reaches are looked through first, which fills a page for a word that is everywhere; a word that
is not there has few places, which are all read.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    any_,
    bindparam,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from tracker.accounts.models import Unit
from tracker.actions.models import ActionItem
from tracker.cases.mas import HSL
from tracker.cases.models import Deviation
from tracker.records.models import Mark, Record, RecordKind
from tracker.records.scope import RECORD_MARK, Scope, closed_records, named_records, within_reach
from tracker.search.asking import by_reach
from tracker.search.definition import INDEX, TEXT
from tracker.web.pagination import PAGE_ROWS

LOOKED_THROUGH = 20_000  # so many places of the words PostgreSQL reads sooner than it walks all that the reader reaches
NAMES = ("id", "record_id", "kind", "unit_id", "day", "number", "case_number", "words", "marks")
S: Any = table(TEXT, *(column(name, Date if name == "day" else None) for name in (*NAMES, "ref", "vector")))
X: Any = table(INDEX, column("rowid"))
BEFORE: Any = bindparam("before", type_=BigInteger)


class Shape(NamedTuple):
    """What decides how a statement looks. On PostgreSQL, of an `asking.Query`: whether any `words` are asked of the
    index, any `walked`, any `besides`, how many words are `wide` and which of them are `left`; `by_unit`: the newest
    are taken unit by unit.
    """

    scopes: tuple[tuple[RecordKind, Scope], ...]
    own: bool
    words: bool = True
    walked: bool = True
    besides: bool = False
    wide: int = 0
    left: tuple[int, ...] = ()
    by_unit: bool = False


@lru_cache(maxsize=500)
def exact_page(shape: Shape) -> Select[Any]:
    """Those with one of the `numbers`, in either way it is written."""
    numbers = bindparam("numbers", expanding=True, type_=String)
    found = select(S.c.id).where(or_(S.c.ref.in_(numbers), S.c.number.in_(numbers)), _seen(shape, S))
    return _told(found.order_by(S.c.id.desc()).limit(PAGE_ROWS))


_WINDOW = bindparam("window", type_=Integer)
_MATCH = literal_column(INDEX).op("MATCH")(bindparam("query", type_=String))


@lru_cache(maxsize=500)
def matched_page(shape: Shape) -> Select[Any]:
    """The hits before a key, as SQLite's index gives them."""
    return _told(_matched(shape))


@lru_cache(maxsize=500)
def places_page(shape: Shape) -> Select[Any]:
    """The hits among the newest `window` places before a key, on SQLite, in rows as of `newest_page`."""
    older = select(X.c.rowid).where(_MATCH, X.c.rowid < BEFORE).order_by(X.c.rowid.desc())
    low = select(func.coalesce(older.offset(_WINDOW).limit(1).scalar_subquery(), 0).label("low")).cte("lowest")
    return _beside(low, _told(_matched(shape).where(X.c.rowid >= select(low.c.low).scalar_subquery())))


def _matched(shape: Shape) -> Select[Any]:
    found = select(S.c.id).select_from(X.join(S, S.c.id == X.c.rowid)).where(_MATCH, _seen(shape, S))
    return found.where(X.c.rowid < BEFORE).order_by(X.c.rowid.desc()).limit(PAGE_ROWS + 1)


@lru_cache(maxsize=500)
def newest_page(shape: Shape) -> Select[Any]:
    """The hits among the newest `window` before a key, of all records or of each unit, in rows of `low` and a hit: one
    row without a hit where there are none. No record older than the key `low` has been looked at; 0 where all have.
    """
    older = select(S.c.id).where(S.c.id < BEFORE).order_by(S.c.id.desc()).offset(_WINDOW).limit(1)
    if shape.by_unit:
        units = _units(shape, "unit_of_low")
        step = older.where(S.c.unit_id == units.c.id).correlate(units).scalar_subquery()
        low = select(func.coalesce(func.max(step), 0).label("low")).select_from(units).cte("lowest")
    else:
        low = select(func.coalesce(older.scalar_subquery(), 0).label("low")).cte("lowest")
    page = _walked(shape, S.c.id < BEFORE, S.c.id >= select(low.c.low).scalar_subquery())
    return _beside(low, _told(page))


@lru_cache(maxsize=500)
def few_page(shape: Shape) -> Select[Any]:
    """The hits before a key by the places of the words, in rows as of `newest_page`; `low` is the number of places,
    and past LOOKED_THROUGH that alone is of use.
    """
    names = ("id", "record_id", "kind", "unit_id")
    places = select(*(S.c[name] for name in names)).where(*_wanted(shape, walking=False)).limit(LOOKED_THROUGH + 1)
    found = places.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    page = select(found.c.id).where(_seen(shape, found), found.c.id < BEFORE)
    counted = select(func.count().label("low")).select_from(found).cte("counted")
    return _beside(counted, _told(page.order_by(found.c.id.desc()).limit(PAGE_ROWS + 1)))


@lru_cache(maxsize=500)
def walked_page(shape: Shape) -> Select[Any]:
    """The hits before a key, as all that the reader reaches is walked (PostgreSQL)."""
    return _told(_walked(shape, S.c.id < BEFORE))


def _walked(shape: Shape, *among: ColumnElement[bool]) -> Select[Any]:
    """The keys of the newest hits, a page and one more, among some records."""
    hits = select(S.c.id).where(*among, *_wanted(shape, walking=True), _not_closed(shape, S))
    if not shape.by_unit:
        return hits.where(_seen(shape, S)).order_by(S.c.id.desc()).limit(PAGE_ROWS + 1)
    units = _units(shape, "unit_of_hit")
    of_unit = hits.where(_reached(shape, S), S.c.unit_id == units.c.id).correlate(units).lateral("of_unit")
    parts = [select(of_unit.c.id).select_from(units.join(of_unit, true()))]
    if shape.own:
        parts.append(hits.where(S.c.record_id.in_(select(ActionItem.record_id).where(_own()))))
    if any(scope.named for _, scope in shape.scopes):
        parts.append(hits.where(_given(shape, S)))
    every = union(*parts).subquery("every")
    return select(every.c.id).order_by(every.c.id.desc()).limit(PAGE_ROWS + 1)


def _units(shape: Shape, name: str) -> Any:  # noqa: ANN401 - a subquery
    """The units of which the reader reads any register."""
    intervals = sorted({interval for _, scope in shape.scopes for interval in scope.reach.intervals})
    reached = or_(false(), *(Unit.tree_from.between(low, high) for low, high in intervals))
    return select(Unit.id).where(reached).subquery(name)


def _wanted(shape: Shape, *, walking: bool) -> list[ColumnElement[bool]]:
    """The words, on PostgreSQL; `walking`: the operator by its name, so that no index lures the planner."""
    found: list[ColumnElement[bool]] = []
    if not walking and shape.words:
        found.append(S.c.vector.op("@@")(_tsquery("query")))
    if shape.walked if walking else shape.besides:
        found.append(func.ts_match_vq(S.c.vector, _tsquery("walked" if walking else "besides")))
    for place in range(shape.wide) if walking else shape.left:
        units = any_(bindparam(f"units_{place}", type_=ARRAY(Integer)))
        found.append(or_(S.c.unit_id == units, func.ts_match_vq(S.c.vector, _tsquery(f"wide_{place}"))))
    return found


def _tsquery(name: str) -> ColumnElement[Any]:
    """A question to the index; a subquery, so that it is read once and not for each row."""
    return select(cast(bindparam(name, type_=String), TSQUERY)).scalar_subquery()


def _told(found: Select[Any]) -> Select[Any]:
    """What is told of a page's rows, of those whose record still stands as the index has it."""
    page, told = found.subquery("page"), S.alias("told")
    return (
        select(*(told.c[name] for name in NAMES))
        .join(page, page.c.id == told.c.id)
        .join(Record, Record.id == told.c.record_id)
        .where(literal(Mark.ORDINARY.value) == RECORD_MARK, Record.unit_id == told.c.unit_id)
        .order_by(told.c.id.desc())
    )


def _beside(one: FromClause, told: Select[Any]) -> Select[Any]:
    """A page's rows, each with the `low` of one row that stands whether there are any or not."""
    page = told.subquery("shown")
    rows = select(one.c.low, *(page.c[name] for name in NAMES)).select_from(one.outerjoin(page, true()))
    return rows.order_by(page.c.id.desc())


def _seen(shape: Shape, rows: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the index or what was found in it
    """The scopes of the registers over the index's rows; only what is ordinary stands there."""
    opened = [_reached(shape, rows)]
    if any(scope.named for _, scope in shape.scopes):
        opened.append(_given(shape, rows))
    if any(scope.hsl for _, scope in shape.scopes):
        of_hsl = exists().where(Deviation.record_id == rows.c.record_id, Deviation.law_area == HSL)
        opened.append(and_(_of_kinds(rows, [RecordKind.DEVIATION]), of_hsl))
    if shape.own:
        mine = exists().where(ActionItem.record_id == rows.c.record_id, _own())
        opened.append(and_(_of_kinds(rows, [RecordKind.ACTION]), mine))
    return and_(or_(*opened), _not_closed(shape, rows))


def _reached(shape: Shape, rows: Any) -> ColumnElement[bool]:  # noqa: ANN401 - as above
    """What the reach of the roles opens."""
    opened = [
        and_(_of_kinds(rows, kinds), within_reach(rows.c.unit_id, reach, in_order=True))
        for reach, kinds in by_reach(shape.scopes)
        if reach.everything or reach.intervals
    ]
    return or_(false(), *opened)


def _given(shape: Shape, rows: Any) -> ColumnElement[bool]:  # noqa: ANN401 - as above
    """What has been given to the reader by name."""
    return and_(
        _of_kinds(rows, [kind for kind, scope in shape.scopes if scope.named]), rows.c.record_id.in_(named_records())
    )


def _not_closed(shape: Shape, rows: Any) -> ColumnElement[bool]:  # noqa: ANN401 - as above
    closed = any(scope.closed for _, scope in shape.scopes)
    return rows.c.record_id.not_in(closed_records()) if closed else true()


def _own() -> ColumnElement[bool]:
    return ActionItem.responsible_id == bindparam("own_id")


def _of_kinds(rows: Any, kinds: list[RecordKind]) -> ColumnElement[bool]:  # noqa: ANN401 - as above
    if len(kinds) == len(RecordKind):
        return true()
    return or_(*(rows.c.kind == literal_column(f"'{kind.value}'") for kind in kinds))
