"""Finding: the newest first, a page at a time, in what the reader may see.

The index is asked for the words and, so that it walks past nothing that is another's, for the marks of the registers
and units that the reader reaches. The marks only narrow: which rows are shown is decided by the registers' own
scopes, and by the record as it stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
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
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.actions.models import ActionItem
from tracker.cases.mas import HSL
from tracker.cases.models import Deviation
from tracker.database import database_key, db, is_sqlite
from tracker.guarantees.models import Guarantee
from tracker.kept import Kept
from tracker.records.models import CodeItem, GrantKind, Mark, Record, RecordGrant, RecordKind
from tracker.records.scope import RECORD_MARK, Scope, closed_records, named_records, within_reach
from tracker.search.definition import (
    BEGINNINGS,
    INDEX,
    OF_CODE,
    OF_GUARANTEE,
    OF_HSL,
    OF_KIND,
    OF_OWNER,
    OF_RECORD,
    OF_UNIT,
    TERMS,
    TEXT,
    mark_of,
)
from tracker.search.scopes import Findable
from tracker.search.words import Asked, holds, numbers_like
from tracker.web.pagination import PAGE_ROWS

COUNT_CAP = PAGE_ROWS  # who has more narrows the search
WINDOW = 1_000  # of the newest, that PostgreSQL looks through for a word that is everywhere
FEW = 1_000  # so many hits PostgreSQL puts in order sooner than it walks the newest until the page is full
MOST_UNITS = 8
MOST_MARKS, MOST_TERMS = 200, 60
LABELS_KEPT_SECONDS = 10.0
MANY_LABELS = 50
LAST_SIGN = "\U0010ffff"
LARGEST_KEY = 2**63 - 1
NAMES = ("id", "record_id", "kind", "unit_id", "day", "number", "case_number", "words", "marks")
S: Any = table(TEXT, *(column(name, Date if name == "day" else None) for name in (*NAMES, "ref", "vector")))
X: Any = table(INDEX, column("rowid"))


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. `words`: the open texts that it is searched by; `labels`: what it points at."""

    key: int
    record_id: int
    kind: RecordKind
    unit_id: int
    day: date
    number: str
    case_number: str | None
    words: tuple[str, ...]
    labels: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits; `count` stops at the cap, then `capped`; `after` is None where the list ends."""

    rows: tuple[Hit, ...]
    count: int
    capped: bool
    after: int | None


NOTHING = Hits((), 0, capped=False, after=None)


class Shape(NamedTuple):
    """What decides how a statement looks; statements are made once per shape. `wide`: how many of the words are asked
    for beside the index (PostgreSQL), `indexed` whether any other is left to it.
    """

    scopes: tuple[tuple[RecordKind, Scope], ...]
    own: bool
    wide: int = 0
    indexed: bool = True


def search(asked: Asked, may: Findable, after: int | None = None) -> Hits:
    """The hits that follow the key `after`, else the first, with what has exactly that number before all others."""
    if not asked.words or not may:
        return NOTHING
    labels = _kept_labels.get(database_key(), _labels)
    values: dict[str, Any] = {"own_id": may.own_id} if may.own_id is not None else {}
    for _, scope in may.scopes:
        values |= scope.values
    shape = Shape(may.scopes, may.own_id is not None)
    exact = _exact(asked, shape, values)
    query, wide = _query(asked, may, labels)
    values |= {"query": query, "before": LARGEST_KEY if after is None else after}
    for place, (words, units) in enumerate(wide):
        values |= {f"wide_{place}": words, f"units_{place}": units}
    shape = shape._replace(wide=len(wide), indexed=bool(query))
    found, count = _sqlite_page(shape, values) if is_sqlite() else _postgresql_page(shape, values)
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    numbers = {row.id for row in exact}
    rows = [row for row in found if row.id not in numbers]
    hits = [_hit(row, labels, exact=True) for row in exact if after is None] + [_hit(row, labels) for row in rows]
    return Hits(tuple(hits), min(count, COUNT_CAP), count > COUNT_CAP, found[-1].id if more else None)


def _sqlite_page(shape: Shape, values: dict[str, Any]) -> tuple[list[Any], int]:
    found = list(db.session.execute(_walk(shape, sqlite=True), values))
    if values["before"] == LARGEST_KEY:
        return found, len(found)
    return found, db.session.scalar(_count(shape), values) or 0


def _postgresql_page(shape: Shape, values: dict[str, Any]) -> tuple[list[Any], int]:
    if any(scope.reach.everything for _, scope in shape.scopes):
        newest = list(db.session.execute(_newest(shape), values))
        if newest and newest[0].hits > COUNT_CAP:
            return newest, COUNT_CAP + 1
    found = list(db.session.execute(_few(shape), values))
    count = found[0].hits if found else 0
    if count > FEW or (not found and values["before"] != LARGEST_KEY):
        found = list(db.session.execute(_walk(shape, sqlite=False), values))
    return found, count


def _exact(asked: Asked, shape: Shape, values: dict[str, Any]) -> list[Any]:
    if not any(sign.isdigit() for sign in asked.said):
        return []
    return list(db.session.execute(_exact_statement(shape), values | {"numbers": numbers_like(asked.said)}))


@lru_cache(maxsize=500)
def _exact_statement(shape: Shape) -> Select[Any]:
    numbers = bindparam("numbers", expanding=True, type_=String)
    found = select(S.c.id).where(or_(S.c.ref.in_(numbers), S.c.number.in_(numbers)), _seen(shape))
    return _told(found.order_by(S.c.id.desc()).limit(PAGE_ROWS))


@lru_cache(maxsize=500)
def _walk(shape: Shape, *, sqlite: bool) -> Select[Any]:
    """The hits before a key, the newest first, as the index gives them (SQLite) or walked in their order."""
    if sqlite:
        found = _matched(shape).where(X.c.rowid < bindparam("before")).order_by(X.c.rowid.desc())
    else:
        wanted = _wanted(shape, walking=True)
        found = select(S.c.id).where(*wanted, _seen(shape), S.c.id < bindparam("before")).order_by(S.c.id.desc())
    return _told(found.limit(PAGE_ROWS + 1))


@lru_cache(maxsize=500)
def _count(shape: Shape) -> Select[Any]:
    return select(func.count()).select_from(_matched(shape).limit(COUNT_CAP + 1).subquery())


@lru_cache(maxsize=500)
def _newest(shape: Shape) -> Select[Any]:
    """The page among the newest before a key alone, each row with how many hits there are in those."""
    every = S.alias("every")
    ordered = select(every.c.id).where(every.c.id < bindparam("before")).order_by(every.c.id.desc())
    from_key = func.coalesce(ordered.offset(WINDOW).limit(1).scalar_subquery(), 0)
    among = (S.c.id < bindparam("before"), S.c.id > from_key)
    hits = select(S.c.id).where(*among, *_wanted(shape, walking=True), _seen(shape))
    return _page_of(hits.order_by(S.c.id.desc()).limit(COUNT_CAP + 1))


@lru_cache(maxsize=500)
def _few(shape: Shape) -> Select[Any]:
    """The page where hits are few, each row with their number; past FEW the number alone is of use."""
    return _page_of(select(S.c.id).where(*_wanted(shape, walking=False), _seen(shape)).limit(FEW + 1))


def _page_of(found: Select[Any]) -> Select[Any]:
    hits = found.cte("hits")
    count = select(func.count()).select_from(hits).scalar_subquery().label("hits")
    page = select(hits.c.id).where(hits.c.id < bindparam("before")).order_by(hits.c.id.desc()).limit(PAGE_ROWS + 1)
    return _told(page, count)


def _matched(shape: Shape) -> Select[Any]:
    match = literal_column(INDEX).op("MATCH")(bindparam("query", type_=String))
    return select(S.c.id).select_from(X.join(S, S.c.id == X.c.rowid)).where(match, _seen(shape))


def _wanted(shape: Shape, *, walking: bool) -> list[ColumnElement[bool]]:
    """The words, on PostgreSQL; `walking`: the operator by its name, so that no index lures the planner."""
    found: list[ColumnElement[bool]] = []
    if shape.indexed:
        query = _tsquery("query")
        found.append(func.ts_match_vq(S.c.vector, query) if walking else S.c.vector.op("@@")(query))
    for place in range(shape.wide):
        units = any_(bindparam(f"units_{place}", type_=ARRAY(Integer)))
        found.append(or_(S.c.unit_id == units, func.ts_match_vq(S.c.vector, _tsquery(f"wide_{place}"))))
    return found


def _tsquery(name: str) -> ColumnElement[Any]:
    return cast(bindparam(name, type_=String), TSQUERY)


def _told(found: Select[Any], *more: Any) -> Select[Any]:  # noqa: ANN401 - columns
    """What is told of a page's rows, of those whose record still stands as the index has it."""
    page, told = found.subquery("page"), S.alias("told")
    return (
        select(*(told.c[name] for name in NAMES), *more)
        .join(page, page.c.id == told.c.id)
        .join(Record, Record.id == told.c.record_id)
        .where(literal(Mark.ORDINARY.value) == RECORD_MARK, Record.unit_id == told.c.unit_id)
        .order_by(told.c.id.desc())
    )


