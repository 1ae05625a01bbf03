"""Whoever acts in a request is named rightly, whatever the request does; and its thread is left as it was."""

import threading
from datetime import date, time

import pytest
from sqlalchemy import select

from tests.factories import PASSWORD, make_unit, make_user
from tests.support.overhearing import overhear
from tests.support.pages import PageClient
from tests.web.notes import add_notes
from tracker import clock
from tracker.accounts.models import UserSession
from tracker.accounts.services import give_role, make_code
from tracker.audit import acting as acting_module
from tracker.audit import trail
from tracker.audit.acting import COMMAND_LINE, acting
from tracker.database import db
from tracker.rules.permissions import Role
from tracker.rules.trail import Action, ActorKind, TargetKind
from tracker.web.access import public

DAY = date(2026, 3, 31)
EVA = "eva@kommun.example"
WRONG = "fel lösenord här"
NEW_PASSWORD = "nio granar i snö"


@pytest.fixture
def noted(monkeypatch):
    """What the trail is told in requests: (action, kind of actor, user, sign-in's number, target)."""
    found = []
    real = trail.record

    def record(action, *, target=None, actor=None, **others):
        who = actor or acting()
        if who.kind is not ActorKind.COMMAND:
            found.append((action, who.kind, who.user_id, who.session_id, target))
            assert who.request_id, "a request is named"
        real(action, target=target, actor=actor, **others)

    monkeypatch.setattr(trail, "record", record)
    return found


@pytest.fixture
def eva(app, frozen_day):
    frozen_day(DAY)
    return make_user(EVA, "handlaggare", name="Eva Ek")


def sessions() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(UserSession.id).order_by(UserSession.id)))


def about(user_id):
    return (TargetKind.USER, user_id)


def test_signing_in_and_out_is_noted_in_the_users_own_name(client, eva, noted):
    client.sign_in(EVA, PASSWORD)
    client.sign_out()
    (number,) = sessions()
    user = (ActorKind.USER, eva.id, number, about(eva.id))
    assert noted == [(Action.SIGNED_IN, *user), (Action.SIGNED_OUT, *user)]


def test_signing_out_twice_is_noted_once(client, eva, noted):
    client.sign_in(EVA, PASSWORD)
    client.sign_out()
    client.get("/logga-in")
    client.post("/logga-ut")
    assert [action for action, *_ in noted] == [Action.SIGNED_IN, Action.SIGNED_OUT]


def test_a_wrong_password_is_noted_as_a_visitors_try_and_waiting_is_not(client, eva, noted):
    client.sign_in("ingen@kommun.example", WRONG, status=422)
    for _ in range(5):
        client.sign_in(EVA, WRONG, status=422)
    client.sign_in(EVA, PASSWORD, status=429)
    refused = (Action.SIGN_IN_REFUSED, ActorKind.VISITOR, None, None)
    assert noted == [(*refused, None), *[(*refused, about(eva.id))] * 5]


def test_whoever_signs_in_over_an_open_sign_in_ends_it_in_its_own_name(client, eva, noted):
    bo = make_user("bo@kommun.example", "chef")
    client.sign_in(EVA, PASSWORD)
    page = client.get("/logga-in", status=303, follow=False)
    assert page.response.location == "/"
    client.get("/konto")
    client.post("/logga-in", {"email": bo.email, "password": PASSWORD})
    first, second = sessions()
    assert noted == [
        (Action.SIGNED_IN, ActorKind.USER, eva.id, first, about(eva.id)),
        (Action.SIGNED_IN, ActorKind.USER, bo.id, second, about(bo.id)),
        (Action.SIGNED_OUT, ActorKind.USER, eva.id, first, about(eva.id)),
    ]


def test_confirming_and_a_wrong_password_there_are_noted_in_the_readers_name(client, eva, noted, frozen_day):
    client.sign_in(EVA, PASSWORD)
    frozen_day(DAY, time(11, 15))
    client.get("/bekrafta")
    client.submit({"present": WRONG}, status=422)
    client.submit({"present": PASSWORD})
    (number,) = sessions()
    user = (ActorKind.USER, eva.id, number, about(eva.id))
    assert noted[1:] == [(Action.SIGN_IN_REFUSED, *user), (Action.CONFIRMED, *user)]


