"""The register of decisions with chosen columns, and in every order that it offers."""

from datetime import date

import pytest

from tests.factories import PASSWORD, make_decisions, make_user
from tests.support.pages import PageClient
from tracker.accounts.queries import list_units
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.decisions import queries
from tracker.decisions.exporting import EXPORT_COLUMNS, listed_register
from tracker.decisions.filtering import RegisterFilter, Status
from tracker.decisions.queries import list_register, own_order
from tracker.records.scope import Scope
from tracker.web.pagination import Key, Order, TextKey

TODAY = date(2022, 2, 15)
ORDERS = [Order(column, falling) for column in ("due_on", "ref") for falling in (False, True)]


@pytest.fixture
def seventy(app, frozen_day):
    """Seventy decisions of two units by turns, of seven days so that days tie, every fifth executed; 3 × n modulo 70
    goes through all numbers. The first has an interruption as well, so that a ref ties.
    """
    frozen_day(TODAY)
    rows = [
        {"ref": f"B-{3 * n % 70:02}", "enhet": ("Vuxen", "Barn")[n % 2], "beslutsdatum": f"2021-0{n // 10 + 1}-05",
         "verkstalld": "2021-12-01" if n % 5 == 0 else ""}
        for n in range(70)
    ]  # fmt: skip
    again = rows[0] | {"avbrottsdatum": "2022-01-10", "verkstalld": ""}
    make_decisions([*(row | {"avbrottsdatum": ""} for row in rows), again], today=TODAY)
    return app


@pytest.fixture
def many(monkeypatch):
    """As where there are more than are counted: the list is walked in its order."""
    monkeypatch.setattr(queries, "COUNT_CAP", 0)
    clear = (queries._count_statement.cache_clear, queries.page_statement.cache_clear)
    for one in clear:
        one()
    yield
    for one in clear:
        one()


def scopes():
    unit = next(unit for unit in list_units(EVERYTHING) if unit.name == "Barn")
    return [Scope(EVERYTHING), Scope(Reach(intervals=((unit.tree_from, unit.tree_to),), only_unit_id=unit.id))]


def check_all_pages(order):
    """Each list of both scopes, forwards and backwards; gives how many rows there were."""
    seen = 0
    for scope in scopes():
        for wanted in (RegisterFilter(), RegisterFilter(Status.OPEN), RegisterFilter(Status.EXECUTED)):
            every = listed_register(wanted, scope, TODAY, Order("due_on"))
            by_hand = sorted(every, key=lambda row: (getattr(row, order.column), row.clock_id), reverse=order.falling)
            pages = [list_register(wanted, scope, TODAY, order=order)]
            while pages[-1].after:
                pages.append(list_register(wanted, scope, TODAY, pages[-1].after, None, order))
            assert [row for page in pages for row in page.rows] == by_hand
            assert list(listed_register(wanted, scope, TODAY, order)) == by_hand
            back = pages[-1]
            for page in reversed(pages[:-1]):
                back = list_register(wanted, scope, TODAY, None, back.before, order)
                assert back.rows == page.rows
            seen += len(by_hand)
    return seen


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_paging_through_all_gives_each_row_once_in_the_order(seventy, order):
    # All 71 clocks, 57 open and 14 executed; of one unit 35, 28 and 7.
    assert check_all_pages(order) == 71 + 57 + 14 + 35 + 28 + 7


@pytest.mark.parametrize("order", ORDERS[:2], ids=str)
def test_a_long_list_is_walked_both_ways(seventy, many, order):
    assert check_all_pages(order) == 212


def test_a_long_list_is_not_put_in_the_order_of_its_refs(seventy, many):
    page = list_register(RegisterFilter(), scopes()[0], TODAY, order=Order("ref"))
    assert page.order == own_order(RegisterFilter()) == Order("due_on", falling=True)
    assert page == list_register(RegisterFilter(), scopes()[0], TODAY)


def test_a_key_of_another_order_is_none(seventy):
    first = list_register(RegisterFilter(), scopes()[0], TODAY, order=Order("ref"))
    assert isinstance(first.after, TextKey)
    by_day = list_register(RegisterFilter(), scopes()[0], TODAY).after
    assert isinstance(by_day, Key)
    assert list_register(RegisterFilter(), scopes()[0], TODAY, by_day, None, Order("ref")) == first


@pytest.fixture
def officer(seventy):
    make_user("eva@kommun.example", "handlaggare")
    visitor = PageClient(seventy)
    visitor.sign_in("eva@kommun.example", PASSWORD)
    return visitor


def told(officer, query):
    """The lines of a CSV file."""
    return officer.get(f"/beslut/export.csv?{query}").text.lstrip("\ufeff").splitlines()


def test_the_page_and_its_file_hold_the_same(officer):
    query = "status=verkstallda&kolumner=beslut,verkstalld,dagar&ordning=beslut"
    page = officer.get(f"/beslut?{query}")
    assert page.table("Beslut").head == ["Beslut", "Väntetid, dagar", "Verkställd"]
    # B-00 was decided on 5 January and executed on 1 December 2021: 330 days.
    assert page.table("Beslut").rows[0] == ["B-00", "330", "2021-12-01"]
    lines = told(officer, query)
    assert lines[:2] == ["Beslut;Väntetid, dagar;Verkställd", "B-00;330;2021-12-01"]
    assert [line.partition(";")[0] for line in lines[1:]] == page.table("Beslut").column("Beslut")
    assert told(officer, "status=verkstallda&ordning=beslut") == told(officer, "status=verkstallda")
    assert told(officer, "status=verkstallda")[0] == ";".join(EXPORT_COLUMNS)


def test_heads_order_the_list_both_ways_and_no_column_holds_an_identity(officer):
    page = officer.get("/beslut?status=ej-verkstallda")
    dues = page.table("Beslut").column("Tre månader")
    assert dues == sorted(dues)
    dues = officer.click("Tre månader").table("Beslut").column("Tre månader")
    assert dues == sorted(dues, reverse=True)
    page = officer.get("/beslut?kolumner=beslut,person")
    assert page.table("Beslut").head == ["Beslut"]
    assert "Kolumnen person finns inte i listan." in page.text
