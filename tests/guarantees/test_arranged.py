"""A guarantee's register with chosen columns, and in every order that it offers."""

from collections import Counter
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from tests.cases.making import unit_id_of
from tests.cases.office import CaseOffice
from tests.guarantees.making import cancelled, done, prolonged, started
from tests.guarantees.test_import import HEAD
from tracker.accounts.queries import list_units
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.database import db, writer
from tracker.guarantees import register as reading
from tracker.guarantees.models import GuaranteeOccasion
from tracker.guarantees.queries import find_guarantee
from tracker.guarantees.register import LATEST, OccasionFilter, Place, export_register, list_register
from tracker.records.models import Mark
from tracker.records.scope import Scope
from tracker.rules.guarantee_occasions import OccasionState, state_of
from tracker.web.pagination import Order

TODAY, MARCH = date(2026, 6, 1), date(2026, 3, 1)
FIRST = {
    "started_on": lambda row: row.days.started_on, "ref": lambda row: row.ref, "due_on": lambda row: row.days.due_on,
    "ended_on": lambda row: row.days.ended_on or date.max,
}  # fmt: skip
ORDERS = [Order(column, falling) for column in FIRST for falling in (False, True)]
STATES = (None, *OccasionState)
WALKED = {
    "started_on": {None, OccasionState.IN_TIME, OccasionState.MISSED, OccasionState.CANCELLED},
    "ref": {None, OccasionState.IN_TIME, OccasionState.MISSED, OccasionState.CANCELLED},
    "due_on": {OccasionState.RUNNING, OccasionState.LATE},
    "ended_on": {OccasionState.IN_TIME, OccasionState.MISSED},
}


@pytest.fixture
def sixty(day, officer, app, tmp_path):
    """Sixty förhandsbedömningar of two units by turns: twenty references thrice each, six on each day. A third ended in
    time on one of two days, a third too late on one day; of the last third ten run, eight are late and two cancelled.
    Beside them one is protected and one voided.
    """
    lines = []
    for n in range(60):
        start = f"2026-05-{19 + n // 6}" if n % 6 == 5 else f"2026-03-{1 + n // 6:02}"
        end = (f"2026-03-{12 + n % 2}", "2026-04-01", "")[n % 3]
        lines.append(f"R-{7 * n % 20:02};forhandsbedomning;{('Vuxen', 'Barn')[n % 2]};{start};{end};;;;")
    CaseOffice(app, tmp_path).imports("guarantees", HEAD + "\n" + "\n".join(lines) + "\n")
    for ref, mark in (("R-skyddad", Mark.PROTECTED), ("R-makulerad", Mark.VOIDED)):
        hidden = started("forhandsbedomning", MARCH, ref=ref)
        with writer():
            db.session.execute(
                update(GuaranteeOccasion).where(GuaranteeOccasion.record_id == hidden).values(mark=mark.value)
            )
            db.session.commit()
    late = select(GuaranteeOccasion.record_id).where(GuaranteeOccasion.ended_on.is_(None)).order_by("started_on", "ref")
    for record_id in db.session.scalars(late.where(GuaranteeOccasion.mark == Mark.ORDINARY.value)).all()[:2]:
        cancelled(record_id, date(2026, 3, 20), officer)
    return find_guarantee("forhandsbedomning").id


@pytest.fixture(params=["few", "many"])
def size(request, monkeypatch):
    """Hits that are found first and put in order, and lists that are walked in their order."""
    if request.param == "many":
        monkeypatch.setattr(reading, "COUNT_CAP", 0)
    return request.param


def scopes():
    """All, a part of the tree of two units, and one unit."""
    places = {unit.name: unit for unit in list_units(EVERYTHING)}
    low, high = sorted(places[name].tree_from for name in ("Barn", "Vuxen"))
    return [
        Scope(EVERYTHING), Scope(Reach(intervals=((low, low), (high, high)))),
        Scope(Reach(intervals=((places["Barn"].tree_from,) * 2,), only_unit_id=unit_id_of("Barn"))),
    ]  # fmt: skip


def by_hand(rows, order):
    return sorted(rows, key=lambda row: (FIRST[order.column](row), row.record_id), reverse=order.falling)


