"""Some things ask for the password again after a quarter of an hour, and lead back to what one was doing."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests.accounts.forms import field_error, field_value
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tests.web.notes import add_notes, chosen, ticked
from tracker import clock
from tracker.accounts import signin
from tracker.accounts.models import UserSession
from tracker.accounts.reader import find_reader, in_utc
from tracker.accounts.services import make_code
from tracker.database import db

DAY = date(2026, 3, 31)
EVA = "eva@kommun.example"
WRONG = "fel lösenord här"
TYPED = {"text": "Viktig text åäö", "kinds": ["a", "c"], "urgent": "y", "password": "inte min"}
LATER = time(11, 15)


@pytest.fixture
def app_with_notes(make_app, frozen_day):
    frozen_day(DAY)
    make_user(EVA, "handlaggare", name="Eva Ek")
    return make_app()


@pytest.fixture
def notes(app_with_notes):
    return add_notes(app_with_notes)


@pytest.fixture
def eva(app_with_notes, notes):
    """Eva's browser; she signed in at eleven."""
    visitor = PageClient(app_with_notes)
    visitor.sign_in(EVA, PASSWORD)
    return visitor


def test_within_a_quarter_of_an_hour_nothing_is_asked(eva, notes, frozen_day):
    frozen_day(DAY, time(11, 14, 59))
    assert eva.get("/hemlig").heading == "Anteckning"
    eva.get("/noga")
    assert eva.submit(TYPED).path == "/"
    assert notes.saved == [("Viktig text åäö", ["a", "c"], True)]


def test_after_exactly_a_quarter_of_an_hour_the_page_asks_and_leads_back(eva, frozen_day):
    frozen_day(DAY, LATER)
    page = eva.get("/hemlig?del=2")
    assert page.heading == "Skriv ditt lösenord igen"
    assert "Inget har" not in page.text
    page = eva.submit({"present": PASSWORD})
    assert (page.path, page.heading) == ("/hemlig?del=2", "Anteckning")
    frozen_day(DAY, time(11, 29, 59))
    assert eva.get("/hemlig").heading == "Anteckning"
    frozen_day(DAY, time(11, 30))
    assert eva.get("/hemlig").heading == "Skriv ditt lösenord igen"


def test_a_page_that_asks_only_when_something_is_sent_opens_without(eva, frozen_day):
    frozen_day(DAY, LATER)
    assert eva.get("/noga").heading == "Anteckning"


def test_what_was_typed_is_there_again_after_the_password_and_nothing_was_done_meanwhile(eva, notes, frozen_day):
    frozen_day(DAY, LATER)
    eva.get("/noga?del=2")
    page = eva.submit(TYPED)
    assert page.heading == "Skriv ditt lösenord igen"
    assert "Det du skrev är sparat" in page.text
    assert notes.saved == []
    page = eva.submit({"present": PASSWORD})
    assert page.path.startswith("/noga?del=2&skrivet=")
    assert "Formuläret är ifyllt med det du skrev kl. 13.15." in page.text  # 11.15 UTC
    assert (field_value(page, "text"), chosen(page), ticked(page)) == ("Viktig text åäö", ["a", "c"], True)
    assert not field_value(page, "password")
    assert notes.saved == []
    assert eva.submit({"kinds": ["a", "c"]}, form="text").path == "/"
    assert notes.saved == [("Viktig text åäö", ["a", "c"], True)]
    assert "blev inte inskickat" not in eva.get("/").text


def test_what_was_typed_there_survives_the_end_of_the_sign_in_as_well(eva, notes, frozen_day):
    frozen_day(DAY, LATER)
    eva.get("/noga")
    eva.submit(TYPED)
    assert "blev inte inskickat" not in eva.page.text, "the page that asks tells it in its own words"
    eva.submit({"present": PASSWORD})
    db.session.scalars(select(UserSession)).one().ended_at = clock.now()
    db.session.commit()
    eva.signed_in = False
    assert "det du skrev är sparat i en timme" in eva.submit({"text": "Längre text"}, form="text").text
    page = eva.submit({"email": EVA, "password": PASSWORD})
    assert field_value(page, "text") == "Längre text"
    assert notes.saved == []


def test_a_button_without_a_page_leads_back_to_the_page_above_it(eva, notes, frozen_day):
    frozen_day(DAY, LATER)
    eva.get("/noga")
    page = eva.post("/noga/klar")
    assert "Inget har ändrats än." in page.text
    page = eva.submit({"present": PASSWORD})
    assert page.path == "/noga"
    assert "Inget är ändrat än: gör om det du ville göra." in page.text
    assert notes.saved == []
    eva.post("/noga/klar")
    assert notes.saved == [("klar",)]


