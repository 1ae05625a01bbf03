"""What does a year of internal control cost? 100 000 risks, 500 kontrollmoment, 20 000 items, a draw of a million."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from tests.bench import data
from tests.bench.parts import PASSWORD, ROLES, Line, Register, floor_server, statements_of
from tests.bench.serving import Page, pair, serve, sign_in
from tracker.accounts.models import User
from tracker.control.drawn import DrawnSample
from tracker.control.models import ControlMoment, ControlSample
from tracker.database import db, insert_many, refresh_statistics, writer
from tracker.records.models import Record
from tracker.records.natural import natural_key
from tracker.risk.models import Risk, RiskTally
from tracker.risk.services import ensure_plans
from tracker.rules.permissions import Role
from tracker.rules.sampling import Item, read_items
from tracker.stickprov.models import SampleDraw, SampleItem
from tracker.stickprov.services import Wish, lock_population

YEAR, RISKS, MOMENTS, ITEMS_EACH = 2026, 100_000, 500, 40
REFERENCES, TAKEN = 1_000_000, 60
SECONDS, MEGABYTES = 2, 300
Stored = dict[str, Any]


def measure(engine: str, pairs: int, tell: Callable[[Line], None]) -> None:
    """The register with its matrix, the year's page, and the draw."""
    register = Register(engine, 0, role=Role.CONTROL_COORDINATOR)
    with register.app.app_context():
        _fill()
        sample_id = _lock()
    _pages(register, pairs, tell)
    _draw(register, sample_id, tell)


def _pages(register: Register, pairs: int, tell: Callable[[Line], None]) -> None:
    engine, floor = register.engine, floor_server(register.engine)
    server = serve("app:app", register.environment())
    register_pages = {
        f"/risker {RISKS} with its matrix": "/risker",
        f"/risker {RISKS}, one cell": "/risker?sannolikhet=3&konsekvens=3",
        f"/risker {RISKS}, the net list": "/risker?lista=netto",
        f"/risker {RISKS}, what is left out": "/risker?lista=utanfor",
    }
    try:
        for role in ROLES:
            email = ROLES[role][0]
            signed = sign_in(server, email, PASSWORD)
            year = {
                f"the year, {MOMENTS} moments, {MOMENTS * ITEMS_EACH} items": f"/internkontroll/{YEAR}",
                "the list of its moments": f"/internkontroll/{YEAR}/moment",
            }
            for what, path in (register_pages | year).items():
                bar, rows = (4.0, MOMENTS) if what in year else (2.5, RISKS)
                ours, base, ratio = pair(Page(signed, path), Page(floor, "/list"), pairs)
                number = statements_of(register, email, path)
                note = f"{ours:.2f} ms, floor {base:.2f}"
                tell(Line(engine, what, role, rows, number, ratio, "x floor", bar, note))
    finally:
        for one in (floor, server):
            one.stop()


def _draw(register: Register, sample_id: int, tell: Callable[[Line], None]) -> None:
    command = [sys.executable, "-m", "tests.bench.drawing", str(sample_id), str(TAKEN)]
    environment = os.environ | register.environment()
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split()
    what = f"a draw of {TAKEN} from so many references"
    tell(Line(register.engine, what, "-", REFERENCES, None, float(told[-2]), "s", SECONDS))
    tell(
        Line(register.engine, "its memory, the whole process", "-", REFERENCES, None, float(told[-1]), "MB", MEGABYTES)
    )


def _fill() -> None:
    """The year with its risks, and the same kontrollmoment in it and in the two years before."""
    with writer():
        ensure_plans({YEAR - 2, YEAR - 1, YEAR})
        risks, moments = list(_risks()), list(_moments())
        records = [_record(row, "risk", "Risk") for row in risks] + [
            _record(row, "control", "Kontrollmoment") for row in moments
        ]
        for table, rows in (
            (Record, records), (Risk, risks), (RiskTally, _tallies(risks)), (ControlMoment, moments),
            (ControlSample, list(_samples(moments))),
        ):  # fmt: skip
            for start in range(0, len(rows), data.BATCH):
                insert_many(table.__table__, rows[start : start + data.BATCH])  # type: ignore[arg-type]
        _items([row for row in moments if row["year"] == YEAR])
        data.go_on_numbering("record", "control_sample", "sample_draw")
        db.session.commit()
    refresh_statistics()


