"""What waits, on the start page: for each role each number equals the rows behind it, over the demonstration's data."""

import re
from datetime import UTC, date, datetime

import pytest

from tests.actions.making import make_action
from tests.cases.making import reported, step, unit_id_of
from tests.factories import PASSWORD, make_unit, make_user
from tests.reminders.making import make
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tracker.database import db, writer
from tracker.demo.loading import load_demonstration
from tracker.rules.permissions import Role

TODAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)
MOST_PAGES = 60
QUARTERS = ("Att rapportera", "Kvartalet hittills")


def rows_behind(visitor, path):
    """How many rows the list at an address holds, over all its pages, and those of a report that it does not show."""
    page = visitor.get(path)
    hidden = re.search(r"(\d+) skydda(?:d|de) visas inte, men räknas med", page.text)
    count = int(hidden[1]) if hidden else 0
    for _ in range(MOST_PAGES):
        bodies = [body for table in page.tree.iter("table") for body in table.iter("tbody")]
        count += sum(1 for row in bodies[0].iter("tr")) if bodies else 0
        onwards = [text for text in ("Nästa sida", "Fler rader") if text in page.links]
        if not onwards:
            return count
        page = visitor.click(onwards[0])
    raise AssertionError(f"{path} never ends")


def boxes(page, heading):
    """The links of a box of the start page, as (words, address)."""
    for section in page.tree.iter("section"):
        if text_of(next(section.iter("h2"))) == heading:
            return [(text_of(link), link.get("href")) for link in section.iter("a")]
    return []


def numbers(page):
    """(number, address) of each line of what waits and of the reminders, of the figures over decisions, of each cell
    of the units, of the two quarters and of the plan against its outcome.
    """
    figures = [link for one in page.tree.iter("ul") if one.get("class") == "figures" for link in one.iter("a")]
    lines = boxes(page, "Det här väntar") + boxes(page, "Påminnelser")
    lines += [(text_of(link), link.get("href")) for link in figures[:3]]  # the fourth leads to a whole report
    told = [(re.match(r"([\d\u00a0]+) ", words), path) for words, path in lines]
    cells = [cell for heading in ("Dina enheter", "Plan mot utfall", *QUARTERS) for cell in boxes(page, heading)]
    found = [(int(match[1].replace("\u00a0", "")), path) for match, path in told if match]
    return found + [(int(words), path) for words, path in cells if words.isdigit()]


@pytest.fixture
def demonstration(app, frozen_day):
    """The demonstration municipality on a Monday; gives role → (e-mail, password)."""
    frozen_day(TODAY)
    with writer():
        loaded = load_demonstration(TODAY, NOW)
        db.session.commit()
    return {role: (email, password) for role, email, password in loaded.users}


def test_each_number_equals_the_rows_behind_it_for_every_role(app, demonstration):
    told, quarters = {}, 0
    for role, (email, password) in demonstration.items():
        visitor = PageClient(app)
        visitor.sign_in(email, password)
        found = numbers(visitor.get("/"))
        told[role] = len(found)
        for number, path in found:
            assert rows_behind(visitor, path) == number, (role, path)
            quarters += "klass=" in path
    assert quarters > 10
    counted = {role for role, count in told.items() if count}
    assert counted >= {"chef", "kvalitet", "ansvarig", "utredare", "internkontroll"}
    assert all(told[role] == 0 for role in ("namnd", "revisor", "loggranskare", "admin"))


@pytest.fixture
def house(app, frozen_day):
    """2 March 2026: Vuxen with Norr and Söder below it; two avvikelser in Norr, one in Söder, one action late."""
    frozen_day(DAY)
    for name in ("Norr", "Söder"):
        make_unit(name, "Vuxen")
    unit_id_of("Annan")
    boss = make_user("annan@kommun.example", "chef", unit="Annan").id
    db.session.commit()
    first, *_ = [reported("deviations", name) for name in ("Norr", "Norr", "Söder", "Annan")]
    step("deviations", first, "receive", boss)
    make_action(first, today=DAY, text="Byt larm", due_on=date(2026, 3, 2))
    frozen_day(date(2026, 3, 3))
    return boss


def visitor(app, *roles, unit=None):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(make_user("anna@kommun.example", *roles, unit=unit).email, PASSWORD)
    return client


def test_a_manager_has_a_line_for_each_unit_with_what_lies_below_it(app, house):
    page = visitor(app, Role.MANAGER, unit="Vuxen").get("/")
    table = page.table("Dina enheter")
    assert table.rows == [["Vuxen", "3", "0", "1"], ["Norr", "2", "0", "1"], ["Söder", "1", "0", "0"]]
    waits = [words for words, _ in boxes(page, "Det här väntar")]
    assert waits == ["Avvikelser", "2 att ta emot", "1 med försenad åtgärd", "Åtgärder", "1 i enheten är försenade"]


def test_a_manager_of_one_unit_has_no_table_and_sees_nothing_of_others(app, house):
    page = visitor(app, Role.MANAGER, unit="Söder").get("/")
    assert "Dina enheter" not in page.text
    assert [words for words, _ in boxes(page, "Det här väntar")] == ["Avvikelser", "1 att ta emot"]


def test_who_has_nothing_waiting_is_told_nothing(app, house):
    page = visitor(app, Role.EMPLOYEE, unit="Vuxen").get("/")
    assert "Det här väntar" not in page.text


def test_an_employee_sees_their_own_actions(app, house):
    client = visitor(app, Role.EMPLOYEE, unit="Norr")
    record_id = reported("deviations", "Norr")
    for due_on in (date(2026, 3, 2), date(2026, 3, 17), date(2026, 3, 18)):
        make_action(record_id, today=DAY, text="Gör", responsible_name="Anna", due_on=due_on)
    assert [words for words, _ in boxes(client.get("/"), "Det här väntar")] == [
        "Åtgärder", "1 mina är försenade", "1 mina ska vara klara inom 14 dagar", "3 mina pågår",
    ]  # fmt: skip


def test_what_is_new_is_told_until_it_has_been_seen(app, frozen_day):
    frozen_day(DAY)
    make_unit("Vuxen")
    client = visitor(app, Role.MANAGER, unit="Vuxen")
    assert "sedan du var här sist" not in client.get("/").text
    make_action(reported("deviations", "Vuxen"), today=DAY, decided_on=date(2026, 2, 2), due_on=date(2026, 3, 16))
    make(DAY)
    page = client.get("/")
    assert "1 ny påminnelse sedan du var här sist." in page.text
    client.click("1 ny påminnelse")
    client.submit({}, form="till", status=None)
    assert "sedan du var här sist" not in client.get("/").text
