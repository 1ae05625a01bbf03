"""What can be done about who sees a record, on the page of it, whatever its register."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
    """What can be done to a record as it stands; who does not see it can only name others."""
    if not sees:
        return [Step.NAME]
    return [Step.UNPROTECT if protected else Step.PROTECT, Step.NAME, Step.CLOSE, Step.WITHDRAW]


def check_person(step: Step, person_id: int | None) -> None:
    """Raises RuleViolation when the step is about somebody and nobody is chosen."""
    if person_id is None and step in NEEDS_PERSON:
        raise RuleViolation("no_person", "Välj vem det gäller.", "person")


def take(act: Act, step: Step, person_id: int | None) -> Mark | None:
    """Does one step; gives the mark that the register's rows are to have from now on, None when it stays.

    Raises RuleViolation, and StaleVersion when somebody has changed the record since.
    """
    check_person(step, person_id)
    person = person_id or act.actor_id
    if step is Step.PROTECT:
        access.protect(act.record_id, act.seen, {person}, act.actor_id, act.now, act.reason)
        return Mark.PROTECTED
    if step is Step.UNPROTECT:
        access.unprotect(act.record_id, act.seen, act.reason)
        return Mark.ORDINARY
    if step is Step.NAME:
        access.name(act.record_id, act.seen, person, act.actor_id, act.now, act.reason, sees=act.sees)
    elif step is Step.CLOSE:
        access.close(act.record_id, act.seen, person, act.actor_id, act.now, act.reason)
    else:
        access.withdraw(act.record_id, act.seen, person, act.actor_id, act.reason)
    return None
