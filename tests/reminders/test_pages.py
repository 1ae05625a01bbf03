"""The pages of reminders, and the calendar whose secret address anybody can fetch who has it."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from tests.decisions.lists import number_of
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.records.granting import close, protect
from tests.reminders.making import mails, make
from tests.support.pages import PageClient
from tests.web.notes import chosen
from tracker.accounts.models import User
from tracker.audit.models import AuditEntry
from tracker.database import db
from tracker.reminders.models import CalendarAddress, ReminderNotice
from tracker.rules.trail import Action

MONDAY = date(2026, 3, 2)
HANNA = "hanna@kommun.example"


@pytest.fixture
def hanna(app, client, frozen_day):
    """Monday 2 March 2026: a handläggare of Vuxen with two decisions, due on 9 and 28 March."""
    frozen_day(MONDAY)
    make_unit("Vuxen")
    make_user(HANNA, "handlaggare", unit="Vuxen")
    rows = [{"ref": "B-1", "beslutsdatum": "2025-12-09"}, {"ref": "B-2", "beslutsdatum": "2025-12-28"}]
    make_decisions([{"enhet": "Vuxen"} | row for row in rows], today=MONDAY)
    client.sign_in(HANNA, PASSWORD)
    client.freeze = frozen_day
    return client


def done(action: Action) -> int:
    db.session.rollback()
    return len(db.session.scalars(select(AuditEntry.id).where(AuditEntry.action == action)).all())


def new_address(visitor: PageClient) -> str:
    """Makes an address; gives its path."""
    visitor.get("/konto/kalender")
    page = visitor.submit({"gor": "ny"}, form="gor")
    address = next(part for part in page.text.split() if part.endswith(".ics"))
    return address[address.index("/kalender/") :]


def events(visitor: PageClient, path: str) -> list[tuple[str, str, str, str]]:
    """(UID, day, summary, link) of a calendar."""
    page = visitor.get(path)
    assert page.response.mimetype == "text/calendar"
    return [
        (str(one["uid"]), str(one["dtstart"].dt), str(one["summary"]), str(one["url"]))
        for one in Calendar.from_ical(page.response.data).walk("VEVENT")
    ]


class TestNews:
    """What is new, until it is marked as seen."""

    def test_it_is_listed_with_its_reason_and_marked_as_seen(self, hanna):
        assert "Inget nytt" in hanna.get("/nytt").text
        make(MONDAY)
        page = hanna.get("/nytt")
        assert page.links["Beslut B-1"] == f"/beslut/{number_of('B-1')}"
        assert "Högst sju dagar kvar av tre månader" in page.text
        assert "Påminnelser, 2 nya" in page.text
        page = hanna.submit({}, form="till")
        assert (page.path, "Påminnelser, 0 nya" in page.text) == ("/nytt", True)
        make(date(2026, 3, 10))
        assert "Påminnelser, 1 nya" in hanna.get("/nytt").text

    def test_what_came_meanwhile_is_not_marked_with_it(self, hanna):
        make(MONDAY)
        hanna.get("/nytt")
        make(date(2026, 3, 10))
        assert "Påminnelser, 1 nya" in hanna.submit({}, form="till").text

    def test_anothers_are_not_there_nor_what_has_been_closed(self, app, hanna):
        make(MONDAY)
        make_user("bo@kommun.example", "handlaggare", unit="Vuxen")
        bo = PageClient(app)
        bo.sign_in("bo@kommun.example", PASSWORD)
        assert "Inget nytt" in bo.get("/nytt").text
        close("B-1", HANNA)
        text = hanna.get("/nytt").text
        assert ("B-1" in text, "B-2" in text) == (False, True)
        assert "Påminnelser, 1 nya" in text
        assert "1 ny påminnelse sedan du var här sist." in hanna.get("/").text

    def test_what_has_become_protected_is_left_to_those_who_are_named(self, app, hanna):
        make_user("bo@kommun.example", "handlaggare", unit="Vuxen")
        bo = PageClient(app)
        bo.sign_in("bo@kommun.example", PASSWORD)
        make(MONDAY)
        protect("B-1", "bo@kommun.example")
        protect("B-2", HANNA)
        assert "Påminnelser, 1 nya" in hanna.get("/nytt").text
        assert "B-1" not in hanna.page.text
        assert "1 ny påminnelse" in hanna.get("/").text
        assert "B-1" in bo.get("/nytt").text


class TestOften:
    """How often somebody wants mail."""

    def test_a_choice_is_kept_and_noted_once(self, hanna):
        hanna.get("/konto/paminnelser")
        assert chosen(hanna.page, "ofta") == ["genast"]
        assert "Valet är sparat." in hanna.submit({"ofta": "veckovis"}, form="ofta").text
        assert chosen(hanna.page, "ofta") == ["veckovis"]
        assert "Inget var ändrat." in hanna.submit({"ofta": "veckovis"}, form="ofta").text
        assert done(Action.REMINDERS_CHOSEN) == 1

    def test_whoever_stops_mail_gets_none_of_what_waits(self, hanna):
        hanna.get("/konto/paminnelser")
        hanna.submit({"ofta": "veckovis"}, form="ofta")
        make(MONDAY)
        make(date(2026, 3, 3))
        make(date(2026, 3, 21))
        assert len(mails()) == 2
        db.session.execute(ReminderNotice.__table__.update().values(mail_id=None))
        db.session.commit()
        hanna.submit({"ofta": "aldrig"}, form="ofta")
        db.session.rollback()
        assert set(db.session.scalars(select(ReminderNotice.to_mail))) == {False}

    def test_a_choice_that_is_none_is_refused(self, hanna):
        hanna.get("/konto/paminnelser")
        page = hanna.submit({"ofta": "ibland"}, form="ofta", status=422)
        assert "Välj ett av alternativen i listan." in page.text


class TestCalendar:
    """Last days by number and link, for whoever has the address."""

    def test_it_holds_the_last_days_of_what_is_mine(self, app, hanna):
        path = new_address(hanna)
        found = events(PageClient(app), path)
        assert [(day, summary) for _, day, summary, _ in found] == [("2026-03-09", "B-1"), ("2026-03-28", "B-2")]
        assert found[0][3].endswith(f"/beslut/{number_of('B-1')}")
        assert found == events(PageClient(app), path), "the numbers of events stay"

    def test_it_holds_no_content(self, app, hanna):
        written = PageClient(app).get(new_address(hanna)).response
        assert b"Kontaktperson" not in written.data
        assert written.headers["Cache-Control"] == "private, no-cache"
        assert "Set-Cookie" not in written.headers

    def test_the_token_has_192_bits_and_only_its_hash_is_kept(self, hanna):
        token = new_address(hanna).removeprefix("/kalender/").removesuffix(".ics")
        assert len(token) == 32  # 24 bytes in base64
        assert token.encode() not in db.session.scalars(select(CalendarAddress.token_hash)).one()
        assert token not in hanna.get("/konto/kalender").text

    def test_a_new_address_ends_the_old_one_and_both_are_noted(self, app, hanna):
        old, new = new_address(hanna), new_address(hanna)
        visitor = PageClient(app)
        visitor.get(old, status=404)
        assert len(events(visitor, new)) == 2
        hanna.get("/konto/kalender")
        hanna.submit({"gor": "avsluta"}, form="gor")
        visitor.get(new, status=404)
        assert (done(Action.CALENDAR_OPENED), done(Action.CALENDAR_CLOSED)) == (2, 1)

    def test_it_ends_with_its_user(self, app, hanna):
        path = new_address(hanna)
        db.session.scalars(select(User).where(User.email == HANNA)).one().active = False
        db.session.commit()
        assert PageClient(app).get(path, status=404).heading == "Sidan finns inte"

    def test_guessing_is_stopped_and_does_not_stop_whoever_has_an_address(self, app, hanna):
        path = new_address(hanna)
        visitor = PageClient(app)
        answers = [visitor.get(f"/kalender/{number}.ics", status=None).status for number in range(22)]
        assert answers == [404] * 20 + [429] * 2
        assert len(events(visitor, path)) == 2
        hanna.freeze(MONDAY + timedelta(days=1))
        assert visitor.get("/kalender/x.ics", status=None).status == 404

    def test_one_address_is_fetched_thirty_times_an_hour(self, app, hanna):
        path = new_address(hanna)
        visitor = PageClient(app)
        answers = [visitor.get(path, status=None).status for _ in range(31)]
        assert answers == [200] * 30 + [429]
