"""What does trust cost? The trail's verification, its share of a commit, a logged read, and a new key."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import bindparam, select, update

from tests.bench import data
from tests.bench.parts import PASSWORD, ROLES, Line, Register, floor_server
from tests.bench.serving import Page, pair, serve, sign_in
from tests.support import databases
from tracker.audit.chain import Link, PartSum, trail_keys
from tracker.audit.models import AuditEntry, AuditHead, AuditPart
from tracker.audit.rotation import rotate
from tracker.audit.trail import PART_COLUMNS, changed_part
from tracker.audit.verifying import verify
from tracker.database import db, insert_rows, read_one_snapshot, refresh_statistics, writer
from tracker.decisions.models import Decision
from tracker.decisions.writing import PERSON
from tracker.settings import decode_keys, new_key
from tracker.vault import vault

ENTRIES, PERSONS = 1_000_000, 100_000
WRITERS, WRITING_SECONDS, ROUNDS = 4, 6.0, 3
BATCH = 20_000
Tell = Callable[[Line], None]


def measure(engine: str, pairs: int, tell: Tell) -> None:
    """All of it, on one engine."""
    register = Register(engine, 10_000)
    _logged_read(register, pairs, tell)
    _writers(register, tell)
    persons = Register(engine, PERSONS)
    with persons.app.app_context():
        _rotation(persons, tell)
        _verification(persons, tell)


def _logged_read(register: Register, pairs: int, tell: Tell) -> None:
    """One decision's page, with its reading written down and without, against the floor page."""
    with register.app.app_context():
        record_id = db.session.scalar(select(Decision.record_id).limit(1))
        db.session.rollback()
    floor = floor_server(register.engine)
    environment = register.environment()
    logged, silent = serve("app:app", environment), serve("tests.bench.unlogged:app", environment)
    try:
        path, email = f"/beslut/{record_id}", ROLES["all"][0]
        with_log, without = (Page(sign_in(server, email, PASSWORD), path) for server in (logged, silent))
        one, other, _ = pair(with_log, without, pairs)
        _, base, _ = pair(without, Page(floor, "/list"), pairs)
        note = f"{one:.2f} ms, {other:.2f} without, floor {base:.2f}"
        tell(Line(register.engine, "one logged read, on top of the page", "all", 1, 1, (one - other) / base,
                  "x floor", 0.5, note))  # fmt: skip
    finally:
        for server in (floor, logged, silent):
            server.stop()


def _writers(register: Register, tell: Tell) -> None:
    """Commits a second of four writers at once, without the chain and with it, in turn."""
    on, off = [], []
    for _ in range(ROUNDS):
        off.append(_commits(register, "off"))
        on.append(_commits(register, "on"))
    best_on, best_off = statistics.median(on), statistics.median(off)
    note = f"{best_on:.0f}/s with the chain, {best_off:.0f}/s without"
    tell(Line(register.engine, f"{WRITERS} writers, commits without / with chain", "-", WRITERS, None,
              best_off / best_on, "x", 3.0, note))  # fmt: skip


def _commits(register: Register, chain: str) -> float:
    environment = os.environ | register.environment()
    command = [sys.executable, "-m", "tests.bench.writing", chain, str(WRITING_SECONDS)]
    started = [
        subprocess.Popen([*command, str(number)], env=environment, stdout=subprocess.PIPE, text=True)
        for number in range(WRITERS)
    ]
    done = [int(process.communicate()[0]) for process in started]
    return sum(done) / WRITING_SECONDS


def _rotation(register: Register, tell: Tell) -> None:
    """A new key over as many persons."""
    ids = list(db.session.scalars(select(Decision.record_id)))
    people = [f"19{number % 90 + 10:02}0101{number % 10_000:04}" for number in range(len(ids))]
    rows = [
        {"k": record_id, "person": vault.encrypt(text, record_id, PERSON), "digest": vault.search_hash(text)}
        for record_id, text in zip(ids, people, strict=True)
    ]
    with writer():
        table = Decision.__table__
        statement = update(table).where(table.c.record_id == bindparam("k"))
        values = {"person_encrypted": bindparam("person"), "person_hash": bindparam("digest")}
        db.session.connection().execute(statement.values(**values), rows)
        db.session.commit()
    refresh_statistics()
    fresh = new_key()
    vault.configure(decode_keys(f"{fresh},{databases.TEST_KEY}"))
    start = time.perf_counter()
    sealed = rotate(data.NOW)
    seconds = time.perf_counter() - start
    vault.configure(decode_keys(databases.TEST_KEY))
    tell(Line(register.engine, "a new key over so many values", "-", sealed, None, seconds, "s", 60))


def _verification(register: Register, tell: Tell) -> None:
    """A trail of a million entries, most with values, made as the program makes them."""
    _lengthen(ENTRIES)
    refresh_statistics()
    read_one_snapshot()
    start = time.perf_counter()
    found = verify()
    seconds = time.perf_counter() - start
    if not found.whole:
        raise RuntimeError(found.problem)
    tell(Line(register.engine, "the whole trail verified", "-", found.entries, None, seconds, "s", 30))


def _lengthen(count: int) -> None:
    """Adds entries to the chain, by the chain's own rules, in batches."""
    db.session.rollback()
    with writer():
        head = db.session.execute(select(AuditHead)).scalar_one()
        chain, last, mac, reads = head.chain, head.last_id, head.last_mac, head.last_read_id
        db.session.expunge_all()
        record_id = db.session.scalar(select(Decision.record_id).limit(1))
        columns = (*Link._fields, "mac")
        for start in range(0, count, BATCH):
            links, parts = [], []
            for number in range(start, min(start + BATCH, count)):
                last += 1
                part = changed_part(None, {"executed_on": (None, f"2026-01-{number % 28 + 1:02}")})
                part = part._replace(record_id=None)
                digest = trail_keys.digest_parts([PartSum(None, part.digest, True, False)])
                link = Link(last, data.NOW + timedelta(seconds=number), "command", None, None, None,
                            "record.corrected", record_id, None, None, '["executed_on"]', 1, None, None,
                            digest)  # fmt: skip
                mac = trail_keys.mac(mac, link)
                links.append((*link, mac))
                parts.append((last, *part))
            insert_rows(AuditEntry.__table__, columns, links)
            insert_rows(AuditPart.__table__, PART_COLUMNS, parts)
        seal = trail_keys.seal_head(chain, last, mac, reads)
        db.session.execute(update(AuditHead).values(last_id=last, last_mac=mac, seal=seal))
        db.session.commit()