def _seen(shape: Shape) -> ColumnElement[bool]:
    """The scopes of the registers over the index's rows; only what is ordinary stands there."""
    scopes = shape.scopes
    opened: list[ColumnElement[bool]] = [false()]
    for reach, kinds in _by_reach(scopes):
        if reach.everything or reach.intervals:
            opened.append(and_(_of_kinds(kinds), within_reach(S.c.unit_id, reach, in_order=True)))
    named = [kind for kind, scope in scopes if scope.named]
    if named:
        opened.append(and_(_of_kinds(named), S.c.record_id.in_(named_records())))
    if any(scope.hsl for _, scope in scopes):
        of_hsl = exists().where(Deviation.record_id == S.c.record_id, Deviation.law_area == HSL)
        opened.append(and_(_of_kinds([RecordKind.DEVIATION]), of_hsl))
    if shape.own:
        mine = exists().where(ActionItem.record_id == S.c.record_id, ActionItem.responsible_id == bindparam("own_id"))
        opened.append(and_(_of_kinds([RecordKind.ACTION]), mine))
    closed = any(scope.closed for _, scope in scopes)
    return and_(or_(*opened), S.c.record_id.not_in(closed_records())) if closed else or_(*opened)


def _of_kinds(kinds: Iterable[RecordKind]) -> ColumnElement[bool]:
    return or_(*(S.c.kind == literal_column(f"'{kind.value}'") for kind in kinds))


