"""The preparer's page of an update round: how many of how many, who is missing, asked again, closed, and over again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.decisions.asking import TODAY, begin, make_municipality, make_rows, say_right, visit
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.audit.models import AuditEntry
from tracker.database import db
from tracker.rules.trail import Action

ADDRESS = "/rapporter/kvartal/2021/4/uppdatering"


@pytest.fixture
def town(app, frozen_day):
    """The municipality on 15 February 2022, with three clocks of Ali's and one that is the unit's."""
    frozen_day(TODAY)
    make_municipality()
    make_rows(*({"ref": f"A-{n}", "handlaggare": "Ali Alm"} for n in range(1, 4)))
    make_rows({"ref": "X-1", "beslutsdatum": "2021-09-01"})
    return app


@pytest.fixture
def eva(town):
    return visit(town, "eva.ek")


def figures(page) -> str:
    (one,) = (element for element in page.tree.iter("ul") if element.get("class") == "figures")
    return " | ".join(" ".join("".join(item.itertext()).split()) for item in one.iter("li"))


def start(eva, **fields: str):
    eva.get(ADDRESS)
    return eva.submit({"last_day": "2022-03-01"} | fields, form="avstamning")


def test_the_reports_page_leads_there_and_the_days_are_proposed(eva):
    eva.get("/rapporter/kvartal/2021/4")
    page = eva.click("Be om uppdatering inför rapporten")
    values = {element.get("name"): element.get("value") for element in page.tree.iter("input")}
    assert (values["avstamning"], values["last_day"]) == ("2021-12-31", (TODAY + timedelta(days=14)).isoformat())


def test_asking_shows_who_has_been_asked_and_their_start_pages_lead_to_their_lists(town, eva):
    page = start(eva)
    assert "Alla som berörs har fått sin lista." in page.text
    assert figures(page) == "0 av 4 genomgångna | 0 stämmer | 0 rättade sedan frågan | 4 saknas"
    # From 1 June to 15 February: 259 days; from 1 September: 29 + 31 + 30 + 31 + 31 + 15.
    assert page.table("De som inte har svarat").rows == [
        ["Ali Alm", "4", "1", "259"], ["Bo Berg", "1", "1", "167"], ["Chris Carlsson", "1", "1", "167"],
    ]  # fmt: skip
    ali = visit(town, "ali.alm")
    assert "● Att göra Titta igenom 4 rader för kvartal 4 2021, senast 1 mars 2022" in ali.get("/").text
    assert len(ali.click("Titta igenom 4 rader för kvartal 4 2021").table("Rader").rows) == 4
    assert "Titta igenom" not in visit(town, "doris.dahl").get("/").text


def test_the_start_page_says_when_the_last_day_has_passed_and_nothing_when_all_is_done(town, eva, frozen_day):
    start(eva)
    frozen_day(date(2022, 3, 2))
    ali = visit(town, "ali.alm")
    assert "■ Försenad Titta igenom 4 rader" in ali.get("/").text
    say_right(ali, ali.get("/beslut/uppdatering"), "A-1", "A-2", "A-3", "X-1")
    assert "Titta igenom" not in ali.get("/").text
    assert "Titta igenom" not in visit(town, "bo.berg").get("/").text


def test_answers_are_counted_and_those_who_are_done_are_no_longer_named(town, eva):
    start(eva)
    ali = visit(town, "ali.alm")
    say_right(ali, ali.get("/beslut/uppdatering"), "A-1", "X-1")
    make_rows({"ref": "A-2", "handlaggare": "Ali Alm", "verkstalld": "2022-02-01"})
    page = eva.get(ADDRESS)
    assert figures(page) == "3 av 4 genomgångna | 2 stämmer | 1 rättade sedan frågan | 1 saknas"
    assert page.table("De som inte har svarat").column("Namn") == ["Ali Alm"]


def test_those_who_are_missing_are_asked_again(town, eva):
    start(eva)
    page = eva.submit({}, form="Påminn dem som saknas")
    assert "De som saknas har fått en påminnelse på sin startsida." in page.text
    assert "och har påmint" in page.text
    assert "och påmint om den" in visit(town, "ali.alm").get("/beslut/uppdatering").text
    assert Action.ROUND_ASKED_AGAIN.value in set(db.session.scalars(select(AuditEntry.action)))


def test_two_steps_on_one_version_change_it_once(town, eva):
    start(eva)
    other = PageClient(town)
    other.sign_in(make_user("annan@kommun.example", "kvalitet").email, PASSWORD)
    other.get(ADDRESS)
    other.click("Avsluta omgången")
    eva.submit({}, form="Påminn dem som saknas")
    page = other.submit({}, form="version", status=409)
    assert "Någon annan har ändrat omgången medan sidan var öppen." in page.text
    assert "Omgången är avslutad." in other.submit({}, form="version").text


def test_closing_says_what_happens_and_takes_the_lists_away(town, eva):
    start(eva)
    ali = visit(town, "ali.alm")
    say_right(ali, ali.get("/beslut/uppdatering"), "A-1")
    page = eva.get(ADDRESS)
    page = eva.click("Avsluta omgången")
    assert "1 av 4 klockor är genomgångna, 3 saknas" in page.text
    page = eva.submit({}, form="version")
    assert "3 klockor gick ingen igenom innan omgången avslutades." in page.text
    assert "Titta igenom" not in ali.get("/").text
    assert "Ingen har bett dig om uppdatering" in ali.get("/beslut/uppdatering").text
    make_rows({"ref": "A-2", "handlaggare": "Ali Alm", "verkstalld": "2022-02-01"})
    assert figures(eva.get(ADDRESS)).startswith("1 av 4 genomgångna")  # what is changed later is no answer
    assert eva.get(f"{ADDRESS}/avsluta", status=404).status == 404


def test_a_new_round_shows_the_one_before(town, eva):
    start(eva)
    ali = visit(town, "ali.alm")
    say_right(ali, ali.get("/beslut/uppdatering"), "A-1")
    page = start(eva)
    assert figures(page).startswith("0 av 4 genomgångna")
    assert page.table("Tidigare omgångar").rows == [["1", "Eva Ek, 2022-02-15", "2021-12-31", "4", "1", "0", "3"]]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"last_day": "2022-02-14"}, "Skriv en dag från i dag"),
        ({"last_day": "snart"}, "Skriv dagen som 2026-04-15."),
        ({"avstamning": "2021-09-30"}, "måste ligga före avstämningsdatum"),
        ({"avstamning": ""}, "Skriv dagen som 2026-03-31."),
        ({"seen": "7"}, "Någon annan har bett om uppdatering"),
    ],
)
def test_what_cannot_be_asked_is_told_and_nobody_is_asked(town, eva, fields, told):
    eva.get(ADDRESS)
    page = eva.submit({"last_day": "2022-03-01"} | fields, form="avstamning", status=422)
    assert told in page.text
    assert "De som inte har svarat" not in page.text
    values = {element.get("name"): element.get("value") for element in page.tree.iter("input")}
    assert {name: values[name] for name in fields if name != "seen"} == {k: v for k, v in fields.items() if k != "seen"}


def test_whoever_prepares_a_part_sees_how_it_stands_there_and_asks_nobody(town):
    make_rows({"ref": "V-1", "enhet": "Vuxen"})
    begin()
    ali = visit(town, "ali.alm")
    page = ali.get(ADDRESS)
    assert figures(page).startswith("0 av 4 genomgångna")
    assert "Doris Dahl" not in page.text
    assert "En omgång gäller alla enheter." in page.text
    assert "Avsluta omgången" not in page.links
    ali.get("/konto")
    for step in ("", "/igen", "/avsluta"):
        ali.post(ADDRESS + step, {"last_day": "2022-03-01", "avstamning": "2021-12-31", "seen": "1"}, status=403)
    ali.get(f"{ADDRESS}/avsluta", status=403)


def test_a_quarter_that_is_none_is_not_found(town, eva):
    assert eva.get("/rapporter/kvartal/2021/5/uppdatering", status=404).status == 404
