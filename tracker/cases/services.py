"""Writing cases: what is reported, and each step that is taken. The only writer beside the import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from tracker import clock
from tracker.audit import trail
from tracker.cases.code_models import CaseOrigin
from tracker.cases.concerned import close_to
from tracker.cases.handing_over import hand_over, note_answer
from tracker.cases.models import (
    COMMENT,
    CONTACT,
    REFERENCE,
    CaseInvestigator,
    CasePerson,
    CaseReporter,
    CaseSeries,
    CaseStepTaken,
    Deviation,
    LexSarahReport,
)
from tracker.cases.nearness import check_near
from tracker.cases.registers import LEX_SARAH, CaseRegister, Stored, set_state
from tracker.cases.single import facts_of
from tracker.cases.texts import Section, newest_words, write_words
from tracker.cases.words import ANSWER_LABELS
from tracker.database import db, insert_if_new
from tracker.records.codes import register_code_use
from tracker.records.models import Access, CodeList, GrantKind, Record, RecordGrant, RecordKind
from tracker.records.numbers import Numbers
from tracker.records.versions import raise_version
from tracker.rules.case_days import check_sent, check_step_day
from tracker.rules.case_workflow import Assessment, CaseKind, CaseState, CaseStep, StepRow, check_step, moved
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.lex_sarah import IvoAnswer
from tracker.rules.trail import Action
from tracker.vault import vault

register_code_use(CodeList.DEVIATION_CATEGORY, Deviation.category_id, "avvikelse", "avvikelser")
register_code_use(CodeList.DEVIATION_CAUSE, Deviation.cause_id, "avvikelse", "avvikelser")
LONGEST_NUMBER = 60
NUMBER_LONG = f"Skriv IVO:s diarienummer med högst {LONGEST_NUMBER} tecken, och inget annat."
PERSONAL = frozenset({
    "comment", "investigator", "told", "what", "where", "at_once", "suggestion", "answer", "persons",
    "causes", "ivo_outcome", "ivo_case_number", "case_number", "receiver",
})  # fmt: skip
NEEDS_DAY = "Skriv dagen som 2026-03-31."
NEEDS_COMMENT = "Skriv varför, så att nästa person förstår."
NEEDS_ASSESSMENT = "Välj en bedömning."
NEEDS_MOTIVATION = "Skriv vad bedömningen grundas på."
NEEDS_INVESTIGATOR = "Välj vem som ska utreda."
PERSON_NUMBER = "Texten ser ut att innehålla ett personnummer. Skriv utan det."
TAKEN = "Numret finns redan bland lex Sarah-rapporterna. Läs in eller skriv rapporten för sig."


@dataclass(frozen=True, slots=True)
class Given:
    """What a step is taken with: its day, why, and what the row of the table asks for beside that. `confirmed_near`:
    that somebody stands near the case has been weighed; `knows_reporter`: who takes the step may know who reported;
    `cause_id`: why a synpunkt is answered too late.
    """

    day: date | None = None
    comment: str = ""
    assessment: Assessment | None = None
    motivation: str = ""
    investigator_id: int | None = None
    confirmed_near: bool = False
    knows_reporter: bool = False
    cause_id: int | None = None
    other: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports: in which register, of which unit, when it happened, what is said under the headings, and
    who was touched (references). `columns`: what else the register holds of it. `person_numbers`: its words may hold
    one, as those of somebody from outside do. `entered_by`: the employee who writes what came by letter or telephone,
    and has received it with that. `origin_id`: the synpunkt that a lex Sarah-rapport comes from. `closed_to`: the users
    whom it concerns.
    """

    register: CaseRegister
    unit_id: int
    happened_on: date | None
    words: Mapping[Section, str]
    persons: tuple[str, ...] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)
    person_numbers: bool = False
    entered_by: int | None = None
    origin_id: int | None = None
    closed_to: frozenset[int] = frozenset()


