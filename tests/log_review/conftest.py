"""Fixtures for the log's tests: a Monday in November, a reviewer of everything, three people who work and read."""

from datetime import date

import pytest
from sqlalchemy import text

from tests.factories import PASSWORD, make_user
from tests.log_review.checking import wish
from tests.log_review.events import at, entry, make_record, read
from tests.support import guard
from tests.support.overhearing import overhear
from tests.support.pages import PageClient
from tracker import clock
from tracker.audit import reads, trail
from tracker.database import db, is_sqlite, writer
from tracker.log_review import services
from tracker.log_review.checks import list_checks
from tracker.rules.permissions import Role

TODAY = date(2026, 11, 23)


@pytest.fixture
def today(app, frozen_day):
    """23 November 2026, and tables that number their rows from 1, as SQLite's do when they are empty."""
    if not is_sqlite():
        for table in ("user_account", "log_plan", "log_check"):
            db.session.execute(text(f"ALTER SEQUENCE {table}_id_seq RESTART WITH 1"))
        db.session.commit()
    return frozen_day(TODAY)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """The program itself writes nothing in the trail, so that a list holds what a test has told by hand and no more."""
    monkeypatch.setattr(trail, "_append", lambda *_: None)
    monkeypatch.setattr(reads, "note_read", lambda *_, **__: None)
    monkeypatch.setattr(guard, "ENABLED", False)


@pytest.fixture
def noted(monkeypatch):
    """What has been noted as read, in order: the arguments of each call."""
    calls = []
    monkeypatch.setattr(reads, "note_read", lambda kind, **arguments: calls.append({"kind": kind} | arguments))
    return calls


@pytest.fixture
def trailed(monkeypatch):
    """What has been recorded in the trail, in order: the arguments of each call."""
    return overhear(monkeypatch, trail, "record", lambda action, **arguments: {"action": action} | arguments)


@pytest.fixture
def sign_in(app, today):
    """Signs in a new loggranskare for a unit and below (or for everything)."""

    def go(unit: str | None = None, email: str = "granskare@kommun.example") -> PageClient:
        make_user(email, Role.LOG_REVIEWER, unit=unit)
        visitor = PageClient(app)
        visitor.sign_in(email, PASSWORD)
        return visitor

    return go


@pytest.fixture
def people(app, today):
    """Anna and Bo, who keep the register, and Carin, who manages; by name, their numbers."""
    return {
        "anna": make_user("anna@kommun.example", Role.CASE_OFFICER, name="Anna Ek").id,
        "bo": make_user("bo@kommun.example", Role.CASE_OFFICER, name="Bo Lind").id,
        "carin": make_user("carin@kommun.example", Role.MANAGER, name="Carin Örn").id,
    }


@pytest.fixture
def reviewer(today):
    """Granskare, who reviews everything."""
    return make_user("granskare@kommun.example", Role.LOG_REVIEWER)


@pytest.fixture
def plan(reviewer):
    """The plan of 2026, whose checks have the numbers 1–4 of an empty database."""
    with writer():
        made = services.plan_checks(wish(reviewer.id), clock.today(), clock.now())
        db.session.commit()
    assert [check.id for check in list_checks([made.id])] == [1, 2, 3, 4]
    return made


@pytest.fixture
def third(plan, people):
    """Five readings of the third quarter within the plan; and around it what does not belong to it."""
    record = make_record("B-1", "Vuxen")
    inside = [
        read(at("2026-06-30", "22:00"), people["anna"], record_id=record),  # 1 July in Sweden
        read(at("2026-07-15"), people["bo"], record_id=record),
        read(at("2026-08-15"), people["carin"], "export", what="beslut", row_count=4),
        read(at("2026-09-01"), people["bo"], record_id=record),
        read(at("2026-09-30", "21:59"), people["anna"], record_id=record),
    ]
    read(at("2026-06-30", "21:59"), people["anna"], record_id=record)
    read(at("2026-09-30", "22:00"), people["anna"], record_id=record)
    read(at("2026-08-01"), people["anna"], "identity", record_id=record)
    read(at("2026-08-01"), people["anna"], "log", what="sok")
    read(at("2026-08-01"), people["anna"], record_id=record, actor_kind="reporter")
    entry(at("2026-08-01"), people["anna"], record_id=record)
    return inside


@pytest.fixture
def granskare(app, plan):
    """The reviewer's browser."""
    visitor = PageClient(app)
    visitor.sign_in("granskare@kommun.example", PASSWORD)
    return visitor
