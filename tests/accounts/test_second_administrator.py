"""A role with identities takes two administrators where the installation says so, whichever way it is tried."""

from datetime import timedelta

from sqlalchemy import select

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
from tests.factories import LONG_AGO, PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.accounts import approving, granting
from tracker.accounts.models import AdminRequest, Installation, User
from tracker.accounts.services import make_code
from tracker.database import db
from tracker.rules.permissions import Role

DAY = timedelta(days=1)


class TestTwoAdministrators:
    """A role with identities is asked for by one and approved by another, whichever way it is tried."""

    def test_it_needs_two_to_begin_with(self, app):
        make_user(ADA, "admin")
        assert refused(approving.ask_for_two, TODAY) == "two_administrators"

    def test_a_role_without_identities_is_given_at_once(self, two):
        ada, _, eva = two
        assert grant(eva, "chef", by=ada.id)

    def test_a_role_with_identities_waits_for_another_who_is_neither_asker_nor_receiver(self, app, two):
        _, _, eva = two
        ada, bo = visit(app, ADA), visit(app, BO)
        ada.get(f"/admin/anvandare/{eva.id}")
        assert "Rollen är begärd." in ada.submit({"role": "handlaggare"}).text
        assert held(eva) == []
        (asked,) = db.session.scalars(select(AdminRequest.id)).all()
        ada.get(f"/admin/begaran/{asked}/godkann")
        assert "Du har själv begärt det." in ada.submit({}, form="Godkänn", status=422).text
        page = bo.get("/admin/begaran")
        assert page.table("Väntar").rows[0][:3] == [
            "Eva", "Handläggare, Socialförvaltningen, från 2026-03-31", "Ada",
        ]  # fmt: skip
        bo.click(f"Godkänn begäran {asked}")
        assert bo.submit({}, form="Godkänn").heading == "Engångslänk till Eva"
        assert held(eva) == [("handlaggare", TODAY, None)]
        PageClient(app).sign_in(eva.email, PASSWORD, status=422)  # who asked may have chosen the password before
        bo.get(f"/admin/begaran/{asked}/godkann", status=404)

    def test_the_receiver_does_not_approve(self, two):
        ada, bo, _ = two
        assert not grant(bo, "handlaggare", by=ada.id)
        assert refused(approving.approve, db.session.scalars(select(AdminRequest)).one(), bo.id, NOW, TODAY)
        assert len(held(bo)) == 1

    def test_it_is_refused_with_a_reason(self, app, two):
        ada, _, eva = two
        grant(eva, "handlaggare", by=ada.id)
        asked = db.session.scalars(select(AdminRequest.id)).one()
        bo = visit(app, BO)
        bo.get(f"/admin/begaran/{asked}/avsla")
        assert bo.submit({"reason": " "}, status=422).heading == "Avslå begäran"
        page = bo.submit({"reason": "Eva har slutat."})
        assert page.table("Senast").rows[0][3] == "Avslagen av Bo: Eva har slutat."
        assert held(eva) == []

    def test_two_requests_do_not_make_an_approval(self, two):
        ada, bo, eva = two
        assert not grant(eva, "handlaggare", by=ada.id)
        assert refused(grant, eva, "handlaggare", (TODAY, None), bo.id) == "role_asked"
        assert held(eva) == []

    def test_more_days_for_a_role_are_asked_for_and_fewer_are_not(self, two):
        ada, bo, eva = two
        grant(eva, "handlaggare", (TODAY, TODAY + 10 * DAY))
        assert not granting.change_role_end(eva, first_role(eva), None, ada.id, NOW, TODAY)
        db.session.commit()
        assert held(eva) == [("handlaggare", TODAY, TODAY + 10 * DAY)]
        approving.approve(db.session.scalars(select(AdminRequest)).one(), bo.id, NOW, TODAY)
        db.session.commit()
        assert held(eva)[1] == ("handlaggare", TODAY + 11 * DAY, None)
        assert granting.change_role_end(eva, first_role(eva), TODAY, ada.id, NOW, TODAY)

    def test_another_administrator_is_not_made_by_one(self, two):
        ada, _, eva = two
        assert not grant(eva, "admin", by=ada.id, unit="Vuxen")

    def test_a_sign_in_with_identities_is_not_taken_over_by_a_link(self, app, two):
        _, _, eva = two
        grant(eva, "handlaggare")
        ada, bo = visit(app, ADA), visit(app, BO)
        ada.get(f"/admin/anvandare/{eva.id}")
        assert "Engångslänken är begärd." in ada.submit({}, form="Ny engångslänk").text
        asked = db.session.scalars(select(AdminRequest.id)).one()
        bo.get(f"/admin/begaran/{asked}/godkann")
        assert bo.submit({}, form="Godkänn").heading == "Engångslänk till Eva"

    def test_a_link_from_before_ends_when_the_role_is_given(self, app, two):
        ada, bo, eva = two
        code = make_code(eva, NOW)
        grant(eva, "handlaggare", by=ada.id)
        approving.approve(db.session.scalars(select(AdminRequest)).one(), bo.id, NOW, TODAY)
        db.session.commit()
        assert "Koden gäller inte" in PageClient(app).get(f"/engangskod/{code}", status=404).text

    def test_a_new_users_first_link_is_handed_out_by_who_approves(self, app, two):
        ada, bo = visit(app, ADA), visit(app, BO)
        ada.get("/admin/anvandare/ny")
        ada.submit({"name": "Nya Nilsson", "email": "nya@kommun.example", "role": "handlaggare"})
        asked = db.session.execute(select(AdminRequest)).scalar_one()
        first = make_code(db.session.get_one(User, asked.user_id), NOW)  # as the page has shown it to Ada
        number = asked.id
        db.session.commit()
        bo.get(f"/admin/begaran/{number}/godkann")
        assert bo.submit({}, form="Godkänn").heading == "Engångslänk till Nya Nilsson"
        assert "Koden gäller inte" in PageClient(app).get(f"/engangskod/{first}", status=404).text

    def test_the_command_line_needs_nobody(self, two):
        _, _, eva = two
        assert grant(eva, "handlaggare")
        assert roles_on(EVA, TODAY) == (Role.CASE_OFFICER,)

    def test_a_closed_user_opened_again_has_no_role(self, two):
        ada, _, eva = two
        grant(eva, "handlaggare", (LONG_AGO, None))
        granting.close_user(eva, ada.id, NOW, TODAY)
        granting.open_user(eva, ada.id)
        db.session.commit()
        assert db.session.get_one(User, eva.id).active
        assert roles_on(EVA, TODAY) == ()

    def test_one_is_enough_again_only_when_another_agrees(self, app, two):
        ada, bo = visit(app, ADA), visit(app, BO)
        ada.get("/admin/installningar")
        assert "gäller först när en annan har godkänt" in ada.submit({"administrators": "en"}).text
        ada.get("/admin/installningar")
        ada.submit({"administrators": "en"})  # asking twice is asking once
        asked = db.session.scalars(select(AdminRequest.id)).one()
        assert db.session.get_one(Installation, 1).second_administrator
        ada.get(f"/admin/begaran/{asked}/godkann")
        ada.submit({}, form="Godkänn", status=422)
        bo.get(f"/admin/begaran/{asked}/godkann")
        bo.submit({}, form="Godkänn")
        db.session.rollback()
        assert not db.session.get_one(Installation, 1).second_administrator

    def test_a_request_is_decided_once_however_many_try(self, app, two):
        ada, _, eva = two
        make_user("cia@kommun.example", "admin")
        grant(eva, "handlaggare", by=ada.id)
        asked = db.session.scalars(select(AdminRequest.id)).one()
        works = []
        for email in (BO, "cia@kommun.example"):
            visitor = visit(app, email)
            visitor.get(f"/admin/begaran/{asked}/godkann")
            token, http = visitor.token(), visitor.http
            path = f"/admin/begaran/{asked}/godkann"
            works.append(sending(http, path, token))
        assert sorted(at_once(app, *works)) == [200, 404]
        assert held(eva) == [("handlaggare", TODAY, None)]