def check_all_pages(guarantee_id, wanted, scope, order, expected):
    """The pages of a list from the first to the last and back; gives the order that they stand in."""
    pages = [list_register(guarantee_id, wanted, scope, TODAY, order=order)]
    while pages[-1].after:
        pages.append(list_register(guarantee_id, wanted, scope, TODAY, pages[-1].after, None, order))
    stands = pages[0].order
    assert [row for page in pages for row in page.rows] == by_hand(expected, stands)
    assert export_register(guarantee_id, wanted, scope, TODAY, order) == by_hand(expected, order)
    back = pages[-1]
    for page in reversed(pages[:-1]):
        back = list_register(guarantee_id, wanted, scope, TODAY, None, back.before, order)
        assert back.rows == page.rows
    assert back.before is None
    return stands


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_paging_through_all_gives_each_row_once_in_the_order(sixty, size, order):
    seen = Counter()
    for scope in scopes():
        every = export_register(sixty, OccasionFilter(), scope, TODAY)
        for state in STATES:
            expected = [row for row in every if state in {None, state_of(row.days, TODAY)}]
            stands = check_all_pages(sixty, OccasionFilter(state), scope, order, expected)
            walked = size == "few" or not expected or state in WALKED[order.column] or order == LATEST
            assert stands == (order if walked else LATEST)
            seen[state] += len(expected)
    # Of both units 20 in time, 20 too late, 10 that run, 8 late and 2 cancelled; of one 10, 10, 10, none and none.
    assert [seen[state] for state in STATES] == [60 + 60 + 30, 30, 16, 50, 50, 4]


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_those_of_a_month_stand_in_any_order_while_they_are_few(sixty, size, order):
    wanted, everything = OccasionFilter(month=MARCH), scopes()[0]
    every = export_register(sixty, OccasionFilter(), everything, TODAY)
    expected = [row for row in every if row.days.started_on.month == 3]
    assert len(expected) == 50
    stands = check_all_pages(sixty, wanted, everything, order, expected)
    assert stands == (order if size == "few" or order.column == "started_on" else LATEST)


def test_what_has_not_ended_stands_last_and_first_the_other_way(sixty):
    def ends(order):
        return [row.days.ended_on for row in export_register(sixty, OccasionFilter(), scopes()[0], TODAY, order)]

    rising, falling = ends(Order("ended_on")), ends(Order("ended_on", falling=True))
    assert (rising[0], rising[39], rising[40:]) == (date(2026, 3, 12), date(2026, 4, 1), [None] * 20)
    assert falling == rising[::-1]


def test_a_place_of_another_order_is_none(sixty):
    def page(order, after=None):
        return list_register(sixty, OccasionFilter(), scopes()[0], TODAY, after, None, order)

    places = {order.column: page(order).after for order in ORDERS}
    for order in ORDERS:
        for column, place in places.items():
            assert Place.parse(str(place)) == place
            assert (page(order, place) == page(order)) is (column != order.column)
    by_ref = str(places["ref"])
    for given in (None, "", "s", "sx", "xMjAyNg", by_ref[1:], f"s{by_ref[1:]}", f"r{str(places['due_on'])[1:]}"):
        assert Place.parse(given) is None


def heads(page):
    return page.table().head


def sorts(page):
    """What each head says of the order."""
    return [head.get("aria-sort") for head in page.tree.iter("th") if head.get("scope") == "col"]


def refs(page):
    return page.table().column("Referens")


def told(visitor, path):
    """The lines of a CSV file."""
    return visitor.get(path).text.lstrip("\ufeff").splitlines()


