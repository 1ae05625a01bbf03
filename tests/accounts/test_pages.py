"""Signing in, one-time codes and one's own account, page by page."""

from datetime import date, time

import pytest

from tests.accounts.forms import field_error, field_value
from tests.decisions.running import run
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.services import make_code
from tracker.database import db

DAY = date(2026, 3, 31)
EVA = "eva@kommun.example"
NEW_PASSWORD = "nio granar i snö"
WRONG = "fel lösenord här"
REFUSED = "E-postadressen eller lösenordet stämmer inte. Kontrollera båda och försök igen."
CODE_IS_VOID = "Koden gäller inte: den är använd, för gammal eller felskriven. Be om en ny."


@pytest.fixture
def eva(app, frozen_day):
    """A chef who can sign in, on 31 March 2026 at eleven."""
    frozen_day(DAY)
    return make_user(EVA, "chef", name="Eva Ek")


def signed_in(app, email: str = EVA, password: str = PASSWORD) -> PageClient:
    visitor = PageClient(app)
    visitor.sign_in(email, password)
    assert visitor.signed_in
    return visitor


def is_signed_in(visitor: PageClient) -> bool:
    visitor.signed_in = False  # the answer may come from the sign-in page, which may be stored
    return visitor.get("/konto").path == "/konto"


def code_for(user) -> str:
    code = make_code(user, clock.now())
    db.session.commit()
    return code


class TestSignIn:
    """The page and its answers."""

    def test_the_right_password_leads_to_the_start_page(self, eva, client):
        page = client.sign_in(f"  {EVA.upper()} ", PASSWORD)
        assert (page.path, page.heading) == ("/", "Översikt")
        assert "Eva Ek" in page.links

    @pytest.mark.parametrize(("email", "password"), [(EVA, WRONG), ("ingen@kommun.example", PASSWORD)])
    def test_a_wrong_password_and_an_unknown_address_get_one_answer(self, eva, client, email, password):
        page = client.sign_in(email, password, status=422)
        assert REFUSED in page.text
        assert field_value(page, "email") == email
        assert not field_value(page, "password")
        assert not is_signed_in(client)

    def test_empty_fields_say_what_to_write(self, eva, client):
        page = client.sign_in("", "", status=422)
        assert field_error(page, "email") == "Skriv din e-postadress."
        assert field_error(page, "password") == "Skriv ditt lösenord."

    def test_after_five_failures_one_has_to_wait_and_is_told_how_long(self, eva, client, frozen_day):
        for _ in range(5):
            client.sign_in(EVA, WRONG, status=422)
        page = client.sign_in(EVA, PASSWORD, status=429)
        seconds = int(page.response.headers["Retry-After"])
        assert seconds in {2, 3}  # the fifth failure costs two seconds
        assert f"För många försök. Vänta {seconds} sekunder och försök sedan igen." in page.text
        assert field_value(page, "email") == EVA
        assert page.heading == "Logga in"
        frozen_day(DAY, time(11, 0, 3))
        assert client.sign_in(EVA, PASSWORD).path == "/"

    def test_the_wait_grows_with_each_failure(self, eva, client, frozen_day):
        for _ in range(5):
            client.sign_in(EVA, WRONG, status=422)
        frozen_day(DAY, time(11, 0, 3))
        client.sign_in(EVA, WRONG, status=422)
        page = client.sign_in(EVA, PASSWORD, status=429)
        assert int(page.response.headers["Retry-After"]) in {4, 5}

    def test_the_page_asked_for_follows_sign_in(self, eva, client):
        client.get("/konto?annat=1")
        assert client.sign_in(EVA, PASSWORD).path == "/konto?annat=1"

    def test_a_failed_try_does_not_lose_the_page_asked_for(self, eva, client):
        client.get("/konto")
        client.sign_in(EVA, WRONG, status=422)
        assert client.sign_in(EVA, PASSWORD).path == "/konto"

    def test_whoever_has_signed_in_is_led_on(self, eva, client):
        client.sign_in(EVA, PASSWORD)
        assert client.get("/logga-in").path == "/"
        assert client.get("/logga-in?next=/konto").path == "/konto"

    def test_signing_out_says_so_and_closes_the_pages(self, eva, client):
        client.sign_in(EVA, PASSWORD)
        assert "Du har loggat ut." in client.sign_out().text
        assert not is_signed_in(client)

    def test_a_sign_in_is_over_the_next_day(self, eva, client, frozen_day):
        client.sign_in(EVA, PASSWORD)
        frozen_day(date(2026, 4, 1))
        assert not is_signed_in(client)


