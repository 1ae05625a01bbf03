"""The measurements, part by part."""

import gc
import http.client
import logging
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import event, select, text

from tests.bench import data
from tests.bench.measuring import measured
from tests.bench.serving import Page, Server, next_page_path, pair, serve, sign_in
from tests.support import databases
from tests.support.pages import PageClient
from tracker.accounts.queries import find_unit
from tracker.accounts.reader import EVERYTHING, reader_by_email
from tracker.accounts.services import create_user, give_role
from tracker.database import db, writer
from tracker.decisions.correcting import Correction, correct_decision
from tracker.decisions.models import Decision
from tracker.decisions.queries import RegisterFilter, Status, count_register
from tracker.decisions.writing import lock_decisions
from tracker.factory import create_app
from tracker.logs import configure_logging
from tracker.records.models import Record
from tracker.records.scope import EVERY_RECORD, scope_of
from tracker.reports.audiences import Audience
from tracker.reports.files import report_file
from tracker.reports.quarter import quarter_figures
from tracker.reports.rendering import ReportFormat
from tracker.rules.permissions import Permission, Role
from tracker.rules.quarters import Period, Quarter

PASSWORD = "ett lösenord för mätning 1"
ROLES = {"one unit": ("enhet@x.se", "Enhet 007"), "a subtree": ("omrade@x.se", "Område 07"), "all": ("alla@x.se", None)}
PERIOD = Period.of(Quarter(2026, 3), data.CUTOFF, data.PREVIOUS)
SMALL, MEDIUM = 10_000, 100_000
CORRECTED_EVERY = 2.0


@dataclass(frozen=True)
class Line:
    """One printed line: what was measured for whom, the figure and its bar (the largest that is accepted)."""

    engine: str
    what: str
    role: str
    rows: int
    statements: int | None
    figure: float
    unit: str
    bar: float
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the bar is met."""
        return self.figure <= self.bar

    def __str__(self) -> str:
        statements = "" if self.statements is None else str(self.statements)
        mark = "ok" if self.met else "MISSED"
        return (
            f"{self.engine:<11}{self.what:<52}{self.role:<11}{self.rows:>9} {statements:>3} "
            f"{self.figure:>8.2f} {self.unit:<8}<= {self.bar:<5} {mark:<7}{self.note}"
        )


class Register:
    """A filled database with its users, and what is needed to serve it."""

    def __init__(self, engine: str, count: int) -> None:
        self.engine, self.count = engine, count
        start = time.perf_counter()
        self.app = databases.migrated_app(engine)
        self.url = self.app.config["SQLALCHEMY_DATABASE_URI"]
        with self.app.app_context():
            data.make_units()
            for role, (email, unit) in ROLES.items():
                user = create_user(email, f"Kim {role}", PASSWORD, data.NOW)
                of = find_unit(unit or "Socialförvaltningen")
                give_role(user, Role.CASE_OFFICER, of, data.NOW, data.FIRST_DAY)
            db.session.commit()
            data.fill(count)
        print(f"# {engine}: {count} clocks made in {time.perf_counter() - start:.0f} s", file=sys.stderr)

    def environment(self) -> dict[str, str]:
        """The settings that a server or a command on this database needs."""
        key = databases.TEST_KEY
        return {"APP_ENV": "testing", "DATABASE_URL": self.url, "SECRET_KEY": key, "DATA_ENCRYPTION_KEY": key,
                "AUDIT_KEY": key}  # fmt: skip

    def in_scope(self, role: str) -> int:
        """How many clocks a role's reader can see."""
        reader = reader_by_email(ROLES[role][0], data.NOW.date())
        return count_register(RegisterFilter(), scope_of(reader, Permission.READ_DECISIONS), data.NOW.date())


def run(engines: list[str], large: int, pairs: int, only: list[str]) -> list[Line]:
    """Runs the parts and returns their lines, printed as they come."""
    from tests.bench import backup, trust  # which measure with what stands here

    lines: list[Line] = []

    def tell(line: Line) -> None:
        lines.append(line)
        print(line, flush=True)

    for engine in engines:
        if "files" in only:
            _files(engine, tell)
        if "backup" in only:
            backup.measure(engine, tell)
        if "trust" in only:
            trust.measure(engine, pairs, tell)
        if {"pages", "nohits", "quarter"} & set(only):
            big = Register(engine, large)
            if "quarter" in only:
                _quarter(big, tell)
            if {"pages", "nohits"} & set(only):
                _served(big, engine, pairs, only, tell)
    return lines


