"""Reading actions: one, those of a record, the year in figures, and what of a record's actions waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
)

from tracker.accounts.models import Unit, User
from tracker.actions.models import ActionItem, ActionNote, ActionSource
from tracker.audit.keys import is_forgotten
from tracker.database import db
from tracker.records.models import Mark, Record, RecordKind
from tracker.records.scope import Scope, closed_records, is_marked, visible, visible_records, within_reach
from tracker.rules.actions import ActionDays, ActionState, Effect, Standing, is_late, state_of
from tracker.rules.case_workflow import CaseState
from tracker.rules.permissions import Permission

A = ActionItem
# The registers of the layer above whose cases are closed when their actions are done; only whether one is.
_cases = [table(name, column("record_id"), column("state")) for name in ("deviation", "lex_sarah_report")]
CLOSED = or_(*(exists().where(c.c.record_id == Record.id, c.c.state == CaseState.CLOSED.value) for c in _cases))
CASES = frozenset({RecordKind.DEVIATION, RecordKind.LEX_SARAH, RecordKind.COMPLAINT})
# By which permission a record that an action belongs to is seen.
READ_SOURCE = {
    RecordKind.RISK: Permission.READ_CONTROL,
    RecordKind.CONTROL: Permission.READ_CONTROL,
    RecordKind.DEVIATION: Permission.READ_DEVIATIONS,
    RecordKind.LEX_SARAH: Permission.READ_LEX_SARAH,
    RecordKind.DECISION: Permission.READ_DECISIONS,
    RecordKind.COMPLAINT: Permission.READ_COMPLAINTS,
}


@dataclass(frozen=True, slots=True)
class ActionYear:
    """Carried out in the year by its cut-off; decided by then and not carried out by it; of those, past their day."""

    completed: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action as lists and pages tell of it."""

    record_id: int
    ref: str
    text: str
    responsible_id: int | None
    responsible: str | None
    unit: str
    days: ActionDays
    checked_on: date | None

    @property
    def state(self) -> ActionState:
        """How far it has come."""
        return state_of(self.days)

    def late(self, today: date) -> bool:
        """Whether its last day has passed."""
        return is_late(self.days, today)


class SourceRow(NamedTuple):
    """A record that an action belongs to; `closed`: it is a case that takes no action that is yet to be done."""

    record_id: int
    kind: RecordKind
    number: str
    closed: bool = False


class NoteRow(NamedTuple):
    """What was noted about how an action goes, when (UTC) and by whom."""

    text: str
    written_at: datetime
    written_by: str | None


ROW: tuple[Any, ...] = (
    A.record_id, A.ref, A.text, A.responsible_id, A.responsible_name, Unit.name, A.decided_on, A.due_on, A.done_on,
    A.effect, A.check_on, A.checked_on,
)  # fmt: skip


def row_of(row: Sequence[Any]) -> ActionRow:
    """What a statement that selects ROW has given."""
    record_id, ref, text, responsible_id, responsible, unit = row[:6]
    decided_on, due_on, done_on, effect, check_on, checked_on = row[6:]
    days = ActionDays(decided_on, due_on, done_on, None if effect is None else Effect(effect), check_on)
    return ActionRow(record_id, ref, text, responsible_id, responsible, unit, days, checked_on)


def seen_or_own(scope: Scope, own_id: int) -> ColumnElement[bool]:
    """Actions within a scope, and those that this user is responsible for, wherever they are; with `scope.values`."""
    own = and_(A.responsible_id == own_id, not_voided())
    if scope.closed:
        own = and_(own, A.record_id.not_in(closed_records()))
    return or_(visible(A.record_id, A.unit_id, A.mark, scope), own)


def find_action(
    record_id: int, scope: Scope, own_id: int, sources: Mapping[RecordKind, Scope] | None = None
) -> tuple[ActionRow, int] | None:
    """The action with its record's version; None when there is none that the reader sees or is responsible for.
    `sources`: by which scopes the reader sees what actions belong to; one that belongs to that is seen as well.
    """
    seen, values = seen_or_own(scope, own_id), dict(scope.values)
    if sources:
        of_seen = select(ActionSource.action_id).join(Record, Record.id == ActionSource.record_id)
        shared = A.record_id.in_(of_seen.where(ActionSource.action_id == record_id, sources_seen(sources)))
        seen, values = or_(seen, and_(shared, _open_to(scope))), values | _values(sources)
    statement = (
        select(*ROW, Record.version)
        .join(Unit, Unit.id == A.unit_id)
        .join(Record, Record.id == A.record_id)
        .where(A.record_id == record_id, seen)
    )
    row = db.session.execute(statement, values).first()
    return None if row is None else (row_of(row[:-1]), row[-1])


def _open_to(scope: Scope) -> ColumnElement[bool]:
    """Actions that are ordinary and not closed to the reader, wherever they are."""
    ordinary = is_marked(A.mark, Mark.ORDINARY)
    return and_(ordinary, A.record_id.not_in(closed_records())) if scope.closed else ordinary


def list_actions_of(record_id: int, scope: Scope, own_id: int, *, reads: bool = False) -> list[ActionRow]:
    """The actions of a record that the reader sees or is responsible for, those that wait first, by their last day.
    `reads`: the reader sees the record and reads actions, and so those of other units that belong to it too.
    """
    rows = db.session.execute(_of_record(scope, own_id, reads), scope.values | {"of_record": record_id})
    return [row_of(row) for row in rows]