def _by_reach(scopes: Iterable[tuple[RecordKind, Scope]]) -> list[tuple[Reach, list[RecordKind]]]:
    def place(one: tuple[RecordKind, Scope]) -> str:
        return repr(one[1].reach)

    ordered = sorted(scopes, key=place)
    return [
        (some[0][1].reach, [kind for kind, _ in some]) for some in (list(of) for _, of in groupby(ordered, key=place))
    ]


def _query(asked: Asked, may: Findable, labels: dict[str, str]) -> tuple[str, list[tuple[str, list[int]]]]:
    """What the index is asked, in its engine's own language; and of each word that names many units, those units and
    what else it may be: PostgreSQL would look each row through for every one of them.
    """
    sqlite = is_sqlite()
    quote, either, both = ('"{}"', " OR ", " AND ") if sqlite else ("'{}'", " | ", " & ")

    def one_of(terms: Sequence[str]) -> str:
        return f"({either.join(terms)})"

    parts, wide = [], []
    for number, word in enumerate(asked.words, start=1):
        begins = asked.beginning and number == len(asked.words)
        words = _that_begin(word) if begins and sqlite else [word]
        terms = [quote.format(one) for one in words] or [quote.format(word) + ("*" if sqlite else "")]
        if begins and not sqlite:
            terms = [f"{terms[0]}:*"]
        marks = _named_so(word, may, labels, begins=begins)
        units = [mark for mark in marks if mark.startswith(mark_of(OF_UNIT))]
        if not sqlite and len(units) > MOST_UNITS:
            others = one_of([*terms, *(quote.format(mark) for mark in marks if mark not in set(units))])
            wide.append((others, [int(mark.removeprefix(mark_of(OF_UNIT))) for mark in units]))
            continue
        parts.append(one_of([*terms, *map(quote.format, marks)]))
    opened = _opened(may)
    if opened is not None:
        parts.append(one_of([both.join(one_of(list(map(quote.format, some))) for some in every) for every in opened]))
    return both.join(parts), wide


