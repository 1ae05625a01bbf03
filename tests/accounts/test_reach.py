"""A role holds on its days, and reaches its unit and what lies below it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.factories import LONG_AGO, make_unit, make_user
from tracker.accounts.models import Unit
from tracker.accounts.reader import EVERYTHING, HeldRole, Reach, find_reader, list_held_roles, reach_of, reader_by_email
from tracker.accounts.services import create_unit, give_role, number_tree
from tracker.accounts.signin import open_session
from tracker.database import db
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, Role

NOW = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 31)
EVA = "eva@kommun.example"


def signed_in(user) -> str:
    """The token of a new sign-in."""
    token = open_session(user.id, user.version, NOW)
    db.session.commit()
    return token


class TestRoleDays:
    """A role holds from its first day up to and with its last."""

    @pytest.mark.parametrize(
        ("from_on", "to_on", "holds"),
        [
            (LONG_AGO, None, True),
            (TODAY, None, True),
            (TODAY, TODAY, True),
            (LONG_AGO, date(2026, 4, 1), True),
            (LONG_AGO, date(2026, 3, 30), False),
            (date(2026, 4, 1), None, False),
        ],
    )
    def test_it_holds_on_a_day_between(self, app, from_on, to_on, holds):
        user = make_user(EVA)
        give_role(user, Role.CASE_OFFICER, make_unit("Vuxen 2"), NOW, from_on, to_on)
        db.session.commit()
        reader = reader_by_email(EVA, TODAY)
        assert (reader.roles == (Role.CASE_OFFICER,)) is holds
        assert reader.allows(Permission.IMPORT_DECISIONS) is holds
        assert (reader.home_unit(Permission.IMPORT_DECISIONS) is not None) is holds

    def test_a_role_that_ended_yesterday_is_gone_from_a_sign_in_that_is_still_open(self, app):
        user = make_user(EVA)
        give_role(user, Role.CASE_OFFICER, make_unit("Vuxen 2"), NOW, LONG_AGO, TODAY)
        db.session.commit()
        token = signed_in(user)
        assert find_reader(token, NOW, TODAY).roles == (Role.CASE_OFFICER,)
        later = find_reader(token, NOW + timedelta(hours=9), TODAY + timedelta(days=1))
        assert later.roles == ()
        assert later.reach(Permission.READ_DECISIONS) == Reach()

    def test_a_role_cannot_end_before_it_begins(self, app):
        eva = make_user(EVA)
        with pytest.raises(RuleViolation) as refused:
            give_role(eva, Role.MANAGER, make_unit("Vuxen 2"), NOW, TODAY, TODAY - timedelta(days=1))
        assert refused.value.field == "to_on"


@pytest.fixture
def tree(app) -> dict[str, Unit]:
    """Socialförvaltningen over Barn (Barn 1, Barn 2) and Vuxen (Vuxen 1, with Vuxen 1 natt below it; Vuxen 2)."""
    for name, above in (("Vuxen", None), ("Vuxen 2", "Vuxen"), ("Vuxen 1", "Vuxen"), ("Vuxen 1 natt", "Vuxen 1"),
                        ("Barn", None), ("Barn 2", "Barn"), ("Barn 1", "Barn")):  # fmt: skip
        make_unit(name, above)
    db.session.commit()
    return {unit.name: unit for unit in db.session.scalars(select(Unit))}


class TestReach:
    """A role reaches its own unit and what is below, nothing beside and nothing above."""

    @pytest.mark.parametrize(
        ("unit", "reached"),
        [
            ("Vuxen 2", {"Vuxen 2"}),
            ("Vuxen 1", {"Vuxen 1", "Vuxen 1 natt"}),
            ("Vuxen", {"Vuxen", "Vuxen 1", "Vuxen 1 natt", "Vuxen 2"}),
            ("Barn", {"Barn", "Barn 1", "Barn 2"}),
        ],
    )
    def test_own_unit_and_below(self, tree, unit, reached):
        make_user(EVA, "chef", unit=unit)
        reach = reader_by_email(EVA, TODAY).reach(Permission.READ_DECISIONS)
        assert {name for name, of in tree.items() if reach.covers(of.tree_from)} == reached
        assert not reach.everything
        assert reach.only_unit_id == (tree[unit].id if len(reached) == 1 else None)

    def test_a_role_at_the_top_reaches_everything(self, tree):
        make_user(EVA, "chef")
        assert reader_by_email(EVA, TODAY).reach(Permission.READ_DECISIONS) == EVERYTHING

    def test_two_units_beside_each_other_reach_both_and_nothing_between(self, tree):
        user = make_user(EVA, "chef", unit="Barn 1")
        give_role(user, Role.MANAGER, tree["Vuxen 2"], NOW, LONG_AGO)
        db.session.commit()
        reach = reader_by_email(EVA, TODAY).reach(Permission.READ_DECISIONS)
        assert {name for name, of in tree.items() if reach.covers(of.tree_from)} == {"Barn 1", "Vuxen 2"}
        assert (len(reach.intervals), reach.only_unit_id) == (2, None)

    def test_a_unit_within_another_adds_nothing(self, tree):
        user = make_user(EVA, "chef", unit="Vuxen")
        give_role(user, Role.MANAGER, tree["Vuxen 1"], NOW, LONG_AGO)
        db.session.commit()
        reach = reader_by_email(EVA, TODAY).reach(Permission.READ_DECISIONS)
        assert reach.intervals == ((tree["Vuxen"].tree_from, tree["Vuxen"].tree_to),)

    def test_each_permission_reaches_as_far_as_the_roles_that_give_it(self, tree):
        user = make_user(EVA, "chef", unit="Vuxen")
        give_role(user, Role.CASE_OFFICER, tree["Vuxen 2"], NOW, LONG_AGO)
        db.session.commit()
        reader = reader_by_email(EVA, TODAY)
        assert reader.reach(Permission.READ_DECISIONS).covers(tree["Vuxen 1"].tree_from)
        writes = reader.reach(Permission.IMPORT_DECISIONS)
        assert (writes.only_unit_id, writes.covers(tree["Vuxen 1"].tree_from)) == (tree["Vuxen 2"].id, False)
        assert reader.reach(Permission.MANAGE_USERS) == Reach()
        assert reader.home_unit(Permission.READ_DECISIONS).unit_name == "Vuxen"
        assert reader.home_unit(Permission.IMPORT_DECISIONS).unit_name == "Vuxen 2"

    def test_nothing_is_reached_without_a_role(self):
        assert reach_of([]) == Reach()
        assert not Reach().covers(1)

    def test_intervals_side_by_side_stay_two_and_overlapping_ones_become_one(self):
        def held(low: int, high: int) -> HeldRole:
            return HeldRole(Role.MANAGER, low, "", low, high, False)

        assert reach_of([held(5, 5), held(6, 6)]).intervals == ((5, 5), (6, 6))
        assert reach_of([held(2, 6), held(4, 4), held(3, 6)]).intervals == ((2, 6),)
        assert reach_of([held(4, 4), held(4, 4)]) == Reach(intervals=((4, 4),), only_unit_id=4)


class TestTree:
    """The units' numbers: each unit's interval holds those below it and no other."""

    def test_units_are_numbered_from_the_top_down_with_siblings_by_name(self, tree):
        number_tree()
        numbers = {name: (unit.tree_from, unit.tree_to) for name, unit in tree.items()}
        assert numbers == {
            "Socialförvaltningen": (1, 8),
            "Barn": (2, 4),
            "Barn 1": (3, 3),
            "Barn 2": (4, 4),
            "Vuxen": (5, 8),
            "Vuxen 1": (6, 7),
            "Vuxen 1 natt": (7, 7),
            "Vuxen 2": (8, 8),
        }

    def test_a_new_unit_moves_the_others_and_roles_follow(self, tree):
        make_user(EVA, "chef", unit="Vuxen")
        create_unit("Barn 3", tree["Barn"])
        create_unit("Vuxen 3", tree["Vuxen"])
        db.session.commit()
        reach = reader_by_email(EVA, TODAY).reach(Permission.READ_DECISIONS)
        found = {name for name, low in db.session.execute(select(Unit.name, Unit.tree_from)) if reach.covers(low)}
        assert found == {"Vuxen", "Vuxen 1", "Vuxen 1 natt", "Vuxen 2", "Vuxen 3"}

    def test_a_sign_in_reaches_a_new_unit_below_at_once(self, tree):
        token = signed_in(make_user(EVA, "chef", unit="Vuxen 2"))
        assert find_reader(token, NOW, TODAY).reach(Permission.READ_DECISIONS).only_unit_id == tree["Vuxen 2"].id
        below = create_unit("Vuxen 2 natt", tree["Vuxen 2"])
        db.session.commit()
        reach = find_reader(token, NOW, TODAY).reach(Permission.READ_DECISIONS)
        assert (reach.only_unit_id, reach.covers(below.tree_from)) == (None, True)

    @pytest.mark.parametrize("name", ["", "   ", "x" * 121, "Vuxen 2", " Vuxen 2 "])
    def test_a_unit_needs_a_name_of_its_own(self, tree, name):
        with pytest.raises(RuleViolation) as refused:
            create_unit(name, tree["Vuxen"])
        assert refused.value.field == "enhet"

    def test_roles_are_told_with_the_interval_of_their_unit(self, tree):
        user = make_user(EVA, "chef", unit="Barn")
        (held,) = list_held_roles(user.id, TODAY)
        assert (held.role, held.unit_name, held.tree_from, held.tree_to, held.everything) == (
            Role.MANAGER, "Barn", 2, 4, False
        )  # fmt: skip
