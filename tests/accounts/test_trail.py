"""Every change of units, users, roles and code lists is noted in the trail, and never a password or a code."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import make_unit, make_user
from tracker.accounts import services
from tracker.accounts.models import RoleAssignment
from tracker.audit import trail
from tracker.database import db
from tracker.records.models import CodeList
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
    found = []

    def record(action, *, target=None, changes=trail.NO_CHANGES, personal=(), **_others):
        found.append((action, target, dict(changes), set(personal)))

    monkeypatch.setattr(trail, "record", record)
    return found


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
    services.change_password(user, PASSWORD, "tolv svanar i dimma", NOW)
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
