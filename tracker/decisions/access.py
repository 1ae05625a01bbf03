"""Changing who may see a decision: the record's own services, and the marks that the register's lists go by."""

from tracker.actions.protecting import follow_source
from tracker.decisions.round_services import keep_answers
from tracker.decisions.writing import keep_marks, lock_decisions
from tracker.records.access_steps import Act, Step, check_person, take

STEP_LABELS = {
    Step.PROTECT: "Skydda: bara namngivna ser beslutet",
    Step.UNPROTECT: "Häv skyddet: alla med behörighet ser beslutet",
    Step.NAME: "Namnge en person, som får se beslutet",
    Step.CLOSE: "Stäng för en person (jäv)",
    Step.WITHDRAW: "Ta bort en namngivning eller stängning",
}


def change_access(act: Act, step: Step, person_id: int | None) -> None:
    """Does one step; the actions of the decision follow. Raises RuleViolation, and StaleVersion when somebody has
    changed the decision since.
    """
    check_person(step, person_id)
    lock_decisions()
    mark = take(act, step, person_id)
    follow_source(act.record_id, act.now)
    if mark is not None:
        keep_marks(act.record_id, mark)
    keep_answers([act.record_id])
