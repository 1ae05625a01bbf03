"""The register of actions with chosen columns, and in every order that a list of it offers."""

from datetime import date

import pytest

from tests.actions.stored import HEAD
from tests.control.test_scale import signed_in
from tests.factories import make_user
from tracker.accounts.queries import find_unit
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.actions.bringing_in import listed_day
from tracker.actions.register import ActionFilter, ActionList, Place, export_register, list_register, orders_of
from tracker.records.scope import Scope
from tracker.rules.actions import stage_of
from tracker.web.pagination import Order, TextKey

TODAY = date(2022, 2, 15)
ORDERS = [Order(column, falling) for column in ("listed_on", "ref") for falling in (False, True)]
FIRST = {"listed_on": lambda row: listed_day(row.days), "ref": lambda row: row.ref}


@pytest.fixture
def ninety(office):
    """Ninety actions of two units by turns, in threes by state; of each state ten days with ties, and some without."""
    lines = []
    for n in range(90):
        of = ("avvikelse;A-1", "beslut;B-01")[n % 2]
        due = f"2022-03-{n // 9 + 1:02}" if n % 6 else ""
        done, effect = (("", ""), ("2022-01-05", ""), ("2022-01-05", "uppnådd"))[n % 3]
        lines.append(f"Å-{7 * n % 90:02};{of};Ny rutin;Eva;2021-12-01;{due};{done};{effect}")
    office.imports("actions", HEAD + "\n" + "\n".join(lines) + "\n")
    return office


def scopes():
    """All, and one unit."""
    unit = find_unit("Vuxen 2")
    return [Scope(EVERYTHING), Scope(Reach(intervals=((unit.tree_from, unit.tree_to),), only_unit_id=unit.id))]


def pages_of(wanted, scope, order):
    pages = [list_register(wanted, scope, TODAY, order=order)]
    while pages[-1].after:
        pages.append(list_register(wanted, scope, TODAY, pages[-1].after, None, order))
    return pages


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_paging_through_all_gives_each_row_once_in_the_order(ninety, order):
    seen = 0
    for scope in scopes():
        for chosen in (one for one in ActionList if order.column in orders_of(one)):
            wanted = ActionFilter(chosen)
            every = [row for batch in export_register(wanted, scope, TODAY) for row in batch]
            by_hand = sorted(every, key=lambda row: (FIRST[order.column](row), row.record_id), reverse=order.falling)
            pages = pages_of(wanted, scope, order)
            assert [row for page in pages for row in page.rows] == by_hand
            assert [row for batch in export_register(wanted, scope, TODAY, order) for row in batch] == by_hand
            back = pages[-1]
            for page in reversed(pages[:-1]):
                back = list_register(wanted, scope, TODAY, None, back.before, order)
                assert back.rows == page.rows
            seen += len(by_hand)
    # By number: 30 to do, 30 finished and all 90, half of them in one unit; by day the lists of each state and day.
    assert seen == 225 if order.column == "ref" else seen > 135


def test_all_of_them_stand_by_what_they_wait_for(ninety):
    rows = [row for page in pages_of(ActionFilter(ActionList.ALL), scopes()[0], None) for row in page.rows]
    assert len(rows) == 90
    assert rows == sorted(rows, key=lambda row: (stage_of(row.days), listed_day(row.days), row.record_id))


def test_those_without_a_last_day_stand_last_and_first_the_other_way(ninety):
    everything = scopes()[0]
    rising = [row for page in pages_of(ActionFilter(), everything, ORDERS[0]) for row in page.rows]
    assert [row.days.due_on for row in rising[-15:]] == [None] * 15
    assert rising[14].days.due_on == date(2022, 3, 10)
    assert pages_of(ActionFilter(), everything, ORDERS[1])[0].rows[0].days.due_on is None


def test_a_place_of_another_order_is_none(ninety):
    first = list_register(ActionFilter(), scopes()[0], TODAY, order=Order("ref"))
    assert isinstance(first.after, TextKey)
    by_day = list_register(ActionFilter(), scopes()[0], TODAY).after
    assert isinstance(by_day, Place)
    assert list_register(ActionFilter(), scopes()[0], TODAY, by_day, None, Order("ref")) == first


@pytest.fixture
def eva(ninety):
    make_user("eva@kommun.example", "kvalitet", name="Eva Ek")
    return signed_in(ninety, "eva@kommun.example")


def test_the_page_and_its_file_hold_the_same(eva):
    page = eva.get("/atgarder?lista=klara&kolumner=effekt,genomford&ordning=-nummer")
    assert page.table().head == ["Nummer", "Genomförd", "Effekt"]
    assert page.table().column("Nummer")[:2] == ["Å-89", "Å-86"]
    told = eva.get(f"/atgarder/export.csv?{page.path.partition('?')[2]}").text.lstrip("\ufeff").splitlines()
    assert told[:2] == ["Nummer;Genomförd;Effekt", "Å-89;2022-01-05;Uppnådd"]
    assert len(told) == 31
    assert [line.partition(";")[0] for line in told[1:26]] == page.table().column("Nummer")
    whole = eva.get("/atgarder/export.csv?lista=klara&ordning=-nummer").text
    assert whole == eva.get("/atgarder/export.csv?lista=klara").text
    assert whole.lstrip("\ufeff").splitlines()[0] == HEAD


def test_what_a_list_cannot_be_ordered_by_is_told(eva):
    page = eva.get("/atgarder?lista=foljs-upp-senare&ordning=nummer")
    assert "Listan kan inte ordnas efter nummer" in page.text
    assert "Listan kan inte ordnas" not in eva.get("/atgarder?ordning=nummer").text


def test_ticks_stand_beside_the_columns_chosen(eva):
    page = eva.get("/atgarder?kolumner=nummer,lage")
    assert page.table().head == ["Välj", "Nummer", "Läge"]
    ticks = [one.get("aria-label") for one in page.tree.iter("input") if one.get("name") == "val"]
    assert ticks == [f"Välj {number}" for number in page.table().column("Nummer")]
