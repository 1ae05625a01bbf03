"""Every change of units, users, roles and code lists is noted in the trail, and never a password or a code."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.factories import make_unit, make_user
from tests.support.overhearing import overhear
from tracker.accounts import approving, granting, services
from tracker.accounts.models import AdminRequest, RoleAssignment
from tracker.accounts.queries import find_top_unit
from tracker.accounts.units import close_unit, move_unit, rename_unit, reopen_unit
from tracker.audit import trail
from tracker.database import db
from tracker.records import codes
from tracker.records.models import CodeItem, CodeList
from tracker.records.services import add_codes, mark_demonstration
from tracker.rules.permissions import Role
from tracker.rules.trail import Action, TargetKind

NOW = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 31)
EVA = "eva@kommun.example"
PASSWORD = "elva svanar i dimma"


@pytest.fixture
def noted(app, monkeypatch):
    """What is noted from here on: (action, target, changes, personal fields)."""

    def note(action, *, target=None, changes=trail.NO_CHANGES, personal=(), **_others):
        return action, target, dict(changes), set(personal)

    return overhear(monkeypatch, trail, "record", note)


def test_units_made_are_noted_each(app, noted):
    (top,) = services.create_units(["Socialförvaltningen"], None)
    (barn,) = services.create_units([" Barn "], top)
    assert noted == [
        (Action.UNIT_CREATED, (TargetKind.UNIT, top.id),
         {"name": (None, "Socialförvaltningen"), "parent_id": (None, None)}, set()),
        (Action.UNIT_CREATED, (TargetKind.UNIT, barn.id),
         {"name": (None, "Barn"), "parent_id": (None, top.id)}, set()),
    ]  # fmt: skip


def test_a_user_is_noted_with_name_and_address_as_personal_and_without_the_password(app, noted):
    user = services.create_user(EVA, "Eva Ek", PASSWORD, NOW)
    assert noted == [
        (
            Action.USER_CREATED,
            (TargetKind.USER, user.id),
            {"email": (None, EVA), "name": (None, "Eva Ek")},
            {"email", "name"},
        )
    ]
    services.set_password(user, "tolv svanar i dimma", NOW)
    assert noted[1] == (Action.PASSWORD_CHANGED, (TargetKind.USER, user.id), {}, set())
    assert "svanar" not in str(noted)


def test_roles_given_and_taken_and_the_end_of_a_user_are_noted(app, request):
    unit, user = make_unit("Barn"), make_user(EVA)
    noted = request.getfixturevalue("noted")
    services.give_role(user, Role.MANAGER, unit, NOW, TODAY, TODAY)
    db.session.flush()
    assignment = db.session.query(RoleAssignment).one()
    services.take_role(user, assignment.id, NOW)
    services.deactivate(user, NOW)
    of = (TargetKind.USER, user.id)
    given = {"role": (None, "chef"), "unit_id": (None, unit.id), "from_on": (None, TODAY), "to_on": (None, TODAY)}
    assert noted == [
        (Action.ROLE_GIVEN, of, given, set()),
        (Action.ROLE_ENDED, of, {name: (new, old) for name, (old, new) in given.items()}, set()),
        (Action.USER_DEACTIVATED, of, {"active": (True, False)}, set()),
    ]


def test_a_code_is_noted_as_made_and_used_without_itself(app, request):
    user = make_user(EVA)
    noted = request.getfixturevalue("noted")
    code = services.make_code(user, NOW)
    services.use_code_for_password(services.find_code(code, NOW, TODAY), PASSWORD, NOW)
    assert [(action, target) for action, target, *_ in noted] == [
        (Action.CODE_MADE, (TargetKind.USER, user.id)),
        (Action.PASSWORD_CHANGED, (TargetKind.USER, user.id)),
    ]
    first = services.make_code(None, NOW)
    assert noted[-1] == (Action.CODE_MADE, (TargetKind.INSTALLATION, 1), {}, set())
    assert code not in str(noted)
    assert first not in str(noted)


def test_codes_and_the_demonstration_are_noted(app, noted):
    ids = add_codes(CodeList.INTERVENTION, ["Boendestöd", "Kontaktperson"])
    mark_demonstration()
    assert noted == [
        *(
            (Action.CODE_ADDED, (TargetKind.CODE, ids[label]),
             {"list": (None, "intervention"), "label": (None, label)}, set())
            for label in ("Boendestöd", "Kontaktperson")
        ),
        (Action.INSTALLATION_CHANGED, (TargetKind.INSTALLATION, 1), {"demonstration": (False, True)}, set()),
    ]  # fmt: skip


def test_a_unit_renamed_moved_closed_and_opened_is_noted_each_time(app, request):
    barn, vuxen, under = make_unit("Barn"), make_unit("Vuxen"), make_unit("Vuxen 1", "Vuxen")
    noted = request.getfixturevalue("noted")
    rename_unit(under, "Vuxen nord", TODAY)
    move_unit(under, barn, TODAY)
    close_unit(under, TODAY)
    reopen_unit(under)
    assert noted == [
        (action, (TargetKind.UNIT, under.id), changes, set())
        for action, changes in (
            (Action.UNIT_RENAMED, {"name": ("Vuxen 1", "Vuxen nord")}),
            (Action.UNIT_MOVED, {"parent_id": (vuxen.id, barn.id)}),
            (Action.UNIT_CLOSED, {"valid_until": (None, TODAY)}),
            (Action.UNIT_REOPENED, {"valid_until": (TODAY, None)}),
        )
    ]


def test_a_request_its_refusal_and_its_approval_are_noted(app, request):
    ada, bo, eva = make_user("ada@kommun.example", "admin"), make_user("bo@kommun.example", "admin"), make_user(EVA)
    noted = request.getfixturevalue("noted")
    approving.ask_for_two(TODAY)
    for _ in range(2):
        assert not granting.grant_role(eva, Role.CASE_OFFICER, find_top_unit(), (TODAY, None), ada.id, NOW)
        asked = db.session.scalars(select(AdminRequest).where(AdminRequest.approved.is_(None))).one()
        if len(noted) == 2:
            approving.refuse(asked, "Eva har slutat.", bo.id, NOW)
    approving.approve(asked, bo.id, NOW, TODAY)
    assert [action for action, *_ in noted] == [
        Action.INSTALLATION_CHANGED, Action.ROLE_ASKED_FOR, Action.ROLE_REFUSED, Action.ROLE_ASKED_FOR,
        Action.ROLE_GIVEN, Action.CODE_MADE,
    ]  # fmt: skip
    assert {target for _, target, *_ in noted[1:]} == {(TargetKind.USER, eva.id)}


def test_a_person_put_right_is_noted_as_personal(app, request):
    eva = make_user(EVA, name="Eva")
    noted = request.getfixturevalue("noted")
    assert granting.change_person(eva, EVA, "Eva Ek")
    assert not granting.change_person(eva, EVA, "Eva Ek")
    assert noted == [
        (Action.USER_CHANGED, (TargetKind.USER, eva.id), {"name": ("Eva", "Eva Ek")}, {"name"}),
    ]  # fmt: skip


def test_a_code_changed_and_moved_is_noted(app, request):
    items = {item.label: item for item in db.session.scalars(select(CodeItem)) if item.list == CodeList.CLOSE_REASON}
    noted = request.getfixturevalue("noted")
    codes.change_code(items["Flyttat"], "Flyttat från kommunen", None, TODAY)
    codes.move_code(items["Avliden"], up=True)
    assert [(action, changes) for action, _, changes, _ in noted] == [
        (Action.CODE_CHANGED, {"label": ("Flyttat", "Flyttat från kommunen"), "valid_until": (None, TODAY)}),
        (Action.CODE_CHANGED, {"position": (6, 5)}),
    ]
