"""How long does it take to work out reminders? 10 000 of them, beside 100 000 actions and a register of decisions."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from tests.bench import data
from tests.bench.parts import MEDIUM, PASSWORD, SMALL, Line, Register
from tracker.accounts.models import Unit
from tracker.accounts.queries import list_units
from tracker.accounts.services import create_user, give_role
from tracker.actions.models import ActionItem
from tracker.database import db, insert_many, refresh_statistics, writer
from tracker.records.models import Record
from tracker.reminders.queries import list_last_days
from tracker.reminders.services import Made, make_reminders
from tracker.rules.actions import Stage
from tracker.rules.permissions import Role

TODAY = date(2026, 11, 2)
PEOPLE = 100
FIRST = 5_000_000


def measure(engine: str, tell: Callable[[Line], None]) -> None:
    """The first run, which makes all of them; the same again, which makes none; and one calendar."""
    register = Register(engine, MEDIUM)
    with register.app.app_context():
        people = _people()
        _actions(people)
        made, seconds = _run(TODAY)
        note = f"{made.reminders} to {made.people} people, {made.mails} mails"
        tell(Line(engine, "reminders worked out and kept", "-", made.reminders, None, seconds, "s", 5, note))
        again, seconds = _run(TODAY)
        assert again.reminders == 0
        tell(Line(engine, "the same again", "-", made.reminders, None, seconds, "s", 5))
        start = time.perf_counter()
        found = len(list_last_days(people[0], TODAY))
        seconds = time.perf_counter() - start
        tell(Line(engine, "one person's calendar", "-", found, None, seconds, "s", 2))
        db.session.rollback()


def _run(today: date) -> tuple[Made, float]:
    start = time.perf_counter()
    with writer():
        made = make_reminders(today, data.NOW)
        db.session.commit()
    return made, time.perf_counter() - start


def _people() -> list[int]:
    """Managers, each of a unit, who are responsible for actions too."""
    units = [unit for unit in list_units() if unit.tree_from == unit.tree_to][:PEOPLE]
    assert units
    found = []
    for number in range(PEOPLE):
        user = create_user(f"chef{number}@x.se", f"Kim Chef {number}", PASSWORD if not number else None, data.NOW)
        give_role(user, Role.MANAGER, db.session.get_one(Unit, units[number % len(units)].id), data.NOW, data.FIRST_DAY)
        found.append(user.id)
    db.session.commit()
    return found


def _actions(people: list[int]) -> None:
    """100 000 actions, of which 10 000 are late since yesterday, or fall due in 14 days."""
    for start in range(0, MEDIUM, data.BATCH):
        rows = list(_rows(start, people))
        insert_many(Record.__table__, [_record(row) for row in rows])  # type: ignore[arg-type]
        insert_many(ActionItem.__table__, rows)  # type: ignore[arg-type]
        db.session.commit()
    data.go_on_numbering("record")
    db.session.commit()
    refresh_statistics()


def _rows(start: int, people: list[int]) -> Iterator[dict[str, Any]]:
    for number in range(start, start + data.BATCH):
        waits = number < SMALL
        due = TODAY + timedelta(days=-1 if number % 2 else 14) if waits else TODAY - timedelta(days=number % 900)
        yield {
            "record_id": FIRST + number, "unit_id": 100 + number % (data.AREAS * data.UNITS_AN_AREA),
            "ref": f"AT-{number:07}", "text": "Rutinen ses över", "responsible_id": people[number % PEOPLE],
            "decided_on": data.FIRST_DAY, "due_on": due, "done_on": None if waits else due,
            "stage": (Stage.TO_DO if waits else Stage.FINISHED).value, "listed_on": due, "mark": 0,
            "effect": None if waits else "uppnådd",
        }  # fmt: skip


def _record(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["record_id"], "kind": "action", "number": row["ref"], "title": f"Åtgärd {row['ref']}",
            "unit_id": row["unit_id"], "access": "ordinary", "version": 1, "created_at": data.NOW}  # fmt: skip