def _served(big: Register, engine: str, pairs: int, only: list[str], tell: Callable[[Line], None]) -> None:
    floor = floor_server(engine)
    servers = [floor]
    try:
        large = serve("app:app", big.environment())
        servers.append(large)
        if "pages" in only:
            medium, small = Register(engine, MEDIUM), Register(engine, SMALL)
            at_medium, at_small = serve("app:app", medium.environment()), serve("app:app", small.environment())
            servers += [at_medium, at_small]
            _pages(medium, at_medium, floor, pairs, tell)
            _growth(big, large, at_small, pairs, tell)
        if "nohits" in only:
            _no_hits(big, large, floor, tell)
    finally:
        for server in servers:
            server.stop()


def floor_server(engine: str) -> Server:
    """The least that a signed-in list page costs here, served."""
    floor_url = databases.empty_database(engine)
    environment = {"FLOOR_URL": floor_url}
    subprocess.run(
        [sys.executable, "-c", "from tests.bench.floor import fill; fill()"], env=os.environ | environment, check=True
    )
    floor = serve("tests.bench.floor:app", environment)
    floor.cookie = _floor_cookie(floor)
    return floor


def _floor_cookie(floor: Server) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", floor.port, timeout=30)
    connection.request("GET", "/in")
    return connection.getresponse().headers["Set-Cookie"].split(";")[0]


