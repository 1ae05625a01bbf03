"""The log does not tell who reported: no line of the pages where it is done, and where one follows it, names a user."""

from datetime import date

import pytest

from tests.cases.making import unit_id_of
from tests.cases.test_files import send
from tests.cases.test_pages import send_report
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tests.web.test_autosave import save
from tests.web.test_logs import lines_of, written
from tracker.database import db
from tracker.web.requestlog import UNNAMED

__all__ = ["written"]


@pytest.fixture
def visitor(app, frozen_day):
    """A signed-in employee, and their number."""
    frozen_day(date(2026, 3, 2))
    unit_id_of("Vuxen")
    db.session.commit()
    user = make_user("rut@kommun.example", "medarbetare")
    client = PageClient(app)
    client.sign_in(user.email, PASSWORD)
    return client, user.id


def named(written):
    """(endpoint, user) of each request that the log has told of."""
    return [(line["endpoint"], line["user_id"]) for line in lines_of(written) if line["event"] == "request"]


def test_a_report_is_made_and_followed_without_a_users_number(written, visitor):
    client, user_id = visitor
    client.get("/")
    assert named(written)[-1] == ("overview.start", user_id)
    seen = len(named(written))
    page = send_report(client)
    page = send(client, f"{page.path}/filer", name="foto.pdf")
    client.get(page.links["foto.pdf"])
    lines = named(written)[seen:]
    pages = {"cases.report", "cases.receipt", "cases.add_own_file", "cases.own_file"}
    assert {endpoint for endpoint, _ in lines} == pages
    assert {user for _, user in lines} == {None}
    client.get("/konto")
    assert named(written)[-1][1] == user_id


def test_what_is_saved_as_it_is_typed_and_a_synpunkt_name_nobody_either(written, visitor):
    client, _ = visitor
    client.get("/rapportera")
    save(client)
    client.get("/synpunkt")
    client.get("/synpunkt/folj")
    assert named(written)[-3:] == [
        ("accounts.autosave", None), ("cases.leave_complaint", None), ("cases.follow_complaint", None),
    ]  # fmt: skip


def test_every_page_of_a_reporter_is_marked(app):
    pages = ("/rapportera", "/synpunkt/", "/utkast")
    own = [rule.endpoint for rule in app.url_map.iter_rules() if str(rule).startswith(pages)]
    assert len(own) >= 6
    assert [endpoint for endpoint in own if not getattr(app.view_functions[endpoint], UNNAMED, False)] == []
