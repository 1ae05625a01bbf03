"""A decision that replaces another: within reach, without circles, and the wait in all stands on the page."""

from datetime import date

import pytest

from tests.decisions.lists import number_of
from tests.decisions.test_correcting import errors_on
from tests.decisions.test_timeline import standing
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.records.granting import close, version_of, void
from tests.support.pages import PageClient
from tracker.rules.permissions import Role

TODAY = date(2021, 9, 1)


@pytest.fixture
def officer(app, client, frozen_day):
    """A handläggare of Vuxen; the first decision was closed as the second was made, another lies in Barn."""
    frozen_day(TODAY)
    make_unit("Barn")
    make_decisions(
        [
            {"ref": "B-01", "enhet": "Vuxen", "beslutsdatum": "2021-01-07", "avslutad": "2021-06-01"},
            {"ref": "B-02", "enhet": "Vuxen", "beslutsdatum": "2021-06-01"},
            {"ref": "B-03", "enhet": "Vuxen", "beslutsdatum": "2021-08-01"},
            {"ref": "C-01", "enhet": "Barn", "beslutsdatum": "2020-01-01"},
        ],
        today=TODAY,
    )
    client.sign_in(make_user("eva@kommun.example", Role.CASE_OFFICER, unit="Vuxen").email, PASSWORD)
    return client


def replace(visitor: PageClient, newer: str, older: str, status: int = 200):
    visitor.get(f"/beslut/{number_of(newer)}/ersatter")
    return visitor.submit({"ersatter": older}, status=status)


def test_the_wait_in_all_is_shown_and_both_lead_to_each_other(officer):
    page = replace(officer, "B-02", "B-01")
    # 24 + 28 + 31 + 30 + 31 + 30 + 31 + 31 + 1 days from 7 January to 1 September.
    assert "Sammanlagd väntan: 237 dagar, räknat från 7 januari 2021 över 2 beslut." in standing(page)
    assert "Ej verkställt, 92 dagar hittills." in standing(page)
    page = officer.click("B-01")
    assert (page.heading, "Ersatt av" in page.text, "B-02" in page.links) == ("Beslut B-01", True, True)
    assert "Sammanlagd" not in page.text


def test_a_chain_is_followed_to_its_beginning(officer):
    replace(officer, "B-02", "B-01")
    page = replace(officer, "B-03", "B-02")
    assert "237 dagar, räknat från 7 januari 2021 över 3 beslut" in standing(page)


@pytest.mark.parametrize(
    ("older", "told"),
    [
        ("B-02", "kan inte ersätta sig självt"),
        ("B-03", "efter det här"),
        ("C-01", "inget beslut med den ref som du når"),
        ("X-99", "inget beslut med den ref som du når"),
        ("", "Det står redan så"),
    ],
)
def test_what_it_cannot_replace_is_told_beside_the_field(officer, older, told):
    assert told in errors_on(replace(officer, "B-02", older, status=422))
    assert version_of(number_of("B-02")) == 1


def test_there_are_no_circles(officer):
    make_decisions([{"ref": "B-00", "enhet": "Vuxen", "beslutsdatum": "2021-01-07"}], today=TODAY)
    replace(officer, "B-01", "B-00")
    assert "ersätter redan det här" in errors_on(replace(officer, "B-00", "B-01", status=422))


def test_it_can_be_taken_back_and_the_history_tells_it(officer):
    replace(officer, "B-02", "B-01")
    page = replace(officer, "B-02", "")
    assert "Sammanlagd" not in page.text
    assert page.text.count("Ersätter beslut") == 2


def test_what_the_reader_does_not_see_is_neither_named_nor_counted_nor_changed(officer, app):
    replace(officer, "B-02", "B-01")
    other = PageClient(app)
    other.sign_in(make_user("jav@kommun.example", Role.CASE_OFFICER, unit="Vuxen").email, PASSWORD)
    close("B-01", "jav@kommun.example")
    page = other.get(f"/beslut/{number_of('B-02')}")
    assert "ett beslut som du inte ser" in page.text
    assert "Sammanlagd" not in page.text
    assert "B-01" not in other.get(f"/beslut/{number_of('B-02')}/ersatter").response.text
    assert "Den som ser båda kan ändra det" in errors_on(replace(other, "B-02", "B-01", status=422))


def test_one_that_was_voided_can_be_replaced_by_another(officer):
    make_decisions([{"ref": "B-00", "enhet": "Vuxen", "beslutsdatum": "2021-01-01"}], today=TODAY)
    replace(officer, "B-02", "B-01")
    void("B-01")
    assert "räknat från 1 januari 2021" in standing(replace(officer, "B-02", "B-00"))
