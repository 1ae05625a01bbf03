"""Changing who may see a decision: the record's own services, and the marks that the register's lists go by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.decisions.round_services import keep_answers
from tracker.decisions.writing import keep_marks, lock_decisions
from tracker.records import access
from tracker.records.models import Mark
from tracker.rules.errors import RuleViolation


class Step(StrEnum):
    """What can be done."""

    PROTECT = "skydda"
    UNPROTECT = "hav"
    NAME = "namnge"
    CLOSE = "stang"
    WITHDRAW = "ta-bort"


STEP_LABELS = {
    Step.PROTECT: "Skydda: bara namngivna ser beslutet",
    Step.UNPROTECT: "Häv skyddet: alla med behörighet ser beslutet",
    Step.NAME: "Namnge en person, som får se beslutet",
    Step.CLOSE: "Stäng för en person (jäv)",
    Step.WITHDRAW: "Ta bort en namngivning eller stängning",
}
NEEDS_PERSON = frozenset({Step.NAME, Step.CLOSE, Step.WITHDRAW})


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes the access to which record, as they saw it, and why; `sees`: whether they see its content."""

    record_id: int
    seen: int
    actor_id: int
    sees: bool
    reason: str
    now: datetime


def steps_for(protected: bool, sees: bool) -> list[Step]:
    """What can be done to a decision as it stands; who does not see it can only name others."""
    if not sees:
        return [Step.NAME]
    return [Step.UNPROTECT if protected else Step.PROTECT, Step.NAME, Step.CLOSE, Step.WITHDRAW]


def change_access(act: Act, step: Step, person_id: int | None) -> None:
    """Does one step. Raises RuleViolation, and StaleVersion when somebody has changed the decision since."""
    if person_id is None and step in NEEDS_PERSON:
        raise RuleViolation("no_person", "Välj vem det gäller.", "person")
    lock_decisions()
    person = person_id or act.actor_id
    if step is Step.PROTECT:
        access.protect(act.record_id, act.seen, {person}, act.actor_id, act.now, act.reason)
        keep_marks(act.record_id, Mark.PROTECTED)
    elif step is Step.UNPROTECT:
        access.unprotect(act.record_id, act.seen, act.reason)
        keep_marks(act.record_id, Mark.ORDINARY)
    elif step is Step.NAME:
        access.name(act.record_id, act.seen, person, act.actor_id, act.now, act.reason, sees=act.sees)
    elif step is Step.CLOSE:
        access.close(act.record_id, act.seen, person, act.actor_id, act.now, act.reason)
    else:
        access.withdraw(act.record_id, act.seen, person, act.actor_id, act.reason)
    keep_answers([act.record_id])
