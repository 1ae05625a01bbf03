"""Do our own pages keep what was typed in them, and find that somebody else was first?"""

from datetime import date

import pytest

from tests.accounts.forms import field_value
from tests.decisions.lists import number_of
from tests.decisions.running import decision
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.support.pages import PageClient
from tests.web.test_access import addresses
from tests.web.who_may import NOT_THEIRS, WHO_MAY_OPEN
from tracker import clock
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.services import give_role
from tracker.database import db
from tracker.rules.permissions import Role
from tracker.web.typed import ATTRIBUTE

__all__ = ["addresses"]
DAY = date(2026, 3, 31)
EVA, ADA = "eva@kommun.example", "ada@kommun.example"
WORTH_KEEPING = {
    "decisions.correct_decision", "decisions.correct_clock", "decisions.void_decision", "decisions.access",
    "control.take_step", "control.enter_decision", "control.ask_following",
    "control.settle_following", "risk.new_risk", "risk.change_risk",
    "control.new_moment", "control.change_moment", "control.scale", "risk.copy_risks",
    "risk.void_risk",
    "control.outcome", "control.override", "control.void",
    "saved.new", "saved.change",
    "actions.new", "actions.change", "actions.progress", "actions.effect",
    "actions.hand_on", "actions.new_day", "actions.void", "actions.share", "actions.several",
    "activity.new", "activity.change", "activity.progress", "activity.void",
    "stickprov.new", "stickprov.draw", "stickprov.decide", "stickprov.check", "reports.control_texts",
    "reports.story_texts",
    "stickprov.detach",
    "log_review.new_plan", "log_review.plan", "log_review.draw", "log_review.grade", "log_review.sign",
    "administration.new_user", "administration.user", "administration.change_user", "administration.change_person",
    "administration.role_end", "administration.approve", "administration.refuse", "administration.settings",
    "administration.new_units", "administration.code_list", "administration.code", "administration.merge_code",
    "administration.window", "decisions.look_over", "reports.update_round", "administration.templates",
    "administration.choose_template", "decisions.new_decision", "decisions.new_matter", "decisions.matter",
    "decisions.happening", "decisions.offer_answer", "decisions.replaces", "decisions.intake_table",
    "decisions.intake_columns", "decisions.intake_values", "reports.ready", "reports.lock", "reports.review",
    "reports.lock_follow_up", "reports.lock_year_of_quality",
    "cases.correct_deviation", "cases.correct_lex_sarah", "cases.correct_complaint",
    "cases.report", "cases.assess", "cases.deviation_step", "cases.lex_sarah_step", "cases.heading",
    "cases.complaint_step", "cases.new_complaint", "cases.deviation_access", "cases.lex_sarah_access",
    "cases.complaint_access", "cases.remove_deviation_file", "cases.remove_lex_sarah_file",
    "cases.remove_complaint_file", "reports.anmalan", "reports.anmalan_file",
    "cases.duty_unit", "cases.duty_others", "cases.duty_person", "cases.duty_void", "cases.duty_interval",
    "cases.new_provider", "cases.change_provider", "cases.provider_step",
    "guarantees.new_guarantee", "guarantees.change", "guarantees.start", "guarantees.end", "guarantees.prolong",
    "guarantees.cancel", "guarantees.correct", "guarantees.register_missed", "guarantees.register_complaint_missed",
    "cases.clear", "administration.retention",
    "cases.lex_maria", "administration.mas",
    "sending.sheet", "sending.undo", "sending.afterwards",
    "decisions.person", "sending.work",  # ask again, and have nothing to send
}  # fmt: skip


def test_the_views_that_keep_what_was_typed_are_those_named_here(app):
    assert {endpoint for endpoint, view in app.view_functions.items() if getattr(view, ATTRIBUTE, "")} == WORTH_KEEPING


def test_every_form_with_a_text_to_write_is_kept_and_sent_to_its_own_address(app, client, addresses):
    roles = (Role.CASE_OFFICER, Role.QUALITY_LEAD, Role.LOG_REVIEWER, Role.ADMINISTRATOR)
    client.sign_in(make_user("alla@kommun.example", *roles).email, PASSWORD)
    match = app.url_map.bind("localhost").match
    found = set()
    for path, who in WHO_MAY_OPEN.items():
        mine = (who - NOT_THEIRS.get(path, frozenset())) & set(roles)
        if not mine or path in {"/logga-in", "/engangskod/valj", "/bekrafta", "/synpunkt"}:
            continue  # the public's form knows no sign-in: whatever is wrong, it answers with what was typed
        page = client.get(path.format(**addresses))
        for form in page.tree.iter("form") if page.is_html else ():
            writes = [e for e in form.iter() if e.tag == "textarea" or e.get("name") == "reason"]
            if (form.get("method") or "get").lower() != "post" or not writes:
                continue
            assert form.get("action") is None, path
            endpoint, _ = match(path.format(**addresses), method="POST")
            assert getattr(app.view_functions[endpoint], ATTRIBUTE, ""), f"{endpoint} loses what is typed"
            found.add(endpoint)
    assert found >= {"decisions.correct_decision", "decisions.void_decision", "administration.refuse"}
    assert found <= WORTH_KEEPING


