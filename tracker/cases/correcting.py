"""Putting the days, the law, the kind and the unit of a case right, with a reason; its own words never change."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.actions.protecting import move_with_source
from tracker.audit import trail
from tracker.cases.missed import retell_corrected
from tracker.cases.models import CaseStepTaken
from tracker.cases.registers import LEX_SARAH, CaseRegister, Stored
from tracker.cases.retention import is_cleared
from tracker.cases.services import NEEDS_COMMENT, NEEDS_DAY, PERSON_NUMBER, PERSONAL, note_step
from tracker.database import db
from tracker.records.models import Record
from tracker.records.versions import raise_version
from tracker.rules.calendar import in_words
from tracker.rules.case_days import check_sent
from tracker.rules.case_workflow import CaseFacts, CaseKind, CaseState, CaseStep, check_step
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.trail import Action

# Column → the field of the form, which is the column in files as well, and what it is called in a sentence.
DAYS = {
    "happened_on": ("handelsedatum", "hände"),
    "noticed_on": ("uppmarksammad", "uppmärksammades"),
    "reported_on": ("rapporterad", "rapporterades"),
    "received_on": ("mottagen", "mottogs"),
    "completed_on": ("utredd", "utredningen klar"),
    "decided_on": ("beslutad", "beslutades"),
    "answered_on": ("besvarad", "besvarades"),
    "closed_on": ("avslutad", "avslutades"),
    "ivo_notified_on": ("ivo_anmald", "anmäldes till IVO"),
    "ivo_investigation_sent_on": ("ivo_utredning_sand", "utredningen till IVO"),
    "ivo_decided_on": ("ivo_beslut", "IVO:s beslut"),
}
CHOSEN = {"law": ("lagrum", "lagrum"), "kind": ("typ", "typ")}
MAY_LACK = frozenset({"happened_on", "noticed_on"})  # the others are set by a step, and can only be put right
TAKEN_BACK = frozenset({"ivo_notified_on", "ivo_investigation_sent_on", "ivo_decided_on"})  # written in the wrong case
AFTER_STEP = "{} ligger efter {}, då nästa steg togs. Rätta dagen."
NO_UNIT = "Välj en enhet."


def correctable(register: CaseRegister, row: Stored) -> list[str]:
    """The columns of a case that can be put right: its days, if they may lack or are set; for a lex Sarah-rapport the
    law, for a synpunkt its kind. An avvikelse's law and kind are part of what is found out of it.
    """
    days = [name for name in DAYS if name in row and (name in MAY_LACK or row[name] is not None)]
    kind = CaseKind(register.kind.value)
    return days + {CaseKind.LEX_SARAH: ["law"], CaseKind.COMPLAINT: ["kind"], CaseKind.DEVIATION: []}[kind]


def correct_case(
    register: CaseRegister, row: Stored, seen: int, said: Mapping[str, Any], reason: str, actor_id: int, now: datetime,
    today: date,
) -> bool:  # fmt: skip
    """Puts a case right within the caller's transaction; `said`: columns of `correctable`, and `unit_id`. False:
    nothing differs. What follows from its days is worked out anew; the correction is a step of its own in the case.

    Raises StaleVersion when somebody else has changed the case since; RuleViolation, at the form's field, for days that
    contradict each other or what has been done since, for a day taken away, and without a reason.
    """
    record_id = row["record_id"]
    facts = CaseFacts(CaseState(row["state"]), cleared=is_cleared(record_id))
    check_step(CaseKind(register.kind.value), CaseStep.CORRECT, facts, actor_id)
    _check_reason(reason)
    may = {*correctable(register, row), "unit_id"}
    after = {name: row[name] for name in register.columns} | {
        name: value for name, value in said.items() if name in may
    }
    for name in may & DAYS.keys() - MAY_LACK - TAKEN_BACK:
        if after[name] is None:
            raise RuleViolation("day", NEEDS_DAY, DAYS[name][0])
    if after["unit_id"] is None:
        raise RuleViolation("unit", NO_UNIT, "enhet")
    for violation in register.wrong(after, today):
        raise violation
    sent = after.get("ivo_investigation_sent_on")
    if sent is not None and sent != row["ivo_investigation_sent_on"]:
        check_sent(sent, after["completed_on"], DAYS["ivo_investigation_sent_on"][0])
    register.settle(after)
    _check_first_step(register, after)
    changed = {name: (row[name], value) for name, value in after.items() if value != row[name]}
    if not changed:
        return False
    raise_version(record_id, seen)
    if "unit_id" in changed:  # every register that the case stands in goes along, by its key
        db.session.execute(
            update(Record).where(Record.id == record_id).values(unit_id=after["unit_id"]),
            execution_options={"synchronize_session": False},
        )
        move_with_source(record_id, row["unit_id"], after["unit_id"])
    values = {name: value for name, (_, value) in changed.items() if name != "unit_id"}
    if values:
        db.session.execute(
            update(register.model).where(register.model.record_id == record_id).values(values),
            execution_options={"synchronize_session": False},
        )
    state = CaseState(row["state"])
    comment = f"{_in_words(changed)}\n{reason}"
    note_step(record_id, CaseStep.CORRECT, state, state, today, comment, actor_id, now)
    told: dict[str, tuple[object, object]] = {"step": (None, CaseStep.CORRECT.value)}
    told |= {name: pair for name, pair in changed.items() if name not in {"listed_on", "target_on", "due_on"}}
    trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=told, personal=PERSONAL, reason=reason)
    retell_corrected(register, row | after, changed.keys(), actor_id, now, today)
    return True


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleViolation("comment", NEEDS_COMMENT, "reason")
    if holds_person_number(reason):
        raise RuleViolation("person_number", PERSON_NUMBER, "reason")


def _check_first_step(register: CaseRegister, after: Stored) -> None:
    """No step of a case is to lie before it came."""
    c, record_id = CaseStepTaken, after["record_id"]
    beside = [CaseStep.CORRECT.value] + ([CaseStep.RECEIVE.value] if register is LEX_SARAH else [])  # its own column
    became = select(func.max(c.id)).where(c.record_id == record_id, c.step == CaseStep.MAKE_LEX_SARAH.value)
    since = c.id > func.coalesce(became.scalar_subquery(), 0)  # what it was before has its own days
    first = db.session.scalar(select(func.min(c.on_day)).where(c.record_id == record_id, since, c.step.not_in(beside)))
    if first is not None and after["listed_on"] > first:
        column = next(name for name in ("received_on", "reported_on") if after.get(name) == after["listed_on"])
        raise RuleViolation("order", AFTER_STEP.format(after["listed_on"], first), DAYS[column][0])


def _in_words(changed: Mapping[str, tuple[Any, Any]]) -> str:
    """`Rättat: hände 2 mars 2026 → 3 mars 2026; enhet Norr → Söder.`"""
    told = []
    for name, (_, words) in (DAYS | CHOSEN).items():
        if name in changed:
            before, after = changed[name]
            told.append(f"{words} {_said(before, 'saknades')} → {_said(after, 'inget')}")
    if "unit_id" in changed:
        names = {unit.id: unit.name for unit in kept_units(EVERYTHING)}
        told.append(f"enhet {' → '.join(names[unit_id] for unit_id in changed['unit_id'])}")
    return f"Rättat: {'; '.join(told)}."


def _said(value: date | str | None, nothing: str) -> str:
    if value is None:
        return nothing
    return in_words(value) if isinstance(value, date) else value
