"""A real browser before a real server, whose database holds the published list and one user for each kind of page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_migrate import upgrade
from sqlalchemy import select

from tests.cases.making import reported, step
from tests.control.making import asked_for, record_of
from tests.decisions.lists import number_of
from tests.factories import PASSWORD, make_user
from tests.frozen.locking import lock_released
from tests.log_review.checking import make_reviewed
from tests.sending.locking import lock
from tests.stickprov.making import Drawer
from tests.support import databases, server
from tests.support.project import ROOT
from tracker import clock
from tracker.accounts import granting
from tracker.accounts.queries import find_user
from tracker.accounts.services import TOP_UNIT_NAME, make_code
from tracker.control.services import Wish, step_plan
from tracker.database import db, writer
from tracker.decisions.ivo_matters import Matter, note_matter
from tracker.decisions.models import DecisionClock
from tracker.decisions.round_services import ask
from tracker.factory import create_app
from tracker.reports.audiences import Audience
from tracker.reports.queries import EVERY_AUDIENCE
from tracker.reports.rendering.docx import default_template
from tracker.reports.services import take_template
from tracker.rules.following import LinkKind
from tracker.rules.permissions import Role
from tracker.rules.plan_workflow import PlanStep
from tracker.rules.quarters import Period, Quarter
from tracker.rules.second_administrator import RequestKind
from tracker.rules.sending import MatterKind

OFFICER = "handlaggare@kommun.example"
ADMINISTRATOR = "admin@kommun.example"
REVIEWER = "loggranskare@kommun.example"
SECRETARY = "sekreterare@kommun.example"
SARAH = "ansvarig@kommun.example"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _lock_and_ask() -> None:
    """Locks the quarter before, in which a clock stands, and lets IVO ask about its decision."""
    ref = db.session.scalars(select(DecisionClock.ref).where(DecisionClock.kind == "beslut").limit(1)).one()
    lock_released(find_user(OFFICER).id, 2021, 2)
    lock(Quarter(2021, 3), {ref: "new"})
    today = clock.today()
    asked = Matter(MatterKind.REQUEST, today, today)
    with writer():
        note_matter(number_of(ref), asked, today, today, clock.now())
        db.session.commit()


class Site:
    """The running program, and what the tests' addresses are made with."""

    def __init__(self, address: str, code: str, database: str) -> None:
        self.address, self.code, self.database = address, code, database

    def url(self, path: str) -> str:
        """A path's whole address."""
        return self.address + path

    def sign_in(self, page, email: str = OFFICER, password: str = PASSWORD) -> None:
        """Signs in through the page."""
        page.goto(self.url("/logga-in"))
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(password)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_load_state()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """The machine's own Chromium, kept from asking anything of the network."""
    found = next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *BROWSERS))), None)
    if found is None:
        pytest.fail("There is no Chromium. `make test` installs it where it may; otherwise: apt-get install chromium")
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    arguments += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {"executable_path": found, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args():
    """Swedish, and no motion to wait for."""
    return {"locale": "sv-SE", "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The running program."""
    url = databases.empty_database("sqlite")
    settings = databases.settings(url, APP_ENV="development")
    app = create_app(settings)
    with app.app_context():
        upgrade()
        officer = make_user(OFFICER, Role.CASE_OFFICER, Role.QUALITY_LEAD)
        officer_id = officer.id
        granting.ask(RequestKind.ONE_IS_ENOUGH, None, officer.id, clock.now())
        make_user(ADMINISTRATOR, Role.ADMINISTRATOR)
        make_user(SECRETARY, Role.SECRETARY)
        sarah_id = make_user(SARAH, Role.LEX_SARAH_OFFICER).id
        code = make_code(make_user("ny@kommun.example"), clock.now())
        for audience in (EVERY_AUDIENCE, Audience.COMMITTEE.value):
            take_template(default_template(), f"mall-{audience}.docx", audience, officer.id, clock.now())
        db.session.commit()
        make_reviewed(REVIEWER)
        db.session.remove()
        for kind in ("decisions", "risks", "controls", "samples"):
            result = app.test_cli_runner().invoke(args=["import", kind, str(ROOT / f"examples/{kind}-2021.csv")])
            assert result.exit_code == 0, result.output
        for register in ("deviations", "complaints", "lex-sarah"):
            record_id = reported(register, TOP_UNIT_NAME, by=officer_id)
        step("lex-sarah", record_id, "receive", sarah_id)
        _lock_and_ask()
        Drawer(record_of("control", 2021, "K1"), officer_id).drawn()
        asked_for(record_of("control", 2021, "K1"), LinkKind.DEVIATION, None, officer_id)
        with writer():
            ask(Period.of(Quarter(2021, 4)), clock.today(), officer_id, 0, clock.today(), clock.now())
            step_plan(2021, Wish(PlanStep.PROPOSE, 1), officer_id, clock.today(), clock.now())
            db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with serving(url, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield Site(address, code, url.removeprefix("sqlite:///"))


@contextmanager
def serving(url: str, log: Path) -> Iterator[str]:
    """The program before a database, as in use; gives its address."""
    port = server.free_port()
    environment = server.clean_environment(
        APP_ENV="development", DATABASE_URL=url, SECRET_KEY=databases.TEST_KEY,
        DATA_ENCRYPTION_KEY=databases.TEST_KEY, AUDIT_KEY=databases.TEST_KEY, PORT=str(port),
    )  # fmt: skip
    with server.running(server.gunicorn(), ROOT, port, environment, log) as address:
        yield address


@pytest.fixture
def faults(page):
    """What the browser complains of."""
    return listen(page)


def listen(page) -> list[str]:
    """Collects errors of scripts, resources that are missing, breaches of the CSP, from now on."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def check_accessible(page):
    """Fails when axe finds anything against WCAG 2.2 AA on the page that is open, or when it scrolls sideways."""
    axe = Axe()
    options = {"resultTypes": ["violations"]}

    def check(where: str) -> None:
        results = axe.run(page, options=options)
        assert results.violations_count == 0, f"{where}: {results.generate_report()}"
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= page.viewport_size["width"], f"{where} is {width} pixels wide"

    return check
