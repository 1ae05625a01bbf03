"""What the committee is called stands on the quarter's page and heads the files that leave the house."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.factories import PASSWORD, make_user
from tests.reports.reviewing import taken_out
from tests.support.checks import text_of
from tracker.accounts import approving
from tracker.database import db, writer
from tracker.rules.permissions import Role

TODAY = date(2022, 2, 15)
QUARTER = "/rapporter/kvartal/2021/4"
NAME = "Socialnämnden i Sundby"


@pytest.fixture
def officer(app, client, frozen_day):
    frozen_day(TODAY)
    client.sign_in(make_user("eva@kommun.example", Role.CASE_OFFICER).email, PASSWORD)
    return client


def name_it(name: str) -> None:
    with writer():
        approving.name_committee(name, TODAY)
        db.session.commit()


def lead(page) -> str:
    return next(text_of(element) for element in page.tree.iter("p") if element.get("class") == "lead-line")


def summary(page) -> dict[str, object]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(page.data)).get_sheet_by_name("Sammanställning").to_python()
    return {str(row[0]): row[1] for row in rows}


def test_the_page_begins_with_the_committee_once_it_has_a_name(officer):
    assert lead(officer.get(QUARTER)).startswith("Avstämningsdatum 31 december 2021")
    name_it(NAME)
    assert lead(officer.get(QUARTER)).startswith(f"{NAME} · Avstämningsdatum 31 december 2021")


@pytest.mark.parametrize(
    ("audience", "headed"), [("namnd", True), ("revisor", True), ("fullmaktige", True), ("intern", False)]
)
def test_the_workbook_for_others_is_headed_by_it(officer, audience, headed):
    address = f"{QUARTER}/export.xlsx?mottagare={audience}"
    assert "nämnd" not in summary(taken_out(officer, address))
    name_it(NAME)
    found = summary(taken_out(officer, address))
    assert found.get("nämnd") == (NAME if headed else None)
    assert found["rubrik"] == "Ej verkställda beslut, kvartal 4 2021"


def test_the_document_for_programs_keeps_its_keys(officer):
    before = taken_out(officer, f"{QUARTER}/export.json?mottagare=namnd").data
    name_it(NAME)
    assert taken_out(officer, f"{QUARTER}/export.json?mottagare=namnd").data == before