def _key(record_id: int, year: int, ref: str) -> Stored:
    unit_id = 100 + record_id % (data.AREAS * data.UNITS_AN_AREA)
    return {"record_id": record_id, "unit_id": unit_id, "year": year, "ref": ref, "ref_key": natural_key(ref),
            "mark": 0}  # fmt: skip


def _record(row: Stored, kind: str, noun: str) -> Stored:
    number = f"{row['year']}/{row['ref']}"
    return {"id": row["record_id"], "kind": kind, "number": number, "title": f"{noun} {number}",
            "unit_id": row["unit_id"], "access": "ordinary", "version": 1, "created_at": data.NOW}  # fmt: skip


def _risks() -> Iterator[Stored]:
    rng = random.Random(20260101)
    for number in range(1, RISKS + 1):
        s, k = rng.randrange(1, 5), rng.randrange(1, 5)
        weighed = {"likelihood": s, "consequence": k, "score": s * k, "rank": -s * k}
        words = {"text": f"Något brister i steg {number}", "area": f"Område {number % 9}", "level": "nämnd"}
        net = rng.random() < 0.1
        listed = {"in_net": net, "net_reason": None if net else "Bevakas av enheten"}
        yield _key(number, YEAR, f"R{number}") | weighed | words | listed


def _tallies(risks: list[Stored]) -> list[Stored]:
    names = ("year", "unit_id", "likelihood", "consequence")
    counted = Counter(tuple(row[name] for name in names) for row in risks)
    net = Counter(tuple(row[name] for name in names) for row in risks if row["in_net"])
    return [
        dict(zip(names, cell, strict=True)) | {"number": number, "net_number": net[cell]}
        for cell, number in counted.items()
    ]


def _moments() -> Iterator[Stored]:
    record_id = RISKS
    for year in (YEAR - 2, YEAR - 1, YEAR):
        for number in range(1, MOMENTS + 1):
            record_id += 1
            words = {"name": f"Kontroll av steg {number}", "method": "stickprov", "frequency": "kvartal"}
            yield _key(record_id, year, f"K{number}") | words | {"risk_id": number if year == YEAR else None}


def _samples(moments: list[Stored]) -> Iterator[Stored]:
    for number, row in enumerate(moments, start=1):
        yield {"id": number, "moment_id": row["record_id"], "ref": "P1", "ref_key": natural_key("P1"),
               "population": 400, "selected": ITEMS_EACH, "dropouts": number % 3, "deviations": number % 7}  # fmt: skip


def _items(moments: list[Stored]) -> None:
    """Each stickprov of the year as drawn here and accepted, with its items; what they say is not read by the page."""
    by = db.session.scalars(select(User.id).limit(1)).one()
    of_moment = {row[0]: row[1] for row in db.session.execute(select(ControlSample.moment_id, ControlSample.id))}
    samples = [of_moment[row["record_id"]] for row in moments]
    fixed = b"\0" * 32
    drawn = [{"sample_id": one, "state": "accepted", "version": 4, "population_hash": fixed, "criteria": "Attest",
              "locked_by": by, "locked_at": data.NOW, "proposed_by": by, "accepted_by": by, "accepted_at": data.NOW}
             for one in samples]  # fmt: skip
    draws = [{"id": one, "sample_id": one, "number": 1, "algorithm": "x", "seed": fixed, "population_hash": fixed,
              "select_by": "number", "amount": ITEMS_EACH, "each_unit": False, "drawn_by": by, "drawn_at": data.NOW}
             for one in samples]  # fmt: skip
    items = [{"draw_id": one, "position": place, "place": place, "reference": b"-", "version": 2,
              "verdict": "deviating" if place <= one % 7 else "approved"}
             for one in samples for place in range(1, ITEMS_EACH + 1)]  # fmt: skip
    for table, rows in ((DrawnSample, drawn), (SampleDraw, draws), (SampleItem, items)):
        insert_many(table.__table__, rows)  # type: ignore[arg-type]


def _lock() -> int:
    """A stickprov of a million references, locked; its number."""
    population = read_items(Item(f"DNR-{number:07}/2026", None, None) for number in range(REFERENCES))
    by = db.session.scalars(select(User.id).limit(1)).one()
    moment_id = db.session.scalars(select(ControlMoment.record_id).where(ControlMoment.year == YEAR).limit(1)).one()
    db.session.rollback()
    with writer():
        sample_id = lock_population(moment_id, Wish("P9", population), by, data.NOW)
        db.session.commit()
    return sample_id
