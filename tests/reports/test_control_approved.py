"""Which locked version of a follow-up the committee approved is said wherever its versions are."""

from datetime import date

import pytest

from tests.control.locking import lock_year
from tests.control.office import ControlOffice
from tests.factories import make_user
from tests.risk.signing import signed_in
from tracker import clock
from tracker.control.models import PlanEvent
from tracker.database import db, writer

EVA, SVEN = "eva@kommun.example", "sven@kommun.example"
PAGE = "/rapporter/internkontroll/2021"
NOT_THIS = "Nämnden har godkänt version 1, inte den här."


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """The published year with a first locked version that the committee has approved, and a second."""
    frozen_day(date(2022, 2, 15))
    made = ControlOffice(app, tmp_path)
    made.publish()
    by = make_user(EVA, "internkontroll").id
    make_user(SVEN, "namnd")
    lock_year(by)
    with writer():
        db.session.add(PlanEvent(year=2021, step="approve", report_version=1, at=clock.now(), by=by))
        db.session.commit()
    assert NOT_THIS not in signed_in(made, EVA).get(PAGE).text
    lock_year(by, reason="Ett resultat var fel")
    return made


@pytest.mark.parametrize("email", [EVA, SVEN])
def test_a_version_after_the_approved_one_says_so_and_leads_there(office, email):
    reader = signed_in(office, email)
    page = reader.get(PAGE)
    assert NOT_THIS in page.text
    page = reader.click("Läs den godkända")
    assert "Låst version 1" in page.text
    assert "godkänd av nämnden" in page.text
    assert NOT_THIS not in page.text