def _named_so(word: str, may: Findable, labels: dict[str, str], *, begins: bool) -> list[str]:
    """The marks whose names hold the word; of very many, without the units that the reader does not reach."""
    found = [mark for mark, label in labels.items() if holds(label, word, beginning=begins)]
    if len(found) <= MANY_LABELS or any(scope.reach.everything for _, scope in may.scopes):
        return found
    reached = {mark_of(OF_UNIT, unit.id) for _, scope in may.scopes for unit in kept_units(scope.reach)}
    return [mark for mark in found if not mark.startswith(mark_of(OF_UNIT)) or mark in reached]


def _that_begin(word: str) -> list[str]:
    """The words of the index that begin so, where FTS5 has no list of the beginning itself and would put all the hits
    together before it gives the first; none where it has, or they are too many.
    """
    if len(word) in BEGINNINGS:
        return []
    found = db.session.scalars(_TERMS, {"word": word, "past": word + LAST_SIGN}).all()
    words = [term for term in found if term is not None and term < word + LAST_SIGN]
    return words if len(words) <= MOST_TERMS else []


# Each step asks for the first term after the one before, which FTS5 finds without reading where it stands.
_TERMS = text(
    f"WITH RECURSIVE steps (term) AS (SELECT (SELECT term FROM {TERMS} WHERE term >= :word LIMIT 1) UNION ALL "  # noqa: S608 - ours
    f"SELECT (SELECT term FROM {TERMS} WHERE term >= steps.term || char(1) LIMIT 1) FROM steps "
    f"WHERE steps.term < :past LIMIT {MOST_TERMS + 2}) SELECT term FROM steps"
)


def _opened(may: Findable) -> list[list[list[str]]] | None:
    """The marks that narrow, any of several, each all of some, each any of some; None where they are too many."""
    found: list[list[list[str]]] = []
    for reach, kinds in _by_reach(may.scopes):
        of_kinds = [mark_of(OF_KIND, kind.value) for kind in kinds]
        if reach.everything and len(kinds) == len(RecordKind):
            return None
        units = [] if reach.everything else [mark_of(OF_UNIT, unit.id) for unit in kept_units(reach)]
        if reach.everything or len(units) > MOST_MARKS:
            found.append([of_kinds])
        elif units:
            found.append([units])  # few enough: that of the registers would cost more than it saves
    if any(scope.hsl for _, scope in may.scopes):
        found.append([[mark_of(OF_HSL)]])
    if may.own_id is not None:
        found.append([[mark_of(OF_KIND, RecordKind.ACTION.value)], [mark_of(OF_OWNER, may.own_id)]])
    given = _given(may)
    if len(given) > MOST_MARKS:
        return None
    if given or not found:  # no record has the number 0
        found.append([[mark_of(OF_RECORD, record_id) for record_id in given or [0]]])
    return found


def _given(may: Findable) -> list[int]:
    """The records that have been given to the reader by name."""
    reader_id = next((scope.reader_id for _, scope in may.scopes if scope.named), None)
    if reader_id is None:
        return []
    mine = select(RecordGrant.record_id).filter_by(user_id=reader_id, kind=GrantKind.NAMED.value)
    return list(db.session.scalars(mine.order_by(RecordGrant.record_id).limit(MOST_MARKS + 1)))


def _labels() -> dict[str, str]:
    """What each mark that has a name is called just now."""
    found = {mark_of(OF_UNIT, unit.id): unit.name for unit in kept_units(EVERYTHING)}
    found |= {mark_of(OF_CODE, code_id): label for code_id, label in db.session.execute(_CODES)}
    return found | {mark_of(OF_GUARANTEE, its_id): name for its_id, name in db.session.execute(_GUARANTEES)}


_kept_labels: Kept[dict[str, str]] = Kept(LABELS_KEPT_SECONDS, 16)
_CODES = select(CodeItem.id, CodeItem.label)
_GUARANTEES = select(Guarantee.id, Guarantee.name)


def _hit(row: Any, labels: dict[str, str], *, exact: bool = False) -> Hit:  # noqa: ANN401 - a row of any statement
    unit = mark_of(OF_UNIT, row.unit_id)
    named = tuple(labels[mark] for mark in row.marks.split() if mark in labels and mark != unit)
    words = tuple(part for part in row.words.split("\n") if part.strip())
    return Hit(
        row.id, row.record_id, RecordKind(row.kind), row.unit_id, row.day, row.number, row.case_number, words, named,
        exact,
    )  # fmt: skip
