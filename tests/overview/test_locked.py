"""The start page of those who read locked reports and keep no register: what has been locked last."""

from datetime import date, time

import pytest

from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.frozen.locking import lock, lock_released
from tests.reports.locked_quality import lock_quality_year
from tests.support.pages import PageClient

TITLE = "Senast låsta rapporter"


@pytest.fixture
def lead(app, frozen_day):
    """A register with one clock, and who locks its reports on 15 and 16 February 2022."""
    frozen_day(date(2022, 2, 15))
    make_decisions([{"ref": "B-1", "beslutsdatum": "2021-07-01"}])
    found = make_user("las@kommun.example", "kvalitet").id
    lock(found, 2021, 3)
    lock_quality_year(found)
    frozen_day(date(2022, 2, 16), time(23, 30))  # past midnight in Sweden
    lock_released(found, 2021, 4)
    return found


def start_of(app, role, unit=None):
    visitor = PageClient(app)
    visitor.sign_in(make_user(f"{role}@kommun.example", role, unit=unit).email, PASSWORD)
    visitor.get("/")
    return visitor


@pytest.mark.parametrize("role", ["revisor", "namnd", "sekreterare"])
def test_the_latest_stand_first_and_lead_to_their_pages(app, lead, role):
    visitor = start_of(app, role)
    assert visitor.page.table(TITLE).rows == [
        ["Ej verkställda beslut, kvartal 4 2021", "2022-02-17", "1"],
        ["Kvalitet 2021", "2022-02-15", "1"],
        ["Ej verkställda beslut, kvartal 3 2021", "2022-02-15", "1"],
    ]
    assert visitor.click("Ej verkställda beslut, kvartal 4 2021").heading == "Ej verkställda beslut, kvartal 4 2021"
    assert "2022-02-17" in visitor.get("/rapporter").text


def test_a_corrected_one_stands_once_as_its_newest_version(app, lead):
    lock(lead, 2021, 4, reason="Fel dag")
    title = "Ej verkställda beslut, kvartal 4 2021"
    rows = start_of(app, "revisor").page.table(TITLE).rows
    assert [row for row in rows if "kvartal 4" in row[0]] == [[title, "2022-02-17", "2"]]


def test_whoever_holds_the_role_for_a_part_of_the_house_finds_no_quarter(app, lead):
    make_unit("Vuxen")
    page = start_of(app, "revisor", unit="Vuxen").page
    assert page.table(TITLE).column("Rapport") == ["Kvalitet 2021"]


def test_who_works_in_a_register_has_that_and_no_such_list(app, lead):
    assert TITLE not in start_of(app, "handlaggare").page.text
