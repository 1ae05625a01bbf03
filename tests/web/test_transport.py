"""What holds when a proxy speaks TLS in front, and for what others may store."""

from itsdangerous import TimestampSigner
from sqlalchemy import text

from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.database import db
from tracker.rules.permissions import Role


def test_signing_in_over_tls_needs_no_referer(make_app):
    # Our own Referrer-Policy forbids browsers to send one.
    make_user("eva@kommun.example", Role.CASE_OFFICER)
    app = make_app(BASE_URL="https://egenkoll.kommun.example")
    visitor = PageClient(app, base_url="https://egenkoll.kommun.example")
    page = visitor.sign_in("eva@kommun.example", PASSWORD)
    assert page.heading == "Översikt"


def test_capitals_and_the_usual_port_in_base_url_are_the_same_host(make_app):
    app = make_app(BASE_URL="https://Egenkoll.Kommun.example:443")
    for host in ("egenkoll.kommun.example", "EGENKOLL.kommun.example", "egenkoll.kommun.example:443"):
        assert app.test_client().get("/logga-in", base_url=f"https://{host}").status_code == 200
    assert app.test_client().get("/logga-in", base_url="https://kommun.example").status_code == 400


def test_an_invitation_leads_to_the_address_that_visitors_use(make_app):
    make_user("ada@kommun.example", Role.ADMINISTRATOR)
    eva = make_user("eva@kommun.example", Role.MANAGER)
    app = make_app(BASE_URL="https://egenkoll.kommun.example")
    visitor = PageClient(app, base_url="https://egenkoll.kommun.example")
    visitor.sign_in("ada@kommun.example", PASSWORD)
    visitor.get(f"/admin/anvandare/{eva.id}")
    page = visitor.post(f"/admin/anvandare/{eva.id}/ny-kod")
    assert "https://egenkoll.kommun.example/engangskod/" in page.text


def test_what_others_may_store_carries_no_cookie(client):
    make_user("eva@kommun.example", Role.CASE_OFFICER)
    client.sign_in("eva@kommun.example", PASSWORD)
    for path in ("/static/egenkoll.css", "/bootstrap/static/css/bootstrap.min.css", "/halsa", "/redo"):
        answer = client.http.get(path, buffered=True)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


def test_the_cookie_is_signed_anew_a_minute_after_it_was_and_so_lives_on(client, monkeypatch):
    make_user("eva@kommun.example", Role.CASE_OFFICER)
    client.sign_in("eva@kommun.example", PASSWORD)
    client.get("/")
    start = TimestampSigner("").get_timestamp()

    def cookie_after(seconds: int, status: int = 200) -> bool:
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: start + seconds)
        return "Set-Cookie" in client.get("/", status=status, follow=False).response.headers

    assert not cookie_after(30)
    assert cookie_after(70)
    assert not cookie_after(110)
    assert cookie_after(70 + 3600)  # an hour after it was signed last
    client.signed_in = False
    cookie_after(70 + 3600 + 3601, status=303)
    assert client.get("/").heading == "Logga in"


def test_a_text_that_no_keyboard_writes_is_refused(client):
    client.get("/logga-in")
    page = client.post("/logga-in", {"email": "eva\x00@kommun.example", "password": "x"}, status=400)
    assert page.heading == "Begäran gick inte att läsa"


def test_a_forged_request_is_refused_before_the_database_is_asked(app, client, monkeypatch):
    def asked(*_arguments: object) -> None:
        raise AssertionError("the database was asked")

    client.get("/logga-in")
    monkeypatch.setattr("tracker.factory.find_reader", asked)
    page = client.post("/logga-ut", {"csrf_token": "påhittad"}, status=400)
    assert page.heading == "Sidan har varit öppen för länge"


def test_a_database_server_that_was_started_anew_is_noticed_before_a_page_needs_it(client, monkeypatch):
    monkeypatch.setattr("tracker.database.RESTED_SECONDS", 0.0)
    client.get("/redo")
    if db.engine.dialect.name == "sqlite":  # no server that could be started anew
        assert client.get("/redo").response.json == {"status": "ok"}
        return
    db.session.rollback()
    with db.engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))
        connection.invalidate()
    assert client.get("/redo").response.json == {"status": "ok"}
    assert client.get("/redo").response.json == {"status": "ok"}
