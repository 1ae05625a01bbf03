"""The demonstration's users see the cases that their roles should, in every state."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from tracker.accounts.reader import EVERYTHING, reader_by_email
from tracker.cases.access import case_scope, whole_scope
from tracker.cases.figures import complaint_year, deviation_year, lex_sarah_year
from tracker.cases.filtering import CaseFilter, Status
from tracker.cases.models import CaseText, Complaint, Deviation, LexSarahReport
from tracker.cases.own import list_own
from tracker.cases.register import count_cases
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH
from tracker.cases.single import find_reporter, list_investigators, list_steps
from tracker.database import db, writer
from tracker.demo.loading import load_demonstration
from tracker.records.scope import EVERY_RECORD, Scope
from tracker.rules.permissions import Permission

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def loaded(app):
    with writer():
        yield load_demonstration(TODAY, NOW)
    db.session.rollback()


def states(model):
    return dict(db.session.execute(select(model.state, func.count()).group_by(model.state)).all())


def seen(register, role, wanted=None, scope=case_scope):
    reader = reader_by_email(f"{role}@demo.example", TODAY)
    return count_cases(register, wanted or CaseFilter(), scope(register, reader), TODAY)


def test_every_state_is_there(loaded):
    deviations, lex_sarah, complaints = states(Deviation), states(LexSarahReport), states(Complaint)
    assert set(deviations) == {
        "reported", "received", "investigating", "acting", "followed_up", "closed", "became_lex_sarah",
    }  # fmt: skip
    assert set(lex_sarah) == {
        "reported", "received", "assessed", "investigating", "investigated", "decided", "acting", "followed_up",
        "closed", "handed_over",
    }  # fmt: skip
    assert set(complaints) == {"reported", "received", "answered", "closed"}
    # By hand: 280 + 20 and eight missed guarantees; 46 + 13 and the avvikelse that became one; 68 + 12.
    assert (sum(deviations.values()), sum(lex_sarah.values()), sum(complaints.values())) == (308, 60, 80)
    degrees = set(db.session.scalars(select(LexSarahReport.assessment).distinct()))
    assert degrees == {None, "inget", "risk", "missforhallande", "risk_allvarligt", "allvarligt"}


def test_the_years_balance(loaded):
    whole = Scope(EVERYTHING, Permission.READ_DEVIATIONS)
    closing = 0
    for year in (2023, 2024, 2025, 2026):
        told = deviation_year(year, min(date(year, 12, 31), TODAY), whole)
        assert told.opening == closing
        assert told.opening + told.received - told.closed == told.closing
        closing = told.closing
        if year in {2024, 2025}:
            assert 70 <= told.received <= 125
    assert closing == count_cases(DEVIATIONS, CaseFilter(Status.OPEN), EVERY_RECORD, TODAY)
    lex = lex_sarah_year(2026, TODAY, whole)
    assert lex.in_time < lex.decided < lex.received
    assert lex.ivo_notified >= 2  # the closed one and the one whose investigation is under way
    answered = complaint_year(2026, TODAY, whole)
    assert 0 < answered.in_time < answered.answered < answered.received


def test_one_is_past_its_two_months_and_one_notified_before_its_investigation_was_done(loaded):
    assert count_cases(LEX_SARAH, CaseFilter(Status.LATE), EVERY_RECORD, TODAY) == 1
    early = select(LexSarahReport).where(
        LexSarahReport.ivo_notified_on.is_not(None), LexSarahReport.ivo_investigation_sent_on.is_(None)
    )
    found = db.session.scalars(early).one()
    assert (found.state, found.completed_on, found.assessment) == ("investigating", None, "allvarligt")
    assert [one.step for one in list_steps(found.record_id)] == ["receive", "assess", "assign", "notify_ivo"]
    assert list(list_investigators(found.record_id).values()) == ["Demo Utredare"]
    assert find_reporter(found.record_id).name == "Demo Medarbetare"
    written = db.session.scalar(select(func.count()).where(CaseText.record_id == found.record_id))
    assert written == 2 + 5  # the report's own, and five headings of the investigation
    moved = db.session.scalars(select(LexSarahReport.ref).where(LexSarahReport.ref.startswith("A-"))).one()
    assert moved.startswith("A-2026-")


def test_each_sees_what_the_role_is_for(loaded):
    assert seen(DEVIATIONS, "kvalitet") == 308
    assert 0 < seen(DEVIATIONS, "chef") < 60
    assert seen(DEVIATIONS, "medarbetare") == seen(DEVIATIONS, "utredare") == 0
    assert seen(LEX_SARAH, "ansvarig") == seen(LEX_SARAH, "ansvarig", scope=whole_scope) == 60
    # By hand: nine of the stories have been given to somebody who investigates.
    assert seen(LEX_SARAH, "utredare") == seen(LEX_SARAH, "utredare", scope=whole_scope) == 9
    assert seen(LEX_SARAH, "chef") >= 6
    assert seen(LEX_SARAH, "chef", scope=whole_scope) == 0
    assert seen(COMPLAINTS, "kvalitet") == 80
    assert seen(COMPLAINTS, "kvalitet", CaseFilter(Status.LATE)) >= 3
    employee = reader_by_email("medarbetare@demo.example", TODAY).user_id
    own = list_own(employee)
    # By hand: nine avvikelser and five lex Sarah-rapporter of their unit; one of the nine became a lex Sarah-rapport.
    assert len(own) == 14
    assert {one.kind.value for one in own} == {"deviation", "lex_sarah"}
    assert any(one.told_on for one in own)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2028, 2, 29)])
def test_cases_hang_together_on_any_day(app, day):
    with writer():
        load_demonstration(day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    assert (states(Deviation)["closed"], states(LexSarahReport)["reported"]) >= (200, 2)
    assert count_cases(LEX_SARAH, CaseFilter(Status.LATE), EVERY_RECORD, day) == 1
    db.session.rollback()
