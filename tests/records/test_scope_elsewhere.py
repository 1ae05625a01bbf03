"""The same scope where rows are written from a file and where a report lists them."""

import json
from datetime import date

import pytest

from tests.decisions.lists import csv_rows
from tests.decisions.running import Office, decision, run
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.records.granting import close, name, protect, void
from tests.reports.reviewing import taken_out
from tests.support.pages import PageClient
from tracker.rules.permissions import Role

TODAY = date(2022, 2, 15)
EVA, BO = "eva@kommun.example", "bo@kommun.example"
QUARTER = "/rapporter/kvartal/2021/4"
TAKEN = "rad 2, kolumn ref: referensen används redan. Skriv en som inget annat beslut har."
VOIDED = (
    "rad 2, kolumn ref: beslutet är makulerat och ändras inte mer. Ta bort raden, eller ge beslutet en ny referens."
)


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """Two handläggare; of Vuxen's decisions one is closed to Eva, two are protected, one of these given to her."""
    frozen_day(TODAY)
    make_unit("Barn")
    for email in (EVA, BO):
        make_user(email, Role.CASE_OFFICER)
    rows = [{"ref": ref, "insats": f"Insats {ref}", "enhet": "Vuxen"} for ref in ("open", "closed", "hers", "his")]
    make_decisions([*rows, {"ref": "gone", "enhet": "Vuxen"}, {"ref": "gone-his", "enhet": "Vuxen"}], today=TODAY)
    close("closed", EVA)
    protect("hers", EVA)
    protect("his", BO)
    protect("gone-his", BO)
    void("gone")
    void("gone-his")
    return Office(app, tmp_path)


@pytest.mark.parametrize(("ref", "told"), [("closed", TAKEN), ("his", TAKEN), ("gone", VOIDED), ("gone-his", TAKEN)])
def test_a_row_for_what_the_importer_does_not_see_is_refused_and_tells_nothing(office, ref, told):
    row = f"ref;insats;beslutsdatum;utforare\n{ref};Kontaktperson;2021-01-07;Nytt AB\n"
    assert office.refused(row, "--by", EVA) == [told]


@pytest.mark.parametrize("ref", ["open", "hers"])
def test_a_row_for_what_the_importer_sees_is_imported(office, ref):
    row = f"ref;insats;beslutsdatum;utforare\n{ref};Insats {ref};2021-01-07;Nytt AB\n"
    assert office.imports(row, "--by", EVA) == "0 nya, 1 ändrade, 0 oförändrade"
    assert (decision(ref).provider, decision(ref).mark) == ("Nytt AB", 1 if ref == "hers" else 0)


@pytest.mark.parametrize("ref", ["open", "closed", "hers", "his"])
def test_nothing_but_what_is_voided_is_closed_to_the_command_line(office, ref):
    row = f"ref;insats;beslutsdatum;utforare\n{ref};Insats {ref};2021-01-07;Nytt AB\n"
    assert office.imports(row) == "0 nya, 1 ändrade, 0 oförändrade"
    assert office.refused(row.replace(ref, "gone")) == [VOIDED]


def test_a_report_lists_what_is_given_by_name_and_counts_all_that_is_not_voided(office):
    visitor = PageClient(office.app)
    visitor.sign_in(EVA, PASSWORD)
    page = visitor.get(QUARTER)
    assert page.table("Nya att rapportera").column("Beslut") == ["hers", "open"]
    assert "2 skyddade visas inte, men räknas med i talen." in page.text
    found = json.loads(visitor.get(f"{QUARTER}/export.json").data)
    assert (found["counts"]["new"], found["rows_left_out"]) == (4, 2)
    assert [row["ref"] for row in found["rows"]] == ["hers", "open"]
    assert {row["ref"] for row in csv_rows(visitor.get(f"{QUARTER}/export.csv"))} == {"hers", "open"}


@pytest.mark.parametrize("audience", ["namnd", "revisor"])
def test_what_leaves_the_house_lists_no_protected_one_named_or_not(office, audience):
    visitor = PageClient(office.app)
    visitor.sign_in(EVA, PASSWORD)
    found = json.loads(taken_out(visitor, f"{QUARTER}/export.json?mottagare={audience}").data)
    assert (found["counts"]["new"], found["rows_left_out"]) == (4, 3)
    assert [row["insats"] for row in found["rows"]] == ["Insats open"]


def test_the_command_lists_for_its_user_what_the_page_does(office):
    found = json.loads(run(office.app, "report", "quarter", 2021, 4, "--by", EVA).out)
    assert [row["ref"] for row in found["rows"]] == ["hers", "open"]
    found = json.loads(run(office.app, "report", "quarter", 2021, 4).out)
    assert [row["ref"] for row in found["rows"]] == ["closed", "open"], "nobody is named, and nothing closed"


def test_what_is_given_from_beyond_the_reach_is_read_but_not_written(office):
    make_user("barn@kommun.example", Role.CASE_OFFICER, unit="Barn")
    name("open", "barn@kommun.example")
    row = "ref;insats;beslutsdatum;utforare\nopen;Insats open;2021-01-07;Nytt AB\n"
    assert office.refused(row, "--by", "barn@kommun.example") == [TAKEN]
