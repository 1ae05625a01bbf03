"""How is a person forgotten when the time for keeping has passed, and the figures kept?

What points at the person goes: the number, the reference, the case number, every free text, and which other decisions
are the same person's. Days, codes and sex stay, as they are what statistics are made of. In the trail the record's key
is destroyed: what stood under it cannot be read again.
"""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from tracker.audit import trail
from tracker.audit.keys import destroy_key
from tracker.database import db
from tracker.decisions.ivo_models import IndividualReport, IvoMatter
from tracker.decisions.models import ClockEvent, ClockLife, Decision, DecisionClock, DecisionReplacement
from tracker.decisions.notes import LIFE_TEXTS
from tracker.decisions.writing import lock_decisions
from tracker.frozen.services import empty_files
from tracker.records.models import CodeItem, CodeList, Mark, Record, RecordGrant
from tracker.rules.closing import NAMING
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action
from tracker.rules.unexecuted import ClockState

FORGOTTEN_FIELDS = (
    "person", "ref", "case_number", "delay_note", "close_reason", "named", *LIFE_TEXTS, "what", "replaces", "sent_as",
    "outcome",
)  # fmt: skip
QUIET = {"synchronize_session": False}


def forgotten_ref(record_id: int) -> str:
    """What a forgotten decision is called: a number of our own, which leads nowhere."""
    return f"GLÖMD-{record_id}"


def find_by_ref(ref: str) -> int | None:
    """The record of the decision with exactly this reference."""
    return db.session.scalar(select(Decision.record_id).where(Decision.ref == ref))


def forget_person(record_id: int, reason: str, now: datetime) -> None:
    """Takes the person out of a decision for good, within the caller's transaction.

    Raises RuleViolation while a clock of the decision runs: what is not finished cannot be forgotten.
    """
    lock_decisions(alone=True)
    running = select(DecisionClock.id).where(
        DecisionClock.decision_id == record_id,
        DecisionClock.state == ClockState.OPEN.value,
        DecisionClock.mark != Mark.VOIDED.value,
    )
    if db.session.scalar(running.limit(1)) is not None:
        raise RuleViolation(
            "not_finished", "Beslutet är inte verkställt eller avslutat. En person glöms först när ärendet är slut."
        )
    ref = forgotten_ref(record_id)
    record = update(Record).where(Record.id == record_id)
    db.session.execute(
        record.values(number=ref, title=f"Beslut {ref}", case_number=None, version=Record.version + 1),
        execution_options=QUIET,
    )
    decision = update(Decision).where(Decision.record_id == record_id)
    db.session.execute(decision.values(ref=ref, person_encrypted=None, person_hash=None), execution_options=QUIET)
    clocks = update(DecisionClock).where(DecisionClock.decision_id == record_id)
    db.session.execute(clocks.values(ref=ref, delay_note=None, noted=False), execution_options=QUIET)
    listed = select(CodeItem.label).where(CodeItem.list == CodeList.CLOSE_REASON)
    own_words = clocks.where(DecisionClock.close_reason.is_not(None), DecisionClock.close_reason.not_in(listed))
    db.session.execute(own_words.values(close_reason=None), execution_options=QUIET)
    ids = select(DecisionClock.id).where(DecisionClock.decision_id == record_id)
    said = update(ClockLife).where(ClockLife.clock_id.in_(ids)).values(dict.fromkeys(LIFE_TEXTS))
    db.session.execute(said, execution_options=QUIET)
    happened = update(ClockEvent).where(ClockEvent.clock_id.in_(ids)).values(what=None)
    db.session.execute(happened, execution_options=QUIET)
    link = DecisionReplacement
    same_person = or_(link.record_id == record_id, link.replaces_id == record_id)
    db.session.execute(delete(link).where(same_person), execution_options=QUIET)
    _forget_what_ivo_was_told(record_id)
    db.session.execute(delete(RecordGrant).where(RecordGrant.record_id == record_id), execution_options=QUIET)
    empty_files(record_id, NAMING, now)
    destroy_key(record_id, now)
    changes: trail.Changes = dict.fromkeys(FORGOTTEN_FIELDS, (None, None))
    trail.record(Action.RECORD_FORGOTTEN, record_id=record_id, changes=changes, reason=reason)


def _forget_what_ivo_was_told(record_id: int) -> None:
    """Empties the words to and from IVO; that something was sent, and when, stays."""
    report, matter = update(IndividualReport), update(IvoMatter)
    statements = (
        report.where(IndividualReport.record_id == record_id).values(
            texts=None, sent_as=None, version=IndividualReport.version + 1
        ),
        matter.where(IvoMatter.record_id == record_id).values(
            outcome=None, ivo_ref=None, own_ref=None, version=IvoMatter.version + 1
        ),
    )
    for statement in statements:
        db.session.execute(statement, execution_options=QUIET)
