"""What does the search cost, with 100 000 of each of decisions, risks, avvikelser and actions?"""

import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.bench import data
from tests.bench.cases import _rows, make_categories
from tests.bench.parts import MEDIUM, PASSWORD, ROLES, Line, Register, _deep, floor_server, statements_of
from tests.bench.serving import Page, Server, pair, serve, sign_in
from tracker.actions.models import ActionItem
from tracker.cases.registers import DEVIATIONS
from tracker.database import db, insert_many, refresh_statistics
from tracker.records.models import Record
from tracker.risk.models import ControlPlan, Risk
from tracker.rules.permissions import Role
from tracker.rules.risk_scoring import FOUR
from tracker.search.definition import CURRENT
from tracker.search.installing import rebuild

WORDS = (
    "rutin",
    "mall",
    "checklista",
    "beslut",
    "samverkan",
    "journal",
    "larm",
    "utbildning",
    "schema",
    "handläggning",
)
YEARS = 10
RARE_EVERY = 20_000
# A word of every third text, one of five texts, one of the oldest tenth, an insats, a number, and none.
SEARCHES = {
    "a common word": "rutin", "a rare word": "xylofon", "two common words": "rutin samverkan",
    "an old word": "arkivet", "a beginning": "ruti", "an insats": "insats 07", "a unit": "enhet 007",
    "a number": "A-0050000", "all numbers": "b", "nothing": "finnsinte",
}  # fmt: skip


def measure(engine: str, pairs: int, tell: Callable[[Line], None]) -> None:
    """The first page and a deep one for each kind of search and reader, and how long a rebuild takes."""
    register = Register(engine, MEDIUM, role=Role.QUALITY_LEAD)
    with register.app.app_context():
        _fill()
        start = time.perf_counter()
        held = rebuild(db.session.connection(), CURRENT)
        db.session.commit()
        seconds = time.perf_counter() - start
        refresh_statistics()
    tell(Line(engine, "the index made anew", "-", held, None, seconds, "s", 120))
    floor = floor_server(engine)
    server = serve("app:app", register.environment())
    try:
        for role, (email, _) in ROLES.items():
            signed = sign_in(server, email, PASSWORD)
            for what, words in SEARCHES.items():
                path = f"/sok?{urlencode({'q': words})}"
                _page(register, signed, floor, (what, role, path), pairs, tell)
            deep = _deep(Page(signed, "/sok?q=rutin"))
            _page(register, signed, floor, ("a common word, deep", role, deep), pairs, tell)
    finally:
        for one in (floor, server):
            one.stop()


def _page(
    register: Register, signed: Server, floor: Server, asked: tuple[str, str, str], pairs: int,
    tell: Callable[[Line], None],
) -> None:  # fmt: skip
    what, role, address = asked
    ours, base, ratio = pair(Page(signed, address), Page(floor, "/list"), pairs)
    number = statements_of(register, ROLES[role][0], address)
    note = f"{ours:.2f} ms, floor {base:.2f}"
    tell(Line(register.engine, f"/sok, {what}", role, 4 * MEDIUM, number, ratio, "x floor", 2.0, note))


def _fill() -> None:
    make_categories()
    plans = [
        {"year": 2017 + n, "state": "draft", "scale": json.dumps(FOUR.written()), "good_limit": 95,
         "acceptable_limit": 85, "version": 1}
        for n in range(YEARS)
    ]  # fmt: skip
    insert_many(ControlPlan.__table__, plans)  # type: ignore[arg-type]
    for kind, table, rows in (
        ("deviation", DEVIATIONS.model.__table__, _rows(DEVIATIONS, MEDIUM, MEDIUM)),
        ("risk", Risk.__table__, _risks(2 * MEDIUM)),
        ("action", ActionItem.__table__, _actions(3 * MEDIUM)),
    ):
        for _ in range(0, MEDIUM, data.BATCH):
            batch = [next(rows) for _ in range(data.BATCH)]
            insert_many(Record.__table__, [_record(kind, row) for row in batch])  # type: ignore[arg-type]
            insert_many(table, batch)
            db.session.commit()
    data.go_on_numbering("record", "code_item")
    db.session.commit()


def _record(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    number = f"{row['year']}/{row['ref']}" if kind == "risk" else row["ref"]
    return {"id": row["record_id"], "kind": kind, "number": number, "title": number, "unit_id": row["unit_id"],
            "access": "ordinary", "version": 1, "created_at": data.NOW}  # fmt: skip


def _text(rng: random.Random, number: int) -> str:
    words = [rng.choice(WORDS[1:]) for _ in range(12)]
    if number % 3 == 0:
        words.insert(rng.randrange(12), "rutin")
    if number % RARE_EVERY == 7:
        words.append("xylofon")
    if number < MEDIUM // 10:
        words.append("arkivet")
    return " ".join(words).capitalize()


def _unit(rng: random.Random) -> int:
    return 100 + rng.randrange(data.AREAS * data.UNITS_AN_AREA)


def _risks(first: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(1)
    for number in range(MEDIUM):
        yield dict.fromkeys(Risk.__table__.columns.keys()) | {
            "record_id": first + number + 1, "unit_id": _unit(rng), "year": 2017 + number * YEARS // MEDIUM,
            "ref": f"R{number}", "ref_key": f"R{number:08}", "text": _text(rng, number), "likelihood": 3,
            "consequence": 4, "score": 12, "rank": -12, "mark": 0, "in_net": True,
        }  # fmt: skip


def _actions(first: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(2)
    days = (data.LAST_DAY - data.FIRST_DAY).days
    for number in range(MEDIUM):
        decided = data.FIRST_DAY + timedelta(days=number * days // MEDIUM)
        yield dict.fromkeys(ActionItem.__table__.columns.keys()) | {
            "record_id": first + number + 1, "unit_id": _unit(rng), "ref": f"Å-{number:07}", "text": _text(rng, number),
            "decided_on": decided, "due_on": decided + timedelta(days=90), "stage": 0,
            "listed_on": date(9999, 12, 31), "mark": 0,
        }  # fmt: skip
