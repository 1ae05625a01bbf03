"""Reading what private providers have told: a page of the register, all of it for a file, one, its steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, tuple_

from tracker.accounts.models import Unit, User
from tracker.cases.provider_models import DESCRIPTION, NOTE, ProviderReport, ProviderStepTaken
from tracker.database import db
from tracker.records.models import Record
from tracker.records.scope import Scope, visible
from tracker.rules.provider_reports import ProviderKind, ProviderState, ProviderStep
from tracker.vault import vault
from tracker.web.pagination import PAGE_ROWS, Key

C = ProviderReport
COUNT_CAP, AT_ONCE = 1_000, 500
OPEN = "oppna"
COLUMNS = (
    C.record_id, C.ref, C.unit_id, C.provider, C.number, C.kind, C.received_on, C.came_on, C.ivo_notified_on,
    C.ivo_number, C.state, C.closed_on,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProviderFilter:
    """What the register is filtered by; None and empty mean everything. `status` is OPEN or a state; `provider` is
    found anywhere in the name, whatever the case of its letters.
    """

    status: str = ""
    kind: ProviderKind | None = None
    provider: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """A page of the register; keys are None where the list ends."""

    rows: tuple[Any, ...]
    count: int
    capped: bool
    after: Key | None
    before: Key | None


@dataclass(frozen=True, slots=True)
class ProviderCase:
    """One, with the version of its record and what it tells."""

    row: Any
    version: int
    description: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as it was taken."""

    step: ProviderStep
    on_day: date
    taken_by: str
    note: str


def _conditions(wanted: ProviderFilter, scope: Scope) -> list[ColumnElement[bool]]:
    found = [visible(C.record_id, C.unit_id, C.mark, scope)]
    if wanted.status == OPEN:
        found.append(C.state != ProviderState.CLOSED.value)
    elif wanted.status:
        found.append(C.state == wanted.status)
    if wanted.kind is not None:
        found.append(C.kind == wanted.kind.value)
    if wanted.provider:
        found.append(C.provider.icontains(wanted.provider, autoescape=True))
    if wanted.from_on is not None:
        found.append(C.came_on >= wanted.from_on)
    if wanted.to_on is not None:
        found.append(C.came_on <= wanted.to_on)
    return found


def list_providers(
    wanted: ProviderFilter, scope: Scope, after: Key | None = None, before: Key | None = None
) -> ProviderPage:
    """The page that follows `after` or precedes `before`, else the first, the newest first."""
    conditions = _conditions(wanted, scope)
    some = select(C.record_id).where(*conditions).limit(COUNT_CAP + 1).subquery()
    count = db.session.scalar(select(func.count()).select_from(some), scope.values) or 0
    key, place = before or after, tuple_(C.came_on, C.record_id)
    statement = select(*COLUMNS).where(*conditions).limit(PAGE_ROWS + 1)
    if key is not None:
        there = tuple_(literal(key.day), literal(key.id))
        statement = statement.where(place > there if before else place < there)
    order = (C.came_on, C.record_id) if before else (C.came_on.desc(), C.record_id.desc())
    found = list(db.session.execute(statement.order_by(*order), scope.values))
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if before is not None:
        found.reverse()
    further, earlier = (more, after is not None) if before is None else (True, more)
    keys = [Key(row.came_on, row.record_id) for row in found]
    return ProviderPage(
        tuple(found), min(count, COUNT_CAP), count > COUNT_CAP, keys[-1] if keys and further else None,
        keys[0] if keys and earlier else None,
    )  # fmt: skip


def count_providers(wanted: ProviderFilter, scope: Scope) -> int:
    """How many the whole filtered list holds."""
    statement = select(func.count()).select_from(C).where(*_conditions(wanted, scope))
    return db.session.scalar(statement, scope.values) or 0


def export_providers(wanted: ProviderFilter, scope: Scope) -> Iterator[tuple[Any, str, str]]:
    """(row, unit, what it tells) of the whole filtered list, the newest first, a batch at a time."""
    statement = (
        select(*COLUMNS, Unit.name.label("unit"), C.description)
        .join(Unit, Unit.id == C.unit_id)
        .where(*_conditions(wanted, scope))
        .order_by(C.came_on.desc(), C.record_id.desc())
    )
    for row in db.session.execute(statement, scope.values, execution_options={"yield_per": AT_ONCE}):
        yield row, row.unit, vault.decrypt(row.description, row.record_id, DESCRIPTION)


def find_provider(record_id: int, scope: Scope) -> ProviderCase | None:
    """One; None when there is none or the reader may not see it."""
    seen = visible(C.record_id, C.unit_id, C.mark, scope)
    statement = (
        select(*COLUMNS, C.description, Record.version)
        .join(Record, Record.id == C.record_id)
        .where(C.record_id == record_id, seen)
    )
    row = db.session.execute(statement, scope.values).first()
    if row is None:
        return None
    return ProviderCase(row, row.version, vault.decrypt(row.description, record_id, DESCRIPTION))


def list_provider_steps(record_id: int) -> list[StepLine]:
    """What has been done about it, the first first."""
    c = ProviderStepTaken
    statement = (
        select(c.id, c.step, c.on_day, User.name, c.note)
        .join(User, User.id == c.taken_by)
        .where(c.record_id == record_id)
        .order_by(c.id)
    )
    return [
        StepLine(ProviderStep(step), on_day, by, vault.decrypt(note, step_id, NOTE))
        for step_id, step, on_day, by, note in db.session.execute(statement)
    ]
