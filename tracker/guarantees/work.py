"""What has passed its last day, or has once more, and is not told of in an avvikelse?"""

from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, null, or_, select, text, union_all

from tracker.cases.missed_models import MissedPromise
from tracker.cases.models import ANSWERED_LATE, Complaint
from tracker.database import db
from tracker.guarantees.models import EXCEEDED, Guarantee, GuaranteeOccasion
from tracker.records.models import Record
from tracker.records.questions import Question, ask
from tracker.records.scope import Scope, visible
from tracker.rules.guarantees import PRAISE, GuaranteeKind

G, C = GuaranteeOccasion, Complaint
SHOWN = 100
WAITING = "ix_complaint_waits"  # SQLite guesses from averages, and would read each open synpunkt's row
_RUNS = and_(G.ended_on.is_(None), G.cancelled_on.is_(None), G.due_on < bindparam("today"))
_LATE = text(EXCEEDED)  # as the index says it
_UNANSWERED = and_(C.answered_on.is_(None), C.is_open, C.due_on < bindparam("today"))
_ANSWERED_LATE = text(ANSWERED_LATE)


class Unregistered(NamedTuple):
    """Something whose last day has passed: its record, number, guarantee, unit, last day and end (None: it runs)."""

    record_id: int
    number: str
    guarantee: str
    of_complaints: bool
    unit_id: int
    due_on: date
    ended_on: date | None


def list_unregistered(scope: Scope, complaints: Scope | None, today: date) -> list[Unregistered]:
    """The hundred that have waited longest. `complaints`: which synpunkter are the reader's; None: none."""
    parts = union_all(*_parts(scope, complaints)).subquery()
    statement = select(parts).order_by(parts.c.due_on, parts.c.record_id).limit(SHOWN)
    rows = db.session.execute(statement, _values(scope, complaints) | {"today": today})
    return [Unregistered(row[0], row[1], row[2], bool(row[3]), *row[4:]) for row in rows]


def count_unregistered(scope: Scope, complaints: Scope | None, today: date, most: int | None = None) -> int:
    """How many there are, counted no further than `most` where it is given."""
    return ask(ask_unregistered(scope, complaints, today, most))


def ask_unregistered(scope: Scope, complaints: Scope | None, today: date, most: int | None = None) -> Question[int]:
    """The same as a question."""
    values = _values(scope, complaints) | {"today": today}
    return Question(_counted(scope, complaints, most), values, itemgetter(0))


@lru_cache(maxsize=500)
def _counted(scope: Scope, complaints: Scope | None, most: int | None) -> Select[Any]:
    # What runs and what has ended late are found by an index each.
    halves: list[tuple[Any, Any, Any]] = [
        (G, half, visible(G.record_id, G.unit_id, G.mark, scope)) for half in (_RUNS, _LATE)
    ]
    if complaints is not None:
        seen = visible(C.record_id, C.unit_id, C.mark, complaints)
        halves += [(C, and_(C.kind != PRAISE, half), seen) for half in (_UNANSWERED, _ANSWERED_LATE)]
    parts: list[Select[Any]] = [
        select(literal(1).label("one")).select_from(model).where(half, seen, _unregistered(model.record_id))
        for model, half, seen in halves
    ]
    if complaints is not None and complaints.reach.everything and not complaints.named:
        parts[2] = parts[2].with_hint(C, f"INDEXED BY {WAITING}", dialect_name="sqlite")
    return select(select(func.count()).select_from(union_all(*parts).limit(most).subquery()).scalar_subquery())


def _values(scope: Scope, complaints: Scope | None) -> dict[str, Any]:
    return scope.values | (complaints.values if complaints else {})


def _own(scope: Scope) -> list[ColumnElement[bool]]:
    return [or_(_LATE, _RUNS), visible(G.record_id, G.unit_id, G.mark, scope), _unregistered(G.record_id)]


def _answers(complaints: Scope) -> list[ColumnElement[bool]]:
    seen = visible(C.record_id, C.unit_id, C.mark, complaints)
    return [C.kind != PRAISE, or_(_UNANSWERED, _ANSWERED_LATE), seen, _unregistered(C.record_id)]


def _parts(scope: Scope, complaints: Scope | None) -> list[Select[Any]]:
    columns: tuple[Any, ...] = (
        G.record_id, Record.number, Guarantee.name, literal(0).label("of_complaints"), G.unit_id, G.due_on, G.ended_on,
    )  # fmt: skip
    own = (
        select(*columns)
        .join(Guarantee, Guarantee.id == G.guarantee_id)
        .join(Record, Record.id == G.record_id)
        .where(*_own(scope))
    )
    if complaints is None:
        return [own]
    named = select(Guarantee.name).where(Guarantee.kind == GuaranteeKind.COMPLAINT_ANSWER.value).scalar_subquery()
    answers = (
        select(C.record_id, Record.number, named.label("name"), literal(1), C.unit_id, C.due_on, C.answered_on)
        .join(Record, Record.id == C.record_id)
        .where(*_answers(complaints))
    )
    return [own, answers]


def _unregistered(record_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the column of either table
    """What has become no avvikelse, or one that says that it is not exceeded any longer."""
    told = and_(MissedPromise.record_id == record_id, MissedPromise.righted_on.is_(None))
    return ~select(null()).where(told).exists()
