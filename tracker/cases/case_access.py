"""Changing who may see a case: the record's own services, and the marks that the registers' lists go by."""

from sqlalchemy import update

from tracker.actions.protecting import follow_source
from tracker.cases.missed import follow_closings
from tracker.cases.registers import REGISTERS
from tracker.database import db
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
    became a lex Sarah-rapport stands in two). Its actions follow, and a closing closes the avvikelse of its missed
    promise as well.

    Raises RuleViolation, and StaleVersion when somebody has changed the case since.
    """
    mark = take(act, step, person_id)
    follow_source(act.record_id, act.now)
    if step is Step.CLOSE:
        follow_closings(act.record_id)
    if mark is None:
        return
    for register in REGISTERS.values():
        statement = update(register.model).where(register.model.record_id == act.record_id).values(mark=mark.value)
        db.session.execute(statement, execution_options={"synchronize_session": False})
