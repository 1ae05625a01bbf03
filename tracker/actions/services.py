"""Writing actions one at a time: the only place that does, beside the import."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, insert, select, update

from tracker.accounts.models import Unit
from tracker.accounts.queries import users_by_name
from tracker.actions.bringing_in import COLUMNS, DERIVED, NOUN, PERSONAL, settle
from tracker.actions.models import ActionItem, ActionNote, ActionSource
from tracker.actions.protecting import follow_sources
from tracker.actions.queries import CLOSED
from tracker.audit import trail
from tracker.database import db
from tracker.exchange.errors import Collector
from tracker.records.models import Access, Record, RecordKind
from tracker.records.numbers import Numbers
from tracker.records.versions import raise_version
from tracker.records.yearly import Importer, Stored, lock_table
from tracker.rules.actions import (
    Effect,
    check_checker,
    check_words,
    closed_case,
    wrong_action,
    wrong_check_day,
    wrong_last_day,
)
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action

TRIED = 1_000
NOTE = "note"


def add_action(source_id: int, said: Mapping[str, object], importer: Importer, today: date, now: datetime) -> int:
    """A new action of a record, within the caller's transaction; gives its record. It goes to the unit of what it
    belongs to, where the writer reaches it, else to the writer's own. `said`: the columns that are told.

    Raises ImportRefused with what is wrong, each at its column, RuleViolation when it is a case that is closed.
    """
    lock_table(ActionItem)
    row = dict.fromkeys(COLUMNS) | {"ref": _next_ref(today.year), "mark": 0}
    put(row, said, today)
    of = select(Record.number, Record.unit_id, Unit.tree_from, CLOSED).join(Unit, Unit.id == Record.unit_id)
    number, unit_id, place, closed = db.session.execute(of.where(Record.id == source_id)).one()
    if closed:
        raise closed_case(number)
    row["unit_id"] = unit_id if importer.reach.covers(place) else importer.home_unit_id
    row["record_id"] = record_id = Numbers().take(Record)
    record = {
        "id": record_id, "kind": RecordKind.ACTION.value, "number": row["ref"], "title": f"{NOUN} {row['ref']}",
        "unit_id": row["unit_id"], "access": Access.ORDINARY.value, "version": 1, "created_at": now,
    }  # fmt: skip
    db.session.execute(insert(Record).values(record))
    db.session.execute(insert(ActionItem).values(row))
    db.session.execute(insert(ActionSource).values(action_id=record_id, record_id=source_id))
    changes = {name: (None, value) for name, value in row.items() if value is not None and name not in DERIVED}
    changes["source"] = (None, number)
    follow_sources([record_id], now)
    trail.record(Action.RECORD_CREATED, record_id=record_id, changes=changes, personal=PERSONAL)
    return record_id


def change_action(action_id: int, seen: int, said: Mapping[str, object], today: date) -> None:
    """Changes what an action is, who is responsible, and its days, within the caller's transaction.

    Raises StaleVersion when somebody has changed it since, ImportRefused with what is wrong.
    """
    before = held(action_id, seen)
    after = dict(before)
    put(after, said, today, before)
    save(before, after)


def tell_progress(
    action_id: int, seen: int, note: str, done_on: date | None, by: int, today: date, now: datetime,
    check_on: date | None = None,
) -> None:  # fmt: skip
    """Notes how an action goes, the day it was carried out, and from when on its effect is to be told (None: the
    usual time after); as `change_action`.
    """
    before = held(action_id, seen)
    after = dict(before)
    put(after, {"done_on": done_on, "check_on": check_on}, today, before)
    _note(action_id, note, by, now)
    save(before, after, note)


def tell_effect(
    action_id: int, seen: int, effect: Effect, words: str, by: int, today: date, now: datetime
) -> None:  # fmt: skip
    """Tells what an action gave; as `change_action`. Raises RuleViolation when the one responsible does so, it has not
    been carried out, or it helped partly and no words tell what is left.
    """
    before = held(action_id, seen)
    check_checker(before["responsible_id"], by)
    if before["done_on"] is None:
        raise RuleViolation("effect", "Åtgärden är inte genomförd än. Skriv först när den genomfördes.")
    check_words(effect, words)
    after = before | {"effect": effect.value, "checked_on": today, "checked_by": by}
    settle(after)
    _note(action_id, words, by, now)
    save(before, after, words)


def _note(action_id: int, words: str, by: int, now: datetime) -> None:
    if words:
        db.session.add(ActionNote(action_id=action_id, text=words, written_at=now, written_by=by))
        db.session.flush()


def held(action_id: int, seen: int) -> Stored:
    """The stored action, whose version this raises. Raises StaleVersion."""
    raise_version(action_id, seen)
    table = ActionItem.__table__
    return dict(db.session.execute(select(table).where(table.c.record_id == action_id)).one()._mapping)


def put(row: Stored, said: Mapping[str, object], today: date, before: Stored | None = None) -> None:
    """Puts what is said in a row, with what follows from it. Raises ImportRefused."""
    collector = Collector()
    row.update(said)
    name = row["responsible_name"]
    if before is None or before["responsible_name"] != name:
        row["responsible_id"] = users_by_name({name}).get(name) if name else None
    days = settle(row)
    wrong = wrong_action(days, today)
    if before is not None and before["check_on"] != days.check_on:
        wrong += wrong_check_day(days)
    if before is None or before["due_on"] != days.due_on:
        wrong += wrong_last_day(days, today)
    for violation in wrong:
        collector.add(None, violation.field, violation.message)
    collector.raise_if_any()


def save(before: Stored, after: Stored, note: str = "", reason: str = "") -> None:
    """Writes what differs, and its entry in the trail, within the caller's transaction."""
    differs = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if differs:
        values = {name: pair[1] for name, pair in differs.items()}
        changed = update(ActionItem).where(ActionItem.record_id == before["record_id"]).values(values)
        db.session.execute(changed, execution_options={"synchronize_session": False})
    changes: dict[str, tuple[object, object]] = {n: pair for n, pair in differs.items() if n not in DERIVED}
    if note:
        changes[NOTE] = (None, note)
    if changes:
        told = PERSONAL | {NOTE}
        of = before["record_id"]
        trail.record(Action.RECORD_CHANGED, record_id=of, changes=changes, personal=told, reason=reason)


def _next_ref(year: int) -> str:
    """The number that follows the highest of a year; the register is locked by the caller."""
    begins = f"Å-{year}-"
    refs = select(ActionItem.ref).where(ActionItem.ref >= begins, ActionItem.ref < f"Å-{year}.")
    pattern = re.compile(re.escape(begins) + r"([0-9]{1,9})")
    for ref in db.session.scalars(
        refs.order_by(func.length(ActionItem.ref).desc(), ActionItem.ref.desc()).limit(TRIED)
    ):
        found = pattern.fullmatch(ref)
        if found:
            return f"{begins}{int(found[1]) + 1}"
    return f"{begins}1"
