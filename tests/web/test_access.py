"""Every address for every role and for a visitor: by the program's own table, and by one written here by hand."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.actions.making import make_action
from tests.activity.making import make_activity
from tests.cases.duty_making import informed
from tests.cases.filing import attach
from tests.cases.making import received, reported
from tests.cases.provider_making import told_by_provider
from tests.control.locking import lock_year
from tests.control.making import asked_for, make_control
from tests.decisions.happening import make_offer
from tests.factories import PASSWORD, make_decisions, make_user
from tests.frozen.locking import lock_released
from tests.guarantees.making import started
from tests.log_review.checking import make_reviewed
from tests.reports.locked_quality import lock_quality_year
from tests.stickprov.making import Drawer, attached, items
from tests.support.pages import PageClient
from tests.web.role_sets import ACTORS, DOERS, EVERYBODY, EVERYBODY_SIGNED_IN, VISITOR
from tests.web.who_may import NOT_THEIRS, WHO_MAY_OPEN
from tests.web.who_may_send import WHO_MAY_SEND
from tracker import clock
from tracker.accounts import granting
from tracker.accounts.models import RoleAssignment
from tracker.accounts.queries import find_top_unit
from tracker.accounts.services import give_role, make_code
from tracker.control.services import Wish, step_plan
from tracker.database import db, writer
from tracker.decisions.ivo_matters import Matter, note_matter
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.round_services import ask
from tracker.exports import services as exports
from tracker.exports.queries import Asked
from tracker.records.models import CodeList
from tracker.records.services import code_ids
from tracker.reminders.services import open_calendar
from tracker.reports.queries import EVERY_AUDIENCE
from tracker.reports.rendering.docx import default_template
from tracker.reports.services import take_template
from tracker.rules.following import LinkKind
from tracker.rules.permissions import Role, roles_allowed
from tracker.rules.plan_workflow import PlanStep
from tracker.rules.quarters import Period, Quarter
from tracker.rules.second_administrator import RequestKind
from tracker.rules.sending import MatterKind
from tracker.saved.services import save_view
from tracker.web.access import STATIC_ENDPOINTS, decision_of

CASES = {"deviation": "deviations", "lex_sarah": "lex-sarah", "complaint": "complaints"}


@pytest.fixture
def addresses(app):
    """The values in the addresses: a decision, a user with a role, a code, a unit, a request, a template, a check."""
    make_decisions([{"ref": "B-01"}])
    new = make_user("ny@kommun.example", Role.EMPLOYEE)
    code = make_code(new, clock.now())
    db.session.commit()
    record_id = db.session.scalars(select(Decision.record_id)).one()
    clock_id = db.session.scalars(select(DecisionClock.id)).one()
    role_id = db.session.scalars(select(RoleAssignment.id).where(RoleAssignment.user_id == new.id)).one()
    came = Matter(MatterKind.REQUEST, clock.today())
    matter_id = note_matter(record_id, came, clock.today(), clock.today(), clock.now())
    asked = granting.ask(RequestKind.ONE_IS_ENOUGH, None, new.id, clock.now())
    ask(Period.of(Quarter(2021, 4)), clock.today(), new.id, 0, clock.today(), clock.now())
    template = take_template(default_template(), "mall.docx", EVERY_AUDIENCE, new.id, clock.now())
    db.session.commit()
    risk, moment = make_control()
    with writer():
        step_plan(2021, Wish(PlanStep.PROPOSE, 1), new.id, clock.today(), clock.now())
        db.session.commit()
    drawer = Drawer(moment, new.id)
    sample_id = drawer.drawn()
    drawer.draw(sample_id, reason="Fel period angavs")  # leaves draw 1 to be read
    return {
        "risk_id": risk,
        "moment_id": moment,
        "link_id": asked_for(moment, LinkKind.ASSESSMENT, risk, new.id),
        "activity_id": make_activity(),
        "action_id": make_action(risk),
        "sample_id": sample_id,
        "item_id": items(sample_id)[0].item.id,
        "attachment_id": attached(sample_id, new.id),
        **_cases(new.id),
        "received_id": received(new.id),
        "hsl_id": reported("deviations", law_area="HSL"),
        "informed_id": informed(new.id),
        "provider_id": told_by_provider(),
        "occasion_id": started("forhandsbedomning", date(2021, 2, 1)),
        "record_id": record_id,
        "clock_id": clock_id,
        "offer_id": make_offer("B-01", date(2021, 2, 1)),
        "matter_id": matter_id,
        "code": code,
        "calendar": _calendar(new.id),
        "view_id": _view(new.id),
        "export": _export(new.id),
        "user_id": new.id,
        "role_id": role_id,
        "unit_id": find_top_unit().id,
        "request_id": asked.id,
        "template_id": template.id,
        "code_id": code_ids(CodeList.INTERVENTION)["Kontaktperson"],
        "locked": _locked(make_user("las@kommun.example", Role.QUALITY_LEAD).id),
    } | make_reviewed("granskare@kommun.example")


def _calendar(user_id):
    """The token of a user's calendar."""
    with writer():
        token = open_calendar(user_id, clock.now())
        db.session.commit()
    return token


