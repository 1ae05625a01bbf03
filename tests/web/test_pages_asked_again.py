"""Which pages of ours ask for the password again, and do they lead back to what one was doing?"""

from datetime import date, time

import pytest

from tests.accounts.forms import field_value
from tests.decisions.lists import number_of
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.web.notes import chosen
from tracker.accounts.queries import list_role_rows
from tracker.audit.reads import ReadKind
from tracker.database import db
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role
from tracker.web.access import STATIC_ENDPOINTS, decision_of

DAY = date(2026, 3, 31)
ASKS = "Skriv ditt lösenord igen"
NUMBER = "191212121212"
TO_SEE = {
    "reports.anmalan", "reports.anmalan_file",
    "decisions.person", "log_review.sign", "sending.work", "sending.sheet", "sending.undo", "sending.afterwards",
}  # fmt: skip
TO_SEND = {
    "decisions.access",
    "cases.deviation_access",
    "cases.lex_sarah_access",
    "cases.complaint_access",
    "cases.clear",
    "administration.retention",
    "administration.new_user",
    "administration.user",
    "administration.change_user",
    "administration.role_end",
    "administration.approve",
    "administration.refuse",
    "administration.settings",
    "administration.mas",
    "administration.templates",
    "administration.choose_template",
    "reports.lock",
    "reports.lock_follow_up",
    "reports.lock_year_of_quality",
}


def test_the_pages_that_ask_again_are_those_named_here(app):
    marked = {}
    for endpoint in set(app.view_functions) - STATIC_ENDPOINTS:
        marked.setdefault(decision_of(app, endpoint).confirmed, set()).add(endpoint)
    assert marked[True] == TO_SEE
    assert marked["POST"] == TO_SEND
    assert set(marked) == {True, False, "POST"}


@pytest.fixture
def bo(app, frozen_day):
    """Somebody to give a role to, and a unit to give it for."""
    frozen_day(DAY)
    make_unit("Vuxen 1")
    return make_user("bo@kommun.example", Role.EMPLOYEE, name="Bo Berg")


@pytest.fixture
def admin(bo, client):
    client.sign_in(make_user("ada@kommun.example", Role.ADMINISTRATOR).email, PASSWORD)
    return client


def test_a_role_is_given_sixteen_minutes_later_after_the_password_with_the_form_still_filled_in(admin, bo, frozen_day):
    frozen_day(DAY, time(11, 16))
    page = admin.get(f"/admin/anvandare/{bo.id}")
    unit = next(
        option.get("value") for option in page.tree.iter("option") if (option.text or "").strip("\u2003 ") == "Vuxen 1"
    )
    page = admin.submit({"role": "handlaggare", "unit": unit, "to_on": "2026-12-31"}, form="Ge rollen")
    assert (page.heading, len(list_role_rows(bo.id))) == (ASKS, 1)
    page = admin.submit({"present": PASSWORD})
    assert page.path.startswith(f"/admin/anvandare/{bo.id}?skrivet=")
    assert (chosen(page, "role"), chosen(page, "unit"), field_value(page, "to_on")) == (
        ["handlaggare"], [unit], "2026-12-31",
    )  # fmt: skip
    db.session.rollback()
    assert len(list_role_rows(bo.id)) == 1
    admin.submit({}, form="Ge rollen")
    db.session.rollback()
    (_, given) = list_role_rows(bo.id)
    assert (given.role, given.unit_name, given.to_on) == (Role.CASE_OFFICER, "Vuxen 1", date(2026, 12, 31))
    assert "blev inte inskickat" not in admin.get("/").text


def test_a_role_form_that_stands_beside_a_refusal_is_sent_to_its_own_address(admin, bo, monkeypatch):
    def refuse(*_given):
        raise RuleViolation("refused", "Det går inte.")

    monkeypatch.setattr("tracker.accounts.granting.open_user", refuse)
    admin.get(f"/admin/anvandare/{bo.id}")
    page = admin.post(f"/admin/anvandare/{bo.id}/oppna", status=422)
    assert page.form("Ge rollen").get("action") == f"/admin/anvandare/{bo.id}"


def test_ending_a_user_asks_and_has_done_nothing(admin, bo, frozen_day):
    admin.get(f"/admin/anvandare/{bo.id}/avslut")
    frozen_day(DAY, time(11, 16))
    page = admin.submit({}, form="Avsluta användaren")
    assert (page.heading, "Inget har ändrats än." in page.text) == (ASKS, True)
    admin.submit({"present": PASSWORD})
    assert "Ge en roll" in admin.get(f"/admin/anvandare/{bo.id}").text


@pytest.fixture
def officer(app, client, frozen_day):
    """A handläggare who signed in at eleven, and a decision about a person."""
    frozen_day(DAY)
    make_decisions([{"ref": "B-01", "person": NUMBER}], today=DAY)
    client.sign_in(make_user("eva@kommun.example", Role.CASE_OFFICER).email, PASSWORD)
    return client


def test_whom_a_decision_is_about_is_shown_until_a_quarter_has_passed_to_the_second(officer, frozen_day, monkeypatch):
    noted = []
    monkeypatch.setattr(
        "tracker.decisions.access_views.reads.note_read", lambda kind, **_more: noted.append(kind)
    )  # what is shown is noted, and nothing else
    path = f"/beslut/{number_of('B-01')}/person"
    frozen_day(DAY, time(11, 14, 59))
    assert "Personnummer" in officer.get(path).text
    frozen_day(DAY, time(11, 15))
    page = officer.get(path)
    assert (page.heading, NUMBER in page.response.text) == (ASKS, False)
    assert noted == [ReadKind.IDENTITY]
    page = officer.submit({"present": PASSWORD})
    assert (page.path, "Personnummer" in page.text) == (path, True)
    assert noted == [ReadKind.IDENTITY] * 2


def test_access_is_opened_at_once_and_changed_after_the_password(officer, frozen_day):
    frozen_day(DAY, time(11, 16))
    path = f"/beslut/{number_of('B-01')}/atkomst"
    officer.get(path)
    assert officer.submit({"step": "skydda", "reason": "Skyddade uppgifter"}).heading == ASKS
    page = officer.submit({"present": PASSWORD})
    assert (chosen(page, "step"), "Skyddade uppgifter" in page.text) == (["skydda"], True)
    assert "Åtkomsten är ändrad." in officer.submit({}, form="reason").text