def _statements(register: Register, email: str, path: str) -> int:
    """How many statements a page takes when nothing but the process is warm."""
    app = create_app(databases.settings(register.url))
    configure_logging(logging.CRITICAL)
    page = PageClient(app)
    page.sign_in(email, PASSWORD)
    page.get(path)
    count = 0

    def counted(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal count
        count += not statement.startswith("BEGIN")

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", counted)
        page.get(path)
        event.remove(db.engine, "before_cursor_execute", counted)
    return count


CASES = (("unfiltered", ""), ("one status", "?" + urlencode({"status": Status.EXECUTED})))


def _pages(medium: Register, server: Server, floor: Server, pairs: int, tell: Callable[[Line], None]) -> None:
    for role in ("one unit", "all"):
        email = ROLES[role][0]
        signed = sign_in(server, email, PASSWORD)
        with medium.app.app_context():
            rows = medium.in_scope(role)
        for name, query in CASES:
            first = f"/beslut{query}"
            deep = _deep(Page(signed, first))
            for depth, path in (("first", first), ("deep", deep)):
                _, base, ratio = pair(Page(signed, path), Page(floor, "/list"), pairs)
                number = _statements(medium, email, path)
                what = f"/beslut {medium.count}, {name}, {depth}"
                tell(Line(medium.engine, what, role, rows, number, ratio, "x floor", 2.5, f"floor {base:.2f} ms"))


def _deep(page: Page, steps: int = 12) -> str:
    """The address some pages down (as far as there are pages)."""
    path = page.path
    for _ in range(steps):
        try:
            page.path = next_page_path(page)
        except RuntimeError:
            break
        path = page.path
    return path


def _growth(big: Register, large: Server, at_small: Server, pairs: int, tell: Callable[[Line], None]) -> None:
    for role in ROLES:
        email = ROLES[role][0]
        many, few = sign_in(large, email, PASSWORD), sign_in(at_small, email, PASSWORD)
        with big.app.app_context():
            rows = big.in_scope(role)
        for name, query in CASES:
            path = f"/beslut{query}"
            for depth in ("first", "deep"):
                a = path if depth == "first" else _deep(Page(many, path))
                b = path if depth == "first" else _deep(Page(few, path))
                _, _, ratio = pair(Page(many, a), Page(few, b), pairs)
                bar = 1.5 if role == "a subtree" else 1.3
                tell(
                    Line(
                        big.engine, f"/beslut {big.count} / {SMALL}, {name}, {depth}", role, rows, None, ratio, "x", bar
                    )
                )


def _no_hits(big: Register, server: Server, floor: Server, tell: Callable[[Line], None]) -> None:
    """Every combination of the page's filters that finds nothing; the slowest is told."""
    combinations = [
        dict(zip(("status", "insats", "klocka", "ref", "enhet"), values, strict=True))
        for values in _product(
            ["", *Status],
            ["", "1000", "1005", "1999"],
            ["", "avbrott", "beslut"],
            ["", "B-", "B-00", "X"],
            ["", "99", "150"],
        )
    ]
    for role in ROLES:
        email = ROLES[role][0]
        signed = sign_in(server, email, PASSWORD)
        with big.app.app_context():
            rows = big.in_scope(role)
        worst, where, tried = 0.0, "", 0
        base = statistics.median([Page(floor, "/list").milliseconds() for _ in range(100)])
        for combination in combinations:
            path = "/beslut?" + urlencode({name: value for name, value in combination.items() if value})
            page = Page(signed, path)
            body = page.body()
            if b"Inget passar filtret" not in body:
                continue
            tried += 1
            best = min(page.milliseconds() for _ in range(3))
            if best > worst:
                worst, where = best, path
        what = f"no hits at {big.count}, worst of {tried}"
        tell(Line(big.engine, what, role, rows, None, worst / base, "x floor", 50, f"{worst:.1f} ms {where}"))


def _product(*lists: list[str]) -> list[tuple[str, ...]]:
    return list(product(*(list(map(str, values)) for values in lists)))


def _quarter(big: Register, tell: Callable[[Line], None]) -> None:
    """The quarter's figures, and its rows as JSON on top, against one reading of the whole table."""
    not_indexed = " NOT INDEXED" if big.engine == "sqlite" else ""
    scan = text(f"SELECT count(*), sum(id) FROM decision_clock{not_indexed}")  # noqa: S608
    with big.app.app_context():
        if big.engine == "postgresql":
            db.session.execute(text("SET max_parallel_workers_per_gather = 0"))

        def timed(action: Callable[[], object]) -> float:
            start = time.perf_counter()
            action()
            return time.perf_counter() - start

        def scanned() -> object:
            return db.session.execute(scan).one()

        def figured() -> object:
            return quarter_figures(PERIOD, EVERYTHING)

        figures = quarter_figures(PERIOD, EVERYTHING)

        def rendered() -> object:
            return report_file(figures, EVERY_RECORD, Audience.INTERNAL, ReportFormat.JSON)

        for action in (scanned, figured, rendered):
            action()
        gc.freeze()  # as app.py does: the collector leaves alone what the process was started with
        samples = [(timed(scanned), timed(figured), timed(rendered)) for _ in range(15)]
        base = statistics.median(a for a, _, _ in samples)
        of_figures = statistics.median(b / a for a, b, _ in samples)
        of_rows = statistics.median(c / a for a, _, c in samples)
        note = f"scan {base * 1000:.0f} ms, {figures.total} in a class"
        tell(Line(big.engine, f"quarter figures at {big.count}", "all", big.count, 4, of_figures, "x scan", 1.0, note))
        tell(Line(big.engine, "its rows as JSON, on top", "all", figures.total, 3, of_rows, "x scan", 2.5))
        db.session.rollback()


def _files(engine: str, tell: Callable[[Line], None]) -> None:
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
        writing = (
            threading.Thread(target=_write_meanwhile, args=(server, importing, waited)),
            threading.Thread(target=_correct_meanwhile, args=(register, importing, corrected)),
        )
        for thread in writing:
            thread.start()
        while importing.poll() is None:
            worst = max(worst, page.milliseconds())
            time.sleep(0.05)
        for thread in writing:
            thread.join()
        if importing.returncode:
            raise RuntimeError("the import failed")
        tell(Line(engine, "signing in meanwhile, slowest", "all", len(waited) - 1, None, max(waited), "s", 10))
        tell(Line(engine, "correcting meanwhile, slowest", "all", len(corrected) - 1, None, max(corrected), "s", 10))
        tell(Line(engine, "/beslut while 100000 rows are imported, slowest", "all", SMALL, None, worst / 1000, "s", 3))
    finally:
        server.stop()
