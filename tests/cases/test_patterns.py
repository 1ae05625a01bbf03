"""Patterns of avvikelser: each number by hand, and each leads to the list that holds exactly that many."""

from datetime import date

import pytest

from tests.cases.making import code_id, reported, step, unit_id_of
from tests.factories import PASSWORD, make_unit, make_user
from tests.support.pages import PageClient
from tracker.records.models import CodeList

PATH = "/avvikelser/monster"
CHEF, QUALITY = "chef@kommun.example", "kvalitet@kommun.example"


@pytest.fixture
def house(app, frozen_day):
    """15 March 2026. In Vuxen, with Vuxen 1 below it: two in January (one in each), one in March. In Barn one in
    March. One in Vuxen came in March 2025, before the twelve months, and stands still as those of January do.
    """
    frozen_day(date(2025, 3, 31))
    unit_id_of("Vuxen")
    make_unit("Vuxen 1", under="Vuxen")
    fall, medicine = (code_id(CodeList.DEVIATION_CATEGORY, label) for label in ("Fall", "Läkemedel"))
    cause = code_id(CodeList.DEVIATION_CAUSE, "Samverkan")
    reported("deviations", "Vuxen", category_id=fall, kind="tillbud")
    frozen_day(date(2026, 1, 31))
    reported("deviations", "Vuxen", category_id=fall, cause_id=cause, kind="händelse", severity=3, likelihood=2)
    reported("deviations", "Vuxen 1", category_id=fall, kind="tillbud", severity=3)
    frozen_day(date(2026, 3, 1))
    reported("deviations", "Vuxen", category_id=medicine, kind="händelse", severity=3, likelihood=2)
    reported("deviations", "Barn")
    frozen_day(date(2026, 3, 15))
    make_user(CHEF, "chef", unit="Vuxen")
    return make_user(QUALITY, "kvalitet").id


def visitor(app, mail):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


def rows_of(page, caption):
    """Row → (January 2026, March 2026, the sum and what follows), as numbers."""
    found = {}
    for name, *cells in page.table(caption).rows:
        numbers = [int(cell.split(" ")[0]) for cell in cells]
        assert (numbers[9], numbers[11], sum(numbers[:12])) == (numbers[9], numbers[11], numbers[12])
        found[name] = (numbers[9], numbers[11], *numbers[12:])
    return found


def test_each_table_counts_what_was_reported_in_the_twelve_months(app, house):
    page = visitor(app, QUALITY).get(PATH)
    assert "April 2025 till mars 2026" in page.text
    units = rows_of(page, "Per enhet")
    assert {name: units[name] for name in ("Vuxen", "Vuxen 1", "Barn", "Alla")} == {
        "Vuxen": (2, 1, 3, 3), "Vuxen 1": (1, 0, 1, 1), "Barn": (0, 1, 1, 0), "Alla": (2, 2, 4, 3),
    }  # fmt: skip
    assert rows_of(page, "Per kategori") == {
        "Fall": (2, 0, 2), "Läkemedel": (0, 1, 1), "Utan kategori": (0, 1, 1), "Alla": (2, 2, 4),
    }  # fmt: skip
    assert rows_of(page, "Per orsaksområde") == {
        "Samverkan": (1, 0, 1), "Utan orsaksområde": (1, 2, 3), "Alla": (2, 2, 4),
    }  # fmt: skip
    assert rows_of(page, "Händelser och tillbud") == {
        "Händelse": (1, 1, 2), "Tillbud": (1, 0, 1), "Utan slag": (0, 1, 1), "Alla": (2, 2, 4),
    }  # fmt: skip
    matrix = [[cell.split(" ")[0] for cell in row[1:]] for row in page.table("Allvarlighet och").rows]
    assert matrix == [["0"] * 4, ["0", "2", "0", "0"], ["0"] * 4, ["0"] * 4]
    assert "Utan bedömning: 2 utan bedömning" in page.text


@pytest.mark.parametrize("mail", [QUALITY, CHEF])
def test_every_number_leads_to_a_list_of_just_that_many(app, house, mail):
    client = visitor(app, mail)
    page, tried = client.get(PATH), 0
    for link in page.tree.iter("a"):
        address = link.get("href") or ""
        if not address.startswith("/avvikelser?"):
            continue
        number, listed = int(link.text), client.get(address)
        assert len(listed.table("Avvikelser").rows) == number, address
        tried += 1
    assert tried > 20


def test_a_manager_counts_the_own_unit_alone(app, house):
    units = rows_of(visitor(app, CHEF).get(PATH), "Per enhet")
    assert units == {"Vuxen": (2, 1, 3, 3), "Vuxen 1": (1, 0, 1, 1), "Alla": (2, 1, 3, 3)}


def test_what_takes_a_step_does_not_stand_still(app, house):
    record_id = reported("deviations", "Barn")
    step("deviations", record_id, "receive", house)
    assert rows_of(visitor(app, QUALITY).get(PATH), "Per enhet")["Barn"] == (0, 2, 2, 0)


def test_other_months_are_asked_for_in_the_address_and_nonsense_is_now(app, house):
    client = visitor(app, QUALITY)
    page = client.get(f"{PATH}?till=2025-03")
    assert "April 2024 till mars 2025" in page.text
    assert page.table("Per kategori").rows[-1][-1].split(" ")[0] == "1"
    assert "April 2025 till mars 2026" in client.get(f"{PATH}?till=9999-99").text


def test_the_file_says_what_the_page_does(app, house):
    lines = visitor(app, QUALITY).get(f"{PATH}/export.csv?till=2026-03").data.decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "tabell;rad;2025-04;2025-05;2025-06;2025-07;2025-08;2025-09;2025-10;2025-11;2025-12;2026-01;2026-02;2026-03;"
        "summa"
    )
    assert "Per enhet;Vuxen;0;0;0;0;0;0;0;0;0;2;0;1;3" in lines
    assert "Per orsaksområde;Utan orsaksområde;0;0;0;0;0;0;0;0;0;1;0;2;3" in lines


def test_a_filter_that_has_no_field_is_told_and_kept_as_the_list_is_filtered_further(app, house):
    client = visitor(app, QUALITY)
    page = client.get("/avvikelser?slag=tillbud&allvarlighet=3")
    assert "Bara tillbud, allvarlighet 3." in page.text
    assert len(page.table("Avvikelser").rows) == 1
    page = client.submit({"fran": "2026-02-01"}, form="fran")
    assert "slag=tillbud" in page.path
    assert "Inget passar filtret" in page.text
    for nothing in ("slag=nonsens&utan=allt", "allvarlighet=0", "allvarlighet=99999", "sannolikhet=99999"):
        assert len(client.get(f"/avvikelser?{nothing}").table("Avvikelser").rows) == 5
    cause = code_id(CodeList.DEVIATION_CAUSE, "Samverkan")
    lines = client.get(f"/avvikelser/export.csv?orsak={cause}").data.decode("utf-8-sig").splitlines()
    assert [line.partition(";")[0] for line in lines[1:]] == ["A-2026-0001"]
