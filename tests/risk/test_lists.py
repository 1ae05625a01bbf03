"""The gross list, the net list and what was left out: on the page, in the matrix and in the files."""

import base64
import csv

import pytest
from sqlalchemy import select

from tests.control.office import hide, risk
from tests.factories import make_user
from tests.risk.signing import EVA, signed_in
from tests.risk.test_tally import file_of
from tracker.audit.models import AuditRead
from tracker.database import db

BO = "bo@kommun.example"


@pytest.fixture
def lists(office, eva_here):
    """Five risks, of which R2 and R4 are not on the net list."""
    office.imports(
        "risks",
        file_of((2021, "R1", 4, 4), (2021, "R2", 4, 3, "nej"), (2021, "R3", 4, 3), (2021, "R4", 1, 1, "nej"),
                (2021, "R5", 2, 2)),
    )  # fmt: skip
    return eva_here


def shown(page) -> list[str]:
    return page.table("Risker").column("Ref")


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("", ["R1", "R2", "R3", "R5", "R4"]),
        ("&lista=netto", ["R1", "R3", "R5"]),
        ("&lista=utanfor", ["R2", "R4"]),
        ("&lista=annat", ["R1", "R2", "R3", "R5", "R4"]),
        ("&lista=netto&sannolikhet=4&konsekvens=3", ["R3"]),
        ("&lista=utanfor&sannolikhet=4&konsekvens=3", ["R2"]),
        ("&sannolikhet=4", ["R1", "R2", "R3"]),
        ("&lista=netto&sannolikhet=&konsekvens=3", ["R3"]),
        ("&sannolikhet=9&konsekvens=1", ["R1", "R2", "R3", "R5", "R4"]),
        ("&sannolikhet=0&konsekvens=%C2%B2", ["R1", "R2", "R3", "R5", "R4"]),
    ],
)
def test_each_list_holds_its_own_on_the_page_and_in_the_file(lists, query, refs):
    assert shown(lists.get(f"/risker?ar=2021{query}")) == refs
    lines = list(csv.DictReader(lists.get(f"/risker/export.csv?ar=2021{query}").data.decode("utf-8-sig").splitlines(),
                                delimiter=";"))  # fmt: skip
    assert [line["ref"] for line in lines] == sorted(refs)
    read = db.session.scalars(select(AuditRead).order_by(AuditRead.id.desc()).limit(1)).one()
    assert read.row_count == len(refs)
    db.session.rollback()


def test_the_form_narrows_a_list_to_a_step_and_keeps_list_columns_and_order(lists):
    lists.get("/risker?ar=2021&lista=netto&kolumner=riskvarde&ordning=ref")
    page = lists.submit({"konsekvens": "3"}, form="Filtrera")
    assert page.path == "/risker?ar=2021&lista=netto&kolumner=ref,riskvarde&ordning=ref&sannolikhet=&konsekvens=3"
    assert page.table("Risker").dicts() == [{"Ref": "R3", "Riskvärde": "12"}]
    assert "Konsekvens: kännbar, 1" in page.text
    chosen = [cell for cell in page.tree.iter("td") if "chosen" in (cell.get("class") or "")]
    assert len(chosen) == 4
    page = lists.submit({"sannolikhet": "1"}, form="Filtrera")
    assert "Inga risker passar filtret" in page.text
    assert shown(lists.click("Visa alla")) == ["R1", "R3", "R5"]


def test_the_reason_stands_with_what_is_left_out_and_the_matrix_counts_the_list(lists):
    page = lists.get("/risker?ar=2021")
    assert page.text.count("Inte på nettolistan: Skäl") == 2
    page = lists.click("Nettolista")
    assert "Inte på nettolistan: Skäl" not in page.text
    assert "Nettolistan, 3" in page.text
    number = next(text for text in page.links if text.startswith("1") and "riskvärde 12" in text)
    assert shown(lists.get(page.links[number])) == ["R3"]


def test_a_list_without_risks_says_so(office, eva_here):
    office.imports("risks", file_of((2021, "R1", 1, 1)))
    assert "Ingen risk är utanför nettolistan" in eva_here.get("/risker?ar=2021&lista=utanfor").text
    office.imports("risks", file_of((2021, "R1", 1, 1, "nej")))
    page = eva_here.get("/risker?ar=2021&lista=netto")
    assert "Inga risker på nettolistan" in page.text
    assert "Bruttolista, alla" in page.links


def test_a_place_in_the_net_list_goes_on_in_the_net_list(office, eva_here):
    office.imports("risks", file_of(*((2021, f"R{n}", 2, 2, "nej" if n % 3 == 0 else "ja") for n in range(1, 61))))
    first = eva_here.get("/risker?ar=2021&lista=netto")
    second = eva_here.click("Nästa sida")
    assert shown(first) + shown(second) == [f"R{n}" for n in range(1, 61) if n % 3]
    assert shown(eva_here.click("Föregående sida")) == shown(first)


def test_what_is_closed_to_a_reader_is_in_none_of_their_lists(lists, office):
    make_user(BO, "internkontroll")
    hide(risk("R2"), "closed", seer=EVA, other=BO)
    bo = signed_in(office, BO)
    assert shown(bo.get("/risker?ar=2021&lista=utanfor")) == ["R4"]
    assert "R2" not in bo.get("/risker/export.csv?ar=2021").data.decode()


def test_the_follow_up_lists_the_net_risks_and_tells_how_many_are_left_out(lists):
    page = lists.get("/rapporter/internkontroll/2021")
    assert page.table("Risker 2021").column("Ref") == ["R1", "R3", "R5"]
    assert "Nettolista risker, 3" in page.text
    assert shown(lists.click("2 risker på bruttolistan")) == ["R2", "R4"]


NO_PLACES = (
    f'[{10**30}, "R1", 1]', f'[-1, "R1", {2**31}]', f'[{2**15}, "R1", 1]', r'[-1, "\ud800", 1]', r'[-1, "\u0000", 1]',
    '[true, "R1", false]', "[" * 1_000, "7",
)  # fmt: skip


@pytest.mark.parametrize("told", NO_PLACES)
def test_a_place_that_is_none_of_ours_is_the_top(lists, told):
    place = base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")
    for order in ("", "&ordning=ref"):
        assert shown(lists.get(f"/risker?ar=2021&efter={place}{order}"))[0] == "R1"


def test_a_step_in_other_digits_is_none(lists):
    assert len(shown(lists.get("/risker?ar=2021&sannolikhet=٠"))) == 5
