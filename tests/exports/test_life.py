"""Who may have an export, and when it is gone."""

from datetime import date, time

import pytest

from tests.decisions.lists import number_of, protect
from tests.exports.ordering import DAY, HOUR, MINUTE, count_jobs, later, reads_of_files
from tests.factories import LONG_AGO, PASSWORD, make_decisions, make_unit, make_user
from tests.pictures.making import put
from tests.records.granting import void
from tracker import clock
from tracker.accounts.models import User
from tracker.accounts.reader import reader_of_user
from tracker.accounts.services import give_role
from tracker.actions.models import ActionItem
from tracker.audit.keys import destroy_key
from tracker.cases.mas import set_mas
from tracker.cases.models import Deviation
from tracker.database import db, writer
from tracker.exports.rights import rights_of
from tracker.exports.working import tend_exports
from tracker.records.models import Access, GrantKind, Record, RecordGrant
from tracker.rules.permissions import Role

CHANGED = "Dina rättigheter har ändrats. Gör en ny export."
TODAY = date(2022, 2, 15)


def close_to(user_id, ref):
    """A decision is closed to a user."""
    with writer():
        grant = RecordGrant(
            record_id=number_of(ref), user_id=user_id, kind=GrantKind.CLOSED.value, given_at=clock.now()
        )
        db.session.add(grant)
        db.session.commit()


def forget(ref):
    """The person of a decision is forgotten, and only that: it may be finished or not."""
    with writer():
        destroy_key(number_of(ref), clock.now())
        db.session.commit()


def swept():
    """The keeper has been round."""
    db.session.rollback()
    tend_exports(clock.now())
    db.session.rollback()


class TestWhoMayHaveIt:
    """Its owner, while they see what they saw."""

    def test_nobody_else_knows_that_it_is_there(self, house):
        anna, _ = house.visitor()
        bo, _ = house.visitor("bo@kommun.example")
        place = house.order(anna)
        house.make()
        for path in (place, f"{place}/lage", f"{place}/fil"):
            bo.get(path, status=404)
        assert "Inga exporter" in bo.get("/exporter").text
        bo.get("/konto")
        bo.post(f"{place}/ta-bort", status=404)
        assert anna.get(f"{place}/fil").status == 200

    def test_a_role_that_has_ended_takes_the_file_along(self, house, frozen_day):
        anna, anna_id = house.visitor(role="chef", unit="Vuxen")
        with writer():
            give_role(db.session.get(User, anna_id), Role.MANAGER, make_unit("Barn"), clock.now(), LONG_AGO, TODAY)
            db.session.commit()
        anna.sign_in("anna@kommun.example", PASSWORD)
        place = house.order(anna)
        house.make()
        frozen_day(date(2022, 2, 16), time(0))
        anna.sign_in("anna@kommun.example", PASSWORD)
        page = anna.get(f"{place}/fil", status=403)
        assert (page.heading, CHANGED in page.text) == ("Det blev ingen fil", True)
        assert (house.files(), reads_of_files()) == ([], [])

    def test_a_decision_that_has_been_closed_to_them_since_does_too(self, house):
        anna, anna_id = house.visitor()
        place = house.order(anna)
        house.make()
        close_to(anna_id, "B-2")
        assert CHANGED in anna.get(f"{place}/fil", status=403).text
        assert CHANGED in anna.get(place).text
        anna.get(f"{place}/fil", status=410)
        assert house.files() == []

    def test_so_does_one_that_has_become_protected(self, house):
        anna, _ = house.visitor()
        place = house.order(anna)
        house.make()
        with writer():
            protect("B-2")
            db.session.get(Record, number_of("B-2")).access = Access.PROTECTED
            db.session.commit()
        assert CHANGED in anna.get(f"{place}/fil", status=403).text

    def test_so_does_one_that_has_been_moved_out_of_their_units(self, house, monkeypatch):
        later(monkeypatch, MINUTE)
        chris, _ = house.visitor(role="chef", unit="Vuxen")
        places = [house.order(chris), house.order(chris, made_as="xlsx")]
        house.make()
        make_decisions([{"ref": "B-6", "enhet": "Vuxen"}])  # what is new since is no reason
        chris.get(f"{places[0]}/fil")
        with writer():
            db.session.get(Record, number_of("B-2")).unit_id = make_unit("Barn").id
            db.session.commit()
        for place in places:
            assert CHANGED in chris.get(f"{place}/fil", status=403).text

    @pytest.mark.parametrize("gone", [lambda: void("B-2"), lambda: forget("B-2")], ids=["voided", "forgotten"])
    def test_so_does_one_that_has_been_voided_or_forgotten(self, house, gone):
        anna, _ = house.visitor()
        place = house.order(anna)
        house.make()
        gone()
        assert CHANGED in anna.get(f"{place}/fil", status=403).text
        assert house.files() == []

    def test_what_they_saw_as_its_owner_or_as_mas_is_asked_after_too(self, house):
        _, anna_id = house.visitor(role="chef", unit="Barn")
        admin = make_user("admin@kommun.example", "admin").id
        (mine,) = put(ActionItem, [{"responsible_id": anna_id}])
        (of_hsl,) = put(Deviation, [{"law_area": "HSL", "reported_on": TODAY}])
        with writer():
            set_mas({anna_id}, admin, clock.now())
            db.session.commit()
        began, seen = clock.now() + MINUTE, set()
        for row, other in ((None, {}), ((ActionItem, mine), {"responsible_id": admin}),
                           ((Deviation, of_hsl), {"law_area": "SoL"})):  # fmt: skip
            with writer():
                for name, value in other.items():
                    setattr(db.session.get(*row), name, value)
                db.session.commit()
            seen.add(rights_of(reader_of_user(anna_id, TODAY), began))
        db.session.rollback()
        assert len(seen) == 3

    def test_rights_are_those_of_the_moment_when_the_work_begins(self, house):
        anna, anna_id = house.visitor()
        place = house.order(anna)
        close_to(anna_id, "B-2")
        house.make()
        page = anna.get(f"{place}/fil")
        assert ("B-2" in page.text, "B-3" in page.text) == (False, True)

    def test_who_may_not_any_more_when_the_work_begins_gets_nothing(self, house, frozen_day):
        anna, anna_id = house.visitor(role="medarbetare")
        with writer():
            unit = make_unit("Vuxen")
            give_role(db.session.get(User, anna_id), Role.MANAGER, unit, clock.now(), LONG_AGO, TODAY)
            db.session.commit()
        anna.sign_in("anna@kommun.example", PASSWORD)
        place = house.order(anna)
        frozen_day(date(2022, 2, 16), time(0))
        assert house.make() == 0
        anna.sign_in("anna@kommun.example", PASSWORD)
        assert CHANGED in anna.get(place).text

    def test_it_is_there_after_a_new_sign_in(self, house):
        anna, _ = house.visitor()
        house.order(anna)
        anna.get("/konto")
        anna.sign_out()
        house.make()
        anna.sign_in("anna@kommun.example", PASSWORD)
        assert anna.get("/exporter").table("Exporter").column("Läge") == ["Klar"]
        assert (
            anna.click("Ej verkställda beslut, CSV, beställd 15 februari 2022 kl. 12.00").heading == "Exporten är klar"
        )


