"""Roles hold on their days, end without being forgotten, and open identities only when two administrators agree."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.accounts.forms import field_error
from tests.accounts.people import (
    ADA,
    BO,
    EVA,
    NOW,
    TODAY,
    first_role,
    grant,
    held,
    refused,
    roles_on,
    sending,
    visit,
)
from tests.accounts.test_units import at_once
from tests.factories import LONG_AGO, make_unit, make_user
from tracker.accounts import granting
from tracker.accounts.models import AdminRequest, User
from tracker.accounts.queries import count_administrators, find_top_unit
from tracker.accounts.services import give_role
from tracker.accounts.units import close_unit
from tracker.database import db
from tracker.rules.permissions import Permission, Role, roles_allowed
from tracker.rules.second_administrator import ROLES_FOR_TWO, needs_two

DAY = timedelta(days=1)


class TestDays:
    """A role holds from its first day up to and with its last, and its history stays."""

    def test_the_last_day_holds_and_the_day_after_does_not(self, people):
        ada, _, eva = people
        grant(eva, "chef", (TODAY, TODAY), ada.id)
        assert roles_on(EVA, TODAY - DAY) == ()
        assert roles_on(EVA, TODAY) == (Role.MANAGER,)
        assert roles_on(EVA, TODAY + DAY) == ()

    def test_a_role_ended_now_keeps_its_history(self, people):
        ada, _, eva = people
        give_role(eva, Role.MANAGER, make_unit("Vuxen 1"), NOW, LONG_AGO)
        assert granting.end_role(eva, first_role(eva), ada.id, NOW, TODAY)
        db.session.commit()
        assert held(eva) == [("chef", LONG_AGO, TODAY - DAY)]
        assert roles_on(EVA, TODAY) == ()

    @pytest.mark.parametrize("from_on", [TODAY, TODAY + DAY])
    def test_a_role_that_has_not_held_before_today_is_taken_away_whole(self, people, from_on):
        ada, _, eva = people
        grant(eva, "chef", (from_on, None), ada.id)
        assert granting.end_role(eva, first_role(eva), ada.id, NOW, TODAY)
        db.session.commit()
        assert held(eva) == []

    def test_the_last_day_is_moved_both_ways(self, people):
        ada, _, eva = people
        grant(eva, "chef", (TODAY, TODAY + 10 * DAY), ada.id)
        for to_on in (TODAY + 20 * DAY, TODAY, None):
            assert granting.change_role_end(eva, first_role(eva), to_on, ada.id, NOW, TODAY)
            db.session.commit()
            assert held(eva) == [("chef", TODAY, to_on)]
        assert refused(granting.change_role_end, eva, first_role(eva), TODAY - DAY, ada.id, NOW, TODAY) == "role_days"

    def test_a_role_that_ended_is_not_lengthened_over_the_days_between(self, people):
        ada, _, eva = people
        give_role(eva, Role.MANAGER, make_unit("Vuxen 1"), NOW, LONG_AGO, TODAY - 10 * DAY)
        assert granting.change_role_end(eva, first_role(eva), None, ada.id, NOW, TODAY)
        db.session.commit()
        assert held(eva) == [("chef", LONG_AGO, TODAY - 10 * DAY), ("chef", TODAY, None)]

    @pytest.mark.parametrize(
        ("days", "code"),
        [
            ((TODAY, TODAY - DAY), "role_days"),
            ((TODAY + 5 * DAY, None), "role_held"),
            ((TODAY, TODAY + 5 * DAY), "role_held"),
            ((TODAY, TODAY + 4 * DAY), None),
            ((TODAY + 11 * DAY, None), None),
        ],
    )
    def test_the_same_role_is_not_held_twice_on_a_day(self, people, days, code):
        ada, _, eva = people
        grant(eva, "chef", (TODAY + 5 * DAY, TODAY + 10 * DAY), ada.id)
        if code:
            assert refused(grant, eva, "chef", days, ada.id) == code
        else:
            assert grant(eva, "chef", days, ada.id)

    def test_none_is_given_to_a_closed_user_or_unit_or_oneself(self, people):
        ada, _, eva = people
        assert refused(grant, ada, "chef", (TODAY, None), ada.id) == "own_roles"
        close_unit(make_unit("Vuxen 1"), TODAY - DAY)
        db.session.commit()
        assert refused(grant, eva, "chef", (TODAY, None), ada.id) == "unit_closed"
        granting.close_user(eva, ada.id, NOW, TODAY)
        db.session.commit()
        assert refused(grant, eva, "chef", (TODAY, None), ada.id, "Vuxen") == "user_inactive"

    def test_the_page_shows_what_holds_what_will_and_what_did(self, app, people):
        ada, _, eva = people
        give_role(eva, Role.AUDITOR, make_unit("Vuxen"), NOW, LONG_AGO, TODAY - DAY)
        grant(eva, "chef", (TODAY, TODAY), ada.id)
        visitor = visit(app, ADA)
        visitor.get(f"/admin/anvandare/{eva.id}")
        page = visitor.submit({"role": "revisor", "from_on": "2026-05-01"})
        assert [row[:5] for row in page.table("Roller").rows] == [
            ["Chef", "Vuxen 1", "2026-03-31", "2026-03-31", "Gäller"],
            ["Revisor", "Socialförvaltningen", "2026-05-01", "tills vidare", "Börjar 2026-05-01"],
        ]
        assert page.table("Tidigare roller").rows == [["Revisor", "Vuxen", "2015-01-01", "2026-03-30"]]
        page = visitor.submit({"role": "revisor", "from_on": "2026-03-30"}, status=422)
        assert field_error(page, "from_on") == "Välj i dag eller en senare dag."
        visitor.get(f"/admin/anvandare/{eva.id}/roll/{first_role(eva) + 1}")
        assert "2026-12-31" in visitor.submit({"to_on": "2026-12-31"}).table("Roller").rows[0]

    def test_a_last_day_changed_meanwhile_is_told(self, app, people):
        ada, _, eva = people
        grant(eva, "chef", (TODAY, None), ada.id)
        path = f"/admin/anvandare/{eva.id}/roll/{first_role(eva)}"
        visitors = [visit(app, ADA), visit(app, BO)]
        for visitor in visitors:
            visitor.get(path)
        visitors[1].submit({"to_on": "2026-04-30"})
        page = visitors[0].submit({"to_on": "2026-12-31"}, status=422)
        assert "Nu gäller rollen till och med 2026-04-30" in field_error(page, "to_on")
        assert held(eva) == [("chef", TODAY, date(2026, 4, 30))]


class TestLastAdministrator:
    """There is always an administrator of all units; with two needed, always two."""

    def test_the_last_one_is_neither_ended_nor_closed(self, people):
        ada, bo, _ = people
        granting.close_user(bo, ada.id, NOW, TODAY)
        db.session.commit()
        for change in (
            lambda: granting.end_role(ada, first_role(ada), None, NOW, TODAY),
            lambda: granting.change_role_end(ada, first_role(ada), TODAY + DAY, None, NOW, TODAY),
            lambda: granting.close_user(ada, None, NOW, TODAY),
        ):
            assert refused(change) == "last_administrator"
        assert (count_administrators(TODAY), held(ada)) == (1, [("admin", LONG_AGO, None)])

    def test_one_who_leaves_first_does_not_count_for_later(self, people):
        ada, bo, _ = people
        assert granting.change_role_end(bo, first_role(bo), TODAY + DAY, ada.id, NOW, TODAY)
        db.session.commit()
        assert refused(granting.change_role_end, ada, first_role(ada), TODAY + DAY, None, NOW, TODAY)
        assert granting.end_role(bo, first_role(bo), ada.id, NOW, TODAY)

    def test_one_of_two_is_kept_where_two_are_needed(self, two):
        ada, bo, _ = two
        assert refused(granting.close_user, bo, ada.id, NOW, TODAY) == "last_administrator"

    def test_two_who_end_each_other_at_once_leave_one(self, app, people):
        ada, bo, _ = people
        works = []
        for me, other in ((ADA, bo), (BO, ada)):
            visitor = visit(app, me)
            visitor.get(f"/admin/anvandare/{other.id}/avslut")
            token, path = visitor.token(), f"/admin/anvandare/{other.id}/avsluta"
            works.append(sending(visitor.http, path, token))
        answers = at_once(app, *works)
        assert set(answers) <= {303, 403, 404}  # the later one has lost the role, and is led to sign in
        assert count_administrators(TODAY) == 1


def test_the_roles_that_need_two_are_those_with_identities_and_the_administrators():
    assert {Role.CASE_OFFICER, Role.ADMINISTRATOR} == ROLES_FOR_TWO
    assert roles_allowed(Permission.READ_IDENTITIES) <= ROLES_FOR_TWO
    assert not needs_two(Role.QUALITY_LEAD)


class TestSubtree:
    """An administrator of a part of the tree gives, ends and approves within it."""

    def test_roles_beyond_the_own_part_are_neither_given_nor_approved(self, app, two):
        ada, _, eva = two
        make_user("cia@kommun.example", "admin", unit="Vuxen")
        grant(eva, "handlaggare", by=ada.id, unit="Vuxen 1")
        grant(eva, "handlaggare", by=ada.id, unit="Socialförvaltningen")
        inside, beyond = db.session.scalars(select(AdminRequest.id).order_by(AdminRequest.id)).all()
        cia = visit(app, "cia@kommun.example")
        assert len(cia.get("/admin/begaran").table("Väntar").rows) == 1
        cia.get(f"/admin/begaran/{beyond}/godkann", status=404)
        cia.get(f"/admin/begaran/{inside}/godkann")
        cia.post(f"/admin/begaran/{beyond}/godkann", status=404)
        cia.get(f"/admin/anvandare/{eva.id}", status=404)
        cia.get("/admin/installningar")
        assert "ändras av den som är administratör för alla enheter" in cia.page.text
        cia.post("/admin/installningar", {"administrators": "en"}, status=403)
        assert find_top_unit().name == "Socialförvaltningen"


class TestPerson:
    """A name and an address can be put right."""

    def test_both_are_changed_and_the_person_signs_in_by_the_new(self, app, people):
        _, _, eva = people
        ada = visit(app, ADA)
        ada.get(f"/admin/anvandare/{eva.id}/uppgifter")
        page = ada.submit({"name": "Eva Ek", "email": "Eva.Ek@kommun.example"})
        assert (page.heading, "eva.ek@kommun.example" in page.text) == ("Eva Ek", True)
        visit(app, "eva.ek@kommun.example")
        ada.get(f"/admin/anvandare/{eva.id}/uppgifter")
        page = ada.submit({"email": BO}, status=422)
        assert field_error(page, "email") == "Det finns redan en användare med den e-postadressen."

    def test_what_another_has_changed_meanwhile_is_shown_first(self, app, people):
        _, _, eva = people
        ada, bo = visit(app, ADA), visit(app, BO)
        for visitor in (ada, bo):
            visitor.get(f"/admin/anvandare/{eva.id}/uppgifter")
        bo.submit({"name": "Eva Ek"})
        page = ada.submit({"name": "Eva Eke"}, status=422)
        assert "Nu står Eva Ek, eva@kommun.example." in page.text
        db.session.rollback()
        assert db.session.get_one(User, eva.id).name == "Eva Ek"
