"""Writing guarantees and their occasions: the only place that does. Whoever calls commits."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CursorResult, insert, select, update

from tracker.audit import trail
from tracker.cases.missed import Miss, find_miss, register_miss, retell_miss
from tracker.cases.services import next_number
from tracker.database import db
from tracker.guarantees.models import LONGEST_SLUG, Guarantee, GuaranteeOccasion
from tracker.guarantees.queries import GuaranteeRow, OccasionRow
from tracker.records.models import Access, Record, RecordKind
from tracker.records.numbers import Numbers
from tracker.records.versions import StaleVersion, raise_version
from tracker.records.yearly import Stored
from tracker.rules.errors import RuleViolation
from tracker.rules.guarantee_occasions import OccasionDays, is_missed, wrong_occasion, wrong_prolonging, wrong_start
from tracker.rules.guarantees import Limit, due_day, exceeded_by
from tracker.rules.identity import holds_person_number
from tracker.rules.trail import Action, TargetKind

NOUN, PREFIX = "Garanti", "G"
PERSONAL = frozenset({"ref", "prolonged_for", "cancelled_for"})
RESERVED = frozenset({"ny", "tillfallen", "overskridna", "synpunkter"})
DAYS = ("started_on", "limit_on", "prolonged_to", "prolonged_on", "ended_on", "cancelled_on")
PERSON_NUMBER = "Texten ser ut att innehålla ett personnummer. Skriv utan det."
ENDED = "Tillfället är redan avslutat. Rätta dagarna om något blev fel."
TAKEN = "Garantin har redan ett tillfälle med den referensen och den startdagen."
NAME_TAKEN = "Det finns redan en garanti som heter så. Skriv ett annat namn."
NOT_RUNNING = "Garantin gäller inte det som börjar den dagen. Skriv en annan dag, eller ändra garantin."
LAW_LIMIT = "Gränsen står i lagen och kan inte ändras. Lägg upp en egen garanti om ni lovar mer."
COMPLAINT_LIMIT = "Gränsen för synpunkter ändras inte här. Mål kan ändras."


@dataclass(frozen=True, slots=True)
class Who:
    """Who does something, and when. `user_id` None: the command line."""

    user_id: int | None
    now: datetime
    today: date


def add_guarantee(said: Mapping[str, object]) -> str:
    """A guarantee of the municipality's own; gives its slug. `said`: the columns. Raises RuleViolation."""
    name = str(said["name"])
    _check_name(name, None)
    slug = _slug(name)
    row = Guarantee(slug=slug, roll=bool(said.get("roll")), **{n: v for n, v in said.items() if n != "roll"})
    db.session.add(row)
    db.session.flush()
    changes: trail.Changes = {name: (None, value) for name, value in said.items() if value is not None}
    trail.record(Action.GUARANTEE_CHANGED, target=(TargetKind.GUARANTEE, row.id), changes=changes)
    return slug


def change_guarantee(guarantee: GuaranteeRow, seen: int, said: Mapping[str, object]) -> bool:
    """Changes a guarantee; what has started keeps the limit it began with. False: nothing changed.

    Raises StaleVersion, and RuleViolation where the limit stands in the law.
    """
    row = db.session.get_one(Guarantee, guarantee.id, populate_existing=True)
    changes = {name: (getattr(row, name), value) for name, value in said.items() if getattr(row, name) != value}
    if "number" in changes and (guarantee.statutory or guarantee.of_complaints):
        raise RuleViolation("limit", LAW_LIMIT if guarantee.statutory else COMPLAINT_LIMIT, "number")
    if "name" in changes:
        _check_name(str(said["name"]), guarantee.id)
    statement = update(Guarantee).where(Guarantee.id == guarantee.id, Guarantee.version == seen)
    values = {name: value for name, (_, value) in changes.items()} | {"version": seen + 1}
    result = db.session.execute(statement.values(values), execution_options={"synchronize_session": False})
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise StaleVersion
    if changes:
        trail.record(Action.GUARANTEE_CHANGED, target=(TargetKind.GUARANTEE, guarantee.id), changes=changes)
    return bool(changes)


def _check_name(name: str, own_id: int | None) -> None:
    found = db.session.scalar(select(Guarantee.id).where(Guarantee.name == name))
    if found is not None and found != own_id:
        raise RuleViolation("name_taken", NAME_TAKEN, "name")


