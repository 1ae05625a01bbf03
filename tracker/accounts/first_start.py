"""Which of the five steps of the first start have been done, left out, or wait?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from tracker.accounts.models import FirstStartStep, Installation, Unit, User
from tracker.audit import trail
from tracker.database import database_key, db
from tracker.kept import Kept, forget_everything
from tracker.rules.trail import Action, TargetKind


class Step(StrEnum):
    """The steps, in their order."""

    COMMITTEE = "committee"
    UNITS = "units"
    USERS = "users"
    CODES = "codes"
    IMPORT = "import"


class StepState(StrEnum):
    """How a step stands: seen in the data or marked by hand as done, left out, or waiting."""

    DONE = "done"
    SKIPPED = "skipped"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class FirstStart:
    """The steps with their states, and whether somebody has said that the first start is over."""

    steps: dict[Step, StepState]
    ended: bool

    @property
    def left(self) -> int:
        """How many steps wait."""
        return sum(state is StepState.WAITING for state in self.steps.values())


def first_start(imported: bool) -> FirstStart:
    """How the first start stands; `imported`: whether any register holds anything."""
    installation = db.session.get_one(Installation, 1)
    marked = {row.step: StepState(row.state) for row in db.session.scalars(select(FirstStartStep))}
    seen = {
        Step.COMMITTEE: bool(installation.committee_name),
        Step.UNITS: (db.session.scalar(select(func.count()).select_from(Unit)) or 0) > 1,
        Step.USERS: (db.session.scalar(select(func.count()).select_from(User)) or 0) > 1,
        Step.CODES: False,  # the lists have content from the start: only a person can say that it is theirs
        Step.IMPORT: imported,
    }
    steps = {step: StepState.DONE if seen[step] else marked.get(step, StepState.WAITING) for step in Step}
    return FirstStart(steps, installation.first_start_ended_at is not None or installation.demonstration)


def mark_step(step: Step, state: StepState) -> None:
    """A step is done, left out, or waits again."""
    found = db.session.get(FirstStartStep, step.value)
    old = found.state if found else StepState.WAITING.value
    if old == state.value:
        return
    if state is StepState.WAITING:
        db.session.delete(found)
    elif found:
        found.state = state.value
    else:
        db.session.add(FirstStartStep(step=step.value, state=state.value))
    db.session.flush()
    trail.record(
        Action.INSTALLATION_CHANGED,
        target=(TargetKind.INSTALLATION, 1),
        changes={f"first_start_{step.value}": (old, state.value)},
    )
    forget_everything()


def end_first_start(now: datetime | None) -> None:
    """The first start is over and shown no more; None: it is shown again."""
    installation = db.session.get_one(Installation, 1)
    old, installation.first_start_ended_at = installation.first_start_ended_at, now
    db.session.flush()
    trail.record(
        Action.INSTALLATION_CHANGED,
        target=(TargetKind.INSTALLATION, 1),
        changes={"first_start_ended_at": (old, now)},
    )
    forget_everything()


_going_on: Kept[bool] = Kept(10.0, 10)


def first_start_goes_on() -> bool:
    """Whether the first start is to be shown, as it was at most ten seconds ago."""
    statement = select(Installation.first_start_ended_at, Installation.demonstration)

    def ask() -> bool:
        ended_at, demonstration = db.session.execute(statement).one()
        return ended_at is None and not demonstration

    return _going_on.get(database_key(), ask)
