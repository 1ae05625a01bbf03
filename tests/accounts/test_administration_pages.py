"""The administrator's pages: people invited, roles given and taken, sign-ins that end with it, and never one's own."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.accounts.forms import field_error, field_value
from tests.factories import PASSWORD, make_unit, make_user
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.models import RoleAssignment, User
from tracker.accounts.services import make_code
from tracker.database import db

DAY = date(2026, 3, 31)
EVA, ADA, BO = "eva@kommun.example", "ada@kommun.example", "bo@kommun.example"
NEW_PASSWORD = "nio granar i snö"
CHOICE = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
REPORTS = "rapporterar avvikelser, missförhållanden och synpunkter, och följer sina egna"
DOES = "ser och gör de åtgärder som den ansvarar för"
ACTS = f"läser åtgärder, läser in, lägger upp, beslutar och följer upp åtgärder, {DOES}"
INFORMS = "noterar vem som är informerad om rapporteringsskyldigheten"
HANDLES = (
    "läser avvikelser, tar emot, utreder och avslutar avvikelser, ser i korthet att det finns en lex Sarah-rapport, "
    f"{INFORMS}"
)
PROMISES = (
    "läser hur garantier och lagens tider hålls, skriver in vad som börjar, förlängs och blir klart under en garanti"
)
NUMBERS = "tar ut nämndens lista över lex Sarah-rapporter, bara nummer"
REPORTER = "ser vem som rapporterade, där det behövs för ärendet"
COMPLAINTS = "läser synpunkter och klagomål, tar emot och besvarar synpunkter och klagomål"
KEEPS = ("läser in avvikelser, lex Sarah-rapporter och synpunkter, stänger ett ärende för alla utom namngivna, "
         "eller för den som är jävig")  # fmt: skip
ROLES = {
    "Medarbetare": f"{REPORTS}, {DOES}",
    "Chef": "läser ej verkställda beslut (utan identiteter), läser och exporterar kvartalsrapportens utkast, "
            "läser risker, internkontrollplan och uppföljning, utför stickprov och lämnar resultat, "
            f"{REPORTS}, {HANDLES}, {REPORTER}, {COMPLAINTS}, {PROMISES}, {ACTS}",
    "Utredare": f"{REPORTS}, utreder de lex Sarah-rapporter som den har fått, {REPORTER}, {DOES}",
    "Lex Sarah-ansvarig": f"{REPORTS}, {KEEPS}, läser avvikelser, ser i korthet att det finns en lex Sarah-rapport, "
                          f"{INFORMS}, läser lex Sarah-rapporter, utreder de lex Sarah-rapporter som den har fått, "
                          "tar emot, fördelar och beslutar lex Sarah-rapporter och anmäler till IVO, "
                          f"{REPORTER}, läser årets kvalitetsrapport, {NUMBERS}, {ACTS}",
    "Handläggare": "läser ej verkställda beslut (utan identiteter), läser in beslut, läser in personnummer, "
                   "lägger upp beslut, noterar vad som händer, rättar och makulerar, ser vem beslutet gäller, "
                   "skyddar en post, namnger dem som får se den och stänger ute jäviga, "
                   "läser och exporterar kvartalsrapportens utkast, ber om uppdatering, "
                   f"granskar kvartalets rapport och markerar den klar, {REPORTS}, {PROMISES}, {DOES}",
    "Internkontrollsamordnare": "läser risker, internkontrollplan och uppföljning, "
                                "arbetar med risker, kontrollmoment och stickprov, "
                                f"utför stickprov och lämnar resultat, {REPORTS}, {ACTS}",
    "Kvalitetsledare": "läser ej verkställda beslut (utan identiteter), läser in beslut, "
                       "lägger upp beslut, noterar vad som händer, rättar och makulerar, läser makulerade beslut, "
                       "skyddar en post, namnger dem som får se den och stänger ute jäviga, "
                       "glömmer personer när tiden för bevarande är slut, "
                       "läser och exporterar kvartalsrapportens utkast, ber om uppdatering, "
                       "granskar kvartalets rapport och markerar den klar, "
                       "låser rapporter, och rättar dem med en ny version, läser låsta rapporter, "
                       "läser risker, internkontrollplan och uppföljning, "
                       "arbetar med risker, kontrollmoment och stickprov, "
                       f"utför stickprov och lämnar resultat, {REPORTS}, {KEEPS}, {HANDLES}, "
                       f"läser lex Sarah-rapporter, {COMPLAINTS}, {PROMISES}, "
                       "lägger upp garantier, och ändrar gräns och mål, "
                       f"läser årets kvalitetsrapport, skriver kvalitetsberättelsen, {NUMBERS}, {ACTS}",
    "Nämndsekreterare": f"läser låsta rapporter, för in nämndens beslut om internkontrollplanen, {NUMBERS}",
    "Förtroendevald": "läser låsta rapporter",
    "Revisor": "läser låsta rapporter, läser risker, internkontrollplan och uppföljning",
    "Loggranskare": "läser loggen, aldrig värden, planerar, gör och signerar loggkontroller",
    "Systemadministratör": "läser administrationen, lägger upp användare och ger roller, aldrig sina egna, "
                           "lägger upp, byter namn på, flyttar och avslutar enheter, håller kodlistorna, "
                           "ändrar inställningar",
}  # fmt: skip


@pytest.fixture
def admin(app, client, frozen_day):
    """Ada, the administrator, signed in on 31 March 2026."""
    frozen_day(DAY)
    make_unit("Vuxen 1", "Vuxen")
    client.sign_in(make_user(ADA, "admin", name="Ada Berg").email, PASSWORD)
    return client


@pytest.fixture
def eva(admin):
    """Eva, whose roles the administrator may change."""
    return make_user(EVA, "chef", unit="Vuxen 1", name="Eva Ek")


def signed_in(app, email: str = EVA, password: str = PASSWORD) -> PageClient:
    visitor = PageClient(app)
    visitor.sign_in(email, password)
    assert visitor.signed_in
    return visitor


def is_signed_in(visitor: PageClient) -> bool:
    visitor.signed_in = False  # the answer may come from the sign-in page, which may be stored
    return visitor.get("/konto").path == "/konto"


def option(page, name: str, text: str) -> str:
    """The value behind a select's text."""
    (select_,) = (element for element in page.tree.iter("select") if element.get("name") == name)
    return next(one.get("value") for one in select_.iter("option") if text_of(one) == text)


