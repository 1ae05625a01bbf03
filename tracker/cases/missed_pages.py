"""What do the pages of cases show of promises that were not kept? The question why, and what belongs together."""

from datetime import date

from tracker.accounts.reader import Reader
from tracker.cases.access import case_scope
from tracker.cases.assessing import code_choices
from tracker.cases.forms import StepForm
from tracker.cases.missed import MissedRow, MissRow, find_miss, find_missed, late_answer
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, CaseRegister, Stored
from tracker.records.grants import visible_record
from tracker.records.models import CodeList, RecordKind
from tracker.records.scope import scope_of
from tracker.rules.calendar import in_words
from tracker.rules.case_workflow import CaseStep
from tracker.rules.permissions import Permission

SHOWN_AS = {
    RecordKind.COMPLAINT: ("Synpunkt", "/synpunkter/{}"),
    RecordKind.GUARANTEE: ("Garanti", "/garantier/tillfallen/{}"),
}
# By the day on which it was put right: it may have run out once more since.
RIGHTED = ", vars tid den {} inte längre var överskriden"
STANDS = ", som står kvar fast tiden den {} inte längre var överskriden"


def ask_why(form: StepForm, register: CaseRegister, row: Stored, step: CaseStep, today: date) -> None:
    """Keeps the question why where an answer given today comes too late, with what was said before; else drops it."""
    if not late_answer(register, row, step, today):
        del form.cause
        return
    miss = find_miss(row["record_id"])
    chosen = miss.cause_id if miss else None
    form.cause.choices = code_choices(CodeList.DEVIATION_CAUSE, chosen, today)
    if chosen is not None and not form.is_submitted() and not form.restored:
        form.cause.data = str(chosen)


def chosen_cause(form: StepForm) -> int | None:
    """Which cause was chosen, None where none was or none is asked for."""
    given = (form["cause"].data or "") if "cause" in form else ""
    return int(given) if given.isdecimal() else None


def promises_of(register: CaseRegister, record_id: int, reader: Reader) -> list[tuple[str, str]]:
    """(words, address) of the avvikelse that a synpunkt has become by being answered too late, and of what an avvikelse
    was made of, as far as the reader sees it.
    """
    if register is COMPLAINTS and reader.allows(Permission.READ_DEVIATIONS):
        miss = find_miss(record_id)
        if miss is not None and visible_record(miss.deviation_id, case_scope(DEVIATIONS, reader)) is not None:
            return [(f"{DEVIATIONS.noun} {miss.number}{_put_right(STANDS, miss)}", f"/avvikelser/{miss.deviation_id}")]
    if register is not DEVIATIONS:
        return []
    wanted = {RecordKind.GUARANTEE: Permission.READ_GUARANTEES, RecordKind.COMPLAINT: Permission.READ_COMPLAINTS}
    scopes = {kind: scope_of(reader, one) for kind, one in wanted.items() if reader.allows(one)}
    found = find_missed(record_id, scopes)
    if found is None:
        return []
    noun, address = SHOWN_AS[found.kind]
    return [(f"{noun} {found.number}{_put_right(RIGHTED, found)}", address.format(found.record_id))]


def _put_right(words: str, found: MissRow | MissedRow) -> str:
    return words.format(in_words(found.righted_on)) if found.righted_on else ""
