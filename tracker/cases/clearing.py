"""Gallring of cases: what tells of a person goes for good, what is counted stays. The only writer of it.

Gone: words, comments, who reported, whom it concerned, who was touched, codes, files, the texts of actions that belong
to nothing else, to whom it was handed over, diarienummer, what IVO wrote, and what is being typed on the case's pages.
In the trail the keys of the record and of those actions are destroyed: the values stay bound into the chain, and nobody
opens them.
Staying: number, unit, days, category, degree, state, the steps with their days, and who may see the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from tracker.accounts.drafts import remove_below
from tracker.accounts.models import Installation
from tracker.actions.forgetting import forget_texts
from tracker.audit import trail
from tracker.audit.keys import destroy_key
from tracker.cases.code_models import CaseCode
from tracker.cases.mas_models import LexMaria
from tracker.cases.models import CaseConcerned, CasePerson, CaseReporter, CaseStepTaken, CaseText, LexSarahReport
from tracker.cases.provider_models import CaseHandover
from tracker.cases.registers import CaseRegister
from tracker.cases.retention import DueCase, kept_months, list_due, seen_as
from tracker.cases.retention_models import REASON, CaseClearing, CaseRetention, ClearedCase
from tracker.cases.services import PERSON_NUMBER
from tracker.database import db, overwrite_deleted, scrub_search
from tracker.records.attachments import forget_files
from tracker.records.models import Record, RecordKind
from tracker.records.numbers import Numbers
from tracker.records.scope import Scope
from tracker.records.versions import StaleVersion
from tracker.records.yearly import lock_table
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.retention import LONGEST_DECISION, MOST_AT_ONCE, check_decision, check_months
from tracker.rules.trail import Action, TargetKind
from tracker.vault import vault

PAGES = ("/avvikelser", "/lex-sarah", "/synpunkter", "/rapportera")
FORGOTTEN = (
    "what", "comment", "told", "persons", "reporter", "name", "receiver", "case_number", "ivo_case_number",
    "ivo_outcome",
)  # fmt: skip
QUIET = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Basis:
    """What a gallring rests on: the committee's decision, its day and § or diarienummer, and why now."""

    decided_on: date | None
    decision: str
    reason: str


def set_kept_months(wanted: Mapping[RecordKind, int | None]) -> None:
    """Sets for how many months kinds of cases are kept, None for always, within the caller's transaction and under its
    lock. Raises RuleViolation, field the kind's, for no such time.
    """
    before, changes = kept_months(), dict[str, tuple[object, object]]()
    for kind, months in wanted.items():
        try:
            check_months(months)
        except RuleViolation as violation:
            raise RuleViolation(violation.code, violation.message, kind.value) from None
        if before.get(kind) == months:
            continue
        db.session.execute(delete(CaseRetention).where(CaseRetention.kind == kind.value), execution_options=QUIET)
        db.session.execute(insert(CaseRetention).values(kind=kind.value, months=months))
        changes[f"kept_months.{kind.value}"] = (before.get(kind), months)
    if changes:
        number = db.session.scalars(select(Installation.id)).first() or 1
        trail.record(Action.INSTALLATION_CHANGED, target=(TargetKind.INSTALLATION, number), changes=changes)


def clear_cases(
    register: CaseRegister, scope: Scope, seen: str, basis: Basis, by: int, now: datetime, today: date
) -> int:  # fmt: skip
    """Gallrar the cases of a register that are due today and were seen (`seen` as `seen_as` gave it), within the
    caller's transaction; gives how many.

    Raises StaleVersion when they are not those that are due now, RuleViolation without the decision that it rests on.
    """
    check_decision(basis.decided_on, basis.decision, basis.reason, today)
    for name in ("decision", "reason"):
        if holds_person_number(getattr(basis, name)):
            raise RuleViolation("person_number", PERSON_NUMBER, name)
    if len(basis.decision) > LONGEST_DECISION:
        raise RuleViolation("decision_long", f"Skriv högst {LONGEST_DECISION} tecken.", "decision")
    overwrite_deleted()
    lock_table(register.model)  # as an import does: neither writes what the other has read past
    due = list_due(register, scope, today, MOST_AT_ONCE)
    ids = [case.record_id for case in due]
    db.session.execute(select(Record.id).where(Record.id.in_(ids)).order_by(Record.id).with_for_update())
    months = kept_months().get(register.kind)
    if not due or months is None or seen_as(list_due(register, scope, today, MOST_AT_ONCE)) != seen:
        raise StaleVersion
    clearing_id = Numbers().take(CaseClearing)
    clearing = CaseClearing(
        id=clearing_id, kind=register.kind.value, months=months, decided_on=basis.decided_on, decision=basis.decision,
        reason=vault.encrypt(basis.reason, clearing_id, REASON), cases=len(due), done_on=today, done_at=now,
        done_by=by,
    )  # fmt: skip
    db.session.add(clearing)
    db.session.flush()
    for case in due:
        _clear(case, clearing_id, basis, now)
    scrub_search()
    return len(due)


def _clear(case: DueCase, clearing_id: int, basis: Basis, now: datetime) -> None:
    record_id = case.record_id
    db.session.execute(insert(ClearedCase).values(record_id=record_id, clearing_id=clearing_id))
    for model in (CaseText, CaseReporter, CaseConcerned, CasePerson, CaseCode):
        db.session.execute(delete(model).where(model.record_id == record_id), execution_options=QUIET)
    forget_files(record_id)
    statements = (
        update(CaseStepTaken).where(CaseStepTaken.record_id == record_id).values(comment=None),
        update(LexSarahReport)
        .where(LexSarahReport.record_id == record_id)
        .values(ivo_outcome=None, ivo_case_number=None),
        update(LexMaria).where(LexMaria.record_id == record_id).values(number=None, notified_by=""),
        update(CaseHandover).where(CaseHandover.record_id == record_id).values(receiver=""),
        update(Record).where(Record.id == record_id).values(case_number=None, version=Record.version + 1),
    )
    for statement in statements:
        db.session.execute(statement, execution_options=QUIET)
    forget_texts(record_id, select(ClearedCase.record_id), basis.reason, now)
    remove_below([f"{page}/{record_id}" for page in PAGES])
    destroy_key(record_id, now)
    changes: dict[str, tuple[object, object]] = dict.fromkeys(FORGOTTEN, (None, None))
    changes |= {"decided_on": (None, basis.decided_on), "decision": (None, basis.decision)}
    trail.record(Action.RECORD_FORGOTTEN, record_id=record_id, changes=changes, reason=basis.reason)
