"""Nothing typed is lost: what could not be taken in is offered again, to whoever typed it and to nobody else."""

import re
import sqlite3
import time as real_time
from datetime import date, time, timedelta

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import func, select

from tests.accounts.forms import field_error, field_value
from tests.factories import PASSWORD, make_unit, make_user
from tests.support.pages import PageClient
from tests.web.notes import add_notes, chosen, ticked
from tracker import clock
from tracker.accounts.drafts import LARGEST_BYTES, Draft
from tracker.accounts.models import User, UserSession
from tracker.accounts.services import deactivate, give_role
from tracker.database import db
from tracker.rules.permissions import Role
from tracker.web.forms import Form
from tracker.web.typed import NEVER_KEPT

DAY = date(2026, 3, 31)
EVA = "eva@kommun.example"
SECRET = "Hemlig granntext"
TYPED = {"text": SECRET, "kinds": ["b", "c"], "urgent": "y", "password": "inte min heller"}
KEPT = "det du skrev är sparat i en timme"


@pytest.fixture
def program(make_app, frozen_day):
    frozen_day(DAY)
    make_user(EVA, "handlaggare", name="Eva Ek")
    return make_app()


@pytest.fixture
def notes(program):
    return add_notes(program)


@pytest.fixture
def eva(program, notes):
    """Eva's browser, at the form."""
    visitor = PageClient(program)
    visitor.sign_in(EVA, PASSWORD)
    visitor.get("/anteckning/7?del=2")
    return visitor


@pytest.fixture
def idle(monkeypatch):
    """Lets so many minutes pass for cookies and forms."""

    def wait(minutes: int) -> None:
        later = lambda _signer: int(real_time.monotonic()) + start + minutes * 60  # noqa: E731
        monkeypatch.setattr(TimestampSigner, "get_timestamp", later)

    start = TimestampSigner("key").get_timestamp() - int(real_time.monotonic())
    return wait


def end_sign_ins() -> None:
    give_role(db.session.scalars(select(User).where(User.email == EVA)).one(), Role.MANAGER, make_unit("Vuxen"),
              clock.now(), DAY)  # fmt: skip
    db.session.commit()


def count_drafts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Draft))


def sign_in_again(visitor, email=EVA):
    visitor.signed_in = False
    return visitor.submit({"email": email, "password": PASSWORD})


def check_filled(page) -> None:
    """The form holds what was typed, and says so."""
    assert page.path.startswith("/anteckning/7?del=2&skrivet=")
    assert "Formuläret är ifyllt med det du skrev kl. 13.00." in page.text
    assert (field_value(page, "text"), chosen(page), ticked(page)) == (SECRET, ["b", "c"], True)
    assert not field_value(page, "password")


def check_sends_once(visitor, notes) -> None:
    """What was typed can be sent now, once, and is not offered again."""
    assert notes.saved == []
    visitor.signed_in = True
    visitor.submit({"kinds": ["b", "c"]}, form="text")
    assert notes.saved == [(SECRET, ["b", "c"], True)]
    assert count_drafts() == 0
    assert "blev inte inskickat" not in visitor.get("/").text


def test_a_role_that_was_changed_meanwhile_leads_through_sign_in_back_to_the_filled_form(eva, notes):
    end_sign_ins()
    eva.signed_in = False
    page = eva.submit(TYPED)
    assert page.path.startswith("/logga-in?next=/anteckning/7")
    assert "det du skrev är sparat i en timme" in page.text
    check_filled(sign_in_again(eva))
    check_sends_once(eva, notes)


def test_ten_hours_later_it_is_the_same(eva, notes, frozen_day):
    frozen_day(DAY, time(21))
    eva.signed_in = False
    eva.submit(TYPED)
    page = sign_in_again(eva)
    assert "Formuläret är ifyllt med det du skrev kl. 23.00." in page.text
    check_sends_once(eva, notes)


def test_an_hour_without_a_word_ends_the_cookie_but_not_what_was_typed(eva, notes, idle):
    idle(61)
    eva.signed_in = False
    page = eva.submit(TYPED, status=400)
    assert page.heading == "Sidan har varit öppen för länge"
    assert KEPT in page.text
    eva.click("Logga in")
    check_filled(sign_in_again(eva))
    check_sends_once(eva, notes)


def test_a_form_that_is_too_old_is_filled_again_for_whoever_is_still_signed_in(eva, notes, idle):
    idle(50)
    eva.http.get("/")  # in another window
    idle(70)
    page = eva.submit(TYPED, status=400)
    assert KEPT in page.text
    check_filled(eva.click("Öppna formuläret"))
    check_sends_once(eva, notes)


def test_after_signing_out_and_going_back_nothing_is_saved_and_the_text_is_kept_for_the_same_user(eva, notes):
    form = eva.page
    eva.sign_out()
    eva.page = form
    page = eva.submit(TYPED, status=400)
    assert notes.saved == []
    assert KEPT in page.text
    eva.click("Logga in")
    check_filled(sign_in_again(eva))
    check_sends_once(eva, notes)


