"""A promise that was not kept becomes an avvikelse: once, with by how much it was missed and why, linked both ways."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, select, update

from tracker.audit import trail
from tracker.cases.missed_access import follow_missed
from tracker.cases.missed_models import MissedPromise
from tracker.cases.models import Deviation
from tracker.cases.registers import DEVIATIONS, CaseRegister, Stored
from tracker.cases.retention import is_cleared
from tracker.cases.services import PERSONAL, Given, Report, report_case, take_step
from tracker.cases.texts import Section, newest_words, write_words
from tracker.cases.words import GUARANTEE_LABELS
from tracker.database import db
from tracker.records.codes import register_code_use
from tracker.records.models import Access, CodeList, Mark, Record, RecordKind
from tracker.records.queries import find_code_item
from tracker.records.scope import Scope, visible_records
from tracker.records.versions import raise_version
from tracker.rules.case_workflow import CaseState, CaseStep
from tracker.rules.errors import RuleViolation
from tracker.rules.guarantees import DEFAULTS, PRAISE, GuaranteeKind, LimitUnit, exceeded_by
from tracker.rules.trail import Action

register_code_use(CodeList.DEVIATION_CAUSE, MissedPromise.cause_id, "missad garanti", "missade garantier")
NEEDS_CAUSE = "Sista dagen har passerat. Välj varför garantin inte hölls."
REGISTERED = "Det är redan registrerat som avvikelse. Läs den på sidan."
NOT_MISSED = "Sista dagen har inte passerat. Det finns inget att registrera."


@dataclass(frozen=True, slots=True)
class Miss:
    """What was missed: the record of a synpunkt or an occasion (`record_id`, in `unit_id`), the promise's name, what it
    is known by, its last day, the day it was done (None: not yet), in what the excess is counted, which law's work
    it is (`SoL`, None: not told), and the day of the decision that gave it a later last day (None: none did).
    """

    record_id: int
    unit_id: int
    promise: str
    reference: str
    due_on: date
    ended_on: date | None
    unit: LimitUnit
    law_area: str | None = None
    prolonged_on: date | None = None

    def is_late(self, today: date) -> bool:
        """Whether it was done after its last day, or is not done and that day has passed."""
        return (self.ended_on or today) > self.due_on


class MissRow(NamedTuple):
    """The avvikelse that something has become, why, and when its days were corrected so that the promise was kept."""

    deviation_id: int
    number: str
    cause_id: int
    righted_on: date | None


class MissedRow(NamedTuple):
    """What an avvikelse was made of: its record, which register that is in, and its number."""

    record_id: int
    kind: RecordKind
    number: str
    righted_on: date | None


def find_miss(record_id: int) -> MissRow | None:
    """The avvikelse that the missed promise of a record has become; None when it has become none."""
    statement = (
        select(MissedPromise.deviation_id, Record.number, MissedPromise.cause_id, MissedPromise.righted_on)
        .join(Record, Record.id == MissedPromise.deviation_id)
        .where(MissedPromise.record_id == record_id)
    )
    row = db.session.execute(statement).first()
    return None if row is None else MissRow(*row)


def find_missed(deviation_id: int, scopes: Mapping[RecordKind, Scope]) -> MissedRow | None:
    """What an avvikelse was made of, where the reader sees it by the scope of its own register; else None."""
    made_of = select(Record.kind).join(MissedPromise, MissedPromise.record_id == Record.id)
    kinds = set(db.session.scalars(made_of.where(MissedPromise.deviation_id == deviation_id)))
    for kind, scope in scopes.items():
        if kind.value not in kinds:
            continue
        statement = (
            select(Record.id, Record.number, MissedPromise.righted_on)
            .join(MissedPromise, MissedPromise.record_id == Record.id)
            .where(MissedPromise.deviation_id == deviation_id, Record.kind == kind.value, visible_records(scope))
        )
        row = db.session.execute(statement, scope.values).first()
        if row is not None:
            return MissedRow(row.id, kind, row.number, row.righted_on)
    return None


def register_miss(miss: Miss, cause_id: int | None, by: int | None, now: datetime, today: date) -> str:
    """Registers a missed promise as an avvikelse within the caller's transaction; gives its number. One that was not
    exceeded any longer and is late again is told anew in the avvikelse that it had become. The caller has
    raised the record's version, so that of two who do so at once one is refused. `by` is who reports it. Who sees the
    avvikelse follows who sees the record, from now on too.

    Raises RuleViolation when no cause is chosen, when it is registered already, and when nothing was missed.
    """
    cause = _cause(cause_id)
    found = find_miss(miss.record_id)
    if found is not None and found.righted_on is None:
        raise RuleViolation("registered", REGISTERED)
    if not miss.is_late(today):
        raise RuleViolation("not_missed", NOT_MISSED)
    if found is not None:
        retell_miss(miss, cause_id, by, now, today)
        return found.number
    columns = {"kind": "händelse", "law_area": miss.law_area, "cause_id": cause[0]}
    words = {Section.WHAT: words_of(miss, cause[1], today)}
    report = Report(DEVIATIONS, miss.unit_id, _day_after(miss.due_on), words, (), columns)
    deviation_id, number = report_case(report, by, "", now, today)
    db.session.add(
        MissedPromise(record_id=miss.record_id, deviation_id=deviation_id, cause_id=cause[0], noted_on=today)
    )
    db.session.flush()
    follow_missed(miss.record_id, now)
    trail.record(
        Action.RECORD_CHANGED, record_id=miss.record_id,
        changes={"deviation": (None, number), "cause_id": (None, cause[0])},
    )  # fmt: skip
    return number


def retell_miss(miss: Miss, cause_id: int | None, by: int | None, now: datetime, today: date) -> None:
    """Tells anew, within the caller's transaction, what an avvikelse says of a missed promise that has ended, or whose
    days have been corrected: its words get a further edition, and it is never doubled. `cause_id` None: as it stands.
    One that has been gallrat, or has become a lex Sarah-rapport, is told nothing more.
    """
    found = find_miss(miss.record_id)
    if found is None:
        return
    cause = _cause(cause_id or found.cause_id)
    righted_on = None if miss.is_late(today) else found.righted_on or today
    values = {"cause_id": cause[0], "righted_on": righted_on}
    db.session.execute(
        update(MissedPromise).where(MissedPromise.record_id == miss.record_id).values(values),
        execution_options={"synchronize_session": False},
    )
    if is_cleared(found.deviation_id) or _kind_of(found.deviation_id) != RecordKind.DEVIATION:
        return
    changes: dict[str, tuple[object, object]] = {}
    if cause[0] != found.cause_id:
        open_still = and_(Deviation.record_id == found.deviation_id, Deviation.is_open)
        db.session.execute(
            update(Deviation).where(open_still).values(cause_id=cause[0]),
            execution_options={"synchronize_session": False},
        )
        changes["cause_id"] = (found.cause_id, cause[0])
    said = newest_words([found.deviation_id], Section.WHAT).get(found.deviation_id, (0, ""))[1]
    words = words_of(miss, cause[1], today)
    if words != said:
        write_words(found.deviation_id, Section.WHAT, words, by, now)
        changes[Section.WHAT.value] = (said, words)
    if changes:
        trail.record(Action.RECORD_CHANGED, record_id=found.deviation_id, changes=changes, personal=PERSONAL)


def _kind_of(record_id: int) -> str | None:
    return db.session.scalar(select(Record.kind).where(Record.id == record_id))


def words_of(miss: Miss, cause: str, today: date) -> str:
    """What the avvikelse says: which promise, its last day, the day it was done, by how much, and why; where it is not
    exceeded any longer, how that came about.
    """
    runs, late = miss.ended_on is None, miss.is_late(today)
    excess = exceeded_by(miss.due_on, miss.ended_on or today, miss.unit)
    after = f"{excess} {_days(excess, miss.unit)} efter sista dagen."
    prolonged = f"tiden är förlängd genom ett beslut {miss.prolonged_on}"
    how = "dagarna är rättade" if miss.prolonged_on is None else prolonged
    if late:
        told = f"Den {today} är det inte klart, {after}" if runs else f"Det blev klart {miss.ended_on}, {after}"
    elif runs:
        told = f"Den {today} är det inte längre överskridet: {how}."
    else:
        told = f"{how.capitalize()}: det blev klart {miss.ended_on}, i tid."
    due = f"sista dagen {'är' if runs and not late else 'var'} {miss.due_on}"
    return f"{miss.promise}: {due}. {told} Referens: {miss.reference}. Orsaksområde: {cause}."


def _days(number: int, unit: LimitUnit) -> str:
    if unit is LimitUnit.WORKING_DAYS:
        return "arbetsdag" if number == 1 else "arbetsdagar"
    return "dag" if number == 1 else "dagar"


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _cause(cause_id: int | None) -> tuple[int, str]:
    item = None if cause_id is None else find_code_item(CodeList.DEVIATION_CAUSE, cause_id)
    if item is None:
        raise RuleViolation("cause", NEEDS_CAUSE, "cause")
    return item.id, item.label


def promised(row: Stored) -> bool:
    """Whether a row of synpunkter is one that an answer is promised to: beröm is not."""
    return bool(row.get("due_on")) and row.get("kind") != PRAISE


def _first_answer(register: CaseRegister, row: Stored, step: CaseStep) -> bool:
    answers = register.kind is RecordKind.COMPLAINT and step is CaseStep.ANSWER
    return answers and row["answered_on"] is None and promised(row)


def late_answer(register: CaseRegister, row: Stored, step: CaseStep, day: date | None) -> bool:
    """Whether a step is the first answer to a synpunkt, given on a day after its last."""
    return _first_answer(register, row, step) and day is not None and day > row["due_on"]


def take_step_told(
    register: CaseRegister, row: Stored, seen: int, step: CaseStep, given: Given, actor_id: int, now: datetime,
    today: date,
) -> tuple[CaseState, str | None]:  # fmt: skip
    """As `take_step`; an answer to a synpunkt after its last day is registered as an avvikelse in the same transaction.
    Gives the state, and the number of the avvikelse where one was made.
    """
    day = given.day or today
    late = late_answer(register, row, step, day)
    known = _first_answer(register, row, step) and find_miss(row["record_id"]) is not None
    if late and not known:
        _cause(given.cause_id)
    state = take_step(register, row, seen, step, given, actor_id, now, today)
    if not late and not known:
        return state, None
    miss = replace(miss_of(row), ended_on=day)
    if known:
        retell_miss(miss, given.cause_id, actor_id, now, today)
        return state, None
    return state, register_miss(miss, given.cause_id, actor_id, now, today)


def register_complaint(row: Stored, seen: int, cause_id: int | None, by: int, now: datetime, today: date) -> str:
    """Registers a synpunkt that has not been answered in time as an avvikelse, within the caller's transaction; gives
    its number. Raises StaleVersion, and RuleViolation as `register_miss`.
    """
    raise_version(row["record_id"], seen)
    if not promised(row) or (row["answered_on"] is None and not row["is_open"]):
        raise RuleViolation("not_missed", NOT_MISSED)
    return register_miss(miss_of(row), cause_id, by, now, today)


def retell_corrected(
    register: CaseRegister, row: Stored, changed: Collection[str], by: int, now: datetime, today: date
) -> None:  # fmt: skip
    """Tells the avvikelse of a synpunkt anew, within the caller's transaction, when its days have been corrected: `row`
    as it stands now, `changed` the columns that differ.
    """
    if register.kind is RecordKind.COMPLAINT and not {"received_on", "answered_on"}.isdisjoint(changed):
        retell_miss(miss_of(row), None, by, now, today)


def miss_of(row: Stored) -> Miss:
    """A row of synpunkter as what may have been missed. One that is protected is not named in the avvikelse."""
    access = db.session.scalar(select(Record.access).where(Record.id == row["record_id"]))
    hidden = row["mark"] != Mark.ORDINARY or access != Access.ORDINARY
    kind = GuaranteeKind.COMPLAINT_ANSWER
    return Miss(
        row["record_id"], row["unit_id"], GUARANTEE_LABELS[kind], "en skyddad synpunkt" if hidden else row["ref"],
        row["due_on"], row["answered_on"], DEFAULTS[kind].unit,
    )  # fmt: skip
