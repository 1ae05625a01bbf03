"""What is the index asked for? The words in its engine's own language, with what each of them may be the name of.

On SQLite, so that it walks past little that is another's, it can be asked for the marks of the registers and units that
the reader reaches, too. The marks only narrow: which rows are shown is decided by the registers' own scopes.
"""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, text

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import Reach
from tracker.actions.models import ActionItem
from tracker.database import db, is_sqlite, read
from tracker.records.models import GrantKind, Record, RecordGrant, RecordKind
from tracker.records.scope import Scope
from tracker.search.definition import (
    BEGINNINGS,
    OF_HSL,
    OF_KIND,
    OF_OWNER,
    OF_RECORD,
    OF_UNIT,
    TERMS,
    mark_of,
)
from tracker.search.scopes import Findable
from tracker.search.words import Asked, Names

MOST_UNITS = 8
FEW_TERMS, LEAST_LETTERS = 8, 3  # of a word that PostgreSQL's index is asked for with others
MOST_MARKS, MOST_TERMS = 200, 60
MANY_LABELS = 50
QUOTED, QUOTED_ONCE = '"{}"', "'{}'"  # on SQLite, on PostgreSQL
_IN_POSTGRESQL = re.compile(r"[^\x80-\xbf]+")  # whose index has ², ½ and their like between words (`installing`)
LAST_SIGN = "\U0010ffff"


class Query(NamedTuple):
    """What is asked for: `words` of the index, empty where none is fit for it, and on PostgreSQL the rest of the rows.

    Its index puts places together slowly where they are many, and it looks a row through for each name that a word may
    be. So the index is asked for the words that are least, and rows are looked through for the others. `walked`: what
    those are looked through for that the index does not give, all words but the `wide`: of each that names many units,
    what else it may be and the numbers of those units. `besides` and `left` (by their place): of the walked and of the
    wide those that the index is not asked for.
    """

    words: str
    walked: str = ""
    wide: tuple[tuple[str, list[int]], ...] = ()
    besides: str = ""
    left: tuple[int, ...] = ()


class _Word(NamedTuple):
    """A word on PostgreSQL: all that it may be, and without the units that it names; how many terms those are."""

    whole: str
    others: str
    units: list[int]
    terms: int
    letters: int

    @property
    def wide(self) -> bool:
        return len(self.units) > MOST_UNITS


def query_of(asked: Asked, may: Findable, names: Names) -> Query:
    """The words of a search, each with the marks whose names hold it."""
    of_each = [
        (word, begins, _named_so(word, may, names, begins=begins))
        for word, begins in ((word, asked.beginning and word == asked.words[-1]) for word in asked.words)
    ]
    return _of_sqlite(of_each) if is_sqlite() else _of_postgresql(of_each)


def _of_sqlite(of_each: Iterable[tuple[str, bool, list[str]]]) -> Query:
    parts = []
    for word, begins, marks in of_each:
        known = _that_begin(word) if begins else [word]
        terms = [QUOTED.format(one) for one in known] or [QUOTED.format(word) + "*"]
        parts.append(f"({' OR '.join([*terms, *map(QUOTED.format, marks)])})")
    return Query(" AND ".join(parts))


def _of_postgresql(of_each: Iterable[tuple[str, bool, list[str]]]) -> Query:
    words = []
    for word, begins, marks in of_each:
        pieces, of_unit = _IN_POSTGRESQL.findall(word) or [word], mark_of(OF_UNIT)
        term = f"({' & '.join(map(QUOTED_ONCE.format, pieces))}{':*' * (begins and word.endswith(pieces[-1]))})"
        others = [term, *(f"'{mark}'" for mark in marks if not mark.startswith(of_unit))]
        units = [mark for mark in marks if mark.startswith(of_unit)]
        whole = [*others, *(f"'{mark}'" for mark in units)]
        numbers = [int(mark.removeprefix(of_unit)) for mark in units]
        words.append(_Word(_one_of(whole), _one_of(others), numbers, len(whole), len(word)))
    wide = [word for word in words if word.wide]
    fit = sorted(
        (word for word in words if len(word.units) <= MOST_MARKS), key=lambda word: (word.terms, -word.letters)
    )
    indexed = [word for word in fit if word.terms <= FEW_TERMS and word.letters >= LEAST_LETTERS] or fit[:1]
    return Query(
        _all_of(indexed), _all_of(word for word in words if not word.wide),
        tuple((word.others, word.units) for word in wide),
        _all_of(word for word in words if not word.wide and word not in indexed),
        tuple(place for place, word in enumerate(wide) if word not in indexed),
    )  # fmt: skip