class TestThePage:
    def test_it_shows_the_columns_that_the_address_chooses_and_the_file_holds_the_same(self, person, sixty):
        visitor = person("kvalitet")
        query = "lage=missade&kolumner=referens,for-sent,klart&ordning=-referens"
        page = visitor.get(f"/garantier/forhandsbedomning?{query}")
        assert heads(page) == ["Nummer", "Referens", "Klart", "För sent, dagar"]
        # n = 37, whose reference is 7 × 37 modulo 20 = 19, began on 7 March, and so was due on the 21st: 11 days.
        assert page.table().rows[0][1:] == ["R-19", "2026-04-01", "11"]
        lines = told(visitor, f"/garantier/forhandsbedomning/export.csv?{query}")
        assert lines[0] == "Nummer;Referens;Klart;För sent, dagar"
        assert [line.split(";") for line in lines[1:]] == page.table().rows
        assert len(lines) == 21

    def test_hidden_ones_are_neither_on_the_page_nor_in_the_file_in_any_order(self, person, sixty):
        visitor = person("kvalitet")
        for order in ("", "referens", "-referens", "sista-dag", "-klart"):
            query = f"lage=forsenade&kolumner=referens&ordning={order}"
            for suffix in ("", "/export.csv"):
                text = visitor.get(f"/garantier/forhandsbedomning{suffix}?{query}").text
                assert text.count("R-") == 8
                assert "R-skyddad" not in text
                assert "R-makulerad" not in text

    def test_heads_order_the_list_and_keep_filter_and_columns(self, person, officer):
        for place, ref in enumerate(("B", "C", "A")):
            done("kontakt", date(2026, 5, 4 + place), date(2026, 5, 7), officer, ref=ref)
        visitor = person("kvalitet")
        page = visitor.get("/garantier/kontakt?lage=i-tid&kolumner=referens,borjade")
        assert refs(page) == ["A", "C", "B"]
        assert sorts(page) == [None, None, "descending"]
        page = visitor.click("Referens")
        assert page.path == "/garantier/kontakt?lage=i-tid&kolumner=nummer%2Creferens%2Cborjade&ordning=referens"
        assert (refs(page), sorts(page)) == (["A", "B", "C"], [None, "ascending", None])
        assert refs(visitor.click("Referens")) == ["C", "B", "A"]
        assert refs(visitor.click("Började")) == ["A", "C", "B"]
        assert visitor.page.path == "/garantier/kontakt?lage=i-tid&kolumner=nummer%2Creferens%2Cborjade"

    def test_pages_go_on_in_the_order_asked_for(self, person, day):
        for number in range(30):
            started("kontakt", date(2026, 5, 4), ref=f"SN-{7 * number % 30:02}")
        visitor = person("kvalitet")
        visitor.get("/garantier/kontakt?ordning=referens")
        assert refs(visitor.click("Nästa sida")) == [f"SN-{number}" for number in range(25, 30)]
        assert refs(visitor.click("Föregående sida")) == [f"SN-{number:02}" for number in range(25)]

    def test_a_name_that_it_does_not_have_is_told_of(self, person, sixty):
        visitor = person("kvalitet")
        usual = visitor.get("/garantier/forhandsbedomning")
        page = visitor.get("/garantier/forhandsbedomning?kolumner=personnummer&ordning=enhet")
        assert (heads(page), refs(page)) == (heads(usual), refs(usual))
        assert "Kolumnen personnummer finns inte i listan." in page.text
        assert "Listan kan inte ordnas efter enhet" in page.text

    def test_a_long_list_that_no_index_has_in_the_order_says_so(self, person, sixty, monkeypatch):
        visitor, query = person("kvalitet"), "/garantier/forhandsbedomning?ordning=klart"
        assert "för stort för att ordnas så" not in visitor.get(query).text
        monkeypatch.setattr(reading, "COUNT_CAP", 0)
        page = visitor.get(query)
        assert "Urvalet är för stort för att ordnas så" in page.text
        assert sorts(page)[3] == "descending"
        seen = page.table().column("Nummer")
        while "Nästa sida" in visitor.page.links:
            seen += visitor.click("Nästa sida").table().column("Nummer")
        assert (len(seen), len(set(seen))) == (60, 60)

    def test_a_prolonged_day_says_so_and_is_a_day_in_the_file(self, person, officer):
        record_id = started("forhandsbedomning", date(2026, 5, 20))
        prolonged(record_id, date(2026, 6, 20), date(2026, 6, 1), officer)
        visitor = person("kvalitet")
        page = visitor.get("/garantier/forhandsbedomning?kolumner=grans,sista-dag,forlangd-for")
        assert heads(page) == ["Nummer", "Sista dag utan förlängning", "Förlängd för", "Sista dag"]
        assert page.table().rows == [["G-2026-0001", "2026-06-03", "Utlåtande väntas", "2026-06-20 (förlängd)"]]
        assert page.links["G-2026-0001"] == f"/garantier/tillfallen/{record_id}"
        book = load_workbook(BytesIO(visitor.get(page.links["Exportera till Excel"]).data))
        rows = [list(row) for row in book.active.iter_rows(values_only=True)]
        assert rows[0] == heads(page)
        assert [cell.date() for cell in (rows[1][1], rows[1][3])] == [date(2026, 6, 3), date(2026, 6, 20)]

    def test_a_file_without_chosen_columns_is_the_one_that_can_be_read_in_again(self, person, sixty):
        visitor = person("kvalitet")
        whole = told(visitor, "/garantier/forhandsbedomning/export.csv?lage=missade")
        assert whole[0].startswith("ref;garanti;enhet;startdatum;slutdatum;forlangd_till;")
        assert told(visitor, "/garantier/forhandsbedomning/export.csv?lage=missade&ordning=referens") == whole

    def test_a_saved_view_keeps_columns_and_order(self, person, sixty):
        visitor = person("kvalitet")
        visitor.get("/garantier/forhandsbedomning?lage=missade&kolumner=referens,klart&ordning=referens")
        visitor.click("Spara som vy")
        visitor.submit({"name": "Försenade bedömningar"}, form="name")
        page = visitor.get("/garantier/forhandsbedomning")
        page = visitor.get(page.links["Försenade bedömningar"])
        assert heads(page) == ["Nummer", "Referens", "Klart"]
        assert sorts(page) == [None, "ascending", None]
        assert len(refs(page)) == 20