def test_the_start_page_offers_it_to_whoever_signs_in_there(eva, program, notes):
    end_sign_ins()
    eva.signed_in = False
    eva.submit(TYPED)
    elsewhere = PageClient(program)
    page = elsewhere.sign_in(EVA, PASSWORD)
    assert "Det du skrev kl. 13.00 blev inte inskickat. Det är sparat till kl. 14.00." in page.text
    check_filled(elsewhere.click("Fortsätt där du var kl. 13.00"))
    check_sends_once(elsewhere, notes)


def test_it_can_be_thrown_away(eva, notes):
    end_sign_ins()
    eva.signed_in = False
    eva.submit(TYPED)
    sign_in_again(eva)
    eva.get("/")
    page = eva.submit({}, form="Ta bort det du skrev kl. 13.00")
    assert "Det du hade skrivit är borttaget." in page.text
    assert "blev inte inskickat" not in page.text
    assert count_drafts() == 0


def test_another_user_of_the_browser_sees_nothing_of_it(eva, program, notes):
    make_user("bo@kommun.example", "handlaggare", name="Bo Berg")
    end_sign_ins()
    eva.signed_in = False
    eva.submit(TYPED)
    page = sign_in_again(eva, "bo@kommun.example")  # Eva's form is the next page
    address = page.path
    assert address.startswith("/anteckning/7?del=2&skrivet=")
    assert SECRET not in page.response.text
    assert "Det du hade skrivit finns inte kvar." in page.text
    assert "inskickat" not in eva.get("/").text
    number = re.search(r"skrivet=(\d+)", address)[1]
    eva.post(f"/utkast/{number}/ta-bort", status=404)
    assert count_drafts() == 1


def test_a_form_of_one_user_that_is_sent_under_another_is_kept_for_neither(eva, program, notes):
    make_user("bo@kommun.example", "handlaggare")
    form = eva.page
    eva.sign_out()
    eva.sign_in("bo@kommun.example", PASSWORD)
    eva.page = form
    page = eva.submit(TYPED, status=400)
    assert "inget är sparat" in page.text
    assert (notes.saved, count_drafts()) == ([], 0)


def test_a_version_that_is_past_is_sent_again_as_it_was_so_that_the_conflict_is_found(eva, notes):
    end_sign_ins()
    eva.signed_in = False
    eva.submit(TYPED)
    notes.version = "2"
    page = sign_in_again(eva)
    assert field_value(page, "version") == "1"
    page = eva.submit({}, form="text", status=422)
    assert field_error(page, "text") == "Någon annan har ändrat."
    assert count_drafts() == 1, "what was typed stays until it is taken in"


def test_it_is_kept_for_one_hour(eva, frozen_day):
    end_sign_ins()
    eva.signed_in = False
    address = eva.submit(TYPED).response.request.args["next"]
    frozen_day(DAY, time(11, 59, 59))
    page = sign_in_again(eva)
    check_filled(page)
    frozen_day(DAY, time(12))
    page = eva.get(address)
    assert SECRET not in page.response.text
    assert "Det du hade skrivit finns inte kvar. Det sparas i en timme." in page.text
    assert "inskickat" not in eva.get("/").text


def test_it_opens_only_in_the_form_where_it_was_typed(eva, notes):
    end_sign_ins()
    eva.signed_in = False
    number = eva.submit(TYPED).response.request.args["next"].partition("skrivet=")[2]
    sign_in_again(eva)
    assert SECRET not in eva.get(f"/anteckning/8?skrivet={number}").response.text
    assert SECRET not in eva.get(f"/slarvig?skrivet={number}").response.text
    for wrong in ("0", "-1", "99999999999999", "x", str(int(number) + 1)):
        assert SECRET not in eva.get(f"/anteckning/7?skrivet={wrong}").response.text


def test_a_view_without_the_mark_keeps_nothing_and_says_so(eva, notes, idle):
    eva.get("/slarvig")
    form = eva.page
    end_sign_ins()
    eva.signed_in = False
    page = eva.submit(TYPED)
    assert "Inget är sparat: du var inte inloggad." in page.text
    assert page.path == "/logga-in"
    eva.page = form
    idle(61)
    assert "inget är sparat" in eva.submit(TYPED, status=400).text
    assert count_drafts() == 0


def test_a_button_of_a_kept_page_keeps_nothing(eva, notes):
    end_sign_ins()
    eva.signed_in = False
    assert "Inget är sparat" in eva.submit({}, form="Klar").text
    assert (notes.saved, count_drafts()) == ([], 0)


