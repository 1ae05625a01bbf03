"""The first start in five steps: left and resumed, seen in the data, and without a look into any case."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tracker.accounts.models import Installation
from tracker.accounts.queries import find_top_unit, unit_places
from tracker.database import db
from tracker.records.services import mark_demonstration

DAY = date(2026, 3, 31)
ADA = "ada@kommun.example"
NAMES = ["1. Nämndens namn", "2. Enheter", "3. Användare", "4. Kodlistor", "5. Första inläsningen"]


@pytest.fixture
def admin(app, client, frozen_day):
    """Ada, alone in a new installation."""
    frozen_day(DAY)
    client.sign_in(make_user(ADA, "admin").email, PASSWORD)
    return client


def states(admin: PageClient) -> list[str]:
    """How the five steps stand, in their order."""
    page = admin.get("/admin/start")
    assert [text_of(heading) for heading in page.tree.iter("h2")] == NAMES
    (steps,) = (element for element in page.tree.iter("ol"))
    marks = [next(e for e in step.iter("span") if (e.get("class") or "").startswith("mark ")) for step in steps]
    return [text_of(mark)[2:] for mark in marks]


def mark(admin: PageClient, step: str, state: str) -> None:
    admin.get("/admin/start")
    admin.post("/admin/start", {"steg": step, "lage": state})


def test_it_meets_the_administrator_and_everything_waits(admin):
    assert "Kom igång i fem steg" in admin.get("/").text
    admin.click("Kom igång")
    assert states(admin) == ["Återstår"] * 5


def test_each_step_is_seen_in_the_data(admin):
    admin.get("/admin/installningar")
    admin.submit({"committee_name": "Socialnämnden i Sundby"})
    assert states(admin) == ["Klart", *["Återstår"] * 4]
    make_unit("Vuxen")
    make_user("bo@kommun.example", "handlaggare", name="Bo Ås")
    assert states(admin) == ["Klart", "Klart", "Klart", "Återstår", "Återstår"]
    page = admin.get("/admin/start")
    assert "I dag kan Bo Ås göra det. Inget är inläst än." in page.text
    make_decisions([{"ref": "B-01", "insats": "Kontaktperson"}])
    assert states(admin)[4] == "Klart"
    page = admin.get("/admin/start")
    assert "Något är inläst." in page.text
    assert "Kontaktperson" not in page.text
    assert "B-01" not in page.text


def test_the_committees_name_is_the_top_units_while_it_has_its_first_name(admin):
    for name, top in (("Socialnämnden", "Socialnämnden"), ("Omsorgsnämnden", "Socialnämnden")):
        admin.get("/admin/installningar")
        admin.submit({"committee_name": name})
        db.session.rollback()
        assert db.session.scalar(select(Installation.committee_name)) == name
        assert find_top_unit().name == top
    assert unit_places()["Socialförvaltningen"][0] == find_top_unit().id


def test_a_committees_name_with_a_personnummer_is_refused(admin):
    admin.get("/admin/installningar")
    admin.submit({"committee_name": "Nämnden 19121212-1212"}, status=422)
    assert states(admin)[0] == "Återstår"


def test_a_step_is_left_out_and_taken_up_again(admin):
    mark(admin, "units", "skipped")
    mark(admin, "codes", "done")
    assert states(admin) == ["Återstår", "Hoppas över", "Återstår", "Klart", "Återstår"]
    mark(admin, "units", "waiting")
    mark(admin, "codes", "waiting")
    assert states(admin) == ["Återstår"] * 5


@pytest.mark.parametrize("sent", [{}, {"steg": "units", "lage": "x"}, {"steg": "x", "lage": "done"}])
def test_a_step_that_is_none_changes_nothing(admin, sent):
    admin.get("/admin/start")
    admin.post("/admin/start", sent, status=404)
    assert states(admin) == ["Återstår"] * 5


def test_it_is_put_away_and_found_again(admin):
    admin.get("/admin/start")
    admin.submit({}, form="Visa inte på startsidan")
    assert "Kom igång i fem steg" not in admin.get("/").text
    admin.get("/admin")
    admin.click("Kom igång")
    admin.submit({}, form="Visa på startsidan igen")
    assert "Kom igång i fem steg" in admin.get("/").text


def test_others_and_the_demonstration_are_spared(app, admin):
    visitor = PageClient(app)
    visitor.sign_in(make_user("bo@kommun.example", "kvalitet").email, PASSWORD)
    assert "Kom igång i fem steg" not in visitor.get("/").text
    mark_demonstration()
    db.session.commit()
    assert "Kom igång i fem steg" not in admin.get("/").text


def test_an_administrator_of_a_part_looks_on(app, admin):
    visitor = PageClient(app)
    visitor.sign_in(make_user("cia@kommun.example", "admin", unit="Vuxen").email, PASSWORD)
    assert "Hoppa över" not in visitor.get("/admin/start").text
    visitor.get("/admin")
    visitor.post("/admin/start", {"steg": "codes", "lage": "done"}, status=403)
    assert states(admin)[3] == "Återstår"
