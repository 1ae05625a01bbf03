"""The risk register with chosen columns, and in every order that it offers."""

import pytest

from tests.risk.signing import HEAD
from tests.risk.test_tally import file_of
from tracker.accounts.reader import EVERYTHING
from tracker.records.natural import natural_key
from tracker.records.scope import Scope
from tracker.risk import register
from tracker.risk.register import BY_REF, HEAVIEST, Cell, RiskFilter, export_register, list_register
from tracker.rules.risk_assessment import RiskList
from tracker.web.pagination import Order

EVERY = Scope(EVERYTHING)
ORDERS = (HEAVIEST, Order("score"), BY_REF, Order("ref_key", falling=True))
FIRST = {"score": lambda row: (-row.score, natural_key(row.ref), row.record_id),
         "ref_key": lambda row: (natural_key(row.ref), row.record_id)}  # fmt: skip


@pytest.fixture
def sixty(office, eva_here):
    """Sixty risks in every cell of the matrix, R2 before R10, every fifth not on the net list; R1 and R01 tie."""
    rows = [(2021, f"R{n}", n % 4 + 1, n // 4 % 4 + 1, "nej" if n % 5 == 0 else "ja") for n in range(59)]
    office.imports("risks", file_of(*rows, (2021, "R01", 4, 4)))
    return eva_here


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("wanted", [RiskFilter(one) for one in RiskList] + [RiskFilter(cell=Cell(2, 3))], ids=str)
def test_paging_through_all_gives_each_row_once_in_the_order(sixty, order, wanted):
    check_all_pages(order, wanted)


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize(
    ("cell", "gross", "net"),
    [
        (Cell(2, None), 15, 12),  # every fourth; R5, R25 and R45 are not on the net list
        (Cell(None, 4), 13, 10),  # R12 to R15, R28 to R31, R44 to R47 and R01; R15, R30 and R45 are not
        (Cell(5, None), 0, 0),
    ],
    ids=str,
)
@pytest.mark.parametrize("rows", [1, 4])
def test_a_row_or_a_column_of_the_matrix_is_paged_as_one_list(sixty, monkeypatch, order, cell, gross, net, rows):
    monkeypatch.setattr(register, "PAGE_ROWS", rows)
    register._statement.cache_clear()
    try:
        assert check_all_pages(order, RiskFilter(cell=cell)) == gross
        assert check_all_pages(order, RiskFilter(RiskList.NET, cell)) == net
    finally:
        register._statement.cache_clear()


def check_all_pages(order, wanted):
    """The pages of a list from the first to the last and back; gives how many rows there are."""
    # The heaviest first has its refs rising within a value, the lightest first the other way round.
    turned = order not in {HEAVIEST, BY_REF}
    by_hand = sorted(export_register(2021, wanted, EVERY), key=FIRST[order.column], reverse=turned)
    pages = [list_register(2021, wanted, EVERY, order=order)]
    while pages[-1].after:
        pages.append(list_register(2021, wanted, EVERY, pages[-1].after, None, order))
    assert [row for page in pages for row in page.rows] == by_hand
    assert list(export_register(2021, wanted, EVERY, order)) == by_hand
    back = pages[-1]
    for page in reversed(pages[:-1]):
        back = list_register(2021, wanted, EVERY, None, back.before, order)
        assert back.rows == page.rows
    return len(by_hand)


def test_the_page_and_its_file_hold_the_same(sixty):
    page = sixty.get("/risker?ar=2021&lista=netto&kolumner=riskvarde,niva,agare&ordning=ref")
    assert page.table("Risker").head == ["Ref", "Riskägare", "Riskvärde", "Nivå"]
    assert page.table("Risker").column("Ref")[:3] == ["R1", "R01", "R2"]
    told = sixty.get(sixty.page.links["CSV"]).text.lstrip("\ufeff").splitlines()
    assert told[:2] == ["Ref;Riskägare;Riskvärde;Nivå", "R1;;2;Låg"]
    assert [line.partition(";")[0] for line in told[1:26]] == page.table("Risker").column("Ref")
    whole = sixty.get("/risker/export.csv?ar=2021&lista=netto&ordning=ref").text
    assert whole == sixty.get("/risker/export.csv?ar=2021&lista=netto").text
    assert whole.lstrip("\ufeff").startswith(HEAD.partition(";")[0])


def test_the_matrix_and_the_lists_keep_the_columns(sixty):
    page = sixty.get("/risker?ar=2021&kolumner=ref,niva")
    cells = [to for to in page.links.values() if "&sannolikhet=" in to]
    assert len(cells) > 10
    assert all("kolumner=ref%2Cniva" in to for to in cells)
    assert sixty.click("Nettolista").table("Risker").head == ["Ref", "Nivå"]
