"""Who stands near a case, as the database knows it, and what a step says of it."""

from datetime import date

from sqlalchemy import select

from tracker.accounts.models import RoleAssignment, Unit
from tracker.cases.concerned import concerned_by
from tracker.cases.models import CaseInvestigator, CaseReporter
from tracker.cases.registers import Stored
from tracker.cases.words import NEARNESS_LABELS
from tracker.database import db
from tracker.rules.case_workflow import CaseStep
from tracker.rules.errors import RuleViolation
from tracker.rules.nearness import Near, Nearness, nearness, written_down
from tracker.rules.permissions import Role

ASKED_AT = frozenset({
    CaseStep.ASSESS, CaseStep.REASSESS, CaseStep.ASSIGN, CaseStep.DECIDE, CaseStep.HAND_OVER,
})  # fmt: skip


def near_of(row: Stored, today: date, *, knows_reporter: bool) -> Near:
    """Who stands near a lex Sarah case today; `knows_reporter`: the one who asks may know who reported."""
    record_id = row["record_id"]
    place = select(Unit.tree_from).where(Unit.id == row["unit_id"]).scalar_subquery()
    managers = (
        select(RoleAssignment.user_id)
        .join(Unit, Unit.id == RoleAssignment.unit_id)
        .where(
            RoleAssignment.role == Role.MANAGER.value, Unit.tree_from <= place, Unit.tree_to >= place,
            RoleAssignment.from_on <= today, RoleAssignment.to_on.is_(None) | (RoleAssignment.to_on >= today),
        )
    )  # fmt: skip
    reporter = select(CaseReporter.user_id).filter_by(record_id=record_id)
    return Near(
        frozenset(db.session.scalars(managers)), concerned_by(record_id),
        frozenset(db.session.scalars(select(CaseInvestigator.user_id).filter_by(record_id=record_id))),
        db.session.scalar(reporter) if knows_reporter else None,
    )  # fmt: skip


def in_words(grounds: tuple[Nearness, ...]) -> str:
    """`chef för enheten, har rapporterat`."""
    return ", ".join(NEARNESS_LABELS[ground] for ground in grounds)


def warning_of(grounds: tuple[Nearness, ...]) -> str:
    """What is said before such a person investigates or decides."""
    return f"Risk för jäv: {in_words(grounds)}. Välj någon annan, eller kryssa i att ni har prövat det."


def check_near(
    row: Stored, step: CaseStep, person: int, today: date, *, knows_reporter: bool, confirmed: bool
) -> str:  # fmt: skip
    """What the step writes down of that the person stands near, empty when nothing is to be said.

    Raises RuleViolation (`near`) when they do and nobody has confirmed that it has been weighed.
    """
    if step not in ASKED_AT:
        return ""
    near = near_of(row, today, knows_reporter=knows_reporter)
    grounds = nearness(person, near, deciding=step is CaseStep.DECIDE)
    if grounds and not confirmed:
        raise RuleViolation("near", warning_of(grounds), "near")
    kept = written_down(grounds)
    return f"Risken för jäv är prövad: {in_words(kept)}." if kept else ""