def link_on(page) -> str:
    """The one-time link that a page shows, as an address within the program."""
    (link,) = (text_of(element) for element in page.tree.iter("code"))
    assert link.startswith("http://localhost/engangskod/")
    return link.removeprefix("http://localhost")


def invite(admin: PageClient, **others: str):
    page = admin.get("/admin/anvandare/ny")
    fields = {"name": "Bo Ås", "email": BO, "role": "chef", "unit": option(page, "unit", "Vuxen 1"), "to_on": ""}
    return admin.submit(fields | others, status=200 if not others or "to_on" in others else 422)


def roles_of(user) -> list[RoleAssignment]:
    db.session.rollback()
    return list(db.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == user.id)))


def test_the_first_page_shows_users_units_and_what_each_role_may_do(admin, eva):
    page = admin.get("/admin")
    assert page.table("Användare").rows == [
        ["Ada Berg", ADA, "Systemadministratör, Socialförvaltningen", "Aktiv"],
        ["Eva Ek", EVA, "Chef, Vuxen 1", "Aktiv"],
    ]
    assert {row[0]: row[2] for row in admin.click("Roller").table("Vad rollerna får göra").rows} == ROLES
    assert "3 enheter" in admin.click("Enheter").text


class TestInvite:
    """A new user gets a role, and a link that is shown once."""

    def test_the_link_is_shown_once_and_works_once(self, app, admin):
        page = invite(admin)
        assert page.heading == "Engångslänk till Bo Ås"
        link = link_on(page)
        visitor = PageClient(app)
        assert visitor.get(link).heading == "Välj lösenord"
        assert visitor.submit(CHOICE).path == "/"
        assert "Bo Ås" in visitor.page.links
        assert "Chef, Vuxen 1" in signed_in(app, BO, NEW_PASSWORD).get("/konto").text
        PageClient(app).get(link, status=404)
        code = link.rpartition("/")[2]
        for path in ("/admin", f"/admin/anvandare/{user_number(BO)}"):
            assert code not in admin.get(path).data.decode()

    def test_an_invited_user_is_told_as_such_until_a_password_is_chosen(self, app, admin):
        link = link_on(invite(admin))
        assert admin.get("/admin").table("Användare").rows[1] == ["Bo Ås", BO, "Chef, Vuxen 1", "Inbjuden"]
        visitor = PageClient(app)
        visitor.sign_in(BO, "", status=422)
        visitor.get(link)
        visitor.submit(CHOICE)
        assert admin.get("/admin").table("Användare").column("Läge") == ["Aktiv", "Aktiv"]

    def test_a_new_link_ends_the_one_before(self, app, admin):
        first = link_on(invite(admin))
        admin.get(f"/admin/anvandare/{user_number(BO)}")
        second = link_on(admin.submit({}, form="Ny engångslänk"))
        PageClient(app).get(first, status=404)
        assert PageClient(app).get(second).heading == "Välj lösenord"

    def test_a_role_may_end_on_a_day(self, admin):
        invite(admin, to_on="2026-06-30")
        table = admin.get(f"/admin/anvandare/{user_number(BO)}").table("Roller")
        assert [row[:4] for row in table.rows] == [["Chef", "Vuxen 1", "2026-03-31", "2026-06-30"]]

    @pytest.mark.parametrize(
        ("change", "field", "told"),
        [
            ({"name": ""}, "name", "Skriv personens namn."),
            ({"email": ""}, "email", "Skriv personens e-postadress."),
            ({"email": "bo"}, "email", "Skriv en e-postadress, som namn@kommun.se."),
            ({"email": ADA.upper()}, "email", "Det finns redan en användare med den e-postadressen."),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field_and_nobody_is_made(self, admin, change, field, told):
        page = invite(admin, **change)
        assert field_error(page, field) == told
        assert field_value(page, "name") == change.get("name", "Bo Ås")
        assert field_value(page, "email") == change.get("email", BO)
        assert len(admin.get("/admin").table("Användare").rows) == 1

    @pytest.mark.parametrize(
        ("day", "told"),
        [
            ("2026-03-30", "Slutdagen måste vara samma dag som startdagen eller senare."),
            ("30/6", "Datumet går inte att läsa. Skriv det som 2026-03-31."),
            ("2026-02-30", "Datumet går inte att läsa. Skriv det som 2026-03-31."),
        ],
    )
    def test_a_date_that_cannot_be_used_is_told_in_swedish(self, admin, day, told):
        page = admin.get("/admin/anvandare/ny")
        fields = {"name": "Bo Ås", "email": BO, "unit": option(page, "unit", "Vuxen 1"), "to_on": day}
        page = admin.submit(fields, status=422)
        assert field_error(page, "to_on") == told
        assert field_value(page, "to_on") == day
        assert len(admin.get("/admin").table("Användare").rows) == 1

    @pytest.mark.parametrize(("field", "value"), [("unit", "abc"), ("unit", "999999"), ("unit", ""), ("role", "kung")])
    def test_a_choice_that_is_none_is_told_in_swedish(self, admin, field, value):
        page = admin.get("/admin/anvandare/ny")
        fields = {"name": "Bo Ås", "email": BO, "role": "chef", "unit": option(page, "unit", "Vuxen")}
        page = admin.submit(fields | {field: value}, status=422)
        assert field_error(page, field) == "Välj ett av alternativen i listan."


def user_number(email: str) -> int:
    db.session.rollback()
    return db.session.scalars(select(User.id).where(User.email == email)).one()


class TestRoles:
    """Roles are given and taken; either ends what its bearer had open."""

    def test_a_role_given_ends_the_sign_in_and_holds_after_the_next(self, app, admin, eva):
        visitor = signed_in(app)
        page = admin.get(f"/admin/anvandare/{eva.id}")
        page = admin.submit({"role": "handlaggare", "unit": option(page, "unit", "Vuxen")})
        assert "Rollen är sparad. Personen får logga in på nytt." in page.text
        assert [row[:2] for row in page.table("Roller").rows] == [["Chef", "Vuxen 1"], ["Handläggare", "Vuxen"]]
        assert not is_signed_in(visitor)
        assert "Handläggare, Vuxen" in signed_in(app).get("/konto").text

    def test_a_role_taken_ends_the_sign_in_and_closes_its_pages(self, app, admin, eva):
        visitor = signed_in(app)
        visitor.get("/beslut")
        admin.get(f"/admin/anvandare/{eva.id}")
        page = admin.submit({}, form="roll")
        assert "Rollen är avslutad. Personen får logga in på nytt." in page.text
        assert "Inga roller." in page.text
        assert page.table("Tidigare roller").rows == [["Chef", "Vuxen 1", "2015-01-01", "2026-03-30"]]
        assert not is_signed_in(visitor)
        signed_in(app).get("/beslut", status=403)

    def test_the_administrators_own_sign_in_goes_on(self, admin, eva):
        admin.get(f"/admin/anvandare/{eva.id}")
        admin.submit({}, form="roll")
        assert is_signed_in(admin)

    @pytest.mark.parametrize("number", ["", "x", "0", "999999", "-1", "99999999999999999999"])
    def test_a_role_that_is_not_the_users_is_not_taken(self, admin, eva, number):
        admin.get(f"/admin/anvandare/{eva.id}")
        page = admin.post(f"/admin/anvandare/{eva.id}/ta-bort-roll", {"roll": number})
        assert "Rollen är avslutad" not in page.text
        assert [row[:2] for row in page.table("Roller").rows] == [["Chef", "Vuxen 1"]]

    def test_a_role_of_another_is_not_taken_by_way_of_a_third(self, admin, eva):
        bo = make_user(BO, "revisor")
        admin.get(f"/admin/anvandare/{eva.id}")
        admin.post(f"/admin/anvandare/{eva.id}/ta-bort-roll", {"roll": roles_of(bo)[0].id})
        assert len(roles_of(bo)) == 1

    @pytest.mark.parametrize("number", [0, 999_999, 2**31, 2**63])
    def test_a_user_who_does_not_exist_is_not_found(self, admin, number):
        assert admin.get(f"/admin/anvandare/{number}", status=404).heading == "Sidan finns inte"
        admin.get("/admin")
        admin.post(f"/admin/anvandare/{number}/avsluta", status=404)

    def test_a_step_that_does_not_exist_is_not_found(self, admin, eva):
        admin.get(f"/admin/anvandare/{eva.id}")
        admin.post(f"/admin/anvandare/{eva.id}/radera", status=404)
        assert len(roles_of(eva)) == 1


class TestOwn:
    """Nobody changes their own roles, with or without the page's buttons."""

    def test_the_page_says_so_and_offers_nothing(self, admin):
        page = admin.get(f"/admin/anvandare/{user_number(ADA)}")
        assert "Du kan inte ändra dina egna roller. Be en annan administratör." in page.text
        assert list(page.tree.iter("form")) == [page.form("Logga ut")]

    def test_giving_oneself_a_role_is_refused(self, admin):
        own = user_number(ADA)
        page = admin.get("/admin/anvandare/ny")
        role = {"role": "handlaggare", "unit": option(page, "unit", "Vuxen"), "to_on": ""}
        assert admin.post(f"/admin/anvandare/{own}", role, status=403).heading == "Du har inte tillgång till sidan"
        assert "Handläggare" not in admin.get("/konto").text

    @pytest.mark.parametrize("step", ["ta-bort-roll", "ny-kod", "avsluta"])
    def test_no_step_is_taken_on_oneself(self, admin, step):
        own = user_number(ADA)
        (role,) = roles_of(db.session.get_one(User, own))
        admin.get("/admin")
        admin.post(f"/admin/anvandare/{own}/{step}", {"roll": role.id}, status=403)
        assert admin.get("/admin").table("Användare").column("Läge") == ["Aktiv"]
        assert "Systemadministratör" in admin.get("/konto").text

    def test_another_administrator_may(self, app, admin):
        make_user(BO, "admin")
        other = signed_in(app, BO)
        other.get(f"/admin/anvandare/{user_number(ADA)}")
        assert "Inga roller." in other.submit({}, form="roll").text
        assert not is_signed_in(admin)
        signed_in(app, ADA).get("/admin", status=403)


class TestDeactivation:
    """A deactivated user is let in nowhere, and stays in the list."""

    def test_it_ends_the_sign_in_and_every_later_try(self, app, admin, eva):
        visitor = signed_in(app)
        admin.get(f"/admin/anvandare/{eva.id}")
        page = admin.click("Avsluta användaren")
        assert "Chef, Vuxen 1" in page.text
        page = admin.submit({}, form="Avsluta användaren")
        assert "Eva Ek kan inte längre logga in, och har inga roller." in page.text
        assert page.table("Användare").rows[1] == ["Eva Ek", EVA, "–", "Avslutad"]
        assert not is_signed_in(visitor)
        assert "stämmer inte" in PageClient(app).sign_in(EVA, PASSWORD, status=422).text

    def test_the_link_of_a_deactivated_user_does_not_work(self, app, admin, eva):
        code = make_code(eva, clock.now())
        db.session.commit()
        admin.get(f"/admin/anvandare/{eva.id}/avslut")
        admin.submit({}, form="Avsluta användaren")
        assert "Koden gäller inte" in PageClient(app).get(f"/engangskod/{code}", status=404).text

    def test_the_page_offers_no_link_any_more(self, admin, eva):
        admin.get(f"/admin/anvandare/{eva.id}/avslut")
        admin.submit({}, form="Avsluta användaren")
        page = admin.get(f"/admin/anvandare/{eva.id}")
        assert "avslutad" in page.text
        assert "Ny engångslänk" not in page.text
        admin.post(f"/admin/anvandare/{eva.id}/ny-kod", status=404)