class TestFirstAdministrator:
    """The code that the first start prints."""

    FIELDS = {  # noqa: RUF012
        "name": "Ada Berg", "email": "ada@kommun.example", "password": NEW_PASSWORD, "again": NEW_PASSWORD,
    }  # fmt: skip

    @pytest.fixture
    def code(self, app):
        return run(app, "users", "first-code").last

    def test_the_code_makes_an_administrator_who_is_signed_in(self, app, client, code):
        client.get("/engangskod")
        page = client.submit({"code": f" {code} "})
        assert page.heading == "Första administratören"
        page = client.submit(self.FIELDS)
        assert page.path == "/"
        assert "Lösenordet är sparat och du är inloggad." in page.text
        assert "Systemadministratör" in page.text
        assert "ada@kommun.example" in client.get("/admin").table("Användare").column("E-postadress")
        assert signed_in(app, "ada@kommun.example", NEW_PASSWORD).get("/admin").heading == "Administration"

    def test_it_works_once(self, app, client, code):
        client.get(f"/engangskod/{code}")
        client.submit(self.FIELDS)
        other = PageClient(app)
        assert CODE_IS_VOID in other.get(f"/engangskod/{code}", status=404).text

    def test_a_form_opened_before_it_was_used_is_refused_too(self, app, client, code):
        other = PageClient(app)
        other.get(f"/engangskod/{code}")
        client.get(f"/engangskod/{code}")
        client.submit(self.FIELDS)
        page = other.submit(self.FIELDS | {"email": "bo@kommun.example"}, status=404)
        assert CODE_IS_VOID in page.text

    def test_a_second_code_ends_the_first(self, app, client, code):
        second = run(app, "users", "first-code").last
        client.get(f"/engangskod/{code}", status=404)
        assert client.get(f"/engangskod/{second}").heading == "Första administratören"

    @pytest.mark.parametrize(
        ("change", "field", "told"),
        [
            ({"name": ""}, "name", "Skriv ditt namn."),
            ({"email": ""}, "email", "Skriv din e-postadress."),
            ({"email": "ada"}, "email", "Skriv en e-postadress, som namn@kommun.se."),
            ({"password": "kort", "again": "kort"}, "password", "Välj ett lösenord med minst 12 och högst 200 tecken."),
            ({"again": "något annat"}, "again", "Lösenorden är inte lika. Skriv samma lösenord två gånger."),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field_and_the_code_still_works(self, client, code, change, field, told):
        client.get(f"/engangskod/{code}")
        page = client.submit(self.FIELDS | change, status=422)
        assert field_error(page, field) == told
        assert field_value(page, "name") == (self.FIELDS | change)["name"]
        assert field_value(page, "email") == (self.FIELDS | change)["email"]
        assert not field_value(page, "password")
        assert client.submit(self.FIELDS).path == "/"


class TestUsersCode:
    """The code that lets a user choose a password."""

    CHOICE = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}  # noqa: RUF012

    def test_the_user_chooses_a_password_and_is_signed_in(self, app, eva, client):
        client.get(f"/engangskod/{code_for(eva)}")
        assert client.page.heading == "Välj lösenord"
        assert client.submit(self.CHOICE).path == "/"
        assert "Eva Ek" in client.page.links
        signed_in(app, EVA, NEW_PASSWORD)
        assert not PageClient(app).sign_in(EVA, PASSWORD, status=422).response.location

    def test_it_ends_the_sign_ins_that_were_open(self, app, eva, client):
        before = signed_in(app)
        client.get(f"/engangskod/{code_for(eva)}")
        client.submit(self.CHOICE)
        assert not is_signed_in(before)

    def test_it_works_once(self, eva, client):
        code = code_for(eva)
        client.get(f"/engangskod/{code}")
        client.submit(self.CHOICE)
        assert CODE_IS_VOID in client.get(f"/engangskod/{code}", status=404).text

    def test_it_holds_for_72_hours(self, eva, client, frozen_day):
        code = code_for(eva)
        frozen_day(date(2026, 4, 3), time(10, 59, 59))
        assert client.get(f"/engangskod/{code}").heading == "Välj lösenord"
        frozen_day(date(2026, 4, 3), time(11))
        assert CODE_IS_VOID in client.get(f"/engangskod/{code}", status=404).text

    @pytest.mark.parametrize("wrong", ["fel", "åäö", "x" * 500, "%20", "<b>"])
    def test_a_wrong_code_says_what_to_do(self, eva, client, wrong):
        code_for(eva)
        client.get("/engangskod")
        assert CODE_IS_VOID in client.submit({"code": wrong}, status=404).text

    def test_without_a_code_it_says_what_to_write(self, client):
        client.get("/engangskod")
        page = client.submit({"code": "  "}, status=422)
        assert field_error(page, "code") == "Skriv engångskoden som du har fått."

    def test_a_password_that_is_not_accepted_leaves_the_code(self, eva, client):
        client.get(f"/engangskod/{code_for(eva)}")
        page = client.submit({"password": "aaaaaaaaaaaaa", "again": "aaaaaaaaaaaaa"}, status=422)
        assert field_error(page, "password") == "Lösenordet är för lätt att gissa. Välj ett annat."
        assert client.submit(self.CHOICE).path == "/"

    def test_the_code_is_not_kept_as_it_is(self, eva):
        from sqlalchemy import select

        from tracker.accounts.models import OneTimeCode

        code = code_for(eva)
        assert code.encode() not in db.session.scalars(select(OneTimeCode.code_hash)).one()


class TestAccount:
    """Who I am here, and a new password."""

    CHANGE = {"present": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}  # noqa: RUF012

    def test_the_page_says_who_i_am(self, app, eva):
        page = signed_in(app).get("/konto")
        assert page.heading == "Ditt konto"
        for told in ("Eva Ek", EVA, "Chef, Socialförvaltningen"):
            assert told in page.text

    def test_a_new_password_ends_every_other_sign_in_and_keeps_this_one(self, app, eva):
        here, elsewhere = signed_in(app), signed_in(app)
        here.get("/konto")
        assert "Lösenordet är bytt. Alla andra inloggningar är avslutade." in here.submit(self.CHANGE).text
        assert is_signed_in(here)
        assert not is_signed_in(elsewhere)
        PageClient(app).sign_in(EVA, PASSWORD, status=422)
        signed_in(app, EVA, NEW_PASSWORD)

    @pytest.mark.parametrize(
        ("change", "field", "told"),
        [
            ({"present": WRONG}, "present", "Det nuvarande lösenordet stämmer inte. Försök igen."),
            ({"present": ""}, "present", "Skriv ditt nuvarande lösenord."),
            ({"password": "elva tecken", "again": "elva tecken"}, "password",
             "Välj ett lösenord med minst 12 och högst 200 tecken."),
            ({"password": "", "again": ""}, "password", "Välj ett lösenord."),
            ({"again": NEW_PASSWORD.upper()}, "again", "Lösenorden är inte lika. Skriv samma lösenord två gånger."),
        ],
    )  # fmt: skip
    def test_a_change_that_is_refused_is_told_beside_its_field_and_ends_nothing(self, app, eva, change, field, told):
        here, elsewhere = signed_in(app), signed_in(app)
        here.get("/konto")
        page = here.submit(self.CHANGE | change, status=422)
        assert field_error(page, field) == told
        assert told in page.links, "the summary leads to the field"
        assert not any(field_value(page, name) for name in self.CHANGE), "no password is sent back"
        assert is_signed_in(here)
        assert is_signed_in(elsewhere)
        signed_in(app)
