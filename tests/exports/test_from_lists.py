"""The way from a list to its file: at once where it is short, by asking where it is long."""

import pytest

from tests.actions.making import make_action
from tests.control.making import make_control
from tests.exports.ordering import count_jobs, reads_of_files
from tests.factories import make_decisions
from tracker.rules.permissions import Role
from tracker.rules.trail import Purpose

MORE_THAN_ARE_COUNTED = 1_001


def test_a_list_that_is_counted_leads_to_the_direct_address(house):
    anna, _ = house.visitor()
    page = anna.get("/beslut?ref=B")
    assert page.form("andamal").get("action") == "/beslut/export.xlsx"


def test_a_list_that_is_longer_asks_with_its_filter_and_what_the_file_is_for(house):
    make_decisions([{"ref": f"C-{number:04}"} for number in range(MORE_THAN_ARE_COUNTED)])
    anna, _ = house.visitor()
    anna.get("/beslut?ref=C&status=ej-verkstallda")
    chosen = Purpose.AUDIT.value
    page = anna.submit({"andamal": chosen, "format": "csv"})
    assert page.heading == "Exporten väntar"
    house.make()
    place = page.path
    lines = anna.get(f"{place}/fil").text.splitlines()
    assert len(lines) == 1 + MORE_THAN_ARE_COUNTED
    (read,) = reads_of_files()
    assert (read.row_count, read.purpose) == (MORE_THAN_ARE_COUNTED, chosen)
    assert "status=ej-verkstallda" in read.selection


def test_a_list_of_several_pages_that_turns_out_short_is_given_at_once(house, monkeypatch):
    monkeypatch.setattr("tracker.exports.making.LONG", 5_000)
    risk, _ = make_control()
    for _ in range(26):
        make_action(risk)
    lena, _ = house.visitor("lena@kommun.example", Role.QUALITY_LEAD)
    page = lena.get("/atgarder?vems=alla&kolumner=nummer,enhet")
    asked = [form for form in page.tree.iter("form") if form.get("action") == "/exporter"]
    told = [form.find(".//input[@name='fraga']").get("value") for form in asked]
    assert told == ["kolumner=nummer%2Cenhet", "kolumner=nummer%2Cenhet", ""]  # as shown, as shown, and all of it
    lena.get("/atgarder?vems=alla")
    file = lena.submit({"format": "csv"})
    assert len(file.text.splitlines()) == 1 + 26
    assert (file.response.mimetype, count_jobs()) == ("text/csv", 0)


@pytest.mark.parametrize(
    ("query", "many", "expected"),
    [
        ({}, False, 'href="/x/export.csv"'),
        ({"lista": "å b"}, False, 'href="/x/export.xlsx?lista=%C3%A5+b"'),
        ("a=1&b=2", False, 'href="/x/export.csv?a=1&amp;b=2"'),
        ({"lista": "å"}, True, 'name="fraga" value="lista=%C3%A5"'),
        ("a=1&b=2", True, 'name="fraga" value="a=1&amp;b=2"'),
    ],
)
def test_the_links_carry_the_filter(house, query, many, expected):
    with house.app.test_request_context():
        macro = house.app.jinja_env.get_template("exports/links.html").module.export_links
        assert expected in str(macro("/x/export", query, many))