def _slug(name: str) -> str:
    """The name as an address has it; with a number after it where another has it already."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_SLUG - 4] or "garanti"
    taken = set(db.session.scalars(select(Guarantee.slug))) | RESERVED
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def start_occasion(guarantee: GuaranteeRow, ref: str, unit_id: int, started_on: date, who: Who) -> tuple[int, str]:
    """A new occasion; gives its record and its number. Raises RuleViolation, with the field of the page."""
    _refuse(wrong_start(started_on, who.today))
    _check_ref(guarantee, ref, started_on, None)
    limit = guarantee.limit
    row: Stored = dict.fromkeys(GuaranteeOccasion.__table__.columns.keys()) | {
        "unit_id": unit_id, "guarantee_id": guarantee.id, "ref": ref, "started_on": started_on,
        "number": limit.number, "roll": limit.roll, "mark": 0,
    }  # fmt: skip
    _settle(row, guarantee)
    _refuse(wrong_occasion(_days(row), who.today))
    number = next_number(RecordKind.GUARANTEE, PREFIX, who.today.year)
    row["record_id"] = record_id = Numbers().take(Record)
    db.session.add(
        Record(
            id=record_id, kind=RecordKind.GUARANTEE.value, number=number, title=f"{NOUN} {number}", unit_id=unit_id,
            access=Access.ORDINARY.value, created_at=who.now,
        )
    )  # fmt: skip
    db.session.flush()
    db.session.execute(insert(GuaranteeOccasion).values(row))
    told = {"ref": (None, ref), "started_on": (None, started_on), "due_on": (None, row["due_on"])}
    changes: trail.Changes = {"guarantee": (None, guarantee.slug), **told}
    trail.record(Action.RECORD_CREATED, record_id=record_id, changes=changes, personal=PERSONAL)
    return record_id, number


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of an end: the avvikelse that was made (its number), and the record of the next occasion."""

    deviation: str | None = None
    next_id: int | None = None


def end_occasion(
    guarantee: GuaranteeRow, row: OccasionRow, seen: int, ended_on: date, cause_id: int | None, who: Who, *,
    begins_next: bool = False, from_file: bool = False,
) -> Ended:  # fmt: skip
    """Ends an occasion; one that ends after its last day becomes an avvikelse, unless it already has. `begins_next`:
    the next occasion of the same reference runs from the day this one ended. `from_file`: one that is late without a
    cause waits to be registered.

    Raises StaleVersion, and RuleViolation: when it is late and no cause is chosen, too.
    """
    before = _held(row.record_id, seen)
    _running(before)
    after = before | {"ended_on": ended_on}
    deviation = _save(guarantee, before, after, cause_id, who, registers=not from_file or cause_id is not None)
    next_id = None
    if begins_next and guarantee.recurs:
        next_id, _ = start_occasion(guarantee, row.ref, row.unit_id, ended_on, who)
    return Ended(deviation, next_id)


def prolong_occasion(
    guarantee: GuaranteeRow, row: OccasionRow, seen: int, to: date, decided_on: date, grounds: str, who: Who
) -> None:
    """Gives an occasion a later last day by a decision, where the law lets it. Raises StaleVersion, RuleViolation."""
    before = _held(row.record_id, seen)
    _running(before)
    if guarantee.prolonged_for is None:
        raise RuleViolation("not_prolonged", "Den här garantin kan inte förlängas.")
    _check_text(grounds, "skal")
    after = before | {"prolonged_to": to, "prolonged_on": decided_on, "prolonged_for": grounds}
    _save(guarantee, before, after, None, who)


def cancel_occasion(
    guarantee: GuaranteeRow, row: OccasionRow, seen: int, day: date, reason: str, who: Who
) -> None:  # fmt: skip
    """Ends an occasion that never came to its end, with why: it is in no figure. Raises StaleVersion, RuleViolation."""
    before = _held(row.record_id, seen)
    _running(before)
    _check_text(reason, "reason")
    _save(guarantee, before, before | {"cancelled_on": day, "cancelled_for": reason}, None, who)


def correct_occasion(
    guarantee: GuaranteeRow, row: OccasionRow, seen: int, said: Mapping[str, object], cause_id: int | None, reason: str,
    who: Who,
) -> str | None:  # fmt: skip
    """Corrects reference, start or end; gives the number of the avvikelse where one was made. `said`: `ref`,
    `started_on`, `ended_on` (None: it has not ended after all). An avvikelse that was made before stays.

    Raises StaleVersion, RuleViolation.
    """
    before = _held(row.record_id, seen)
    _check_text(reason, "reason")
    after = before | dict(said)
    if after["ended_on"] is not None and after["cancelled_on"] is not None:
        after |= {"cancelled_on": None, "cancelled_for": None}
    if (after["ref"], after["started_on"]) != (before["ref"], before["started_on"]):
        _check_ref(guarantee, after["ref"], after["started_on"], row.record_id)
    return _save(guarantee, before, after, cause_id, who, reason)


