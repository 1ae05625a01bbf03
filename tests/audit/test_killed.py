"""The process dies at random moments during many writes: no half change, none without its entry, the trail whole."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, or_, select, text

from tests.audit.trails import verdict
from tests.factories import make_decisions, make_unit
from tests.support.databases import TEST_KEY
from tests.support.project import ROOT
from tracker.audit.history import list_history
from tracker.audit.models import AuditEntry, AuditPart
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock
from tracker.records.models import Record
from tracker.rules.trail import Action

WRITES, RECORDS = 1_000, 12
# Writes of every kind, one transaction each, until it is killed or has made its share; tells what has been committed.
WRITER = """
import sys
from datetime import UTC, date, datetime
from tests.factories import make_decisions, make_unit, make_user
from tracker.accounts.reader import EVERYTHING
from tracker.audit.reads import note_read, seal_reads
from tracker.database import db, writer
from tracker.decisions.correcting import Correction, correct_decision
from tracker.factory import create_app
from tracker.records.models import Record
from tracker.rules.trail import ReadKind

start, count = int(sys.argv[1]), int(sys.argv[2])
with create_app().app_context():
    ids = sorted(db.session.scalars(db.select(Record.id)))
    db.session.rollback()
    for number in range(start, start + count):
        record_id = ids[number % len(ids)]
        kind = number % 5
        if kind in (0, 1, 2):
            with writer():
                seen = db.session.get_one(Record, record_id).version
                made = Correction(record_id, seen, f"rättelse {number}", EVERYTHING, EVERYTHING, date(2026, 3, 31))
                correct_decision(made, {"utforare": f"Utförare {number}", "person": "191212121212" if number % 2 else
                                        "189001019802"})
                db.session.commit()
        elif kind == 3:
            make_decisions([{"ref": f"N-{number}"}, {"ref": "B-00", "kon": "man" if number % 2 else "kvinna"}])
        else:
            make_unit(f"Enhet {number}")
            note_read(ReadKind.RECORD, record_id=record_id)
            if number % 10 == 4:
                seal_reads()
        print(number, flush=True)
"""


def _environment(app):
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    return os.environ | {"APP_ENV": "testing", "DATABASE_URL": url, "SECRET_KEY": TEST_KEY,
                         "DATA_ENCRYPTION_KEY": TEST_KEY, "AUDIT_KEY": TEST_KEY}  # fmt: skip


def _write_and_die(app, rng, start):
    """Writes from a number on in a process that is killed at a random moment; gives the last number that it can have
    written: the one after the last it told may have been committed already when it was killed.
    """
    command = [sys.executable, "-c", WRITER, str(start), str(WRITES)]
    process = subprocess.Popen(command, cwd=ROOT, env=_environment(app), stdout=subprocess.PIPE, text=True)
    process.stdout.readline()  # it has begun
    time.sleep(rng.uniform(0.05, 2.0))
    os.kill(process.pid, signal.SIGKILL)
    told = [int(line) for line in process.communicate()[0].splitlines() if line.strip()]
    assert process.returncode == -signal.SIGKILL
    return max(told, default=start) + 1


@pytest.fixture
def register(app):
    make_unit("Vuxen")
    make_decisions([{"ref": f"B-{number:02}"} for number in range(RECORDS)])
    return app


def _check():
    """No half change, and no change without its entry."""
    found = verdict()
    assert found.whole, found.problem
    for record in db.session.scalars(select(Record)):
        decision = db.session.get_one(Decision, record.id)
        clocks = db.session.scalars(select(DecisionClock).where(DecisionClock.decision_id == record.id)).all()
        assert clocks
        assert {(clock.ref, clock.sex, clock.unit_id) for clock in clocks} == {
            (decision.ref, decision.sex, record.unit_id)
        }
        with_values = or_(AuditPart.open_values.is_not(None), AuditPart.sealed_values.is_not(None))
        changes = select(func.count()).where(AuditPart.record_id == record.id, with_values)
        assert record.version == 1 + db.session.scalar(changes), "each version has its entry, and the other way"
        last: dict[str, object] = {}
        for event in list_history(record.id, with_personal=True):  # newest first
            for change in event.changes:
                last.setdefault(change.field, change.new)
        assert (decision.provider, decision.sex) == (last.get("provider"), last.get("sex"))
    units = db.session.scalar(text("SELECT count(*) FROM unit"))
    noted = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == Action.UNIT_CREATED)
    assert db.session.scalar(noted) == units
    made = select(func.count(AuditPart.record_id.distinct())).where(AuditPart.open_values.is_(None))
    assert db.session.scalar(made) >= db.session.scalar(select(func.count()).select_from(Record))
    db.session.rollback()


def test_a_process_killed_while_it_writes_leaves_nothing_half_done(register):
    rng = random.Random(20260331)  # noqa: S311 - moments, no secrets
    reached, rounds = 0, 0
    while rounds < 6:
        reached = _write_and_die(register, rng, reached + 1)
        rounds += 1
        _check()
    rest = [sys.executable, "-c", WRITER, str(reached + 1), str(max(WRITES - reached, 1))]
    done = subprocess.run(rest, cwd=ROOT, env=_environment(register), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    _check()
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) > WRITES * 3 // 4
