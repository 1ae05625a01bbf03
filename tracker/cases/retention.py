"""How long is each kind of case kept, which are due today, and what has been gallrat?"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, or_, select

from tracker import clock
from tracker.accounts.models import User
from tracker.accounts.reader import Reader
from tracker.actions.models import ActionItem, ActionSource
from tracker.cases.access import whole_scope
from tracker.cases.models import CaseStepTaken, LexSarahReport
from tracker.cases.registers import LEX_SARAH, CaseRegister
from tracker.cases.retention_models import CaseClearing, CaseRetention, ClearedCase
from tracker.database import db
from tracker.records.attachment_models import Attachment
from tracker.records.models import Mark, Record, RecordKind
from tracker.records.scope import Scope, visible
from tracker.rules.case_workflow import ENDED
from tracker.rules.permissions import Permission
from tracker.rules.retention import KeptCase, last_kept_from

DAY = timedelta(days=1)
VOIDED: ColumnElement[int] = literal_column(str(Mark.VOIDED.value))


class DueCase(NamedTuple):
    """A case that is to be gallrat: closed on `ended_on`, last noted in on `last_on`; `version` is its record's."""

    record_id: int
    number: str
    ended_on: date
    last_on: date
    version: int


class Clearing(NamedTuple):
    """A gallring that has been done: how many cases of a kind, by which decision, when and by whom."""

    kind: RecordKind
    cases: int
    decided_on: date
    decision: str
    done_on: date
    done_by: str


def kept_months() -> dict[RecordKind, int | None]:
    """Kind → for how many months its cases are kept after their last note; those that lack are kept always."""
    return {RecordKind(row.kind): row.months for row in db.session.scalars(select(CaseRetention))}


def clearing_scope(register: CaseRegister, reader: Reader) -> Scope:
    """Which cases of a register the reader may gallra: those that they read the whole of, within their role's units."""
    return replace(whole_scope(register, reader), reach=reader.reach(Permission.FORGET_PERSONS))


def list_due(register: CaseRegister, scope: Scope, today: date, most: int) -> list[DueCase]:
    """The cases that are to be gallrat as of today, those that were closed first first, at most so many."""
    months = kept_months().get(register.kind)
    if months is None:
        return []
    c = register.model
    last_step = select(func.max(CaseStepTaken.on_day)).where(CaseStepTaken.record_id == c.record_id)
    last_file = select(func.max(Attachment.added_at)).where(Attachment.record_id == c.record_id)
    statement = (
        select(c.record_id, Record.number, Record.version, _ended(c), last_file.scalar_subquery(),
               last_step.scalar_subquery(), *_noted(register))
        .join(Record, Record.id == c.record_id)
        .where(*_due(register, months, today), visible(c.record_id, c.unit_id, c.mark, scope))
        .order_by(_ended(c), c.record_id)
        .limit(most)
    )  # fmt: skip
    rows = db.session.execute(statement, scope.values)
    return [_due_case(*row) for row in rows]


def _due_case(
    record_id: int, number: str, version: int, ended_on: date, last_file: datetime | None, *noted_on: date | None
) -> DueCase:  # fmt: skip
    added_on = None if last_file is None else clock.day_of(last_file)
    last_on = KeptCase(ended_on, noted_on=(*noted_on, added_on)).last_on
    return DueCase(record_id, number, ended_on, last_on or ended_on, version)


def count_due(register: CaseRegister, scope: Scope, today: date) -> int:
    """How many cases are to be gallrat as of today."""
    months = kept_months().get(register.kind)
    if months is None:
        return 0
    c = register.model
    statement = (
        select(func.count())
        .select_from(c)
        .join(Record, Record.id == c.record_id)
        .where(*_due(register, months, today), visible(c.record_id, c.unit_id, c.mark, scope))
    )
    return db.session.scalar(statement, scope.values) or 0


def _ended(c: Any) -> ColumnElement[date]:  # noqa: ANN401 - any of the registers
    """The day a case was closed; of an answered synpunkt, the day of its last step."""
    return func.coalesce(c.closed_on, c.moved_on)


def _noted(register: CaseRegister) -> list[Any]:
    """The columns with days on which something was noted, beside its steps and its files."""
    c = register.model
    return [c.moved_on, LexSarahReport.ivo_decided_on] if register is LEX_SARAH else [c.moved_on]


def _due(register: CaseRegister, months: int, today: date) -> list[ColumnElement[bool]]:
    """What `rules.retention.is_due` asks for, over a register and `record`. What became a lex Sarah-rapport is gallrat
    as that.
    """
    c = register.model
    undone = exists().where(
        ActionSource.record_id == c.record_id, ActionItem.record_id == ActionSource.action_id,
        ActionItem.done_on.is_(None), ActionItem.mark < VOIDED,
    )  # fmt: skip
    last = last_kept_from(months, today)
    stepped = exists().where(CaseStepTaken.record_id == c.record_id, CaseStepTaken.on_day > last)
    filed = exists().where(Attachment.record_id == c.record_id, Attachment.added_at >= clock.start_of(last + DAY))
    wanted: list[ColumnElement[bool]] = [
        Record.kind == register.kind.value, c.state.in_([state.value for state in ENDED]), c.mark < VOIDED,
        _ended(c) <= last, ~stepped, ~filed, ~undone, ~exists().where(ClearedCase.record_id == c.record_id),
    ]  # fmt: skip
    wanted += [or_(day.is_(None), day <= last) for day in _noted(register)]
    if register is LEX_SARAH:
        wanted.append(~and_(LexSarahReport.ivo_notified_on.is_not(None), LexSarahReport.ivo_decided_on.is_(None)))
    return wanted


def seen_as(due: Iterable[DueCase]) -> str:
    """What tells whether the cases that somebody saw are those that stand there now."""
    return hashlib.sha256(repr([(case.record_id, case.version) for case in due]).encode()).hexdigest()[:16]


def is_cleared(record_id: int) -> bool:
    """Whether a case has been gallrat."""
    return db.session.get(ClearedCase, record_id) is not None


def cleared_among(record_ids: Iterable[int]) -> set[int]:
    """Which of some cases have been gallrat."""
    return set(db.session.scalars(select(ClearedCase.record_id).where(ClearedCase.record_id.in_(list(record_ids)))))


def find_clearing(record_id: int) -> Clearing | None:
    """The gallring of a case; None when it has not been gallrat."""
    of_case = _CLEARINGS.join(ClearedCase, ClearedCase.clearing_id == CaseClearing.id)
    row = db.session.execute(of_case.where(ClearedCase.record_id == record_id)).first()
    return _clearing(*row) if row else None


def list_clearings(most: int = 50) -> list[Clearing]:
    """What has been gallrat, the newest first."""
    return [_clearing(*row) for row in db.session.execute(_CLEARINGS.order_by(CaseClearing.id.desc()).limit(most))]


_CLEARINGS = select(
    CaseClearing.kind, CaseClearing.cases, CaseClearing.decided_on, CaseClearing.decision, CaseClearing.done_on,
    User.name,
).join(User, User.id == CaseClearing.done_by)  # fmt: skip


def _clearing(kind: str, *told: Any) -> Clearing:  # noqa: ANN401 - the columns above
    return Clearing(RecordKind(kind), *told)