class TestWhenItIsGone:
    """After a day, or an hour after it has been taken out."""

    def test_a_day_later_it_is_not_given_and_the_file_goes(self, house, monkeypatch):
        anna, _ = house.visitor()
        place = house.order(anna)
        house.make()
        later(monkeypatch, DAY - MINUTE)
        swept()
        assert len(house.files()) == 1
        later(monkeypatch, MINUTE)
        anna.sign_in("anna@kommun.example", PASSWORD)
        assert anna.get(f"{place}/fil", status=410).heading == "Filen finns inte längre"
        swept()
        assert house.files() == []
        assert anna.get(place).heading == "Filen finns inte längre"
        assert reads_of_files() == []

    def test_once_taken_out_it_stays_an_hour_and_each_taking_is_noted(self, house, monkeypatch):
        anna, _ = house.visitor()
        place = house.order(anna)
        house.make()
        anna.get(f"{place}/fil")
        later(monkeypatch, HOUR - MINUTE)
        swept()
        anna.get(f"{place}/fil")
        later(monkeypatch, MINUTE)
        swept()
        anna.get(f"{place}/fil", status=410)
        assert (house.files(), len(reads_of_files())) == ([], 2)

    def test_a_week_later_nothing_tells_of_it(self, house, monkeypatch):
        anna, _ = house.visitor()
        house.order(anna)
        house.make()
        later(monkeypatch, 7 * DAY + MINUTE)
        swept()
        assert (count_jobs(), house.files()) == (0, [])

    def test_files_that_no_job_has_are_swept_up(self, house):
        anna, _ = house.visitor()
        house.order(anna)
        house.make()
        (kept,) = house.files()
        (kept.parent / "left.sealed").write_bytes(b"x")
        swept()
        assert house.files() == [kept]

    def test_a_file_that_is_not_whole_is_not_given(self, house):
        anna, _ = house.visitor()
        place = house.order(anna)
        house.make()
        (path,) = house.files()
        path.write_bytes(path.read_bytes()[:-1])
        assert "Filen är inte hel och lämnas inte ut." in anna.get(f"{place}/fil", status=410).text
        assert reads_of_files() == []

    def test_a_file_that_has_been_lost_is_told(self, house):
        anna, _ = house.visitor()
        place = house.order(anna)
        house.make()
        house.files()[0].unlink()
        assert "Gör en ny export." in anna.get(f"{place}/fil", status=410).text
