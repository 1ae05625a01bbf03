"""The demonstration is loaded once, into an empty database, and never in production."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from tracker.accounts.models import RoleAssignment, Unit, User
from tracker.accounts.queries import list_units
from tracker.accounts.services import create_unit, create_user
from tracker.activity.queries import list_activities
from tracker.control.models import ControlSample
from tracker.control.queries import grades_of, list_moments, list_samples
from tracker.database import db, writer
from tracker.decisions.life import lives
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.notes import open_note
from tracker.demo.loading import load_demonstration
from tracker.demo.municipality import MANAGED_UNIT, UNITS
from tracker.records.models import CodeItem, CodeList, Record
from tracker.records.queries import is_demonstration
from tracker.records.scope import EVERY_RECORD
from tracker.reports.preflight import preflight
from tracker.reports.quarter import quarter_rows
from tracker.risk.models import ControlPlan
from tracker.rules.control_grading import Grade
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role
from tracker.rules.quarters import Period, Quarter
from tracker.rules.sample_work import SampleState

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def count_of_kind(kind):
    return db.session.scalar(select(func.count()).where(Record.kind == kind))


def run_load(app):
    return app.test_cli_runner().invoke(args=["demo", "load"])


@pytest.fixture
def loaded(app):
    with writer():
        yield load_demonstration(TODAY, NOW)
    db.session.rollback()


def test_units_and_records_are_as_told(loaded):
    assert (loaded.decisions, loaded.units, len(loaded.users)) == (600, 16, len(Role))
    assert count(Decision) == count_of_kind("decision") == 600
    assert count(DecisionClock) == 648
    assert count(Unit) == 16
    assert is_demonstration()
    depths = {unit.name: unit.depth for unit in list_units()}
    assert depths["Socialförvaltningen"] == 0
    for area, units in UNITS.items():
        assert depths[area] == 1
        assert all(depths[unit] == 2 for unit in units)


def test_one_user_for_each_role_at_its_unit_with_one_fresh_password(loaded):
    assert count(User) == count(RoleAssignment) == len(Role)
    held = db.session.execute(
        select(RoleAssignment.role, User.email, Unit.name)
        .join(User, User.id == RoleAssignment.user_id)
        .join(Unit, Unit.id == RoleAssignment.unit_id)
    )
    at = {role: (email, unit) for role, email, unit in held}
    assert set(at) == set(Role)
    for role, (email, unit) in at.items():
        assert email == f"{role}@demo.example"
        assert unit == (MANAGED_UNIT if role in {Role.MANAGER, Role.EMPLOYEE} else "Socialförvaltningen")
    passwords = {password for _, _, password in loaded.users}
    assert len(passwords) == 1
    assert len(passwords.pop()) >= 16


def test_decisions_point_at_the_handler_and_the_code_lists(loaded):
    handler = db.session.scalar(select(User.id).where(User.email == "handlaggare@demo.example"))
    assert set(db.session.scalars(select(Decision.handler_id).distinct())) == {handler}
    coded = db.session.scalar(select(func.count(DecisionClock.delay_reason_id)))
    own_words = select(DecisionClock.delay_note, DecisionClock.id).where(DecisionClock.delay_note.is_not(None))
    notes = [open_note(sealed, clock_id) for sealed, clock_id in db.session.execute(own_words)]
    assert 0 < len(notes) < coded
    assert [note for note in notes if note.isupper()] == []  # a code that the list does not know
    known = set(db.session.scalars(select(CodeItem.label).where(CodeItem.list == CodeList.CLOSE_REASON)))
    said = set(db.session.scalars(select(DecisionClock.close_reason).where(DecisionClock.close_reason.is_not(None))))
    assert said
    assert said <= known


def test_what_has_happened_is_noted_of_most_clocks_that_run_and_leaves_something_to_ask_about(loaded):
    running = list(db.session.scalars(select(DecisionClock.id).where(DecisionClock.state == "open")))
    known = lives(running, with_texts=False).values()
    assert sum(bool(life.contacts) for life in known) > len(running) / 2
    assert any(life.offers and life.offers[0].answer == "tackat-nej" for life in known)
    assert all(life.planned_on > TODAY for life in known if life.planned_on)
    rows = quarter_rows(Period.of(Quarter(2026, 3)), EVERY_RECORD)
    found = preflight(rows, Period.of(Quarter(2026, 3)))
    assert 0 < found.to_mend < found.examined


def test_internal_control_is_told_of_three_years_the_last_of_them_under_way(loaded):
    states = dict(db.session.execute(select(ControlPlan.year, ControlPlan.state)).all())
    assert states == {2024: "followed_up", 2025: "followed_up", 2026: "adopted"}
    # By hand: R8 came in 2025, R10 left in 2026; K8 follows R8.
    assert count_of_kind("risk") == 9 + 10 + 9
    assert count_of_kind("control") == 7 + 8 + 8
    moments = {moment.ref: moment for moment in list_moments(2026, EVERY_RECORD)}
    # K3: two tertials have ended by 22 November, 30 checked in each, 13 (0.43 x 30 = 12.9) deviating.
    assert (moments["K3"].outcome.checked, moments["K3"].outcome.approved) == (60, 34)
    assert moments["K3"].history == {2024: Grade.ACCEPTABLE, 2025: Grade.ACCEPTABLE, 2026: Grade.FAILED}
    assert moments["K8"].history == {2024: None, 2025: Grade.NOT_DONE, 2026: Grade.ACCEPTABLE}
    # K6 goes by quarter: three have ended, the newest is not done.
    assert moments["K6"].outcome.checked == 60
    assert grades_of(moments.values()) == {
        Grade.GOOD: 4, Grade.ACCEPTABLE: 3, Grade.FAILED: 1, Grade.NOT_DONE: 0,
    }  # fmt: skip


def test_a_stickprov_waits_to_be_accepted_and_does_not_count(loaded):
    moments = {moment.ref: moment for moment in list_moments(2026, EVERY_RECORD)}
    waiting = next(row for row in list_samples(moments["K6"].record_id) if row.state is not None)
    assert (waiting.period, waiting.selected, waiting.deviations, waiting.state) == (
        "2026-K3", 30, 4, SampleState.PROPOSED,
    )  # fmt: skip
    assert moments["K6"].outcome.checked == 60


def test_activities_are_told_of_one_that_is_late_too(loaded):
    told = {row.ref: (row.status.value, row.late) for row in list_activities(2026, EVERY_RECORD, TODAY)}
    assert told == {"A1": ("pagar", True), "A2": ("ej_paborjad", False)}


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2028, 2, 29)])
def test_internal_control_hangs_together_on_any_day(app, day):
    with writer():
        load_demonstration(day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    latest = set(db.session.scalars(select(ControlSample.period)))
    db.session.rollback()
    assert f"{day.year - 1}-12" in latest
    assert f"{day.year}-{day.month:02}" not in latest


@pytest.mark.parametrize("held", ["unit", "user"])
def test_a_database_that_holds_data_is_refused(app, held):
    if held == "unit":
        create_unit("Vård och omsorg", None)
    else:
        create_user("anna@kommun.example", "Anna", None, NOW)
    with pytest.raises(RuleViolation) as refused:
        load_demonstration(TODAY, NOW)
    assert refused.value.code == "demo_not_empty"
    assert count(Decision) == 0
    assert not is_demonstration()


def test_the_command_prints_each_user_once_and_refuses_the_second_time(app):
    first = run_load(app)
    assert first.exit_code == 0, first.output
    lines = first.stdout.splitlines()
    for role in Role:
        assert sum(line.split()[:2] == [role.value, f"{role}@demo.example"] for line in lines) == 1
    assert lines[-1] == "Demonstrationen är inläst: 600 beslut, 16 enheter"
    again = run_load(app)
    assert again.exit_code == 1
    assert "tom databas" in again.output
    assert "@demo.example" not in again.output
    with app.app_context():
        assert count(User) == len(Role)


def test_production_refuses(app, monkeypatch):
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    refused = run_load(app)
    assert refused.exit_code == 1
    assert "production" in refused.output
    with app.app_context():
        assert count(User) == count(Unit) == 0
        assert not is_demonstration()
