"""Changing who may see a case: the record's own services, and the marks that the registers' lists go by."""

from tracker.actions.protecting import follow_source
from tracker.cases.concerned import keep_concerned
from tracker.cases.missed_access import follow_missed, keep_marks
from tracker.records.access import seen_by
from tracker.records.access_steps import Act, Step, take

STEP_LABELS = {
    Step.PROTECT: "Skydda: bara namngivna ser ärendet",
    Step.UNPROTECT: "Häv skyddet: alla med behörighet ser ärendet",
    Step.NAME: "Namnge en person, som får se ärendet",
    Step.CLOSE: "Stäng för en person, till exempel en chef som rapporten handlar om",
    Step.WITHDRAW: "Ta bort en namngivning eller stängning",
}


def change_access(act: Act, step: Step, person_id: int | None) -> None:
    """Does one step within the caller's transaction, and keeps the mark in every register that the case stands in (what
    became a lex Sarah-rapport stands in two). Its actions follow, and the avvikelse of its missed promise. That it has
    been closed to somebody is kept.

    Raises RuleViolation, and StaleVersion when somebody has changed the case since.
    """
    before = seen_by(act.record_id)
    mark = take(act, step, person_id)
    if step is Step.CLOSE and person_id is not None:
        keep_concerned(act.record_id, {person_id}, act.now)
    follow_source(act.record_id, act.now)
    if mark is not None:
        keep_marks(act.record_id, mark)
    follow_missed(act.record_id, act.now, before)