@lru_cache(maxsize=1_000)
def _of_record(scope: Scope, own_id: int, reads: bool) -> Select[Any]:
    """Every page of a record has its actions, and a reader's scope seldom changes: the statement is made once."""
    seen = seen_or_own(scope, own_id)
    if reads:
        seen = or_(seen, _open_to(scope))
    return (
        select(*ROW)
        .join(Unit, Unit.id == A.unit_id)
        .join(ActionSource, ActionSource.action_id == A.record_id)
        .where(ActionSource.record_id == bindparam("of_record"), seen)
        .order_by(A.stage, A.listed_on, A.record_id)
    )


def sources_seen(scopes: Mapping[RecordKind, Scope]) -> ColumnElement[bool]:
    """Records that the reader sees by the scopes of their own registers; its statement runs with the scopes' values."""
    kinds: dict[Scope, list[str]] = {}
    for kind, of in scopes.items():  # asked once where several are seen alike
        kinds.setdefault(replace(of, permission=None), []).append(kind.value)
    seen = (and_(Record.kind.in_(some), visible_records(of)) for of, some in kinds.items())
    return or_(literal_column("1 = 0"), *seen)


def _values(scopes: Mapping[RecordKind, Scope]) -> dict[str, object]:
    return {name: value for scope in scopes.values() for name, value in scope.values.items()}


def find_source(record_id: int, scopes: Mapping[RecordKind, Scope]) -> SourceRow | None:
    """A record that an action may be written for, where the reader sees it by the scope of its own register; no case
    that is gallrat.
    """
    statement = _one_source(tuple(scopes.items()))
    row = db.session.execute(statement, _values(scopes) | {"of_record": record_id}).first()
    if row is None or (RecordKind(row.kind) in CASES and row.forgotten):
        return None
    return SourceRow(row.id, RecordKind(row.kind), row.number, row.closed)


@lru_cache(maxsize=1_000)
def _one_source(scopes: tuple[tuple[RecordKind, Scope], ...]) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Record.id, Record.kind, Record.number, is_forgotten(Record.id).label("forgotten"), CLOSED.label("closed"),
    )  # fmt: skip
    return select(*columns).where(Record.id == bindparam("of_record"), sources_seen(dict(scopes)))


def find_numbered_source(kind: RecordKind, number: str, scopes: Mapping[RecordKind, Scope]) -> SourceRow | None:
    """The record of a kind with a number, as `find_source` finds it."""
    of_kind = select(Record.id).where(Record.kind == kind.value, Record.number == number)
    record_id = db.session.scalar(of_kind)
    return None if record_id is None else find_source(record_id, scopes)


def sources_of(action_ids: Iterable[int], scopes: Mapping[RecordKind, Scope]) -> dict[int, list[SourceRow]]:
    """Action → what it belongs to, of that which the reader sees by the scopes of their own registers."""
    statement = (
        select(ActionSource.action_id, Record.id, Record.kind, Record.number)
        .join(Record, Record.id == ActionSource.record_id)
        .where(ActionSource.action_id.in_(list(action_ids)), sources_seen(scopes))
        .order_by(Record.id)
    )
    found: dict[int, list[SourceRow]] = {}
    for action_id, record_id, kind, number in db.session.execute(statement, _values(scopes)):
        found.setdefault(action_id, []).append(SourceRow(record_id, RecordKind(kind), number))
    return found


def lex_sarah_of(action_id: int) -> list[int]:
    """The lex Sarah cases that an action belongs to, whoever may see them."""
    statement = (
        select(Record.id)
        .join(ActionSource, ActionSource.record_id == Record.id)
        .where(ActionSource.action_id == action_id, Record.kind == RecordKind.LEX_SARAH.value)
    )
    return list(db.session.scalars(statement))


def list_notes(action_id: int) -> list[NoteRow]:
    """What was noted about an action, the newest first."""
    statement = (
        select(ActionNote.text, ActionNote.written_at, User.name)
        .outerjoin(User, User.id == ActionNote.written_by)
        .where(ActionNote.action_id == action_id)
        .order_by(ActionNote.id.desc())
    )
    return [NoteRow(*row) for row in db.session.execute(statement)]


def action_year(year: int, cutoff: date, scope: Scope) -> ActionYear:
    """The year's actions within the reader's reach, as `report quality` counts them: protected ones count, voided ones
    do not, and what is dated after the cut-off day does not exist yet.
    """
    done = and_(A.done_on >= date(year, 1, 1), A.done_on <= cutoff)
    waits = and_(A.decided_on <= cutoff, or_(A.done_on.is_(None), A.done_on > cutoff))
    statement = (
        select(_count(done), _count(waits), _count(and_(waits, A.due_on < cutoff)))
        .select_from(A)
        .where(or_(done, waits), not_voided(), within_reach(A.unit_id, scope.reach))
    )
    return ActionYear(*(int(count) for count in db.session.execute(statement).one()))


def standing_of(record_id: int) -> Standing:
    """What of a record's actions waits, whoever may see them: what a case is asked for before it is closed."""
    undone, done = A.done_on.is_(None), A.done_on.is_not(None)
    statement = (
        select(
            _count(and_(undone, A.decided_on.is_(None))),
            _count(and_(undone, A.decided_on.is_not(None))),
            _count(and_(done, A.effect.is_(None))),
            _count(A.effect == Effect.NOT.value),
        )
        .select_from(ActionSource)
        .join(A, A.record_id == ActionSource.action_id)
        .where(ActionSource.record_id == record_id, not_voided())
    )
    return Standing(*(int(count) for count in db.session.execute(statement).one()))


def _count(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(wanted)


def not_voided() -> ColumnElement[bool]:
    """Actions that are not voided, protected ones too."""
    return A.mark < literal_column(str(Mark.VOIDED.value))