def test_a_new_password_is_noted_with_the_sign_in_that_follows(client, eva, noted):
    client.sign_in(EVA, PASSWORD)
    client.get("/konto")
    client.submit({"present": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD})
    first, second = sessions()
    assert noted[1:] == [
        (Action.PASSWORD_CHANGED, ActorKind.USER, eva.id, first, about(eva.id)),
        (Action.SIGNED_IN, ActorKind.USER, eva.id, second, about(eva.id)),
    ]


def test_a_one_time_code_acts_for_its_user_whoever_had_signed_in_before(client, eva, noted):
    bo = make_user("bo@kommun.example", "chef")
    code = make_code(bo, clock.now())
    db.session.commit()
    client.sign_in(EVA, PASSWORD)
    noted.clear()
    client.get(f"/engangskod/{code}")
    client.submit({"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    first, second = sessions()
    users = {(action, user_id) for action, _, user_id, *_ in noted}
    assert (Action.SIGNED_IN, ActorKind.USER, bo.id, second, about(bo.id)) in noted
    assert noted[-1] == (Action.SIGNED_OUT, ActorKind.USER, eva.id, first, about(eva.id))
    assert users - {(Action.SIGNED_OUT, eva.id)} == {
        (action, bo.id) for action, _ in users if action is not Action.SIGNED_OUT
    }


def test_what_is_refused_to_a_reader_is_noted_and_nothing_else_of_the_request_is_kept(make_app, eva, noted):
    program = make_app()
    visitor = PageClient(program)
    visitor.sign_in(EVA, PASSWORD)
    noted.clear()
    visitor.get("/admin", status=403)
    visitor.get("/konto")
    visitor.post("/admin/anvandare/ny", status=403)
    (number,) = sessions()
    refused = (Action.ACCESS_REFUSED, ActorKind.USER, eva.id, number, about(eva.id))
    assert noted == [refused, refused]


def test_a_visitor_who_is_refused_or_led_to_sign_in_leaves_no_note(client, eva, noted):
    client.get("/admin")
    client.get("/finns-inte", status=404)
    client.post("/logga-in", {"csrf_token": ""}, status=400)
    assert noted == []


def test_a_note_of_a_refusal_outlives_the_request_that_is_rolled_back(make_app, eva, monkeypatch):
    real = db.session.commit
    committed = overhear(monkeypatch, trail, "record", lambda action, **_given: action)
    monkeypatch.setattr(db.session, "commit", lambda: (committed.append("commit"), real())[1])
    visitor = PageClient(make_app())
    visitor.sign_in(EVA, PASSWORD)
    committed.clear()
    visitor.get("/admin", status=403)
    assert committed[-2:] == [Action.ACCESS_REFUSED, "commit"]


def test_the_thread_of_a_request_acts_as_before_when_it_is_over(app, eva):
    seen = []

    def in_a_thread():
        client = app.test_client()
        for path in ("/logga-in", "/finns-inte", "/admin", "/halsa"):
            client.get(path)
            seen.append(acting())

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join(timeout=30)
    assert seen == [COMMAND_LINE] * 4


def test_each_request_of_a_thread_begins_as_a_visitors(make_app, eva):
    program = make_app()
    add_notes(program)
    seen = []

    @program.get("/vem")
    @public
    def who():
        seen.append(acting())
        return "ok", 200, {"Content-Type": "text/plain; charset=utf-8"}

    acting_module.act_as(acting_module.PROGRAM)
    try:
        program.test_client().get("/vem")
        assert acting() is acting_module.PROGRAM
    finally:
        acting_module.act_as(COMMAND_LINE)
    assert (seen[0].kind, seen[0].user_id) == (ActorKind.VISITOR, None)
    assert len(seen[0].request_id) == 12


def test_a_changed_role_ends_the_name_as_well_as_the_sign_in(make_app, eva):
    program = make_app()
    seen = []

    @program.post("/gor")
    @public
    def act():
        seen.append((acting().kind, acting().user_id))
        return "ok", 200, {"Content-Type": "text/plain; charset=utf-8"}

    visitor = PageClient(program)
    visitor.sign_in(EVA, PASSWORD)
    visitor.get("/konto")
    token = visitor.token()
    visitor.post("/gor", {"csrf_token": token})
    give_role(eva, Role.MANAGER, make_unit("Vuxen"), clock.now(), DAY)
    db.session.commit()
    visitor.signed_in = False
    visitor.post("/gor", {"csrf_token": token})
    assert seen == [(ActorKind.USER, eva.id), (ActorKind.VISITOR, None)]
