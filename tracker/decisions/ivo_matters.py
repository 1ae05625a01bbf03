"""What IVO or a court has sent about decisions: what waits for an answer, what a decision has had, and noting it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CursorResult, Select, select, update

from tracker.audit import trail
from tracker.database import db, read
from tracker.decisions.ivo_models import IndividualReport, IvoMatter
from tracker.decisions.ivo_sealing import open_outcome, seal_outcome
from tracker.decisions.models import Decision
from tracker.decisions.writing import lock_decisions
from tracker.labels import IVO_TYPE_LABELS, MATTER_LABELS
from tracker.records.numbers import Numbers
from tracker.records.questions import Question
from tracker.records.scope import Scope, visible
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.sending import IvoType, MatterKind, matter_contradictions
from tracker.rules.trail import Action

M, R = IvoMatter, IndividualReport
PERSONAL = frozenset({"outcome", "ivo_ref", "own_ref"})
MOST_OPEN = 50


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """Something that waits for an answer, with the days that are left (below 0: so many days late)."""

    matter_id: int
    record_id: int
    ref: str
    kind: MatterKind
    answer_by: date
    days_left: int


@dataclass(frozen=True, slots=True)
class Matter:
    """What can be said of one matter; days are None and texts empty where there is nothing to say."""

    kind: MatterKind
    received_on: date
    answer_by: date | None = None
    answered_on: date | None = None
    ivo_ref: str = ""
    own_ref: str = ""
    outcome: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns of the table, the outcome in plain."""
        return {
            "kind": self.kind.value, "received_on": self.received_on, "answer_by": self.answer_by,
            "answered_on": self.answered_on, "ivo_ref": self.ivo_ref or None, "own_ref": self.own_ref or None,
            "outcome": self.outcome,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter as it is kept."""

    id: int
    version: int
    matter: Matter


@lru_cache(maxsize=500)
def _open_statement(scope: Scope) -> Select[Any]:
    columns: tuple[Any, ...] = (M.id, M.record_id, Decision.ref, M.kind, M.answer_by)
    seen = visible(Decision.record_id, Decision.unit_id, Decision.mark, scope)
    return (
        select(*columns)
        .join(Decision, Decision.record_id == M.record_id)
        .where(M.answered_on.is_(None), M.answer_by.is_not(None), seen)
        .order_by(M.answer_by, M.id)
        .limit(MOST_OPEN)
    )


@lru_cache(maxsize=500)
def _any_open(scope: Scope) -> Select[Any]:
    return select(select(_open_statement(scope).order_by(None).limit(1).subquery().c.id).scalar_subquery())


def ask_any_open(scope: Scope) -> Question[bool]:
    """Whether anything does."""
    return Question(_any_open(scope), scope.values, lambda row: row[0] is not None)


def list_open(scope: Scope, today: date) -> list[OpenMatter]:
    """What waits for an answer within the reader's scope, the first to be answered first."""
    return [
        OpenMatter(matter_id, record_id, ref, MatterKind(kind), answer_by, (answer_by - today).days)
        for matter_id, record_id, ref, kind, answer_by in read(_open_statement(scope), scope.values)
        if answer_by is not None
    ]


def list_matters(record_id: int) -> list[MatterRow]:
    """What a decision has had from IVO, the latest first; the caller has seen to who may read it."""
    statement = select(M).where(M.record_id == record_id).order_by(M.received_on.desc(), M.id.desc())
    return [_row(found) for found in db.session.scalars(statement)]


def find_matter(record_id: int, matter_id: int) -> MatterRow | None:
    """One matter of a decision."""
    found = db.session.scalar(select(M).where(M.id == matter_id, M.record_id == record_id))
    return _row(found) if found else None


def _row(found: IvoMatter) -> MatterRow:
    matter = Matter(
        MatterKind(found.kind), found.received_on, found.answer_by, found.answered_on, found.ivo_ref or "",
        found.own_ref or "", open_outcome(found.outcome, found.id),
    )  # fmt: skip
    return MatterRow(found.id, found.version, matter)


@dataclass(frozen=True, slots=True)
class SentReport:
    """An individrapport of a decision that has been sent."""

    clock_id: int
    year: int
    number: int
    ivo_type: IvoType
    afterwards: bool
    sent_on: date


def list_sent(record_id: int) -> list[SentReport]:
    """The individrapporter of a decision that have been sent, the latest first."""
    statement = (
        select(R.clock_id, R.year, R.number, R.ivo_type, R.afterwards, R.sent_on)
        .where(R.record_id == record_id, R.sent_on.is_not(None))
        .order_by(R.sent_on.desc(), R.id.desc())
    )
    rows = db.session.execute(statement)
    return [
        SentReport(clock_id, year, number, IvoType(ivo_type), afterwards, sent_on)
        for clock_id, year, number, ivo_type, afterwards, sent_on in rows
        if sent_on is not None
    ]


def timeline_entries(record_id: int) -> list[tuple[date, str]]:
    """(day, Swedish words) of all that has gone to and come from IVO about a decision, the earliest first.

    No free text is among the words. Two statements.
    """
    entries = []
    for sent in list_sent(record_id):
        label = IVO_TYPE_LABELS[sent.ivo_type].lower() + (", i efterhand" if sent.afterwards else "")
        entries.append((sent.sent_on, f"Individrapport sänd till IVO: {label}, kvartal {sent.number} {sent.year}"))
    for row in list_matters(record_id):
        matter = row.matter
        until = f", svara senast {matter.answer_by}" if matter.answer_by else ""
        entries.append((matter.received_on, f"Från IVO: {MATTER_LABELS[matter.kind].lower()}{until}"))
        if matter.answered_on:
            entries.append((matter.answered_on, f"Besvarat till IVO: {MATTER_LABELS[matter.kind].lower()}"))
    return sorted(entries)


class MatterRefused(Exception):
    """The days cannot be; each violation names the field it belongs beside."""

    def __init__(self, violations: list[RuleViolation]) -> None:
        self.violations = violations
        super().__init__(*(violation.code for violation in violations))


def note_matter(record_id: int, matter: Matter, decided_on: date, today: date, now: datetime) -> int:
    """Notes something that has come; gives its number. Raises MatterRefused for days that cannot be."""
    _check(matter, decided_on, today)
    lock_decisions()
    matter_id, columns = Numbers().take(M), matter.columns()
    sealed = columns | {"outcome": seal_outcome(matter.outcome, matter_id)}
    db.session.add(M(id=matter_id, record_id=record_id, version=1, created_at=now, **sealed))
    db.session.flush()
    _note(record_id, {name: (None, value) for name, value in columns.items() if value})
    return matter_id


def change_matter(record_id: int, stored: MatterRow, seen: int, matter: Matter, decided_on: date, today: date) -> None:
    """Notes its answer, or sets right what was wrong. Raises StaleVersion, and MatterRefused as above."""
    _check(matter, decided_on, today)
    lock_decisions()
    columns, before = matter.columns(), stored.matter.columns()
    sealed = columns | {"outcome": seal_outcome(matter.outcome, stored.id)}
    statement = update(M).where(M.id == stored.id, M.version == seen).values(version=seen + 1, **sealed)
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise StaleVersion
    _note(record_id, {name: (before[name], value) for name, value in columns.items() if before[name] != value})


def _check(matter: Matter, decided_on: date, today: date) -> None:
    days = (matter.received_on, matter.answer_by, matter.answered_on)
    violations = list(matter_contradictions(*days, decided_on, today))
    if violations:
        raise MatterRefused(violations)


def _note(record_id: int, changes: Mapping[str, tuple[object, object]]) -> None:
    named = {"matter_kind" if name == "kind" else name: pair for name, pair in changes.items()}
    trail.record(Action.IVO_MATTER_NOTED, record_id=record_id, changes=named, personal=PERSONAL & set(named))