def _view(user_id):
    """A saved view of somebody's own."""
    with writer():
        view_id = save_view("/atgarder", "Sena", {"lista": "forsenade"}, None, user_id, clock.now())
        db.session.commit()
    return view_id


def _export(user_id):
    """The public id of a file that a user waits for."""
    with writer():
        public_id = exports.ask(user_id, "decisions.export", Asked("/beslut/export", "", "csv"), 9, clock.now())
        db.session.commit()
    return public_id


def _cases(user_id):
    """A case of each register, with a file that this user has put there."""
    found = {name: reported(kind) for name, kind in CASES.items()}
    files = {f"{name}_file_id": attach(record_id, user_id) for name, record_id in found.items()}
    return {f"{name}_id": record_id for name, record_id in found.items()} | files


def _locked(locker_id):
    """The version of a quarter's report that is locked, and beside it a year of internal control and of quality."""
    lock_year(locker_id)
    lock_quality_year(locker_id, 2025)
    return lock_released(locker_id, 2021, 4).version


def _visitors(app):
    """One signed-in client for each role, and one that is not signed in."""
    yield VISITOR, PageClient(app)
    for role in Role:
        visitor = PageClient(app)
        visitor.sign_in(make_user(f"{role}@kommun.example", role).email, PASSWORD)
        yield role, visitor


def _expected(app, endpoint):
    decision = decision_of(app, endpoint)
    assert decision is not None, f"{endpoint} has no access decision"
    if decision.public:
        return EVERYBODY
    if not decision.permissions:
        return EVERYBODY_SIGNED_IN
    return frozenset().union(*(roles_allowed(permission) for permission in decision.permissions))


def _endpoints(app, method):
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if method in rule.methods and rule.endpoint not in STATIC_ENDPOINTS
    }


@pytest.mark.parametrize(("method", "table"), [("GET", WHO_MAY_OPEN), ("POST", WHO_MAY_SEND)])
def test_the_table_here_names_every_address_and_agrees_with_the_program(app, addresses, method, table):
    match = app.url_map.bind("localhost").match
    by_endpoint = {match(path.format(**addresses), method=method)[0]: who for path, who in table.items()}
    assert set(by_endpoint) == _endpoints(app, method)
    assert by_endpoint == {endpoint: _expected(app, endpoint) for endpoint in by_endpoint}


def test_each_role_opens_what_it_may_and_nothing_else(app, addresses):
    for role, visitor in _visitors(app):
        for path, allowed in WHO_MAY_OPEN.items():
            page = visitor.get(path.format(**addresses), status=_answer(role, path, allowed), follow=False)
            if role is VISITOR and VISITOR not in allowed:
                assert page.response.location.startswith("/logga-in?next=")


def _answer(role, path, allowed):
    if role is VISITOR:
        return (404 if path == "/engangskod/valj" else 200) if VISITOR in allowed else 303
    if path in {"/logga-in", "/bekrafta"}:
        return 303  # whoever has signed in, and just now, is led on
    if path == "/engangskod/valj":
        return 404  # no code has been typed
    if path == "/internkontroll" and role in allowed:
        return 303  # to the latest year
    if path == "/vyer/ny":
        return 303  # of no list
    if role in NOT_THEIRS.get(path, ()):
        return 404
    if role in DOERS - ACTORS and path.startswith("/atgarder/{action_id}") and role in allowed:
        return 404  # somebody else is responsible for the action
    if role is Role.LEX_SARAH_OFFICER and path == "/atgarder/till/{risk_id}/ny":
        return 404  # who adds actions, and sees no risks
    return 200 if role in allowed else 403


def test_without_its_token_nobody_sends_anything(app, addresses):
    for _role, visitor in _visitors(app):
        for path in WHO_MAY_SEND:
            page = visitor.post(path.format(**addresses), {"csrf_token": ""}, status=400, follow=False)
            assert page.heading == "Sidan har varit öppen för länge"


def test_each_role_sends_what_it_may_and_nothing_else(app, addresses):
    for role, visitor in _visitors(app):
        visitor.get("/logga-in" if role is VISITOR else "/konto")
        token = visitor.token()
        for path, allowed in WHO_MAY_SEND.items():
            if role in allowed:
                continue  # what it may do is done by the tests of each page
            expected = 303 if role is VISITOR else 403
            page = visitor.post(path.format(**addresses), {"csrf_token": token}, status=expected, follow=False)
            if expected == 303:
                assert page.response.location == "/logga-in"


def test_a_role_that_has_ended_opens_nothing(app, client, frozen_day):
    user = make_user("vikarie@kommun.example")
    make_decisions([{"ref": "B-01"}])
    give_role(user, Role.CASE_OFFICER, find_top_unit(), clock.now(), date(2026, 1, 1), date(2026, 6, 30))
    db.session.commit()
    frozen_day(date(2026, 6, 30))
    client.sign_in(user.email, PASSWORD)
    assert client.get("/beslut").status == 200
    client.sign_out()
    frozen_day(date(2026, 7, 1))
    client.sign_in(user.email, PASSWORD)
    assert client.get("/beslut", status=403).heading == "Du har inte tillgång till sidan"