def report_case(report: Report, reporter_id: int | None, contact: str, now: datetime, today: date) -> tuple[int, str]:
    """Takes a report in within the caller's transaction; gives its record and its number.

    The trail tells that it came, and of whom only under the record's own key. Raises RuleViolation for a day in the
    future and for a text with a personnummer.
    """
    register = report.register
    for section, words in report.words.items():
        if holds_person_number(words) and not report.person_numbers:
            raise RuleViolation("person_number", PERSON_NUMBER, section.value)
    number = next_number(register.kind, register.prefix, today.year)
    record_id = Numbers().take(Record)
    row: Stored = dict.fromkeys(register.columns) | {"record_id": record_id, "unit_id": report.unit_id, "ref": number}
    row |= {"mark": 0, "happened_on": report.happened_on, "moved_on": today} | dict(report.columns)
    if register.kind is RecordKind.COMPLAINT:
        row["received_on"] = row["received_on"] or today
    else:
        row["reported_on"] = today
    for violation in register.wrong(row, today):
        raise violation
    register.settle(row)
    set_state(row, CaseState.REPORTED if report.entered_by is None else CaseState.RECEIVED)
    db.session.add(
        Record(
            id=record_id, kind=register.kind.value, number=number, title=f"{register.noun} {number}",
            unit_id=report.unit_id, access=Access.ORDINARY.value, created_at=now,
        )
    )  # fmt: skip
    db.session.flush()
    db.session.execute(insert(register.model).values(row))
    for section, words in report.words.items():
        if words:
            write_words(record_id, section, words, report.entered_by, now)
    for reference in report.persons:
        _add_person(record_id, reference)
    if report.origin_id is not None:
        db.session.add(CaseOrigin(record_id=record_id, from_id=report.origin_id))
    sealed = vault.encrypt(contact, record_id, CONTACT) if contact else None
    db.session.add(CaseReporter(record_id=record_id, user_id=reporter_id, contact=sealed))
    db.session.flush()
    said = {section.value: (None, words) for section, words in report.words.items() if words}
    changes: dict[str, tuple[object, object]] = {"number": (None, number), **said}
    changes |= close_to(record_id, report.closed_to, now)
    if report.entered_by is not None:
        trail.record(Action.RECORD_CREATED, record_id=record_id, changes=changes, personal=set(said))
    else:
        trail.record_report(
            Action.RECORD_CREATED, record_id=record_id, anonymous=reporter_id is None, changes=changes,
            personal=set(said),
        )  # fmt: skip
    return record_id, number


def _add_person(record_id: int, reference: str) -> None:
    if holds_person_number(reference):
        raise RuleViolation("person_number", PERSON_NUMBER, "persons")
    person_id = Numbers().take(CasePerson)
    sealed = vault.encrypt(reference, person_id, REFERENCE)
    db.session.add(CasePerson(id=person_id, record_id=record_id, reference=sealed))
    db.session.flush()


def next_number(kind: RecordKind, prefix: str, year: int) -> str:
    """The next free number of the year, `A-2026-0001`; of two who report at once one waits for the other here."""
    key = {"kind": kind.value, "year": year}
    db.session.execute(insert_if_new(CaseSeries), [key | {"last": 0}])
    series = db.session.scalars(select(CaseSeries).filter_by(**key).with_for_update()).one()
    while True:
        series.last += 1
        number = f"{prefix}-{year}-{series.last:04}"
        taken = select(Record.id).where(Record.kind == kind.value, Record.number == number)
        if db.session.scalar(taken) is None:
            db.session.flush()
            return number


def take_step(
    register: CaseRegister, row: Stored, seen: int, step: CaseStep, given: Given, actor_id: int, now: datetime,
    today: date,
) -> CaseState:  # fmt: skip
    """Takes a step with a case within the caller's transaction; `row` as `find_case` gave it to somebody who may take
    it. Gives the state it leads to.

    Raises StaleVersion when somebody else has changed the case since, RuleViolation (with its field) when it may not
    be taken or something that it needs lacks.
    """
    record_id = row["record_id"]
    raise_version(record_id, seen)
    table = check_step(CaseKind(register.kind.value), step, facts_of(register, row), actor_id)
    _check_given(table, given)
    near = check_near(
        row, step, given.investigator_id or actor_id, today, knows_reporter=given.knows_reporter,
        confirmed=given.confirmed_near,
    )  # fmt: skip
    day = given.day if table.day and given.day else today
    check_step_day(day, row["listed_on"], today, _moved_on(register, record_id) if table.end else None)
    if step is CaseStep.SUPPLEMENT_IVO:
        check_sent(day, row["completed_on"], "day")
    after = {name: row[name] for name in register.columns}
    _settle_step(after, step, given, day, today)
    for violation in register.wrong(after, today):
        raise RuleViolation(violation.code, violation.message[:1].upper() + violation.message[1:], "day")
    register.settle(after)
    state = table.end or CaseState(row["state"])
    set_state(after, state)
    after["moved_on"] = max(today, row["moved_on"])
    changed = {name: (row[name], value) for name, value in after.items() if value != row[name]}
    model = register.model
    if changed:
        values = {name: value for name, (_, value) in changed.items()}
        db.session.execute(
            update(model).where(model.record_id == record_id).values(values),
            execution_options={"synchronize_session": False},
        )
    if step is CaseStep.ASSIGN and given.investigator_id is not None:
        _assign(record_id, given.investigator_id, actor_id, now)
    if step is CaseStep.ANSWER:
        write_words(record_id, Section.ANSWER, given.comment, actor_id, now)
    if step is CaseStep.TELL_REPORTER or (step is CaseStep.CLOSE and register.kind is RecordKind.DEVIATION):
        db.session.execute(update(CaseReporter).where(CaseReporter.record_id == record_id).values(told_on=day))
    if step is CaseStep.MAKE_LEX_SARAH:
        _make_lex_sarah(record_id, after, today)
    beside: dict[str, tuple[object, object]] = {}
    if table.receiver:
        beside = hand_over(record_id, given.other, day)
    elif step is CaseStep.RECEIVER_ANSWERS:
        beside = note_answer(record_id, day)
    said = ANSWER_LABELS[_answer(given)] if table.answer else ""
    comment = "\n".join(part for part in (said, given.motivation or given.comment, near) if part)
    note_step(record_id, step, CaseState(row["state"]), state, day, comment, actor_id, now)
    told: dict[str, tuple[object, object]] = {"step": (None, step.value)}
    told |= {name: pair for name, pair in changed.items() if name not in {"is_open", "moved_on", "listed_on"}}
    told |= beside
    if given.investigator_id is not None:
        told["investigator"] = (None, given.investigator_id)
    trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=told, personal=PERSONAL, reason=comment)
    return state