def test_a_wrong_password_is_told_beside_its_field_and_confirms_nothing(eva, frozen_day):
    frozen_day(DAY, LATER)
    eva.get("/hemlig")
    page = eva.submit({"present": WRONG}, status=422)
    assert field_error(page, "present") == "Lösenordet stämmer inte. Försök igen."
    assert field_error(eva.submit({"present": ""}, status=422), "present") == "Skriv ditt lösenord."
    assert eva.get("/hemlig").heading == "Skriv ditt lösenord igen"


def test_guessing_costs_waiting_as_at_sign_in_and_a_right_password_clears_it(eva, frozen_day):
    frozen_day(DAY, LATER)
    eva.get("/hemlig")
    for _ in range(5):
        eva.submit({"present": WRONG}, status=422)
    page = eva.submit({"present": PASSWORD}, status=429)
    assert page.response.headers["Retry-After"] == "2"
    assert "Vänta 2 sekunder" in page.text
    frozen_day(DAY, time(11, 15, 2))
    assert eva.submit({"present": PASSWORD}).heading == "Anteckning"
    frozen_day(DAY, time(11, 31))
    eva.get("/hemlig")
    for _ in range(4):
        eva.submit({"present": WRONG}, status=422)
    assert eva.submit({"present": PASSWORD}).heading == "Anteckning"


def test_confirming_counts_for_this_sign_in_alone(eva, app_with_notes, frozen_day):
    other = PageClient(app_with_notes)
    other.sign_in(EVA, PASSWORD)
    frozen_day(DAY, LATER)
    eva.get("/hemlig")
    eva.submit({"present": PASSWORD})
    assert other.get("/hemlig").heading == "Skriv ditt lösenord igen"
    times = sorted(in_utc(moment) for moment in db.session.scalars(select(UserSession.confirmed_at)))
    assert times == [datetime(2026, 3, 31, 11, 0, tzinfo=UTC), datetime(2026, 3, 31, 11, 15, tzinfo=UTC)]


def test_whoever_has_just_chosen_a_password_by_a_code_is_not_asked(app_with_notes, notes):
    bo = make_user("bo@kommun.example", "handlaggare")
    code = make_code(bo, clock.now())
    db.session.commit()
    visitor = PageClient(app_with_notes)
    visitor.get(f"/engangskod/{code}")
    visitor.submit({"password": "nio granar i snö", "again": "nio granar i snö"})
    assert visitor.get("/hemlig").heading == "Anteckning"


def test_whoever_may_not_open_the_page_is_not_asked(app_with_notes, notes, frozen_day):
    make_user("namnd@kommun.example", "namnd")
    visitor = PageClient(app_with_notes)
    visitor.sign_in("namnd@kommun.example", PASSWORD)
    frozen_day(DAY, LATER)
    assert visitor.get("/hemlig", status=403).heading == "Du har inte tillgång till sidan"


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/%5Cevil.example", "/%09/evil.example", "evil", ""]
)
def test_confirming_never_leads_away(eva, frozen_day, target):
    assert eva.get(f"/bekrafta?next={target}").path == "/"
    frozen_day(DAY, LATER)
    eva.get(f"/bekrafta?next={target}")
    assert eva.submit({"present": PASSWORD}).path == "/"


def test_passwords_are_looked_at_while_others_may_write(eva, app_with_notes, frozen_day, monkeypatch):
    """On SQLite one transaction writes at a time; looking at a password takes a tenth of a second or more."""
    written = []

    def write_meanwhile(*_arguments):
        with db.engine.connect() as other:
            if db.engine.dialect.name == "sqlite":
                other.exec_driver_sql("PRAGMA busy_timeout=0")
            other.exec_driver_sql("UPDATE unit_tree SET version = version + 1")
            other.commit()
            if db.engine.dialect.name == "sqlite":
                other.exec_driver_sql("PRAGMA busy_timeout=30000")
        written.append(1)

    class Watched:
        def __getattr__(self, name):
            if name in {"verify", "hash"}:
                write_meanwhile()
            return getattr(hasher, name)

    hasher = signin._hasher
    monkeypatch.setattr(signin, "_hasher", Watched())
    frozen_day(DAY, LATER)
    eva.get("/hemlig")
    eva.submit({"present": PASSWORD})
    assert len(written) == 1
    eva.get("/konto")
    eva.submit({"present": PASSWORD, "password": "nio granar i snö", "again": "nio granar i snö"})
    assert len(written) == 3  # the present one looked at, the new one made


def test_the_reader_is_told_from_the_row_each_time(app_with_notes):
    user = make_user("bo@kommun.example", "chef")
    now = clock.now()
    token = signin.open_session(user.id, user.version, now - timedelta(minutes=20))
    db.session.commit()
    assert not find_reader(token, now, DAY).recently_confirmed(now)
    db.session.scalars(select(UserSession).where(UserSession.user_id == user.id)).one().confirmed_at = now
    db.session.commit()
    assert find_reader(token, now, DAY).recently_confirmed(now)
