"""What do the start page and the register of actions cost, for every role, with 100 000 of each register?"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from tests.bench import data
from tests.bench.cases import _record, _rows, make_categories
from tests.bench.parts import MEDIUM, PASSWORD, Line, Register, _deep, floor_server, statements_of
from tests.bench.serving import Page, Server, pair, serve, sign_in
from tracker.accounts.queries import find_unit
from tracker.accounts.services import create_user, give_role
from tracker.actions.models import ActionItem, ActionSource
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH
from tracker.database import db, insert_many, refresh_statistics
from tracker.records.models import Record
from tracker.rules.actions import Stage
from tracker.rules.permissions import Role

FAR = date(9999, 12, 31)
# Who opens it: a role and the unit that it is held over (None: all of them).
READERS: dict[str, tuple[Role, str | None]] = {
    f"{role.value}": (role, None)
    for role in Role
    if role is not Role.MANAGER
} | {"chef, en": (Role.MANAGER, "Enhet 007"), "chef, område": (Role.MANAGER, "Område 07"),
     "chef, alla": (Role.MANAGER, None)}  # fmt: skip


def measure(engine: str, pairs: int, tell: Callable[[Line], None]) -> None:
    """The start page for each role, and the lists of actions for those who follow them."""
    register = Register(engine, MEDIUM)
    with register.app.app_context():
        readers = people()
        fill(readers)
    floor = floor_server(engine)
    server = serve("app:app", register.environment())
    try:
        for reader, user in readers.items():
            signed = sign_in(server, f"bench{user}@x.se", PASSWORD)
            _page(register, floor, (signed, reader, user), ("start page", "/", 4.0), pairs, tell)
            if READERS[reader][0] in {Role.MANAGER, Role.QUALITY_LEAD}:
                everybody = "/atgarder?vems=alla"
                for what, path in (
                    ("all", everybody), ("late", f"{everybody}&lista=forsenade"), ("mine", "/atgarder"),
                    ("all, deep", _deep(Page(signed, everybody))),
                ):  # fmt: skip
                    _page(register, floor, (signed, reader, user), (f"/atgarder, {what}", path, 2.5), pairs, tell)
    finally:
        for one in (floor, server):
            one.stop()


def _page(
    register: Register, floor: Server, who: tuple[Server, str, int], asked: tuple[str, str, float], pairs: int,
    tell: Callable[[Line], None],
) -> None:  # fmt: skip
    (signed, reader, user), (what, path, bar) = who, asked
    ours, base, ratio = pair(Page(signed, path), Page(floor, "/list"), pairs)
    number = statements_of(register, f"bench{user}@x.se", path)
    note = f"{ours:.2f} ms, floor {base:.2f}"
    tell(Line(register.engine, f"{what}, {reader}", "", MEDIUM, number, ratio, "x floor", bar, note))


def people() -> dict[str, int]:
    """A reader of each kind, with the number that stands in their address."""
    found = {}
    for number, (reader, (role, unit)) in enumerate(READERS.items()):
        user = create_user(f"bench{number}@x.se", f"Kim {reader}", PASSWORD, data.NOW)
        give_role(user, role, find_unit(unit or "Socialförvaltningen"), data.NOW, data.FIRST_DAY)
        found[reader] = number
    db.session.commit()
    return found


def fill(readers: dict[str, int]) -> None:
    """100 000 of each register of cases, and of actions for which these readers are responsible."""
    make_categories()
    for place, register in enumerate((DEVIATIONS, LEX_SARAH, COMPLAINTS), start=1):
        rows = _rows(register, place * MEDIUM, MEDIUM)
        for _ in range(0, MEDIUM, data.BATCH):
            batch = [next(rows) for _ in range(data.BATCH)]
            insert_many(Record.__table__, [_record(register, row) for row in batch])  # type: ignore[arg-type]
            insert_many(register.model.__table__, batch)
            db.session.commit()
    actions = _actions(4 * MEDIUM, range(1, len(readers) + 1))
    for _ in range(0, MEDIUM, data.BATCH):
        batch = [next(actions) for _ in range(data.BATCH)]
        insert_many(Record.__table__, [_action_record(row) for row in batch])  # type: ignore[arg-type]
        insert_many(ActionItem.__table__, batch)  # type: ignore[arg-type]
        insert_many(ActionSource.__table__, [_source(row) for row in batch])  # type: ignore[arg-type]
        db.session.commit()
    data.go_on_numbering("record", "code_item")
    db.session.commit()
    refresh_statistics()


def _actions(first: int, people: range) -> Iterator[dict[str, Any]]:
    """Actions of ten years, of which a few in a hundred still are to be done, about a third of those late."""
    rng = random.Random(7)
    days = (data.LAST_DAY - data.FIRST_DAY).days
    for number in range(MEDIUM):
        decided = data.FIRST_DAY + timedelta(days=number * days // MEDIUM)
        due = decided + timedelta(days=90)
        waits = rng.random() < (0.8 if number > MEDIUM * 0.97 else 0.005)
        yield dict.fromkeys(ActionItem.__table__.columns.keys()) | {
            "record_id": first + number + 1, "unit_id": 100 + rng.randrange(data.AREAS * data.UNITS_AN_AREA),
            "ref": f"Å-{number:07}", "text": "Rutinen ses över", "responsible_id": rng.choice(people),
            "decided_on": decided, "due_on": due, "done_on": None if waits else due,
            "effect": None if waits else "uppnådd", "mark": 0, "listed_on": due,
            "stage": (Stage.TO_DO if waits else Stage.FINISHED).value,
        }  # fmt: skip


def _source(row: dict[str, Any]) -> dict[str, Any]:
    """An avvikelse each, of about the same days as its action."""
    return {"action_id": row["record_id"], "record_id": row["record_id"] - 3 * MEDIUM}


def _action_record(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["record_id"], "kind": "action", "number": row["ref"], "title": f"Åtgärd {row['ref']}",
            "unit_id": row["unit_id"], "access": "ordinary", "version": 1, "created_at": data.NOW}  # fmt: skip
