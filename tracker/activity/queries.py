"""Reading activities: a year's, those of a risk or of a kontrollmoment, one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from tracker.activity.models import Activity
from tracker.database import db
from tracker.records.models import Mark, Record, RecordKind
from tracker.records.scope import Scope, visible, visible_records
from tracker.risk.models import Risk
from tracker.rules.activities import ActivityStatus, is_late, is_unreported

A = Activity
NUMBERED = "A"


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity as lists and reports tell of it. A risk or kontrollmoment that the reader may not see is None."""

    record_id: int
    year: int
    ref: str
    text: str
    responsible: str | None
    due_on: date
    status: ActivityStatus
    done_on: date | None
    analysis: str | None
    in_plan: bool
    risk_id: int | None
    risk_ref: str | None
    moment_id: int | None
    moment_ref: str | None
    late: bool

    @property
    def unreported(self) -> bool:
        """Whether the follow-up cannot tell what came of it."""
        return is_unreported(self.status, self.analysis)


@lru_cache(maxsize=500)
def _activities(scope: Scope, by: str) -> Select[Any]:
    """The activities within a scope whose column `by` is the bound `value`."""
    risk_seen = visible(Risk.record_id, Risk.unit_id, Risk.mark, scope)
    columns: tuple[Any, ...] = (
        A.record_id, A.year, A.ref, A.text, A.responsible, A.due_on, A.status, A.done_on, A.analysis, A.in_plan,
        Risk.record_id, Risk.ref, Record.id, Record.number,
    )  # fmt: skip
    column: ColumnElement[int] = getattr(A, by)
    return (
        select(*columns)
        .select_from(A)
        .outerjoin(Risk, and_(Risk.record_id == A.risk_id, risk_seen))
        .outerjoin(Record, and_(Record.id == A.moment_id, visible_records(scope)))
        .where(column == bindparam("value"), visible(A.record_id, A.unit_id, A.mark, scope))
        .order_by(A.year, A.ref_key, A.ref)
    )


def _found(by: str, value: int, scope: Scope, today: date) -> list[ActivityRow]:
    rows: Iterable[Any] = db.session.execute(_activities(scope, by), scope.values | {"value": value})
    found = []
    for record_id, year, ref, text, responsible, due_on, said, done_on, analysis, in_plan, *pointing in rows:
        risk_id, risk_ref, moment_id, number = pointing
        status = ActivityStatus(said)
        found.append(
            ActivityRow(
                record_id, year, ref, text, responsible, due_on, status, done_on, analysis, in_plan, risk_id, risk_ref,
                moment_id, _ref_of(number) if number else None, is_late(status, due_on, today),
            )
        )  # fmt: skip
    return found


def list_activities(year: int, scope: Scope, today: date) -> list[ActivityRow]:
    """The activities of a year that the reader may see, in the natural order of their refs."""
    return _found("year", year, scope, today)


def list_of_risk(risk_id: int, scope: Scope, today: date) -> list[ActivityRow]:
    """The activities of a risk."""
    return _found("risk_id", risk_id, scope, today)


def list_of_moment(moment_id: int, scope: Scope, today: date) -> list[ActivityRow]:
    """The activities that follow from a kontrollmoment."""
    return _found("moment_id", moment_id, scope, today)


def find_activity(record_id: int, scope: Scope, today: date) -> ActivityRow | None:
    """An activity; None when there is none or the reader may not see it."""
    return next(iter(_found("record_id", record_id, scope, today)), None)


def find_pointed(record_id: int, kind: RecordKind, scope: Scope) -> tuple[int, str] | None:
    """(year, ref) of the risk or kontrollmoment that a new activity is to point at; None when it is not seen."""
    statement = select(Record.number).where(Record.id == record_id, Record.kind == kind.value, visible_records(scope))
    number = db.session.scalar(statement, scope.values)
    if number is None:
        return None
    year, _, ref = number.partition("/")
    return int(year), ref


def next_ref(year: int) -> str:
    """The first of A1, A2 … after all that the year has had, seen or not."""
    refs = db.session.scalars(select(A.ref).where(A.year == year))
    numbers = [int(ref[1:]) for ref in refs if ref[:1] == NUMBERED and ref[1:].isascii() and ref[1:].isdigit()]
    return f"{NUMBERED}{max(numbers, default=0) + 1}"


def activities_content(year: int, *, given: bool = False) -> list[dict[str, Any]]:
    """What the plan holds of activities, whoever may see them, for a version of it; `given`: only those that the
    committee has been given. What is voided is no part of it.
    """
    statement = (
        select(A.record_id, A.ref, Risk.ref, Record.number, A.text, A.responsible, A.due_on)
        .select_from(A)
        .outerjoin(Risk, Risk.record_id == A.risk_id)
        .outerjoin(Record, Record.id == A.moment_id)
        .where(A.year == year, A.mark != Mark.VOIDED.value)
        .order_by(A.ref_key, A.ref)
    )
    if given:
        statement = statement.where(A.in_plan)
    return [
        {
            "record_id": record_id, "ref": ref, "risk_ref": risk_ref, "moment_ref": number and _ref_of(number),
            "text": text, "responsible": responsible, "due_on": due_on.isoformat(),
        }
        for record_id, ref, risk_ref, number, text, responsible, due_on in db.session.execute(statement)
    ]  # fmt: skip


def _ref_of(number: str) -> str:
    """`2026/K1` → `K1`."""
    return number.partition("/")[2]