@dataclass(frozen=True, slots=True)
class Finding:
    """What the nearest manager has found out of an avvikelse: the register's columns, and the causes in words."""

    columns: Mapping[str, Any]
    causes: str


def assess_deviation(row: Stored, seen: int, finding: Finding, actor_id: int, now: datetime) -> bool:
    """Saves what has been found out of an open avvikelse, within the caller's transaction; False: nothing changed.

    Raises StaleVersion when somebody else has changed it since, RuleViolation for a closed one and for a personnummer.
    """
    record_id = row["record_id"]
    if not row["is_open"] or row["state"] == CaseState.REPORTED:
        raise moved()
    if holds_person_number(finding.causes):
        raise RuleViolation("person_number", PERSON_NUMBER, "causes")
    changed = {name: (row[name], value) for name, value in finding.columns.items() if value != row[name]}
    said = newest_words([record_id], Section.CAUSES).get(record_id, (0, ""))[1]
    if finding.causes != said:
        changed["causes"] = (said or None, finding.causes)
    if not changed:
        return False
    raise_version(record_id, seen)
    values = {name: value for name, (_, value) in changed.items() if name != "causes"}
    values["moved_on"] = max(clock.day_of(now), row["moved_on"])  # somebody works with it: it does not stand still
    db.session.execute(
        update(Deviation).where(Deviation.record_id == record_id).values(values),
        execution_options={"synchronize_session": False},
    )
    if "causes" in changed:
        write_words(record_id, Section.CAUSES, finding.causes, actor_id, now)
    trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=changed, personal=PERSONAL)
    return True


def _check_given(table: StepRow, given: Given) -> None:
    """Raises RuleViolation for what a step needs and has not been given."""
    if table.day and given.day is None:
        raise RuleViolation("day", NEEDS_DAY, "day")
    if table.comment and not given.comment.strip():
        raise RuleViolation("comment", NEEDS_COMMENT, "comment")
    if table.decision and given.assessment is None:
        raise RuleViolation("assessment", NEEDS_ASSESSMENT, "assessment")
    if table.decision and not given.motivation.strip():
        raise RuleViolation("motivation", NEEDS_MOTIVATION, "motivation")
    if table.investigator and given.investigator_id is None:
        raise RuleViolation("investigator", NEEDS_INVESTIGATOR, "investigator")
    if table.step is CaseStep.NOTIFY_IVO and len(given.comment.strip()) > LONGEST_NUMBER:
        raise RuleViolation("number_long", NUMBER_LONG, "comment")
    for name in ("comment", "motivation"):
        if holds_person_number(getattr(given, name)):
            raise RuleViolation("person_number", PERSON_NUMBER, name)


def _moved_on(register: CaseRegister, record_id: int) -> date | None:
    """The day of the last step that led a case on. A synpunkt has none: it was answered when it was, whenever it is
    written in that it came.
    """
    if register.kind is RecordKind.COMPLAINT:
        return None
    c = CaseStepTaken
    moves = (c.record_id == record_id, c.from_state != c.to_state)
    found: date | None = db.session.scalar(select(func.max(c.on_day)).where(*moves))
    return found


def _answer(given: Given) -> IvoAnswer:
    """What IVO answered; that it ends the matter where nothing is said."""
    return IvoAnswer(given.other.get("ivo_answer") or IvoAnswer.CLOSED)


