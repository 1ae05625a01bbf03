"""Every page that tells of a decision is a reading of it, whatever it is for, and whatever becomes of what was sent."""

from datetime import date, time

import pytest
from sqlalchemy import select

from tests.decisions.lists import number_of
from tests.decisions.running import clocks
from tests.factories import PASSWORD, make_decisions, make_user
from tests.records.granting import version_of
from tests.support.pages import PageClient
from tracker.audit.models import AuditRead
from tracker.database import db
from tracker.rules.permissions import Role
from tracker.rules.trail import ReadKind

TODAY = date(2022, 2, 15)
NUMBER = "191212121212"
WHY = "Fel i underlaget"


@pytest.fixture
def eva(app, client, frozen_day):
    """A handläggare, signed in at eleven, with a register of one decision."""
    frozen_day(TODAY)
    make_decisions([{"ref": "B-01", "person": NUMBER, "handlaggare": "Eva Ek"}], today=TODAY)
    client.sign_in(make_user("eva@kommun.example", Role.CASE_OFFICER).email, PASSWORD)
    return client


def readings() -> list[tuple[str, int | None]]:
    """What has been read so far, in order."""
    db.session.rollback()
    return [
        tuple(row) for row in db.session.execute(select(AuditRead.kind, AuditRead.record_id).order_by(AuditRead.id))
    ]


def address(what: str) -> str:
    return f"/beslut/{number_of('B-01')}{what.format(clock=clocks('B-01')[0].id)}"


@pytest.mark.parametrize("what", ["/ratta", "/klocka/{clock}/ratta", "/makulera", "/atkomst"])
def test_a_page_to_change_a_decision_is_a_reading_of_it(eva, what):
    eva.get(address(what))
    assert readings() == [(ReadKind.RECORD, number_of("B-01"))]


@pytest.mark.parametrize("what", ["/ratta", "/klocka/{clock}/ratta", "/makulera", "/atkomst"])
def test_what_is_refused_still_shows_the_decision_and_is_a_reading(eva, what):
    path = address(what)
    eva.get(path)
    eva.post(path, {"version": version_of(number_of("B-01"))}, status=422)
    assert readings() == [(ReadKind.RECORD, number_of("B-01"))] * 2


def test_a_conflict_shows_what_others_wrote_and_is_a_reading(eva, app):
    eva.get(address("/ratta"))
    other = PageClient(app)
    other.sign_in(make_user("bo@kommun.example", Role.CASE_OFFICER).email, PASSWORD)
    other.get(address("/ratta"))
    other.submit({"utforare": "Bos AB", "reason": WHY})
    before = len(readings())
    version = version_of(number_of("B-01"))
    assert "Bos AB" in eva.submit({"utforare": "Evas AB", "reason": WHY}, status=409).text
    assert readings()[before:] == [(ReadKind.RECORD, number_of("B-01"))]
    assert version_of(number_of("B-01")) == version


def test_whom_a_decision_is_about_asks_for_the_password_after_a_quarter_of_an_hour(eva, frozen_day):
    frozen_day(TODAY, time(11, 14))
    assert NUMBER in eva.get(address("/person")).text
    frozen_day(TODAY, time(11, 15))
    page = eva.get(address("/person"))
    assert (page.path.partition("?")[0], NUMBER in page.response.text) == ("/bekrafta", False)
    assert readings() == [(ReadKind.IDENTITY, number_of("B-01"))]
    assert NUMBER in eva.submit({"present": PASSWORD}).text
