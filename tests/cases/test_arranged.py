"""The registers of cases with chosen columns, and in every order that they offer."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.cases.making import reported, stands, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.models import Unit, User
from tracker.accounts.queries import list_units
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.accounts.services import give_role
from tracker.cases import register as reading
from tracker.cases.exporting import listed_cases
from tracker.cases.filtering import CaseFilter, Status
from tracker.cases.register import NEWEST, list_cases
from tracker.cases.registers import DEVIATIONS, LEX_SARAH
from tracker.database import db, writer
from tracker.records.scope import Scope
from tracker.rules.case_workflow import CaseState
from tracker.rules.permissions import Role
from tracker.web.pagination import Key, Order, TextKey

TODAY = date(2022, 2, 15)
OLDEST, BY_NUMBER, BACKWARDS = Order("listed_on"), Order("ref"), Order("ref", falling=True)
ORDERS = (NEWEST, OLDEST, BY_NUMBER, BACKWARDS)
HEAD = "ref;enhet;rapporterad;avslutad\n"


@pytest.fixture
def sixty(office):
    """Sixty avvikelser, six on each of ten days so that days tie, every third in another unit, the last ten ended.

    Their numbers do not follow the days: 7 × n modulo 60 goes through all of them.
    """
    for name in ("Vuxen", "Barn"):
        unit_id_of(name)
    unit, ended = ("Barn", "Vuxen", "Vuxen"), ("2022-01-10", "")
    rows = [f"A-{7 * n % 60:02};{unit[n % 3]};2021-03-{1 + n // 6:02};{ended[n < 50]}" for n in range(60)]
    office.imports("deviations", HEAD + "\n".join(rows) + "\n")
    return office


@pytest.fixture(params=["few", "many"])
def size(request, monkeypatch):
    """Hits that are found first and put in order, and lists that are walked in their order."""
    if request.param == "many":
        monkeypatch.setattr(reading, "COUNT_CAP", 0)
    clear = (reading._count_statement.cache_clear, reading._page_statement.cache_clear)
    for one in clear:
        one()
    yield request.param
    for one in clear:
        one()


def scopes():
    """All, a part of the tree of two units, and one unit."""
    places = {unit.name: unit for unit in list_units(EVERYTHING)}
    low, high = sorted(places[name].tree_from for name in ("Barn", "Vuxen"))
    return [
        Scope(EVERYTHING), Scope(Reach(intervals=((low, low), (high, high)))),
        Scope(Reach(intervals=((places["Barn"].tree_from,) * 2,), only_unit_id=unit_id_of("Barn"))),
    ]  # fmt: skip


def forwards(register, wanted, scope, order):
    """The pages of a list from the first to the last."""
    page = list_cases(register, wanted, scope, TODAY, order=order)
    pages = [page]
    while page.after:
        page = list_cases(register, wanted, scope, TODAY, page.after, None, order)
        pages.append(page)
    return pages


def by_hand(rows, order):
    return sorted(rows, key=lambda row: (getattr(row, order.column), row.record_id), reverse=order.falling)


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_paging_through_all_gives_each_row_once_in_the_order(sixty, size, order):
    seen = 0
    for scope in scopes():
        every = list(listed_cases(DEVIATIONS, CaseFilter(), scope, TODAY))
        for status in (None, Status.OPEN, Status.RECEIVED, Status.ENDED):
            ended = {None: (True, False), Status.ENDED: (True,)}.get(status, (False,))
            wanted = CaseFilter(status)
            expected = by_hand([row for row in every if (row.state is CaseState.CLOSED) in ended], order)
            pages = forwards(DEVIATIONS, wanted, scope, order)
            assert [row for page in pages for row in page.rows] == expected
            assert list(listed_cases(DEVIATIONS, wanted, scope, TODAY, order)) == expected
            back = pages[-1]
            for page in reversed(pages[:-1]):
                back = list_cases(DEVIATIONS, wanted, scope, TODAY, None, back.before, order)
                assert back.rows == page.rows
            assert back.before is None
            seen += len(expected)
    assert seen == 60 + 50 + 50 + 10 + 60 + 50 + 50 + 10 + 20 + 17 + 17 + 3


def test_the_first_page_by_number_is_that_of_the_numbers(sixty, size):
    rows = list_cases(DEVIATIONS, CaseFilter(), Scope(EVERYTHING), TODAY, order=BY_NUMBER).rows
    assert [row.ref for row in rows] == [f"A-{n:02}" for n in range(25)]


def test_a_key_of_another_order_is_none(sixty, size):
    first = list_cases(DEVIATIONS, CaseFilter(), Scope(EVERYTHING), TODAY, order=BY_NUMBER)
    assert isinstance(first.after, TextKey)
    of_days = list_cases(DEVIATIONS, CaseFilter(), Scope(EVERYTHING), TODAY).after
    assert isinstance(of_days, Key)
    assert list_cases(DEVIATIONS, CaseFilter(), Scope(EVERYTHING), TODAY, of_days, None, BY_NUMBER) == first


def test_what_no_index_has_in_order_stands_as_usual_when_it_is_long(sixty, size):
    wanted = CaseFilter(from_on=date(2021, 3, 2))
    page = list_cases(DEVIATIONS, wanted, Scope(EVERYTHING), TODAY, order=BY_NUMBER)
    assert page.order == (BY_NUMBER if size == "few" else NEWEST)
    assert page.rows == tuple(by_hand(listed_cases(DEVIATIONS, wanted, Scope(EVERYTHING), TODAY), page.order)[:25])


def heads(page):
    return page.table().head


def refs(page):
    return page.table().column("Nummer")


def sorts(page):
    """What each head says of the order."""
    return [head.get("aria-sort") for head in page.tree.iter("th") if head.get("scope") == "col"]


def sent_along(page, button):
    """The hidden fields of the form with this button."""
    return {one.get("name"): one.get("value") for one in page.form(button).iter("input") if one.get("type") == "hidden"}


class TestThePage:
    def test_it_shows_the_columns_that_the_address_chooses(self, two_units, person):
        record_id = reported("deviations", severity=3)
        visitor, _ = person("chef")
        page = visitor.get("/avvikelser?kolumner=status,allvarlighet")
        ref = stands(DEVIATIONS, record_id)["ref"]
        assert page.table().dicts() == [{"Nummer": ref, "Allvarlighet": "3", "Status": "● Att ta emot"}]
        told = visitor.get("/avvikelser/export.csv?kolumner=status,allvarlighet").text
        assert told.lstrip("\ufeff").splitlines() == ["Nummer;Allvarlighet;Status", f"{ref};3;Att ta emot"]

    def test_a_name_that_it_does_not_have_is_told_of(self, two_units, person):
        reported("deviations")
        visitor, _ = person("chef")
        usual = heads(visitor.get("/avvikelser"))
        page = visitor.get("/avvikelser?kolumner=personnummer&ordning=allvarlighet")
        assert heads(page) == usual
        assert "Kolumnen personnummer finns inte i listan." in page.text
        assert "Listan kan inte ordnas efter allvarlighet" in page.text

    def test_heads_order_the_list_and_keep_filter_and_columns(self, two_units, person):
        for _ in range(2):
            reported("complaints")
        visitor, _ = person("chef")
        page = visitor.get("/synpunkter?status=oppna&kolumner=mottagen,status")
        first = refs(page)
        assert sorts(page) == [None, "descending", None]
        page = visitor.click("Nummer")
        assert page.path == "/synpunkter?status=oppna&kolumner=nummer%2Cmottagen%2Cstatus&ordning=nummer"
        assert refs(page) == sorted(first)
        assert sorts(page) == ["ascending", None, None]
        assert refs(visitor.click("Nummer")) == sorted(first, reverse=True)

    def test_the_forms_keep_what_the_other_has_chosen(self, two_units, person):
        reported("complaints")
        visitor, _ = person("chef")
        page = visitor.get("/synpunkter?status=oppna&kolumner=nummer&kolumner=typ&ordning=-nummer")
        assert heads(page) == ["Nummer", "Typ"]
        assert sent_along(page, "Filtrera") == {"kolumner": "nummer,typ", "ordning": "-nummer"}
        assert sent_along(page, "Visa så") == {"status": "oppna", "kolumner": "nummer"}
        assert visitor.submit({"ordning": ""}, form="Visa så").path.endswith("ordning=")
        assert visitor.click("Som vanligt").path == "/synpunkter?status=oppna"

    def test_a_file_without_chosen_columns_is_the_one_that_can_be_read_in_again(self, two_units, person):
        reported("complaints")
        visitor, _ = person("kvalitet")
        whole = visitor.get("/synpunkter/export.csv").text
        assert whole.lstrip("\ufeff").splitlines()[0] == "ref;enhet;typ;mottagen;beskrivning;besvarad"
        assert visitor.get("/synpunkter/export.csv?ordning=nummer").text == whole

    def test_an_excel_file_holds_the_rows_of_the_list_in_its_order(self, two_units, person):
        for kind in ("klagomål", "beröm"):
            reported("complaints", kind=kind)
        visitor, _ = person("kvalitet")
        page = visitor.get("/synpunkter?kolumner=typ,svar-senast&ordning=nummer")
        assert [row["Typ"] for row in page.table().dicts()] == ["Klagomål", "Beröm"]
        assert [row["Svar senast"] for row in page.table().dicts()] == ["2026-03-12", "–"]
        book = load_workbook(BytesIO(visitor.get(visitor.page.links["Exportera till Excel"]).data))
        rows = [list(row) for row in book.active.iter_rows(values_only=True)]
        assert rows[0] == ["Nummer", "Typ", "Svar senast"]
        assert [row[1] for row in rows[1:]] == ["Klagomål", "Beröm"]
        assert [row[2] and row[2].date() for row in rows[1:]] == [date(2026, 3, 12), None]


def test_no_column_tells_more_of_a_case_in_short_than_the_list_does(two_units, person):
    reported("lex-sarah", "Vuxen", law="SoL")
    visitor, _ = person("chef", "Vuxen")
    asked = "lagrum,handelsedatum,beslutad,avslutad,bedomning"
    page = visitor.get(f"/lex-sarah?kolumner=nummer,mal,{asked}")
    assert heads(page) == ["Nummer", "Eget mål"]
    assert "SoL" not in page.text
    assert "Kolumnerna lagrum, handelsedatum, beslutad, avslutad, bedomning finns inte" in page.text


def test_where_some_are_seen_whole_the_others_are_told_of_in_short(app, two_units, person):
    given, other = reported("lex-sarah", "Vuxen", law="LSS"), reported("lex-sarah", "Vuxen", law="SoL")
    _, boss = person("ansvarig", name="bo")
    one = make_user("ulla@kommun.example", "utredare").id
    step("lex-sarah", given, "receive", boss)
    step("lex-sarah", given, "assign", boss, investigator_id=one)
    with writer():
        unit = db.session.get_one(Unit, unit_id_of("Vuxen"))
        give_role(db.session.get_one(User, one), Role.MANAGER, unit, clock.now(), date(2026, 3, 2))
        db.session.commit()
    visitor = PageClient(app)
    visitor.sign_in("ulla@kommun.example", PASSWORD)
    laws = {row["Nummer"]: row["Lagrum"] for row in visitor.get("/lex-sarah?kolumner=lagrum").table().dicts()}
    assert laws == {stands(LEX_SARAH, given)["ref"]: "LSS", stands(LEX_SARAH, other)["ref"]: "–"}