def test_too_much_is_not_kept_and_one_is_told(eva):
    end_sign_ins()
    eva.signed_in = False
    assert "Inget är sparat" in eva.submit(TYPED | {"text": "å" * (LARGEST_BYTES // 2)}).text
    assert count_drafts() == 0


def test_a_handful_is_kept_for_each_user_and_the_oldest_goes(eva):
    end_sign_ins()
    eva.signed_in = False
    form = eva.page
    for number in range(7):
        eva.page = form
        eva.submit(TYPED | {"text": f"text {number}"})
    assert count_drafts() == 5
    eva.submit({"email": EVA, "password": PASSWORD})
    assert eva.get("/").text.count("blev inte inskickat") == 5


def test_what_is_sent_twice_is_kept_once(eva):
    end_sign_ins()
    eva.signed_in = False
    form = eva.page
    for _ in range(3):
        eva.page = form
        eva.submit(TYPED)
    assert count_drafts() == 1


def test_what_comes_back_and_is_sent_too_late_again_is_kept_as_it_is_now(eva, notes):
    end_sign_ins()
    eva.signed_in = False
    eva.submit(TYPED)
    sign_in_again(eva)
    end_sign_ins()
    eva.signed_in = False
    eva.submit({"text": "Mera text"}, form="text")
    assert count_drafts() == 1
    assert field_value(sign_in_again(eva), "text") == "Mera text"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_what_another_site_sends_is_not_kept(eva, site):
    end_sign_ins()
    fields = {"text": SECRET, "csrf_token": eva.token()}
    eva.signed_in = False
    eva._open("POST", "/anteckning/7", 200, True, data=fields, headers={"Sec-Fetch-Site": site})
    assert count_drafts() == 0


def test_without_the_forms_own_token_or_the_browsers_cookie_nothing_is_kept(eva, program):
    fields = {"text": SECRET, "csrf_token": eva.token()}
    for forged in ("", "påhittad", fields["csrf_token"] + "x"):
        eva._open("POST", "/anteckning/7", 400, True, data=fields | {"csrf_token": forged})
    stranger = PageClient(program)
    stranger._open("POST", "/anteckning/7", 400, True, data=fields)
    stranger.get("/logga-in")
    stranger._open("POST", "/anteckning/7", 400, True, data=fields)
    assert count_drafts() == 0


@pytest.mark.parametrize(("hours", "kept"), [(11, 1), (13, 0)])
def test_a_sign_in_that_ended_long_ago_belongs_to_nobody(eva, frozen_day, idle, hours, kept):
    idle(60 * (hours + 10))
    frozen_day(DAY + timedelta(days=(11 + 10 + hours) // 24), time((11 + 10 + hours) % 24))
    eva.signed_in = False
    page = eva.submit(TYPED, status=400)
    assert (KEPT in page.text) is bool(kept)
    assert count_drafts() == kept


def test_nothing_is_kept_for_a_user_who_has_been_deactivated(eva):
    deactivate(db.session.scalars(select(User).where(User.email == EVA)).one(), clock.now())
    eva.signed_in = False
    assert "Inget är sparat" in eva.submit(TYPED).text
    assert count_drafts() == 0


def test_what_was_typed_stands_nowhere_in_the_database_in_plain_text(eva, program):
    end_sign_ins()
    eva.signed_in = False
    eva.submit(TYPED)
    assert count_drafts() == 1
    (draft,) = db.session.scalars(select(Draft))
    assert SECRET.encode() not in draft.sealed
    if db.engine.dialect.name == "sqlite":
        path = db.engine.url.database
        with sqlite3.connect(path) as database:
            everything = "\n".join(database.iterdump())
        assert EVA in everything, "the search finds what is there"
        assert SECRET not in everything
        found = b""
        for file in (path, f"{path}-wal"):
            with open(file, "rb") as opened:
                found += opened.read()
        assert EVA.encode() in found
        assert SECRET.encode() not in found
        assert b"inte min heller" not in found
    else:
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                assert SECRET not in repr(tuple(row))


def test_another_user_cannot_open_a_row_by_calling_it_their_own(eva, program):
    bo = make_user("bo@kommun.example", "handlaggare")
    end_sign_ins()
    eva.signed_in = False
    eva.submit(TYPED)
    (draft,) = db.session.scalars(select(Draft))
    draft.user_id = bo.id
    db.session.commit()
    page = sign_in_again(eva, "bo@kommun.example")
    assert SECRET not in page.response.text


def test_every_password_field_is_among_those_that_are_never_kept():
    def below(kind):
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    passwords = {
        (kind.__name__, name)
        for kind in below(Form)
        for name, field in vars(kind).items()
        if getattr(field, "field_class", None) is not None and "Password" in field.field_class.__name__
    }
    assert len(passwords) >= 4
    assert {name for _, name in passwords} <= NEVER_KEPT


def test_pages_ask_for_drafts_only_when_there_is_something_to_offer(eva, monkeypatch):
    asked = []
    monkeypatch.setattr("tracker.accounts.drafts.list_kept", lambda *given: asked.append(given) or [])
    eva.get("/anteckning/7")
    assert asked == []
    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 1
