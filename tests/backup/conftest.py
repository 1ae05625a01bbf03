"""A register with something in every corner, and databases to put it back into."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.decisions.lists import number_of
from tests.decisions.running import run
from tests.factories import make_decisions, make_unit, make_user
from tests.frozen.locking import lock_released
from tests.records.granting import close, name
from tests.support import databases
from tracker import clock
from tracker.accounts import drafts
from tracker.accounts.granting import ask
from tracker.accounts.models import FirstStartStep, User
from tracker.accounts.services import make_code
from tracker.accounts.signin import open_session
from tracker.accounts.units import rename_unit
from tracker.audit.models import AuditRead
from tracker.audit.reads import note_read
from tracker.audit.rotation import register_present_key
from tracker.database import db, writer
from tracker.decisions.ivo_models import IndividualReport
from tracker.decisions.ivo_sealing import TEXTS, seal_fields
from tracker.decisions.models import ClockEvent, ClockLife, DecisionClock, DecisionReplacement
from tracker.decisions.notes import EVENT_FIELD, life_field, seal_text
from tracker.factory import create_app
from tracker.frozen.quarters import key_of
from tracker.frozen.services import mark_ready
from tracker.log_review.models import LogCheck, LogDraw, LogDrawItem, LogPlan
from tracker.reports.models import ReportTemplate
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter
from tracker.rules.second_administrator import RequestKind
from tracker.rules.trail import ReadKind

PEOPLE = ("191212121212", "189001019802")
ODD = 'Å "citat", \\ snedstreck;\ttabb\nny rad \u2028 🙂 \'--'
DAY = date(2026, 3, 31)


def _accounts(user: User) -> None:
    now = clock.now()
    with writer():
        rename_unit(make_unit("Vuxen", "Individ och familj"), "Vuxna", DAY)
        open_session(user.id, user.version, now)
        make_code(user, now)
        drafts.keep(user.id, "/beslut/1/rätta", "", (("skal", ODD),), now)
        ask(RequestKind.ONE_IS_ENOUGH, None, user.id, now)
        db.session.add(FirstStartStep(step="units", state="done"))
        db.session.commit()


def _log_review(user: User) -> None:
    """A plan, a check, a draw and its item, with bytes of every value and moments to the microsecond."""
    now = clock.now().replace(microsecond=1)
    db.session.rollback()
    read = db.session.scalars(select(AuditRead.id)).first()
    with writer():
        plan = LogPlan(year=2026, unit_id=user_unit(), checks=4, sample_by="number", amount=3, kinds="record",
                       reviewer_id=user.id, version=1, created_at=now)  # fmt: skip
        db.session.add(plan)
        db.session.flush()
        check = LogCheck(plan_id=plan.id, number=1, from_on=DAY, to_on=DAY, due_on=DAY + timedelta(30), version=1,
                         result=None, conclusion=ODD, signed_by=None, signed_at=None, digest=None)  # fmt: skip
        db.session.add(check)
        db.session.flush()
        draw = LogDraw(check_id=check.id, number=1, algorithm="a", seed=bytes(32), population=bytes(range(256)) * 9,
                       population_count=1, population_hash=b"\xff" * 32, sample_size=1, unit_id=plan.unit_id,
                       kinds="record", reason=None, drawn_by=user.id, drawn_at=now)  # fmt: skip
        db.session.add(draw)
        db.session.flush()
        db.session.add(LogDrawItem(draw_id=draw.id, position=1, read_id=read, grade=None, comment="", graded_by=user.id,
                                   graded_at=now))  # fmt: skip
        db.session.commit()


def _reports(user: User) -> None:
    """A locked report with its files, rows and reviews, one that is being put together, and a clock's life."""
    lead = make_user("las@kommun.example", Role.QUALITY_LEAD)
    db.session.rollback()
    lock_released(lead.id, 2021, 4)
    now = clock.now()
    with writer():
        mark_ready(key_of(Quarter(2022, 1)), (DAY, DAY - timedelta(90)), ODD[:20], bytes(range(32)), 0, user.id, now)
        clock_id, record_id = db.session.execute(
            select(DecisionClock.id, DecisionClock.decision_id).order_by(DecisionClock.id)
        ).first()
        partly = seal_text(ODD, clock_id, life_field("partly"))
        db.session.add(ClockLife(clock_id=clock_id, planned_on=DAY, partly=partly, meanwhile=None))
        event = ClockEvent(clock_id=clock_id, kind="kontakt", happened_on=DAY)
        db.session.add(event)
        db.session.flush()
        event.what = seal_text(ODD, event.id, EVENT_FIELD)
        db.session.add(DecisionReplacement(record_id=record_id, replaces_id=record_id + 1))
        sent = IndividualReport(clock_id=clock_id, record_id=record_id, year=2021, number=4, ivo_type="ny",
                                afterwards=False, sent_on=DAY, sent_by=user.id, version=1)  # fmt: skip
        db.session.add(sent)
        db.session.flush()
        sent.texts = seal_fields({"skal": ODD}, sent.id, TEXTS)
        db.session.add(
            ReportTemplate(audience="alla", version=1, name=ODD, content=bytes(range(256)), checksum="0" * 64,
                           uploaded_by_id=user.id, uploaded_at=now, active=True)
        )  # fmt: skip
        db.session.commit()


def user_unit() -> int:
    return make_unit("Vuxna").id


def fill() -> None:
    """Rows in nearly every table: sealed values, moments, bytes, empty texts, texts that are hard to quote."""
    register_present_key(clock.now())  # as starting the program does
    user = make_user("hand@kommun.example", Role.CASE_OFFICER, name=ODD)
    make_user("jav@kommun.example", Role.CASE_OFFICER)
    _accounts(user)
    make_decisions(
        [
            {"ref": f"B-{number:02}", "person": PEOPLE[number % 2], "enhet": "Vuxna", "skal": f"Eget skäl {number}",
             "kon": "man" if number % 2 else "", "utforare": ODD.replace("\n", " ")}
            for number in range(30)
        ]
        + [{"ref": "B-01", "person": PEOPLE[1], "enhet": "Vuxna", "kon": "man", "avbrottsdatum": "2021-03-01"}]
    )  # fmt: skip
    name("B-02", "hand@kommun.example")
    close("B-03", "jav@kommun.example")
    note_read(ReadKind.RECORD, record_id=number_of("B-02"), selection=ODD)
    _log_review(user)
    _reports(user)


@pytest.fixture
def register(app):
    """The filled register."""
    fill()
    return app


@pytest.fixture
def other(tmp_path):
    """Makes an application on a new database without tables: `other("postgresql", AUDIT_KEY=…)`."""
    made = []

    def make(engine, **settings):
        made.append(create_app(databases.settings(databases.empty_database(engine), **settings)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def copy(register, tmp_path):
    """A backup of the filled register."""
    file = tmp_path / "kopia.zip"
    ran = run(register, "backup", "create", file)
    assert ran.code == 0, ran.err
    return file


def address_of(app) -> str:
    return app.config["SQLALCHEMY_DATABASE_URI"]
