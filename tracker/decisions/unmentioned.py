"""Which clocks of the register does a file say nothing of? They are listed; nothing happens to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, select

from tracker.database import db
from tracker.decisions.models import DecisionClock
from tracker.records.scope import Scope, visible
from tracker.rules.unexecuted import ClockKind, ClockState

READ_AT_ONCE = 5_000
MOST_KEPT = 200
Mention = str | tuple[str, date]  # a decision's ref, or with the day of its interruption


@dataclass(frozen=True, slots=True)
class UnmentionedRow:
    """A clock of the register that is not in the file."""

    record_id: int
    ref: str
    kind: str
    started_on: date
    state: str


@dataclass(frozen=True, slots=True)
class Unmentioned:
    """How many there are, how many of those are open, and the first of them: open ones first, then by ref."""

    count: int
    open: int
    rows: list[UnmentionedRow]


def list_unmentioned(scope: Scope, mentioned: Collection[Mention]) -> Unmentioned:
    """The clocks within the scope that are not mentioned."""
    clock = DecisionClock
    statement = (
        select(clock.decision_id, clock.ref, clock.kind, clock.started_on, clock.state)
        .where(visible(clock.decision_id, clock.unit_id, clock.mark, scope))
        .order_by(case((clock.state == ClockState.OPEN.value, 0), else_=1), clock.ref, clock.started_on, clock.id)
    )
    count = still_open = 0
    kept: list[UnmentionedRow] = []
    result = db.session.execute(statement, scope.values, execution_options={"yield_per": READ_AT_ONCE})
    for batch in result.partitions():
        for record_id, ref, kind, started_on, state in batch:
            if (ref if kind == ClockKind.DECISION else (ref, started_on)) in mentioned:
                continue
            count += 1
            still_open += state == ClockState.OPEN
            if len(kept) < MOST_KEPT:
                kept.append(UnmentionedRow(record_id, ref, kind, started_on, state))
    return Unmentioned(count, still_open, kept)
