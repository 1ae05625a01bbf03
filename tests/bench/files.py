"""What do files cost? Import and export of a large register, and what the others notice meanwhile."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import select

from tests.bench import data
from tests.bench.measuring import measured
from tests.bench.parts import MEDIUM, PASSWORD, ROLES, SMALL, Line, Register
from tests.bench.serving import Page, Server, serve, sign_in
from tests.support import databases
from tracker.accounts.reader import EVERYTHING
from tracker.database import db, writer
from tracker.decisions.correcting import Correction, correct_decision
from tracker.decisions.models import Decision
from tracker.decisions.writing import lock_decisions
from tracker.records.models import Record

CORRECTED_EVERY = 2.0


def measure(engine: str, tell: Callable[[Line], None]) -> None:
    """Import of 100 000 rows from CSV, and the same as XLSX."""
    app = databases.migrated_app(engine)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    key = databases.TEST_KEY
    environment = {"APP_ENV": "testing", "DATABASE_URL": url, "SECRET_KEY": key, "DATA_ENCRYPTION_KEY": key,
                   "AUDIT_KEY": key}  # fmt: skip
    file = Path(os.environ[databases.FOLDER]) / f"import-{engine}.csv"
    file.write_bytes(data.csv_of(MEDIUM))
    command = [sys.executable, "-m", "flask", "import", "decisions", str(file)]
    seconds, memory = measured(command, environment)
    tell(Line(engine, f"import of {MEDIUM} rows, CSV", "-", MEDIUM, None, seconds, "s", 20))
    tell(Line(engine, "its memory", "-", MEDIUM, None, memory, "MB", 300))
    seconds, memory = measured(command, environment)
    tell(Line(engine, "the same file again, nothing changed", "-", MEDIUM, None, seconds, "s", 20))
    export = [sys.executable, "-m", "tests.bench.exporting", str(file.with_suffix(".xlsx"))]
    seconds, memory = measured(export, environment)
    tell(Line(engine, f"XLSX of {MEDIUM} rows", "all", MEDIUM, None, seconds, "s", 10))
    tell(Line(engine, "its memory", "all", MEDIUM, None, memory, "MB", 120))
    _while_importing(engine, file, tell)


def _write_meanwhile(server: Server, importing: subprocess.Popen, waited: list[float]) -> None:
    """Signs in again and again, which writes; how long each took. Fails when one is refused."""
    while importing.poll() is None:
        start = time.perf_counter()
        sign_in(server, ROLES["one unit"][0], PASSWORD)
        waited.append(time.perf_counter() - start)


def _correct_meanwhile(register: Register, importing: subprocess.Popen, waited: list[float]) -> None:
    """Corrects a decision of the register every other second; how long each took."""
    with register.app.app_context():
        ids = list(db.session.scalars(select(Decision.record_id).order_by(Decision.record_id).limit(100)))
        db.session.rollback()
        for number, record_id in enumerate(ids):
            if importing.poll() is not None:
                return
            start = time.perf_counter()
            with writer():
                lock_decisions()  # before the version is read: the import may raise it while this waits
                seen = db.session.scalars(select(Record.version).where(Record.id == record_id)).one()
                made = Correction(record_id, seen, "fel utförare", EVERYTHING, EVERYTHING, data.NOW.date())
                correct_decision(made, {"utforare": f"Utförare {number}"})
                db.session.commit()
            waited.append(time.perf_counter() - start)
            time.sleep(CORRECTED_EVERY)


def _while_importing(engine: str, file: Path, tell: Callable[[Line], None]) -> None:
    """The slowest answer that another user gets while the file is being imported."""
    register = Register(engine, SMALL)
    server = serve("app:app", register.environment())
    try:
        page = Page(sign_in(server, ROLES["all"][0], PASSWORD), "/beslut")
        command = [sys.executable, "-m", "flask", "import", "decisions", str(file)]
        quiet = subprocess.DEVNULL
        importing = subprocess.Popen(command, env=os.environ | register.environment(), stdout=quiet, stderr=quiet)
        worst, waited, corrected = 0.0, [0.0], [0.0]
        with ThreadPoolExecutor(max_workers=2) as writers:
            writing = (
                writers.submit(_write_meanwhile, server, importing, waited),
                writers.submit(_correct_meanwhile, register, importing, corrected),
            )
            while importing.poll() is None:
                worst = max(worst, page.milliseconds())
                time.sleep(0.05)
        for written in writing:
            written.result()  # one that was refused has no time, and must not pass for a short one
        if importing.returncode:
            raise RuntimeError("the import failed")
        tell(Line(engine, "signing in meanwhile, slowest", "all", len(waited) - 1, None, max(waited), "s", 10))
        tell(Line(engine, "correcting meanwhile, slowest", "all", len(corrected) - 1, None, max(corrected), "s", 10))
        tell(Line(engine, "/beslut while 100000 rows are imported, slowest", "all", SMALL, None, worst / 1000, "s", 3))
    finally:
        server.stop()