@pytest.fixture
def eva(app, client, frozen_day):
    """A handläggare of Vuxen at the page that corrects B-01."""
    frozen_day(DAY)
    make_unit("Vuxen")
    make_decisions([{"ref": "B-01", "enhet": "Vuxen"}], today=DAY)
    client.sign_in(make_user(EVA, Role.CASE_OFFICER, unit="Vuxen", name="Eva Ek").email, PASSWORD)
    return client


def end_sign_in(email: str) -> None:
    """A role that is given ends the sign-ins of the user."""
    give_role(find_user(email) or User(), Role.MANAGER, make_unit("Annan"), clock.now(), DAY)
    db.session.commit()


def typed_too_late(visitor: PageClient, path: str, email: str, **fields: str):
    """Opens the page, types, and sends when the sign-in has ended; gives the page after signing in again."""
    visitor.get(path)
    end_sign_in(email)
    visitor.signed_in = False
    page = visitor.submit(fields)
    assert "det du skrev är sparat i en timme" in page.text
    page = visitor.submit({"email": email, "password": PASSWORD})
    visitor.signed_in = True
    return page


def test_a_correction_comes_back_and_is_saved(eva):
    path = f"/beslut/{number_of('B-01')}/ratta"
    page = typed_too_late(eva, path, EVA, utforare="Evas AB", reason="Fel utförare")
    assert page.path.startswith(f"{path}?skrivet=")
    assert (field_value(page, "utforare"), field_value(page, "version")) == ("Evas AB", "1")
    assert "Fel utförare" in page.text
    assert decision("B-01").provider is None
    assert "Rättelsen är sparad." in eva.submit({}, form="utforare").text
    assert decision("B-01").provider == "Evas AB"


def test_a_correction_that_comes_back_on_top_of_anothers_is_laid_beside_it(eva, app):
    path = f"/beslut/{number_of('B-01')}/ratta"
    eva.get(path)
    bo = PageClient(app)
    bo.sign_in(make_user("bo@kommun.example", Role.CASE_OFFICER, unit="Vuxen", name="Bo Ek").email, PASSWORD)
    bo.get(path)
    fresh = eva.page
    bo.submit({"utforare": "Bos AB", "reason": "Nytt avtal"})
    eva.page = fresh
    end_sign_in(EVA)
    eva.signed_in = False
    eva.submit({"utforare": "Evas AB", "reason": "Fel utförare"})
    page = eva.submit({"email": EVA, "password": PASSWORD})
    eva.signed_in = True
    assert (field_value(page, "utforare"), field_value(page, "version")) == ("Evas AB", "1")
    page = eva.submit({}, form="utforare", status=409)
    assert "Någon annan har sparat sedan du öppnade sidan" in page.text
    assert "Bo Ek, 31 mars 2026 kl. 13.00: post rättad." in page.text
    assert decision("B-01").provider == "Bos AB"
    eva.submit({"valj-utforare": "mitt"})
    assert decision("B-01").provider == "Evas AB"


def test_a_voiding_comes_back_with_its_reason(eva):
    path = f"/beslut/{number_of('B-01')}/makulera"
    page = typed_too_late(eva, path, EVA, reason="Dubblett av B-02")
    assert page.path.startswith(f"{path}?skrivet=")
    assert "Dubblett av B-02" in page.text
    assert field_value(page, "version") == "1"


def test_a_persons_page_that_comes_back_still_knows_what_it_was_an_answer_to(app, client, frozen_day):
    frozen_day(DAY)
    bo = make_user("bo@kommun.example", Role.EMPLOYEE, name="Bo Berg")
    client.sign_in(make_user(ADA, Role.ADMINISTRATOR).email, PASSWORD)
    client.get(f"/admin/anvandare/{bo.id}/uppgifter")
    end_sign_in(ADA)
    client.signed_in = False
    client.submit({"name": "Bo Bergman"})
    bo.name = "Bo Ny"
    db.session.commit()
    page = client.submit({"email": ADA, "password": PASSWORD})
    client.signed_in = True
    assert (field_value(page, "name"), field_value(page, "seen_name")) == ("Bo Bergman", "Bo Berg")
    assert "Nu står Bo Ny" in client.submit({}, form="name", status=422).text
    db.session.rollback()
    assert find_user("bo@kommun.example").name == "Bo Ny"
