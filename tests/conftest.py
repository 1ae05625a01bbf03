"""The fixtures that all tests share.

Every test that asks for `app` runs on SQLite and on PostgreSQL. Each engine's database is migrated once per process and
emptied before each test. A rollback around each test was weighed and left: signing in ends transactions on its own,
the statistics and the kept roles ask the engine itself, and real transactions are what runs in use.
"""

import os
from datetime import UTC, date, datetime, time

import pytest

from tests.support import databases, papers
from tests.support.pages import PageClient
from tests.support.passwords import make_quick
from tracker import clock
from tracker.database import db
from tracker.factory import create_app


def pytest_configure(config):
    for name in databases.SETTING_NAMES:
        os.environ.pop(name, None)  # a developer's own settings never reach the tests
    if not hasattr(config, "workerinput"):
        databases.make_folder()


def pytest_unconfigure(config):
    databases.stop_postgresql()
    if not hasattr(config, "workerinput"):
        databases.remove_folder()


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """Passwords are looked at quickly; how slowly they are in use is tested for itself."""
    make_quick(monkeypatch)


@pytest.fixture(scope="session", params=databases.ENGINES)
def engine(request):
    """The engine that a test runs on."""
    return request.param


@pytest.fixture(scope="session")
def migrated(engine):
    """The application on a migrated database, for all tests of this process and engine."""
    app = databases.migrated_app(engine)
    yield app
    with app.app_context():
        _dispose()


@pytest.fixture
def app(migrated):
    """The application on an empty database, within an application context for factories, services and queries."""
    databases.empty_tables(migrated)
    with migrated.app_context():
        yield migrated


@pytest.fixture
def client(app):
    """A visitor's browser, as far as HTTP goes; checks every page it is given."""
    return PageClient(app)


@pytest.fixture
def make_app(app):
    """Makes another application on the test's database, with other settings; for tests that add views to it."""
    made = []

    def make(**others):
        made.append(create_app(databases.settings(app.config["SQLALCHEMY_DATABASE_URI"], **others)))
        return made[-1]

    yield make
    for other in made:
        with other.app_context():
            _dispose()


@pytest.fixture
def quick_papers():
    """Word and PDF files are their texts alone, for tests that are not about them."""
    with papers.quick_papers():
        yield


@pytest.fixture
def frozen_day(monkeypatch):
    """Sets what day it is, for pages and commands: `frozen_day(date(2022, 1, 31))`; may be called again.

    Sign-ins last ten hours: a visitor who is to see the day signs in after it has been set.
    """

    def freeze(day: date, at: time = time(11)) -> date:
        moment = datetime.combine(day, at, UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)
        monkeypatch.setattr(clock, "today", lambda: day)
        return day

    return freeze


def _dispose():
    db.session.remove()
    db.engine.dispose()
