"""The measurements, part by part."""

import http.client
import logging
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode

from sqlalchemy import event

from tests.bench import data
from tests.bench.serving import Page, Server, next_page_path, pair, serve, sign_in
from tests.support import databases
from tests.support.pages import PageClient
from tracker.accounts.queries import find_unit
from tracker.accounts.reader import reader_by_email
from tracker.accounts.services import create_user, give_role
from tracker.database import db
from tracker.decisions.queries import RegisterFilter, Status, count_register
from tracker.factory import create_app
from tracker.logs import configure_logging
from tracker.records.scope import scope_of
from tracker.rules.permissions import Permission, Role

PASSWORD = "ett lösenord för mätning 1"
ROLES = {"one unit": ("enhet@x.se", "Enhet 007"), "a subtree": ("omrade@x.se", "Område 07"), "all": ("alla@x.se", None)}
SMALL, MEDIUM = 10_000, 100_000


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

    def __init__(self, engine: str, count: int, late: float = data.LATE, role: Role = Role.CASE_OFFICER) -> None:
        self.engine, self.count = engine, count
        start = time.perf_counter()
        self.app = databases.migrated_app(engine)
        self.url = self.app.config["SQLALCHEMY_DATABASE_URI"]
        with self.app.app_context():
            data.make_units()
            for reach, (email, unit) in ROLES.items():
                user = create_user(email, f"Kim {reach}", PASSWORD, data.NOW)
                of = find_unit(unit or "Socialförvaltningen")
                give_role(user, role, of, data.NOW, data.FIRST_DAY)
            db.session.commit()
            data.fill(count, late)
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
    from tests.bench import (  # which measure with what stands here
        backup,
        cases,
        closing,
        control,
        files,
        pictures,
        quarters,
        reminders,
        report_files,
        search,
        sending,
        start,
        trends,
        trust,
    )

    lines: list[Line] = []

    def tell(line: Line) -> None:
        lines.append(line)
        print(line, flush=True)

    parts: dict[str, Callable[[str], None]] = {
        "files": lambda engine: files.measure(engine, tell),
        "papers": lambda engine: report_files.measure(engine, tell),
        "backup": lambda engine: backup.measure(engine, tell),
        "trust": lambda engine: trust.measure(engine, pairs, tell),
        "closing": lambda engine: closing.measure(engine, pairs, tell),
        "sending": lambda engine: sending.measure(engine, pairs, tell),
        "control": lambda engine: control.measure(engine, pairs, tell),
        "reminders": lambda engine: reminders.measure(engine, tell),
        "cases": lambda engine: cases.measure(engine, large, pairs, tell),
        "search": lambda engine: search.measure(engine, pairs, tell),
        "start": lambda engine: start.measure(engine, pairs, tell),
        "pictures": lambda engine: pictures.measure(engine, pairs, tell),
    }
    for engine in engines:
        for name, measure in parts.items():
            if name in only:
                measure(engine)
        if {"pages", "nohits", "quarter"} & set(only):
            big = Register(engine, large)
            if "quarter" in only:
                quarters.measure(big, tell)
                trends.measure(big, tell)
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


def statements_of(register: Register, email: str, path: str) -> int:
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
                number = statements_of(medium, email, path)
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
