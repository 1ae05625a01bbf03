"""Reading one case: its row, its steps, who reported it, and what its next step looks at."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from tracker.accounts.models import User
from tracker.actions.queries import standing_of
from tracker.cases.mas import seen_by
from tracker.cases.models import (
    COMMENT,
    CONTACT,
    REFERENCE,
    CaseInvestigator,
    CasePerson,
    CaseReporter,
    CaseStepTaken,
    CaseText,
)
from tracker.cases.registers import CaseRegister, Stored
from tracker.cases.retention import is_cleared
from tracker.cases.retention_models import ClearedCase
from tracker.cases.texts import INVESTIGATION, SECTION_LABELS
from tracker.database import db
from tracker.records.models import Record, RecordKind
from tracker.records.scope import Scope
from tracker.rules.case_workflow import Assessment, CaseFacts, CaseState, CaseStep
from tracker.vault import vault


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of a case: on which day, when it was written, by whom (None: a file or somebody outside), and why."""

    step: CaseStep
    from_state: CaseState | None
    to_state: CaseState
    on_day: date
    taken_at: datetime
    taken_by: str | None
    comment: str


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported a case: a user, or what somebody left. Both None: anonymous."""

    user_id: int | None
    name: str | None
    contact: str | None
    told_on: date | None

    @property
    def unreachable(self) -> bool:
        """Whether nothing can be sent to them."""
        return self.user_id is None and self.contact is None


def find_case(register: CaseRegister, record_id: int, scope: Scope) -> Stored | None:
    """The row of a case, with `version` and `number` of its record, and `clearing_id`, by which gallring it went (None:
    by none); None when the reader may not see it.
    """
    c = register.model
    statement = (
        select(*c.__table__.c, Record.version, Record.number, Record.kind.label("record_kind"), ClearedCase.clearing_id)
        .join(Record, Record.id == c.record_id)
        .outerjoin(ClearedCase, ClearedCase.record_id == c.record_id)
        .where(c.record_id == record_id, seen_by(c, scope))
    )
    row = db.session.execute(statement, scope.values).mappings().first()
    return dict(row) if row else None


def list_steps(record_id: int, newest: int | None = None) -> list[StepTaken]:
    """The steps of a case, the first first; only so many of the newest where `newest` is given."""
    c = CaseStepTaken
    statement = (
        select(c.id, c.step, c.from_state, c.to_state, c.on_day, c.taken_at, User.name, c.comment)
        .outerjoin(User, User.id == c.taken_by)
        .where(c.record_id == record_id)
        .order_by(c.id.desc())
        .limit(newest)
    )
    return [_step(row) for row in reversed(db.session.execute(statement).all())]


def _step(row: Any) -> StepTaken:  # noqa: ANN401 - a row of the statement above
    step_id, step, start, end, on_day, taken_at, name, sealed = row
    comment = vault.decrypt(sealed, step_id, COMMENT) if sealed else ""
    start = CaseState(start) if start else None
    return StepTaken(CaseStep(step), start, CaseState(end), on_day, taken_at, name, comment)


def find_reporter(record_id: int) -> Reporter | None:
    """Who reported; None when nothing is kept of it (the case came in a file). The caller sees to who may know."""
    row = db.session.execute(
        select(CaseReporter, User.name)
        .outerjoin(User, User.id == CaseReporter.user_id)
        .where(CaseReporter.record_id == record_id)
    ).first()
    if row is None:
        return None
    found, name = row
    contact = vault.decrypt(found.contact, record_id, CONTACT) if found.contact else None
    return Reporter(found.user_id, name, contact, found.told_on)


def own_case_number(record_id: int) -> str:
    """The number of a case in the committee's diarium; empty when it has none."""
    return db.session.scalar(select(Record.case_number).where(Record.id == record_id)) or ""


def list_persons(record_id: int) -> list[str]:
    """The references of those who were touched."""
    rows = db.session.scalars(select(CasePerson).filter_by(record_id=record_id).order_by(CasePerson.id))
    return [vault.decrypt(row.reference, row.id, REFERENCE) for row in rows]


def list_investigators(record_id: int) -> dict[int, str]:
    """User → name of those who investigate a case, or have."""
    statement = (
        select(User.id, User.name)
        .join(CaseInvestigator, CaseInvestigator.user_id == User.id)
        .where(CaseInvestigator.record_id == record_id)
        .order_by(User.name, User.id)
    )
    return {user_id: name for user_id, name in db.session.execute(statement)}  # noqa: C416 - rows are no pairs


def facts_of(register: CaseRegister, row: Stored, *, cleared: bool | None = None) -> CaseFacts:
    """What the next step of a case looks at; `cleared`: whether it has been gallrat, asked for where it is not told."""
    record_id, state = row["record_id"], CaseState(row["state"])
    actions = standing_of(record_id)
    facts = CaseFacts(
        state, undecided=actions.undecided, open_actions=actions.open, unchecked=actions.unchecked,
        cleared=is_cleared(record_id) if cleared is None else cleared,
    )  # fmt: skip
    if register.kind is RecordKind.DEVIATION:
        needed = {"Kategori": row["category_id"], "Orsaksområde": row["cause_id"]}
        return replace(facts, lacking=tuple(label for label, value in needed.items() if value is None))
    if register.kind is not RecordKind.LEX_SARAH:
        return facts
    written = set(db.session.scalars(select(CaseText.section).filter_by(record_id=record_id)))
    opened, told = _taken_since(record_id, CaseStep.REOPEN), _taken_since(record_id, CaseStep.REOPEN, CaseStep.DECIDE)
    reporter = db.session.get(CaseReporter, record_id)
    anonymous = reporter is None or (reporter.user_id is None and reporter.contact is None)
    return replace(
        facts,
        assessment=Assessment(row["assessment"]) if row["assessment"] else None,
        investigators=frozenset(db.session.scalars(select(CaseInvestigator.user_id).filter_by(record_id=record_id))),
        lacking=tuple(SECTION_LABELS[section] for section in INVESTIGATION if section.value not in written),
        ivo_notified=row["ivo_notified_on"] is not None,
        ivo_complete=row["ivo_investigation_sent_on"] is not None,
        person_informed=CaseStep.INFORM_PERSON.value in opened,
        reporter_told=anonymous or CaseStep.TELL_REPORTER.value in told,
    )


def _taken_since(record_id: int, *steps: CaseStep) -> set[str]:
    """The steps that a case has taken since it last took one of some: what came of it is told anew."""
    c = CaseStepTaken
    last = select(func.max(c.id)).where(c.record_id == record_id, c.step.in_([step.value for step in steps]))
    since = c.id > func.coalesce(last.scalar_subquery(), 0)
    return set(db.session.scalars(select(c.step).where(c.record_id == record_id, since)))
