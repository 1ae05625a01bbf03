"""A clock that no report has held is sent afterwards: the locked report stays, and it is missed no more."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.decisions.lists import number_of
from tests.decisions.running import clock
from tests.factories import PASSWORD, make_decisions, make_user
from tests.records.granting import protect, version_of
from tests.sending.conftest import BO, QUARTER, TODAY
from tests.sending.locking import kept
from tests.sending.test_work import CAPTION, listed, states
from tests.support.pages import PageClient
from tracker.accounts.reader import EVERYTHING
from tracker.audit.history import list_history
from tracker.database import db
from tracker.decisions.afterwards import afterwards_cutoff
from tracker.frozen.models import FrozenRow
from tracker.reports.quarter import quarter_figures
from tracker.rules.permissions import Role
from tracker.rules.quarters import Period, Quarter
from tracker.rules.trail import Action

NEXT = Quarter(2022, 1)
AFTERWARDS = "/rapporter/kvartal/2022/1/ivo/efterhand"
MISSED = "Klockor som saknas i rapporterna"


@pytest.fixture
def missed(eva):
    """M was executed late in October and stood in no report; L was closed so. X and Y stood in the locked one."""
    reported = {"forst_rapporterad": "2021-12-31", "slutrapporterad": "2021-12-31"}
    make_decisions(
        [
            {"ref": "X", "beslutsdatum": "2021-07-05"} | reported,
            {"ref": "Y", "beslutsdatum": "2021-07-06"} | reported,
            {"ref": "M", "beslutsdatum": "2021-06-01", "verkstalld": "2021-10-11"},
            {"ref": "L", "beslutsdatum": "2021-06-02", "avslutad": "2021-10-12"},
        ],
        today=TODAY,
    )
    return eva


def choose(visitor: PageClient, ref: str, reason: str = "Glömdes i rapporten", status: int = 200):
    return visitor.submit({"klocka": f"{clock(ref).id}.{version_of(number_of(ref))}", "reason": reason}, status=status)


def missed_in(quarter: Quarter) -> int:
    db.session.rollback()
    return quarter_figures(Period.of(quarter), EVERYTHING).missed


def test_what_is_missed_is_offered_and_linked_from_the_report(missed):
    page = missed.get("/rapporter/kvartal/2022/1")
    assert page.links["Rapportera i efterhand"].startswith(AFTERWARDS + "?avstamning=2022-03-31")
    page = missed.click("Rapportera i efterhand")
    assert page.table(MISSED).column("Beslut") == ["M", "L"]
    assert "rapporterad per 31 december 2021" in page.text


def test_it_is_missed_no_more_and_the_locked_report_stays(missed):
    before = db.session.scalar(select(func.count()).select_from(FrozenRow))
    assert missed_in(NEXT) == 2
    missed.get(AFTERWARDS)
    page = choose(missed, "M")
    assert missed_in(NEXT) == 1
    stored = clock("M")
    assert (stored.first_reported_on, stored.final_reported_on) == (date(2021, 12, 31), date(2021, 12, 31))
    assert stored.alive_until == date(2021, 12, 31)
    assert db.session.scalar(select(func.count()).select_from(FrozenRow)) == before
    assert listed(page) == [("M", "Ny, i efterhand"), ("M", "Verkställd, i efterhand")]
    assert "0 av 2 sända" in page.text


def test_it_is_sent_as_the_others_are_and_says_why(missed):
    missed.get(AFTERWARDS)
    choose(missed, "M")
    page = missed.click("M, ny, i efterhand")
    assert "Rapporteras i efterhand: Glömdes i rapporten" in page.text
    page = missed.submit({"skal": "Kö", "gor": "sand"}, form="sand_den")
    assert states(page)["M", "Ny, i efterhand"] == "✓ Sänd 2022-02-15"
    assert "1 av 2 sända" in page.text
    assert "Glömdes i rapporten" in missed.get(f"/rapporter/kvartal/2022/1/ivo/{clock('M').id}/ny").text
    assert listed(missed.get("/rapporter/kvartal/2021/4/ivo"), CAPTION).count(("M", "Ny, i efterhand")) == 0


def test_the_trail_tells_it_with_the_reason(missed):
    missed.get(AFTERWARDS)
    choose(missed, "L", "Stod i fel lista")
    event, *_ = list_history(number_of("L"), with_personal=True)
    assert (event.action, event.reason) == (Action.RECORDS_REPORTED, "Stod i fel lista")
    told = {change.field: change.new for change in event.changes}
    assert (told["first_reported_on"], told["final_reported_on"]) == ("2021-12-31", "2021-12-31")
    assert "Rapporterade" in missed.get(f"/beslut/{number_of('L')}").text
    assert [row.ivo_type for row in kept("L")] == ["ny", "avslutad"]


@pytest.mark.parametrize(("reason", "told"), [("", "Skriv varför"), ("Gäller 19121212-1212", "ett personnummer")])
def test_a_reason_is_asked_for(missed, reason, told):
    missed.get(AFTERWARDS)
    page = choose(missed, "M", reason, status=422)
    assert told in page.text
    assert page.tree.find(".//input[@type='checkbox'][@checked]") is not None
    assert clock("M").first_reported_on is None


def test_at_least_one_is_chosen(missed):
    missed.get(AFTERWARDS)
    assert "Välj minst en klocka" in missed.submit({"reason": "Glömdes"}, status=422).text


def test_what_is_not_missed_cannot_be_chosen(missed):
    missed.get(AFTERWARDS)
    assert "Välj minst en klocka" in choose(missed, "N", status=422).text
    assert clock("N").first_reported_on is None


def test_somebody_elses_change_is_told(missed):
    missed.get(AFTERWARDS)
    seen = version_of(number_of("M"))
    make_decisions([{"ref": "M", "beslutsdatum": "2021-06-01", "utforare": "Nytt AB"}], today=TODAY)
    page = missed.submit({"klocka": f"{clock('M').id}.{seen}", "reason": "Glömdes"}, status=409)
    assert "Någon annan har ändrat" in page.text
    assert clock("M").first_reported_on is None


def test_another_persons_protected_one_is_counted_alone(missed):
    make_user(BO, Role.CASE_OFFICER)
    protect("M", BO)
    page = missed.get(AFTERWARDS)
    assert page.table(MISSED).column("Beslut") == ["L"]
    assert "1 skyddad visas inte" in page.text
    assert "Välj minst en klocka" in choose(missed, "M", status=422).text


def test_another_unit_sees_nothing(missed, app):
    visitor = PageClient(app)
    visitor.sign_in(make_user("barn@kommun.example", Role.CASE_OFFICER, unit="Barn").email, PASSWORD)
    assert "Inget saknas" in visitor.get(AFTERWARDS).text


def test_without_a_locked_report_the_last_quarter_day_counts(app, today):
    assert afterwards_cutoff(date(2022, 2, 15)) == date(2021, 12, 31)
    assert afterwards_cutoff(date(2022, 3, 31)) == date(2021, 12, 31)
    assert afterwards_cutoff(date(2022, 4, 1)) == date(2022, 3, 31)


def test_the_newest_locked_reports_cutoff_counts(register):
    assert afterwards_cutoff(date(2022, 9, 1)) == QUARTER.last_day
