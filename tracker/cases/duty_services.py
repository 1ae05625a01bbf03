"""Writing who has been informed of the duty to report: the only place that does."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tracker.audit import trail
from tracker.cases.duty_models import DutyInformation, DutySetting, UnitStaff
from tracker.cases.duty_staff import USER, columns_of, find_interval
from tracker.database import db, insert_if_new
from tracker.records.versions import StaleVersion
from tracker.rules.duty_information import How, Interval, check_informed_day, check_last_day
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action, TargetKind

VOIDED = "Uppgiften är redan makulerad."
LISTED = "{} finns redan i listan. Skriv den på ett annat sätt, eller ta bort raden."


@dataclass(frozen=True, slots=True)
class Informed:
    """That some people were informed: the day, how, and by whom."""

    day: date
    how: How
    by: str


def inform(keys: Collection[str], unit_id: int, given: Informed, actor_id: int, today: date, now: datetime) -> int:
    """Notes within the caller's transaction that people of a unit were informed; gives how many entries are new.

    Who is noted for that day already is left as it stands. Raises RuleViolation for a day in the future.
    """
    check_informed_day(given.day, today)
    c, count = DutyInformation, 0
    for key in sorted(keys):
        person = columns_of(key)
        same = [getattr(c, name) == value for name, value in person.items() if value is not None]
        if db.session.scalar(select(c.id).where(*same, c.informed_on == given.day, c.voided_at.is_(None))) is not None:
            continue
        row = person | {
            "informed_on": given.day, "how": given.how.value, "informed_by": given.by, "noted_by": actor_id,
            "noted_at": now,
        }  # fmt: skip
        if db.session.scalar(insert_if_new(c).values(row).returning(c.id)) is None:
            continue
        _note(key, unit_id, {"how": (None, given.how.value), "informed_on": (None, given.day)})
        count += 1
    return count


def void_entry(entry: DutyInformation, unit_id: int, key: str, reason: str, actor_id: int, now: datetime) -> None:
    """Voids an entry that was written by mistake, within the caller's transaction; RuleViolation: it is already."""
    entry = db.session.get_one(DutyInformation, entry.id, with_for_update=True, populate_existing=True)
    if entry.voided_at is not None:
        raise RuleViolation("voided", VOIDED)
    entry.voided_at, entry.voided_by, entry.void_reason = now, actor_id, reason
    _note(key, unit_id, {"informed_on": (entry.informed_on, None)}, reason)
    db.session.flush()


def list_others(labels: Collection[str], unit_id: int, began_on: date, actor_id: int, now: datetime) -> None:
    """Lists people of a unit who have no account, within the caller's transaction.

    Raises RuleViolation, field `vilka`, for a label that the unit has had already.
    """
    c = UnitStaff
    known = {label.casefold() for label in db.session.scalars(select(c.label).where(c.unit_id == unit_id))}
    for label in labels:
        if label.casefold() in known:
            raise RuleViolation("listed", LISTED.format(label), "vilka")
        known.add(label.casefold())
        db.session.add(c(unit_id=unit_id, label=label, began_on=began_on, noted_by=actor_id, noted_at=now))
    db.session.flush()
    changes = {"listed": (None, len(labels)), "from_on": (None, began_on)}
    trail.record(Action.DUTY_INFORMED, target=(TargetKind.UNIT, unit_id), changes=changes)


def end_other(staff_id: int, ended_on: date) -> None:
    """Sets the last day of one without an account, within the caller's transaction; RuleViolation: it cannot be."""
    row = db.session.get_one(UnitStaff, staff_id, populate_existing=True)
    check_last_day(row.began_on, ended_on)
    changes = {"to_on": (row.ended_on, ended_on), "staff": (None, staff_id)}
    row.ended_on = ended_on
    trail.record(Action.DUTY_INFORMED, target=(TargetKind.UNIT, row.unit_id), changes=changes)
    db.session.flush()


def set_interval(wanted: Interval, seen: int) -> None:
    """Sets how often it is done, within the caller's transaction; StaleVersion: somebody else has set it since."""
    before, version = find_interval()
    if seen != version:
        raise StaleVersion
    row = db.session.get(DutySetting, 1, with_for_update=True)
    if row is None:
        row = DutySetting(id=1, version=0, months=wanted.months, first_days=wanted.first_days)
        db.session.add(row)
    row.months, row.first_days, row.version = wanted.months, wanted.first_days, version + 1
    changes = {"months": (before.months, wanted.months), "first_days": (before.first_days, wanted.first_days)}
    told = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    trail.record(Action.INSTALLATION_CHANGED, target=(TargetKind.INSTALLATION, 1), changes=told)
    db.session.flush()


def _note(key: str, unit_id: int, changes: dict[str, tuple[object, object]], reason: str = "") -> None:
    user = key[0] == USER
    target = (TargetKind.USER, int(key[1:])) if user else (TargetKind.UNIT, unit_id)
    told = changes if user else changes | {"staff": (None, int(key[1:]))}
    trail.record(Action.DUTY_INFORMED, target=target, changes=told, reason=reason)
