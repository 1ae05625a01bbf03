"""What do the registers of cases cost? Lists, a case with many entries, a year's figures, an import."""

import csv
import gc
import io
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from tests.bench import data
from tests.bench.measuring import measured
from tests.bench.parts import MEDIUM, PASSWORD, ROLES, Line, Register, _deep, floor_server, statements_of
from tests.bench.serving import Page, Server, pair, serve, sign_in
from tests.support import databases
from tracker.accounts.reader import EVERYTHING
from tracker.cases.figures import complaint_year, deviation_year, lex_sarah_year
from tracker.cases.importing import DEVIATION_COLUMNS
from tracker.cases.models import COMMENT, CaseStepTaken, CaseText, Deviation
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, CaseRegister, set_state
from tracker.cases.texts import Section, text_row
from tracker.database import db, insert_many, refresh_statistics, writer
from tracker.records.models import CodeItem, Record
from tracker.records.scope import Scope
from tracker.rules.case_workflow import Assessment, CaseState
from tracker.rules.permissions import Permission, Role
from tracker.vault import vault

CATEGORY, CATEGORIES = 3000, 12
ENTRIES = 300
YEAR = 2026
SAMPLES = 9
Stored = dict[str, Any]


def measure(engine: str, large: int, pairs: int, tell: Callable[[Line], None]) -> None:
    """The lists and a case of 300 entries, the year's figures, and the import."""
    register = Register(engine, 0, role=Role.QUALITY_LEAD)
    with register.app.app_context():
        _fill({DEVIATIONS: MEDIUM, LEX_SARAH: MEDIUM, COMPLAINTS: MEDIUM})
        long_case = _long_case()
    _pages(register, long_case, pairs, tell)
    _import(engine, tell)
    big = Register(engine, 0, role=Role.QUALITY_LEAD)
    with big.app.app_context():
        _fill({DEVIATIONS: large // 2, LEX_SARAH: large // 4, COMPLAINTS: large // 4})
        _figures(big, large, tell)


def _pages(register: Register, long_case: int, pairs: int, tell: Callable[[Line], None]) -> None:
    floor = floor_server(register.engine)
    server = serve("app:app", register.environment())
    lists = {
        "/avvikelser": {"one state": "status=utreds", "one category": f"kategori={CATEGORY + 3}",
                        "standing still": "status=star-still"},
        "/lex-sarah": {"one state": "status=beslutade", "one degree": "bedomning=missforhallande",
                       "late": "status=forsenade", "at IVO": "status=till-ivo"},
        "/synpunkter": {"one state": "status=mottagna", "one kind": "typ=synpunkt", "late": "status=forsenade"},
    }  # fmt: skip
    try:
        for role, (email, _) in ROLES.items():
            signed = sign_in(server, email, PASSWORD)
            for path, filters in lists.items():
                wanted = {"all": path, "all, deep": _deep(Page(signed, path)), "open": f"{path}?status=oppna"}
                wanted |= {what: f"{path}?{query}" for what, query in filters.items()}
                for what, address in wanted.items():
                    _page(register, signed, floor, (f"{path}, {what}", role, address), 2.5, pairs, tell)
            if role != "one unit":
                long = (f"a case with {ENTRIES} entries", role, f"/avvikelser/{long_case}")
                _page(register, signed, floor, long, 4.0, pairs, tell)
    finally:
        for one in (floor, server):
            one.stop()


def _page(
    register: Register, signed: Server, floor: Server, asked: tuple[str, str, str], bar: float, pairs: int,
    tell: Callable[[Line], None],
) -> None:  # fmt: skip
    what, role, address = asked
    ours, base, ratio = pair(Page(signed, address), Page(floor, "/list"), pairs)
    number = statements_of(register, ROLES[role][0], address)
    note = f"{ours:.2f} ms, floor {base:.2f}"
    tell(Line(register.engine, what, role, MEDIUM, number, ratio, "x floor", bar, note))


def _import(engine: str, tell: Callable[[Line], None]) -> None:
    app = databases.migrated_app(engine)
    key = databases.TEST_KEY
    environment = {"APP_ENV": "testing", "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "SECRET_KEY": key,
                   "DATA_ENCRYPTION_KEY": key, "AUDIT_KEY": key}  # fmt: skip
    file = Path(os.environ[databases.FOLDER]) / f"avvikelser-{engine}.csv"
    file.write_bytes(_csv(MEDIUM))
    command = [sys.executable, "-m", "flask", "import", "deviations", str(file)]
    for what in (f"import of {MEDIUM} avvikelser", "the same file again"):
        seconds, memory = measured(command, environment)
        tell(Line(engine, what, "-", MEDIUM, None, seconds, "s", 20))
        tell(Line(engine, "its memory", "-", MEDIUM, None, memory, "MB", 300))


def _figures(big: Register, large: int, tell: Callable[[Line], None]) -> None:
    """The three registers' figures of a year, against one reading of the three tables."""
    not_indexed = " NOT INDEXED" if big.engine == "sqlite" else ""
    if big.engine == "postgresql":
        db.session.execute(text("SET max_parallel_workers_per_gather = 0"))
    scope, cutoff = Scope(EVERYTHING, Permission.READ_DEVIATIONS), date(YEAR, 10, 31)
    figures = {DEVIATIONS: deviation_year, LEX_SARAH: lex_sarah_year, COMPLAINTS: complaint_year}
    scans = {
        register: text(f"SELECT count(*), sum(record_id) FROM {register.model.__tablename__}{not_indexed}")  # noqa: S608
        for register in figures
    }

    def timed(action: Callable[[], object]) -> float:
        start = time.perf_counter()
        action()
        return time.perf_counter() - start

    ratios, seconds = [], []
    gc.freeze()  # as app.py does
    for sample in range(-1, SAMPLES):
        scanned = [timed(lambda one=one: db.session.execute(one).one()) for one in scans.values()]
        told = [timed(lambda one=one: one(YEAR, cutoff, scope)) for one in figures.values()]
        if sample >= 0:
            ratios.append(sum(told) / sum(scanned))
            seconds.append((sum(scanned), *told))
    parts = [statistics.median(column) * 1000 for column in zip(*seconds, strict=True)]
    note = "scans {:.0f} ms; avvikelser {:.0f}, lex Sarah {:.0f}, synpunkter {:.0f}".format(*parts)
    what = f"a year's figures at {large} cases"
    tell(Line(big.engine, what, "all", large, 4, statistics.median(ratios), "x scan", 2.0, note))
    db.session.rollback()


def _fill(counts: dict[CaseRegister, int]) -> None:
    """So many cases of ten years in each register; indexes are made anew afterwards."""
    make_categories()
    first = 0
    for register, count in counts.items():
        table = register.model.__table__
        for index in table.indexes:
            index.drop(db.engine)
        rows = _rows(register, first, count)
        for start in range(0, count, data.BATCH):
            batch = [next(rows) for _ in range(min(data.BATCH, count - start))]
            insert_many(Record.__table__, [_record(register, row) for row in batch])  # type: ignore[arg-type]
            insert_many(table, batch)
            db.session.commit()
        for index in sorted(table.indexes, key=lambda index: index.name):
            index.create(db.engine)
        first += count
    data.go_on_numbering("record", "code_item")
    db.session.commit()
    refresh_statistics()


def make_categories() -> None:
    """The categories that the avvikelser here are of."""
    categories = [
        {"id": CATEGORY + n, "list": "deviation_category", "label": f"Kategori {n:02}", "position": n}
        for n in range(CATEGORIES)
    ]
    db.session.execute(insert(CodeItem), categories)
    db.session.commit()


def _record(register: CaseRegister, row: Stored) -> Stored:
    return {"id": row["record_id"], "kind": register.kind.value, "number": row["ref"],
            "title": f"{register.noun} {row['ref']}", "unit_id": row["unit_id"], "access": "ordinary", "version": 1,
            "created_at": data.NOW}  # fmt: skip


def _rows(register: CaseRegister, first: int, count: int) -> Iterator[Stored]:
    """The cases in the order of their days, as they come in; a few in a hundred still wait."""
    rng, make = random.Random(f"{register.prefix} {count}"), _OWN[register.prefix]
    days = (data.LAST_DAY - data.FIRST_DAY).days
    for number in range(count):
        reported = data.FIRST_DAY + timedelta(days=number * days // count)
        row = dict.fromkeys(register.columns) | {
            "record_id": first + number + 1, "ref": f"{register.prefix}-{number:07}", "mark": 0,
            "unit_id": 100 + rng.randrange(data.AREAS * data.UNITS_AN_AREA), "happened_on": reported,
        }  # fmt: skip
        waits = ((data.LAST_DAY - reported).days < 90 and rng.random() < 0.8) or rng.random() < 0.005
        state = make(row, reported, rng, waits=waits)
        register.settle(row)
        set_state(row, state)
        row["moved_on"] = register.moved_on(row)
        yield row


def _deviation(row: Stored, day: date, rng: random.Random, *, waits: bool) -> CaseState:
    row |= {"reported_on": day, "law_area": rng.choice(("SoL", "LSS", "HSL")), "kind": "händelse",
            "category_id": CATEGORY + rng.randrange(CATEGORIES), "severity": rng.randrange(1, 5)}  # fmt: skip
    if waits:
        return rng.choice((CaseState.RECEIVED, CaseState.INVESTIGATING, CaseState.INVESTIGATING, CaseState.ACTING))
    row["closed_on"] = day + timedelta(days=rng.randrange(1, 60))
    return CaseState.CLOSED


def _lex_sarah(row: Stored, day: date, rng: random.Random, *, waits: bool) -> CaseState:
    row |= {"reported_on": day, "received_on": day, "law": rng.choice(("SoL", "LSS"))}
    if waits and rng.random() < 0.7:
        return rng.choice((CaseState.RECEIVED, CaseState.INVESTIGATING))
    row["decided_on"] = day + timedelta(days=rng.randrange(10, 90))
    row["assessment"] = rng.choice(list(Assessment)).value
    if row["assessment"] in {"risk_allvarligt", "allvarligt"}:
        row |= {"ivo_notified_on": row["decided_on"], "ivo_investigation_sent_on": row["decided_on"]}
    if waits:
        return CaseState.DECIDED
    row["closed_on"] = row["decided_on"] + timedelta(days=rng.randrange(5, 60))
    return CaseState.CLOSED


def _complaint(row: Stored, day: date, rng: random.Random, *, waits: bool) -> CaseState:
    row |= {"received_on": day, "kind": rng.choice(("klagomål", "klagomål", "synpunkt", "beröm"))}
    if waits:
        return CaseState.RECEIVED
    row["answered_on"] = day + timedelta(days=rng.randrange(1, 20))
    return CaseState.ANSWERED


_OWN = {"A": _deviation, "LS": _lex_sarah, "S": _complaint}


def _long_case() -> int:
    """Gives the first avvikelse of the subtree so many entries, each with a comment, and its words; its record."""

    unit_id = 100 + 7  # Enhet 007, which lies below Område 07
    record_id = db.session.query(Deviation.record_id).filter_by(unit_id=unit_id, state="investigating").first()[0]
    states = ("received", "investigating")
    steps = [
        {"id": number, "record_id": record_id, "step": "investigate" if number % 2 else "send_back",
         "from_state": states[number % 2 == 0], "to_state": states[number % 2], "on_day": data.LAST_DAY,
         "taken_at": data.NOW, "taken_by": 1,
         "comment": vault.encrypt(f"Samtal {number} med gruppen om vad som hände och vad som kan göras.", number,
                                  COMMENT)}
        for number in range(1, ENTRIES + 1)
    ]  # fmt: skip
    texts = [text_row(n, record_id, section, 1, "Larmet svarade inte. " * 20, None, data.NOW)
             for n, section in enumerate((Section.WHAT, Section.AT_ONCE), start=1)]  # fmt: skip
    with writer():
        insert_many(CaseStepTaken.__table__, steps)  # type: ignore[arg-type]
        insert_many(CaseText.__table__, texts)  # type: ignore[arg-type]
        db.session.commit()
    return int(record_id)


def _csv(count: int) -> bytes:
    """A file of avvikelser as a municipality would bring it in."""
    out = io.StringIO()
    writing = csv.writer(out, delimiter=";")
    writing.writerow(DEVIATION_COLUMNS)
    rng = random.Random(100)
    days = (data.LAST_DAY - data.FIRST_DAY).days
    for number in range(count):
        day = data.FIRST_DAY + timedelta(days=number * days // count)
        closed = "" if rng.random() < 0.03 else min(day + timedelta(days=rng.randrange(1, 30)), data.LAST_DAY)
        writing.writerow(
            (
                f"AVV-{number:06}", f"Enhet {number % 400:03}", "SoL", "händelse", day, day,
                f"Kategori {number % CATEGORIES}", f"Besöket blev {number % 50} minuter sent och ingen hörde av sig.",
                number % 4 + 1, closed,
            )
        )  # fmt: skip
    return out.getvalue().encode()