def register_late(guarantee: GuaranteeRow, row: OccasionRow, seen: int, cause_id: int | None, who: Who) -> str:
    """Registers an occasion whose last day has passed as an avvikelse; gives its number. Raises as `register_miss`."""
    before = _held(row.record_id, seen)
    if not is_missed(_days(before), who.today):
        raise RuleViolation("not_missed", "Sista dagen har inte passerat. Det finns inget att registrera.")
    return register_miss(_miss(guarantee, before), cause_id, who.user_id, who.now, who.today)


def _held(record_id: int, seen: int) -> Stored:
    raise_version(record_id, seen)
    table = GuaranteeOccasion.__table__
    return dict(db.session.execute(select(table).where(table.c.record_id == record_id)).one()._mapping)


def _running(row: Stored) -> None:
    if row["ended_on"] is not None or row["cancelled_on"] is not None:
        raise RuleViolation("ended", ENDED)


def _save(
    guarantee: GuaranteeRow, before: Stored, after: Stored, cause_id: int | None, who: Who, reason: str = "", *,
    registers: bool = True,
) -> str | None:  # fmt: skip
    """Saves what differs, and what follows from it; gives the number of the avvikelse where one was made."""
    _refuse(wrong_start(after["started_on"], who.today))
    _settle(after, guarantee)
    days = _days(after)
    _refuse(wrong_occasion(days, who.today) + wrong_prolonging(days, who.today))
    differs = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if not differs:
        return None
    db.session.execute(
        update(GuaranteeOccasion)
        .where(GuaranteeOccasion.record_id == before["record_id"])
        .values({name: value for name, (_, value) in differs.items()}),
        execution_options={"synchronize_session": False},
    )
    changes: trail.Changes = {name: pair for name, pair in differs.items() if name != "excess"}
    action = Action.RECORD_CORRECTED if reason else Action.RECORD_CHANGED
    trail.record(action, record_id=before["record_id"], changes=changes, personal=PERSONAL, reason=reason)
    miss = _miss(guarantee, after)
    if find_miss(before["record_id"]) is not None:
        if after["cancelled_on"] is None:
            retell_miss(miss, cause_id, who.user_id, who.now, who.today)
        return None
    if after["excess"] and registers:
        return register_miss(miss, cause_id, who.user_id, who.now, who.today)
    return None


def _settle(row: Stored, guarantee: GuaranteeRow) -> None:
    """Works out what follows from the days of an occasion, by the limit it began with."""
    limit = Limit(row["number"], guarantee.limit.unit, roll=row["roll"])
    row["limit_on"] = due_day(row["started_on"], limit)
    row["due_on"] = row["prolonged_to"] or row["limit_on"]
    ended_on = row["ended_on"]
    row["excess"] = None if ended_on is None else exceeded_by(row["due_on"], ended_on, limit.unit)


def _days(row: Stored) -> OccasionDays:
    return OccasionDays(*(row[name] for name in DAYS))


def _miss(guarantee: GuaranteeRow, row: Stored) -> Miss:
    return Miss(
        row["record_id"], row["unit_id"], guarantee.name, row["ref"], row["due_on"], row["ended_on"],
        guarantee.limit.unit, "SoL" if guarantee.statutory else None, row["prolonged_on"],
    )  # fmt: skip


def _check_ref(guarantee: GuaranteeRow, ref: str, started_on: date, own_id: int | None) -> None:
    _check_text(ref, "referens")
    if not guarantee.runs_on(started_on):
        raise RuleViolation("not_running", NOT_RUNNING, "startdatum")
    o = GuaranteeOccasion
    same = select(o.record_id).where(o.guarantee_id == guarantee.id, o.ref == ref, o.started_on == started_on)
    found = db.session.scalar(same)
    if found is not None and found != own_id:
        raise RuleViolation("ref_taken", TAKEN, "referens")


def _check_text(text: str, field: str) -> None:
    if holds_person_number(text):
        raise RuleViolation("person_number", PERSON_NUMBER, field)


def _refuse(wrong: list[RuleViolation]) -> None:
    for violation in wrong:
        raise violation
