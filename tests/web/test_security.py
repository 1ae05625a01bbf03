"""Headers, hosts, tokens, cookies and error pages: what every answer has, whatever page it is."""

import re

import pytest

from tests.factories import PASSWORD, make_user
from tests.support.checks import check_headers
from tests.support.pages import PageClient
from tracker.rules.permissions import Role
from tracker.web.access import local_target, public

HTTPS = "https://egenkoll.kommun.example"


@pytest.fixture
def officer(app):
    return make_user("handlaggare@kommun.example", Role.CASE_OFFICER).email


def test_every_kind_of_answer_has_the_headers(client, officer):
    for path, status in (("/logga-in", 200), ("/halsa", 200), ("/redo", 200), ("/finns-inte", 404)):
        check_headers(client.get(path, status=status).response)
    check_headers(client.get("/", status=303, follow=False).response)


def test_pages_behind_sign_in_are_not_stored(client, officer):
    assert client.get("/", status=303, follow=False).response.headers["Cache-Control"] == "no-store"
    client.sign_in(officer, PASSWORD)
    assert client.get("/").response.headers["Cache-Control"] == "no-store"
    assert client.get("/finns-inte", status=404).response.headers["Cache-Control"] == "no-store"


def test_transport_security_is_announced_only_over_https(make_app, client):
    assert "Strict-Transport-Security" not in client.get("/logga-in").response.headers
    page = PageClient(make_app(BASE_URL=HTTPS), HTTPS).get("/logga-in")
    assert "max-age=" in page.response.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "egenkoll"])
def test_without_base_url_only_local_hosts_are_answered(client, host):
    assert client.get("/logga-in", status=400, headers={"Host": host}).text == "Fel adress."


def test_with_base_url_only_its_host_is_answered(make_app):
    app = make_app(BASE_URL=HTTPS)
    assert PageClient(app, HTTPS).get("/logga-in").status == 200
    for host in ("localhost", "egenkoll.kommun.example:8443", "evil.example"):
        assert PageClient(app, HTTPS).get("/logga-in", status=400, headers={"Host": host}).text == "Fel adress."


def test_health_answers_whatever_the_host(make_app):
    visitor = PageClient(make_app(BASE_URL=HTTPS), "http://10.0.0.7:8000")
    assert visitor.get("/halsa").response.json == {"status": "ok"}
    assert visitor.get("/redo").response.json == {"status": "ok"}


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "///evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example",
        "\\\\evil.example", "/\t/evil.example", "/\nevil", "evil.example", "", None,
    ],
)  # fmt: skip
def test_addresses_elsewhere_are_no_targets(target):
    assert local_target(target) is None


@pytest.mark.parametrize("target", ["/", "/beslut", "/beslut?status=ej&efter=abc", "/rapporter/kvartal/2021/4"])
def test_addresses_here_are_targets(target):
    assert local_target(target) == target


def test_signing_in_leads_to_the_page_asked_for(client, officer):
    page = client.get("/beslut?status=")
    assert page.path.startswith("/logga-in?next=")
    assert client.sign_in(officer, PASSWORD).path.startswith("/beslut")


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/%5Cevil.example"])
def test_signing_in_never_leads_away(client, officer, target):
    client.get(f"/logga-in?next={target}")
    assert client.sign_in(officer, PASSWORD).path == "/"


def test_a_form_without_its_token_is_refused_in_swedish(client, officer):
    client.get("/logga-in")
    page = client.post("/logga-in", {"csrf_token": "", "email": officer, "password": PASSWORD}, status=400)
    assert page.heading == "Sidan har varit öppen för länge"


def test_a_token_of_another_visitor_is_refused(app, client, officer):
    other = PageClient(app)
    other.get("/logga-in")
    client.get("/logga-in")
    page = client.post("/logga-in", {"csrf_token": other.token(), "email": officer, "password": PASSWORD}, status=400)
    assert page.heading == "Sidan har varit öppen för länge"


def test_an_unknown_address_says_what_to_do(client):
    page = client.get("/finns-inte", status=404)
    assert page.heading == "Sidan finns inte"
    assert "Kontrollera adressen" in page.text


def test_the_wrong_method_says_what_to_do(client, officer):
    client.sign_in(officer, PASSWORD)
    page = client.get("/logga-ut", status=405)
    assert "Gå till startsidan" in page.text


def test_an_error_of_ours_says_its_number_and_nothing_else(make_app, capsys):
    app = make_app(APP_ENV="development")

    @app.get("/trasig")
    @public
    def broken():
        raise RuntimeError("hemligt 19121212-1212")

    page = PageClient(app).get("/trasig", status=500)
    assert page.heading == "Något gick fel hos oss"
    assert page.response.headers["X-Request-ID"] in page.text
    assert "hemligt" not in page.text
    logged = capsys.readouterr().err
    assert "RuntimeError" in logged
    assert "19121212" not in logged


def test_a_view_without_a_decision_is_closed_to_everybody(make_app, officer):
    app = make_app()
    app.add_url_rule("/glomd", "forgotten", lambda: "hemligt")
    visitor = PageClient(app)
    assert "hemligt" not in visitor.get("/glomd", status=403).text
    visitor.sign_in(officer, PASSWORD)
    assert "hemligt" not in visitor.get("/glomd", status=403).text


def _session_cookie(page):
    (cookie,) = [line for line in page.response.headers.getlist("Set-Cookie") if "egenkoll" in line]
    name, *flags = re.split(r"; |=", cookie)
    return name, flags


def test_the_cookie_is_kept_from_scripts_and_other_sites(client):
    name, flags = _session_cookie(client.get("/logga-in"))
    assert name == "egenkoll"
    assert {"HttpOnly", "SameSite", "Lax", "Path"} <= set(flags)
    assert "Domain" not in flags


def test_the_cookie_travels_over_tls_alone_where_there_is_tls(make_app):
    name, flags = _session_cookie(PageClient(make_app(BASE_URL=HTTPS), HTTPS).get("/logga-in"))
    assert name == "__Host-egenkoll"
    assert {"Secure", "HttpOnly", "SameSite"} <= set(flags)


def test_signing_in_gives_a_new_cookie(client, officer):
    client.get("/logga-in")
    before = client.http.get_cookie("egenkoll").value
    client.sign_in(officer, PASSWORD)
    assert client.http.get_cookie("egenkoll").value != before


def test_signing_out_ends_a_copied_cookie_too(app, client, officer):
    client.sign_in(officer, PASSWORD)
    thief = PageClient(app)
    thief.http.set_cookie("egenkoll", client.http.get_cookie("egenkoll").value)
    assert thief.get("/").path == "/"
    client.sign_out()
    assert thief.get("/").path.startswith("/logga-in")
