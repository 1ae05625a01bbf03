"""Reading one decision with its record and its clocks."""

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import Select, bindparam, select

from tracker.accounts.models import Unit
from tracker.accounts.reader import Reach
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.writing import person_of, stored_decision
from tracker.records.models import Mark, Record
from tracker.records.scope import Scope, visible
from tracker.rules.unexecuted import ClockKind

C = DecisionClock
READ_AT_ONCE = 5_000


def get_decision(record_id: int, scope: Scope) -> tuple[Decision, Record] | None:
    """A decision and its record, None when there is none or the reader may not see it."""
    row = db.session.execute(_decision_statement(scope), scope.values | {"record_id": record_id}).first()
    return (row[0], row[1]) if row else None


@lru_cache(maxsize=500)
def _decision_statement(scope: Scope) -> Select[Decision, Record]:
    seen = visible(Decision.record_id, Decision.unit_id, Decision.mark, scope)
    of_record = select(Decision, Record).join(Record, Record.id == Decision.record_id)
    return of_record.where(Decision.record_id == bindparam("record_id"), seen)


_CLOCKS = (
    select(C)
    .where(C.decision_id == bindparam("record_id"))
    .order_by(C.kind == ClockKind.INTERRUPTION.value, C.started_on)
)
_PLACE = select(Unit.tree_from).where(Unit.id == bindparam("unit_id"))


def list_clocks(record_id: int) -> list[DecisionClock]:
    """A decision's clocks, the decision's own first, then its interruptions by day."""
    return list(db.session.scalars(_CLOCKS, {"record_id": record_id}))


def place_of_unit(unit_id: int) -> int:
    """Where in the tree a unit begins just now; for what may be done to a decision that the reader sees."""
    return db.session.scalars(_PLACE, {"unit_id": unit_id}).one()


def is_within(unit_id: int, reach: Reach) -> bool:
    """Whether a unit lies within reach just now."""
    return reach.covers(place_of_unit(unit_id))


def get_person(record_id: int) -> str | None:
    """The number of the person a decision is about; the caller has seen to who may know it, and that it is noted."""
    return person_of(stored_decision(record_id))


def get_persons(record_ids: Iterable[int]) -> dict[int, str]:
    """The number of the person behind each of some decisions that have one; seen to and noted as for `get_person`."""
    found: dict[int, str | None] = {}
    ids = list(record_ids)
    for start in range(0, len(ids), READ_AT_ONCE):
        some = ids[start : start + READ_AT_ONCE]
        rows = db.session.execute(
            select(Decision.record_id, Decision.person_encrypted).where(
                Decision.record_id.in_(some), Decision.person_encrypted.is_not(None)
            )
        )
        found |= {record_id: person_of({"record_id": record_id, "person_encrypted": it}) for record_id, it in rows}
    return {record_id: number for record_id, number in found.items() if number is not None}


def clocks_with_decisions(clock_ids: Iterable[int]) -> dict[int, tuple[DecisionClock, Decision]]:
    """Some clocks with their decisions, voided ones too; the caller sees to what the reader may know."""
    found: dict[int, tuple[DecisionClock, Decision]] = {}
    ids = list(clock_ids)
    for start in range(0, len(ids), READ_AT_ONCE):
        rows = db.session.execute(_WITH_DECISIONS, {"clock_ids": ids[start : start + READ_AT_ONCE]})
        found |= {clock.id: (clock, decision) for clock, decision in rows}
    return found


_WITH_DECISIONS = (
    select(C, Decision)
    .join(Decision, Decision.record_id == C.decision_id)
    .where(C.id.in_(bindparam("clock_ids", expanding=True)))
)


def records_by_ref(record_ids: Iterable[int]) -> dict[str, int]:
    """Ref → record of some decisions that are not voided."""
    found: dict[str, int] = {}
    ids = list(record_ids)
    for start in range(0, len(ids), READ_AT_ONCE):
        statement = select(Decision.ref, Decision.record_id).where(
            Decision.record_id.in_(ids[start : start + READ_AT_ONCE]), Decision.mark != Mark.VOIDED.value
        )
        found |= {ref: record_id for ref, record_id in db.session.execute(statement)}  # noqa: C416 - rows are no pairs
    return found
