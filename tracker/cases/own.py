"""What has somebody reported, and what has become of it? Told to the reporter alone."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.cases.models import COMMENT, CaseReporter, CaseStepTaken
from tracker.cases.registers import REGISTERS
from tracker.database import db
from tracker.records.models import Record, RecordKind
from tracker.rules.case_workflow import CaseKind, CaseState, CaseStep
from tracker.vault import vault

# By which step who reported a case is told what came of it.
TELLS = {
    RecordKind.DEVIATION: CaseStep.CLOSE,
    RecordKind.LEX_SARAH: CaseStep.TELL_REPORTER,
    RecordKind.COMPLAINT: CaseStep.ANSWER,
}


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as who made it sees it. `told_on`, `told`: the day they heard what came of it, and in which words."""

    kind: CaseKind
    record_id: int
    number: str
    state: CaseState
    reported_on: date
    told_on: date | None
    told: str = ""


def list_own(user_id: int) -> list[OwnReport]:
    """What a user has reported, the newest first."""
    found = [one for kind in REGISTERS for one in _own(kind, CaseReporter.user_id == user_id)]
    return sorted(found, key=lambda one: (one.reported_on, one.record_id), reverse=True)


def find_own(record_id: int, user_id: int) -> OwnReport | None:
    """One of a user's own reports; None when it is another's, or none."""
    mine = (CaseReporter.user_id == user_id, CaseReporter.record_id == record_id)
    for kind in REGISTERS:
        for one in _own(kind, *mine):
            told = db.session.execute(
                select(CaseStepTaken.id, CaseStepTaken.comment)
                .filter_by(record_id=record_id, step=TELLS[kind].value)
                .order_by(CaseStepTaken.id.desc())
            ).first()
            words = vault.decrypt(told[1], told[0], COMMENT) if told and told[1] else ""
            told_on = one.told_on if told else None  # of the avvikelse that it was: no more than that
            return OwnReport(one.kind, one.record_id, one.number, one.state, one.reported_on, told_on, words)
    return None


def _own(kind: RecordKind, *wanted: Any) -> list[OwnReport]:  # noqa: ANN401 - conditions
    c = REGISTERS[kind].model
    statement = (
        select(c.record_id, Record.number, c.state, c.listed_on, CaseReporter.told_on)
        .join(CaseReporter, CaseReporter.record_id == c.record_id)
        .join(Record, Record.id == c.record_id)
        .where(Record.kind == kind.value, *wanted)
    )
    return [
        OwnReport(CaseKind(kind.value), record_id, number, CaseState(state), day, told_on)
        for record_id, number, state, day, told_on in db.session.execute(statement)
    ]