def _one_of(terms: Iterable[str]) -> str:
    return f"({' | '.join(terms)})"


def _all_of(words: Iterable[_Word]) -> str:
    return " & ".join(word.whole for word in words)


def by_reach(scopes: Iterable[tuple[RecordKind, Scope]]) -> list[tuple[Reach, list[RecordKind]]]:
    """The registers that are read over the same units, together."""

    def place(one: tuple[RecordKind, Scope]) -> str:
        return repr(one[1].reach)

    ordered = sorted(scopes, key=place)
    return [
        (some[0][1].reach, [kind for kind, _ in some]) for some in (list(of) for _, of in groupby(ordered, key=place))
    ]


def _named_so(word: str, may: Findable, names: Names, *, begins: bool) -> list[str]:
    """The marks whose names hold the word; of very many, without the units of which the reader sees nothing."""
    found = names.holding(word, beginning=begins)
    if len(found) <= MANY_LABELS or any(scope.reach.everything or scope.hsl for _, scope in may.scopes):
        return found
    reached = {unit.id for _, scope in may.scopes for unit in kept_units(scope.reach)} | _units_beside(may)
    marks = {mark_of(OF_UNIT, unit_id) for unit_id in reached}
    return [mark for mark in found if not mark.startswith(mark_of(OF_UNIT)) or mark in marks]


def _units_beside(may: Findable) -> set[int]:
    """The units of the reader's own actions and of what has been given to them by name, wherever those are."""
    found: set[int] = set()
    reader_id = _reader_of_given(may)
    if may.own_id is not None:
        found |= set(db.session.scalars(select(ActionItem.unit_id).filter_by(responsible_id=may.own_id).distinct()))
    if reader_id is not None:
        given = select(Record.unit_id).join(RecordGrant).where(*_is_given(reader_id))
        found |= set(db.session.scalars(given.distinct()))
    return found


def _that_begin(word: str) -> list[str]:
    """The words of the index that begin so, where FTS5 has no list of the beginning itself and would put all the hits
    together before it gives the first; none where it has, or they are too many.
    """
    if len(word) in BEGINNINGS:
        return []
    found = read(_TERMS, {"word": word, "past": word + LAST_SIGN}).scalars()
    words = [term for term in found if term is not None and term < word + LAST_SIGN]
    return words if len(words) <= MOST_TERMS else []


# Each step asks for the first term after the one before, which FTS5 finds without reading where it stands.
_TERMS = text(
    f"WITH RECURSIVE steps (term) AS (SELECT (SELECT term FROM {TERMS} WHERE term >= :word LIMIT 1) UNION ALL "  # noqa: S608 - ours
    f"SELECT (SELECT term FROM {TERMS} WHERE term >= steps.term || char(1) LIMIT 1) FROM steps "
    f"WHERE steps.term < :past LIMIT {MOST_TERMS + 2}) SELECT term FROM steps"
)


def narrowed(words: str, may: Findable) -> str:
    """The same question to SQLite's index, with the marks of what the reader reaches where they are not too many."""
    opened = _opened(may)
    if opened is None:
        return words
    marks = (" AND ".join(f"({' OR '.join(map(QUOTED.format, some))})" for some in every) for every in opened)
    return f"{words} AND ({' OR '.join(marks)})"


def _opened(may: Findable) -> list[list[list[str]]] | None:
    """The marks that narrow, any of several, each all of some, each any of some; None where they are too many."""
    found: list[list[list[str]]] = []
    for reach, kinds in by_reach(may.scopes):
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
    reader_id = _reader_of_given(may)
    if reader_id is None:
        return []
    mine = select(RecordGrant.record_id).where(*_is_given(reader_id))
    return list(db.session.scalars(mine.order_by(RecordGrant.record_id).limit(MOST_MARKS + 1)))


def _reader_of_given(may: Findable) -> int | None:
    """The reader, where anything has been given to them by name."""
    return next((scope.reader_id for _, scope in may.scopes if scope.named), None)


def _is_given(reader_id: int) -> tuple[ColumnElement[bool], ...]:
    return RecordGrant.user_id == reader_id, RecordGrant.kind == GrantKind.NAMED.value