def _settle_step(after: Stored, step: CaseStep, given: Given, day: date, today: date) -> None:
    """Sets the columns of a case that a step sets."""
    if step in {CaseStep.ASSESS, CaseStep.REASSESS, CaseStep.DECIDE} and given.assessment is not None:
        after["assessment"] = given.assessment.value
    if step is CaseStep.ANSWER and after["answered_on"] is not None:
        return  # the first answer is what kept the promise
    columns = {
        CaseStep.RECEIVE: "received_on", CaseStep.COMPLETE: "completed_on", CaseStep.DECIDE: "decided_on",
        CaseStep.CLOSE: "closed_on", CaseStep.CLOSE_UNANSWERED: "closed_on", CaseStep.HAND_OVER: "closed_on",
        CaseStep.MAKE_LEX_SARAH: "closed_on", CaseStep.ANSWER: "answered_on", CaseStep.NOTIFY_IVO: "ivo_notified_on",
        CaseStep.SUPPLEMENT_IVO: "ivo_investigation_sent_on", CaseStep.IVO_ANSWERS: "ivo_decided_on",
    }  # fmt: skip
    ends = step is not CaseStep.IVO_ANSWERS or _answer(given) is IvoAnswer.CLOSED
    column = columns.get(step) if ends else None
    keeps = step in {CaseStep.RECEIVE, CaseStep.MAKE_LEX_SARAH}  # the day it already came, or was closed
    if column in after and not (keeps and after[column] is not None):
        after[column] = day
    if step is CaseStep.NOTIFY_IVO and after["completed_on"] is not None and after["completed_on"] <= day:
        after["ivo_investigation_sent_on"] = day  # an investigation that was done goes with it
    if step is CaseStep.NOTIFY_IVO:
        after["ivo_case_number"] = given.comment.strip() or after["ivo_case_number"]
    if step is CaseStep.IVO_ANSWERS and ends:
        after["ivo_outcome"] = given.comment[:200] or after["ivo_outcome"]
    if step in {CaseStep.REOPEN, CaseStep.SEND_BACK}:
        after |= {name: None for name in ("completed_on", "decided_on", "closed_on") if name in after}


def _assign(record_id: int, user_id: int, actor_id: int, now: datetime) -> None:
    """Gives a case to somebody who is to investigate it, by name as well."""
    closed = select(RecordGrant.kind).where(RecordGrant.record_id == record_id, RecordGrant.user_id == user_id)
    kind = db.session.scalar(closed)
    if kind == GrantKind.CLOSED:
        raise RuleViolation("closed", "Ärendet är stängt för personen. Välj någon annan.", "investigator")
    given = {"record_id": record_id, "user_id": user_id, "given_at": now, "given_by": actor_id}
    if kind is None:
        db.session.execute(insert(RecordGrant).values(given | {"kind": GrantKind.NAMED.value}))
    db.session.execute(insert_if_new(CaseInvestigator), [given])


def _make_lex_sarah(record_id: int, deviation: Stored, today: date) -> None:
    """The same record is a lex Sarah-rapport from now on: its number, words, steps and trail go along."""
    taken = select(LexSarahReport.record_id).where(LexSarahReport.ref == deviation["ref"])
    if db.session.scalar(taken) is not None:
        raise RuleViolation("ref_taken", TAKEN)
    law = deviation["law_area"] if deviation["law_area"] in {"SoL", "LSS"} else None
    row: Stored = dict.fromkeys(LEX_SARAH.columns) | {
        "record_id": record_id, "unit_id": deviation["unit_id"], "ref": deviation["ref"], "law": law,
        "happened_on": deviation["happened_on"], "reported_on": deviation["reported_on"], "moved_on": today,
        "mark": deviation["mark"],
    }  # fmt: skip
    LEX_SARAH.settle(row)
    set_state(row, CaseState.REPORTED)
    db.session.execute(insert(LexSarahReport).values(row))
    title = f"{LEX_SARAH.noun} {deviation['ref']}"
    db.session.execute(
        update(Record).where(Record.id == record_id).values(kind=RecordKind.LEX_SARAH.value, title=title),
        execution_options={"synchronize_session": False},
    )


def note_step(
    record_id: int, step: CaseStep, start: CaseState, end: CaseState, day: date, comment: str, by: int, now: datetime
) -> None:  # fmt: skip
    """Writes a step of a case into its history, its comment sealed."""
    step_id = Numbers().take(CaseStepTaken)
    sealed = vault.encrypt(comment, step_id, COMMENT) if comment else None
    db.session.add(
        CaseStepTaken(
            id=step_id, record_id=record_id, step=step.value, from_state=start.value, to_state=end.value, on_day=day,
            taken_at=now, taken_by=by, comment=sealed,
        )
    )  # fmt: skip
    db.session.flush()
