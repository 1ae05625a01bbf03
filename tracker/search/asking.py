"""What is the index asked for? The words in its engine's own language, with what each of them may be the name of.

On SQLite, so that it walks past little that is another's, it can be asked for the marks of the registers and units that
the reader reaches, too. The marks only narrow: which rows are shown is decided by the registers' own scopes.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select, text

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import Reach
from tracker.database import db, is_sqlite, read
from tracker.records.models import GrantKind, RecordGrant, RecordKind
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
MOST_MARKS, MOST_TERMS = 200, 60
MANY_LABELS = 50
QUOTED = '"{}"'  # on SQLite
LAST_SIGN = "\U0010ffff"


class Query(NamedTuple):
    """What the index is asked, empty where no word is left to it.

    `wide`: of each word that names many units, what else it may be and those units. PostgreSQL would look each row
    through for every one of them: it is asked for the other words, `walked`, and the unit by its number. The index
    itself is asked for such a word as for any other, but for those that name very many (`left`, by their place).
    """

    words: str
    walked: str = ""
    wide: tuple[tuple[str, list[int]], ...] = ()
    left: tuple[int, ...] = ()


def query_of(asked: Asked, may: Findable, names: Names) -> Query:
    """The words of a search, each with the marks whose names hold it."""
    sqlite = is_sqlite()
    quote, either, both = (QUOTED, " OR ", " AND ") if sqlite else ("'{}'", " | ", " & ")

    def one_of(terms: Sequence[str]) -> str:
        return f"({either.join(terms)})"

    parts, walked, wide, left = [], [], [], []
    for number, word in enumerate(asked.words, start=1):
        begins = asked.beginning and number == len(asked.words)
        words = _that_begin(word) if begins and sqlite else [word]
        terms = [quote.format(one) for one in words] or [quote.format(word) + ("*" if sqlite else "")]
        if begins and not sqlite:
            terms = [f"{terms[0]}:*"]
        marks = _named_so(word, may, names, begins=begins)
        units = [mark for mark in marks if mark.startswith(mark_of(OF_UNIT))]
        whole = one_of([*terms, *map(quote.format, marks)])
        if sqlite or len(units) <= MOST_UNITS:
            walked.append(whole)
        else:
            others = one_of([*terms, *(quote.format(mark) for mark in marks if mark not in set(units))])
            wide.append((others, [int(mark.removeprefix(mark_of(OF_UNIT))) for mark in units]))
        if sqlite or len(units) <= MOST_MARKS:
            parts.append(whole)
        else:
            left.append(len(wide) - 1)
    return Query(both.join(parts), both.join(walked), tuple(wide), tuple(left))


def by_reach(scopes: Iterable[tuple[RecordKind, Scope]]) -> list[tuple[Reach, list[RecordKind]]]:
    """The registers that are read over the same units, together."""

    def place(one: tuple[RecordKind, Scope]) -> str:
        return repr(one[1].reach)

    ordered = sorted(scopes, key=place)
    return [
        (some[0][1].reach, [kind for kind, _ in some]) for some in (list(of) for _, of in groupby(ordered, key=place))
    ]


def _named_so(word: str, may: Findable, names: Names, *, begins: bool) -> list[str]:
    """The marks whose names hold the word; of very many, without the units that the reader does not reach."""
    found = names.holding(word, beginning=begins)
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
    reader_id = next((scope.reader_id for _, scope in may.scopes if scope.named), None)
    if reader_id is None:
        return []
    mine = select(RecordGrant.record_id).filter_by(user_id=reader_id, kind=GrantKind.NAMED.value)
    return list(db.session.scalars(mine.order_by(RecordGrant.record_id).limit(MOST_MARKS + 1)))
