"""The log: one JSON line per event under the request's id, and nothing of a person or of what was looked for."""

import io
import json
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from tests.decisions.lists import number_of
from tests.factories import PASSWORD, make_decisions, make_user
from tests.support.pages import PageClient
from tracker import logs
from tracker.database import db
from tracker.decisions.queries import RegisterFilter
from tracker.web.access import public

TODAY = date(2022, 2, 15)
EMAIL, NAME, REF, SEARCHED = "eva.hemlig@kommun.example", "Eva Hemlig", "HEMLIG-17", "LETAR-EFTER"
SECRETS = ("eva", "hemlig", "letar", "kommun.example", "19121212", "121212", PASSWORD, "sju hastar", "kontaktperson")
ALLOWED = {
    "event", "level", "timestamp", "request_id", "method", "endpoint", "status", "ms", "user_id", "reason", "kind",
    "rows", "error", "where", "exc_type",
}  # fmt: skip


@pytest.fixture
def written(app, monkeypatch):
    """What the program writes to standard error."""
    target = io.StringIO()
    monkeypatch.setattr(logs, "sys", SimpleNamespace(stderr=target))
    logs.configure_logging()
    yield target
    monkeypatch.undo()
    logs.configure_logging()


@pytest.fixture
def eva(app, frozen_day):
    """A handläggare, and a decision with a person."""
    frozen_day(TODAY)
    make_decisions([{"ref": REF, "person": "19121212-1212", "beslutsdatum": "2021-10-01"}], today=TODAY)
    return make_user(EMAIL, "handlaggare", name=NAME)


def lines_of(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def check_nothing_personal(written: io.StringIO) -> None:
    said = written.getvalue().lower()
    assert not [secret for secret in SECRETS if secret in said]
    assert all(set(line) <= ALLOWED for line in lines_of(written))


def test_every_answer_has_one_line_with_its_id(written, eva, client):
    client.sign_in(EMAIL, PASSWORD)
    written.truncate(0)
    written.seek(0)
    ids = []
    for path, status in (("/", 200), ("/beslut", 200), ("/beslut/999999", 404), ("/finns-inte", 404), ("/admin", 403)):
        ids.append(client.get(path, status=status).response.headers["X-Request-ID"])
    requests = [line for line in lines_of(written) if line["event"] == "request"]
    assert [line["request_id"] for line in requests] == ids
    assert len(set(ids)) == 5
    assert [(line["endpoint"], line["status"]) for line in requests] == [
        ("overview.start", 200), ("decisions.register", 200), ("decisions.decision", 404), (None, 404),
        ("administration.index", 403),
    ]  # fmt: skip
    for line in requests:
        assert (line["method"], line["level"]) == ("GET", "info")
        assert line["user_id"] == eva.id
        assert isinstance(line["ms"], float)
        assert str(line["timestamp"]).endswith("Z")


def test_a_whole_visit_leaves_nothing_personal(written, eva, client):
    client.sign_in(EMAIL, "fel " + PASSWORD, status=422)
    client.sign_in(EMAIL, PASSWORD)
    client.get(f"/beslut?ref={SEARCHED}")
    client.get(f"/beslut?ref={REF}")
    client.get(f"/beslut/{number_of(REF)}")
    client.get(f"/beslut/export.csv?ref={REF}")
    client.get("/rapporter/kvartal/2021/4?avstamning=hemlig", status=422)
    client.get(f"/{SEARCHED}/{EMAIL}", status=404)
    client.get("/konto")
    client.submit({"present": PASSWORD, "password": "hemligt lösenord", "again": "hemligt lösenord"})
    client.sign_out()
    check_nothing_personal(written)
    assert len(lines_of(written)) >= 12


def test_a_failed_sign_in_is_told_without_saying_whose(written, eva, client):
    page = client.sign_in(EMAIL, "fel " + PASSWORD, status=422)
    refused = [line for line in lines_of(written) if line["event"] == "sign_in_refused"]
    assert [(line["reason"], line["level"]) for line in refused] == [("wrong", "warning")]
    assert refused[0]["request_id"] == page.response.headers["X-Request-ID"]
    check_nothing_personal(written)


def test_a_try_that_comes_too_early_is_told_as_such(written, eva, client):
    for _ in range(5):
        client.sign_in(EMAIL, "fel " + PASSWORD, status=422)
    client.sign_in(EMAIL, PASSWORD, status=429)
    refused = [line["reason"] for line in lines_of(written) if line["event"] == "sign_in_refused"]
    assert refused == ["wrong"] * 5 + ["wait"]


def test_a_page_that_is_not_ones_own_is_told_with_the_users_number(written, eva, client):
    client.sign_in(EMAIL, PASSWORD)
    client.get("/admin", status=403)
    (refused,) = (line for line in lines_of(written) if line["event"] == "access_refused")
    assert (refused["endpoint"], refused["user_id"]) == ("administration.index", eva.id)
    check_nothing_personal(written)


def test_an_error_is_told_by_its_kind_and_place_and_never_by_its_words(written, eva, make_app):
    app = make_app(APP_ENV="development")

    @app.get("/trasig")
    @public
    def broken():
        raise ValueError(f"{EMAIL} {REF} 19121212-1212")

    page = PageClient(app).get("/trasig", status=500)
    (told,) = (line for line in lines_of(written) if line["event"] == "unexpected")
    assert (told["exc_type"], told["endpoint"], told["level"]) == ("ValueError", "broken", "error")
    assert "test_logs.py:" in str(told["where"])
    assert told["request_id"] == page.response.headers["X-Request-ID"]
    assert str(told["request_id"]) in page.text
    check_nothing_personal(written)


def test_an_error_of_the_database_does_not_tell_its_values(written, eva, make_app):
    app = make_app(APP_ENV="development")

    @app.get("/trasig")
    @public
    def broken():
        db.session.execute(text("SELECT :ref FROM finns_inte"), {"ref": REF})

    PageClient(app).get("/trasig", status=500)
    assert [line for line in lines_of(written) if line["event"] == "unexpected"]
    check_nothing_personal(written)


def test_two_requests_do_not_share_what_is_bound_to_one(written, eva, app):
    one, other = PageClient(app), PageClient(app)
    first = one.get("/logga-in").response.headers["X-Request-ID"]
    second = other.get("/logga-in").response.headers["X-Request-ID"]
    assert first != second
    assert [line["request_id"] for line in lines_of(written)] == [first, second]
    assert [line["user_id"] for line in lines_of(written)] == [None, None]


@pytest.mark.parametrize("key", ["email", "ref", "path", "query", "name", "person", "q", "password"])
def test_a_key_that_is_not_on_the_list_is_dropped(written, key):
    logs.log().info("prov", **{key: REF, "kind": "beslut"})
    (line,) = lines_of(written)
    assert set(line) == {"event", "kind", "level", "timestamp"}
    assert REF not in written.getvalue()


def test_health_and_files_are_not_logged(written, client):
    for path in ("/halsa", "/redo", "/static/egenkoll.css"):
        assert client.get(path).response.headers["X-Request-ID"]
    assert lines_of(written) == []


def test_a_search_leaves_its_words_in_the_page_alone(written, eva, client):
    client.sign_in(EMAIL, PASSWORD)
    assert SEARCHED in client.get(f"/beslut?ref={SEARCHED}").data.decode()
    assert RegisterFilter(ref=SEARCHED).ref not in written.getvalue()
