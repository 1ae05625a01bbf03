"""Writing what private providers have told, and what was done about it: the only place that does."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from tracker.audit import trail
from tracker.cases.models import CaseSeries
from tracker.cases.provider_models import DESCRIPTION, NOTE, ProviderReport, ProviderStepTaken
from tracker.cases.provider_register import ProviderCase
from tracker.database import db, insert_if_new
from tracker.records.models import Access, Record, RecordKind
from tracker.records.numbers import Numbers
from tracker.records.versions import raise_version
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.provider_reports import (
    ProviderDays,
    ProviderKind,
    ProviderState,
    ProviderStep,
    check_step,
    wrong_provider_days,
)
from tracker.rules.trail import Action
from tracker.vault import vault

PERSONAL = frozenset({"description", "note"})
PERSON_NUMBER = "Texten ser ut att innehålla ett personnummer. Skriv utan det."
NOUN, PREFIX = "Från utförare", "U"


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider has told: the register's columns but for the state, and the description in words."""

    columns: dict[str, Any]
    description: str

    def check(self, today: date) -> None:
        """Raises the first RuleViolation of what cannot be."""
        c = self.columns
        days = ProviderDays(c["received_on"], c["came_on"], c["ivo_notified_on"])
        for violation in wrong_provider_days(ProviderKind(c["kind"]), days, today):
            raise violation
        if holds_person_number(self.description):
            raise RuleViolation("person_number", PERSON_NUMBER, "beskrivning")


def note_told(told: Told, today: date, now: datetime) -> tuple[int, str]:
    """Notes what a provider has told within the caller's transaction; gives the record and its number."""
    told.check(today)
    record_id, number = Numbers().take(Record), _next_number(today.year)
    db.session.add(
        Record(
            id=record_id, kind=RecordKind.PROVIDER_REPORT.value, number=number, title=f"{NOUN} {number}",
            unit_id=told.columns["unit_id"], access=Access.ORDINARY.value, created_at=now,
        )
    )  # fmt: skip
    db.session.flush()
    sealed = vault.encrypt(told.description, record_id, DESCRIPTION)
    row = told.columns | {
        "record_id": record_id, "ref": number, "description": sealed, "state": ProviderState.NOTED.value,
    }  # fmt: skip
    db.session.execute(insert(ProviderReport).values(row))
    changes: dict[str, tuple[object, object]] = {name: (None, value) for name, value in told.columns.items() if value}
    changes |= {"ref": (None, number), "description": (None, told.description)}
    trail.record(Action.RECORD_CREATED, record_id=record_id, changes=changes, personal=PERSONAL)
    return record_id, number


def change_told(found: ProviderCase, seen: int, told: Told, today: date) -> bool:
    """Puts right what was noted, within the caller's transaction; False: nothing changed.

    Raises StaleVersion when somebody else has changed it since, RuleViolation for what cannot be.
    """
    record_id = found.row.record_id
    told.check(today)
    changed: dict[str, tuple[object, object]] = {
        name: (getattr(found.row, name), value)
        for name, value in told.columns.items()
        if getattr(found.row, name) != value
    }
    if found.description != told.description:
        changed["description"] = (found.description, told.description)
    if not changed:
        return False
    raise_version(record_id, seen)
    values = {name: new for name, (_, new) in changed.items()}
    if "description" in values:
        values["description"] = vault.encrypt(told.description, record_id, DESCRIPTION)
    if "unit_id" in values:
        _update(Record, Record.id == record_id, {"unit_id": values.pop("unit_id")})
    if values:
        _update(ProviderReport, ProviderReport.record_id == record_id, values)
    trail.record(Action.RECORD_CORRECTED, record_id=record_id, changes=changed, personal=PERSONAL)
    return True


def take_provider_step(
    found: ProviderCase, seen: int, step: ProviderStep, day: date, note: str, actor_id: int, today: date, now: datetime
) -> None:  # fmt: skip
    """Takes a step within the caller's transaction. Raises StaleVersion, and RuleViolation when it may not be taken."""
    record_id, before = found.row.record_id, ProviderState(found.row.state)
    raise_version(record_id, seen)
    state = check_step(step, before, day, found.row.came_on, today)
    if holds_person_number(note):
        raise RuleViolation("person_number", PERSON_NUMBER, "gjort")
    closed_on = day if state is ProviderState.CLOSED else None
    _update(
        ProviderReport, ProviderReport.record_id == record_id, {"state": state.value, "closed_on": closed_on}
    )  # fmt: skip
    step_id = Numbers().take(ProviderStepTaken)
    db.session.add(
        ProviderStepTaken(
            id=step_id, record_id=record_id, step=step.value, on_day=day, taken_at=now, taken_by=actor_id,
            note=vault.encrypt(note, step_id, NOTE),
        )
    )  # fmt: skip
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"state": (before.value, state.value), "note": (None, note)}
    trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=changes, personal=PERSONAL)


def _update(model: Any, where: Any, values: dict[str, Any]) -> None:  # noqa: ANN401 - a table and a condition
    statement = update(model).where(where).values(values)
    db.session.execute(statement, execution_options={"synchronize_session": False})


def _next_number(year: int) -> str:
    """`U-2026-0001`; of two who note at once one waits for the other here."""
    key = {"kind": RecordKind.PROVIDER_REPORT.value, "year": year}
    db.session.execute(insert_if_new(CaseSeries), [key | {"last": 0}])
    series = db.session.scalars(select(CaseSeries).filter_by(**key).with_for_update()).one()
    series.last += 1
    db.session.flush()
    return f"{PREFIX}-{year}-{series.last:04}"
