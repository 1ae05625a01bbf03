"""The year of quality in figures: published totals, boundary days, and every file."""

import pytest
from python_calamine import CalamineWorkbook

from tests.cases.published_year import lines, publish
from tests.decisions.running import run
from tests.factories import PASSWORD, make_unit, make_user
from tests.reports.reading import pdf_text, squeezed, word_parts
from tests.support.pages import PageClient


@pytest.fixture
def published(office):
    publish(office)
    return office


def test_the_published_totals(published):
    found = published.report(2021)
    assert found["lex_sarah"] == {
        "received": 93, "decided": 93, "in_time": 69, "open": 4, "ivo_notified": 9,
        "by_unit": [
            {"unit": "Vuxen 2", "received": 44}, {"unit": "Vuxen 1", "received": 26}, {"unit": "Barn", "received": 23},
        ],
        "by_assessment": {"inget": 84, "risk": 0, "missforhallande": 0, "risk_allvarligt": 0, "allvarligt": 9},
    }  # fmt: skip
    assert found["deviations"] == {
        "opening": 22, "received": 115, "closed": 59, "closed_received_this_year": 37, "closing": 78,
    }  # fmt: skip
    assert found["actions"] == {"completed": 78, "open": 44, "overdue": 3}
    assert found["complaints"] == {
        "received": 22, "answered": 18, "in_time": 17, "share_of_all": 0.772727, "share_of_due": 0.894737,
    }  # fmt: skip
    assert (found["report"], found["year"], found["cutoff"]) == ("quality", 2021, "2021-12-31")


def test_every_file_and_the_page_say_the_same(published, app, tmp_path):
    names = ["json", "csv", "xlsx", "docx", "pdf"]
    for name in names:
        ran = run(app, "report", "quality", 2021, "--format", name, "--output", tmp_path / f"k.{name}")
        assert ran.code == 0, ran.err
    csv = (tmp_path / "k.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "Lex Sarah;Utredda inom två månader (eget mål);69;" in csv
    assert "Synpunkter och klagomål;Andel av alla;;77,3 %" in csv
    rows = CalamineWorkbook.from_path(str(tmp_path / "k.xlsx")).get_sheet_by_index(0).to_python()
    assert ["Avvikelser", "Öppna vid avstämningsdatum", 78] in [row[:3] for row in rows]
    word = {one.heading: one for one in word_parts((tmp_path / "k.docx").read_bytes())}
    assert word["Lex Sarah"].tables == [[
        ["Uppgift", "Antal"], ["Inkomna", "93"], ["Beslutade", "93"], ["Utredda inom två månader (eget mål)", "69"],
        ["Andel av de beslutade inom två månader", "74,2 %"], ["Öppna vid avstämningsdatum, oavsett år", "4"],
        ["Anmälda till IVO", "9"],
    ]]  # fmt: skip
    assert word["Avvikelser"].texts == ["22 ingående + 115 inkomna − 59 avslutade = 78 utgående."]
    assert [row[1] for row in word["Avvikelser"].tables[0][1:]] == ["22", "115", "59", "37", "78"]
    assert [row[1] for row in word["Åtgärder"].tables[0][1:]] == ["78", "44", "3"]
    assert word["Synpunkter och klagomål"].texts == ["17 av 22 besvarades inom tio dagar. Beröm räknas ej."]
    assert [row[1] for row in word["Synpunkter och klagomål"].tables[0][1:]] == ["22", "18", "17", "77,3 %", "89,5 %"]
    paper = pdf_text((tmp_path / "k.pdf").read_bytes())
    for said in (
        "93 rapporter kom in. 69 av 93 beslutade utreddes inom två månader (eget mål).",
        "Anmälda till IVO 9",
        "22 ingående + 115 inkomna − 59 avslutade = 78 utgående.",
        "Genomförda under året 78",
        "Beslutade och inte genomförda 44",
        "Varav försenade 3",
        "17 av 22 besvarades inom tio dagar.",
    ):
        assert squeezed(said) in paper
    visitor = PageClient(app)
    visitor.sign_in(make_user("eva@kommun.example", "kvalitet").email, PASSWORD)
    page = visitor.get("/rapporter/kvalitet/2021")
    assert "22 ingående + 115 inkomna − 59 avslutade = 78 utgående." in page.text
    assert "69 av 93 beslutade utreddes inom två månader (eget mål)." in page.text
    assert page.table("Synpunkter och klagomål").rows[-2:] == [
        ["Andel av alla", "77,3 %"], ["Andel av dem vars tionde dag har passerat, eller som är besvarade", "89,5 %"],
    ]  # fmt: skip
    assert visitor.get("/rapporter/kvalitet/2021/export.json").data == (tmp_path / "k.json").read_bytes()


@pytest.mark.parametrize(
    ("cutoff", "counts"),
    [
        # Reported on 10 June, closed on the 20th: neither exists before its day.
        ("2021-06-09", (1, 0, 0, 0, 1)),
        ("2021-06-10", (1, 1, 0, 0, 2)),
        ("2021-06-19", (1, 1, 0, 0, 2)),
        ("2021-06-20", (1, 1, 1, 1, 1)),
        # The old one, closed on 1 July.
        ("2021-06-30", (1, 1, 1, 1, 1)),
        ("2021-07-01", (1, 1, 2, 1, 0)),
    ],
)
def test_an_avvikelse_is_counted_from_its_day(office, cutoff, counts):
    office.imports("deviations", lines(
        "ref;rapporterad;avslutad", ("N", "2021-06-10", "2021-06-20"), ("G", "2020-12-31", "2021-07-01"),
    ))  # fmt: skip
    found = office.report(2021, "--cutoff", cutoff)["deviations"]
    names = ("opening", "received", "closed", "closed_received_this_year", "closing")
    assert tuple(found[name] for name in names) == counts
    assert found["opening"] + found["received"] - found["closed"] == found["closing"]


def test_an_old_one_that_was_closed_on_new_years_day_was_open_when_the_year_began(office):
    office.imports("deviations", lines(
        "ref;rapporterad;avslutad", ("A", "2020-12-31", "2021-01-01"), ("B", "2020-12-30", "2020-12-31"),
    ))  # fmt: skip
    found = office.report(2021)["deviations"]
    assert (found["opening"], found["closed"], found["closing"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("cutoff", "in_time", "decided", "still"),
    [("2021-02-27", 0, 0, 1), ("2021-02-28", 1, 1, 0), ("2021-03-01", 1, 1, 0)],
)
def test_two_months_from_the_last_of_december_end_with_february(office, cutoff, in_time, decided, still):
    # Received on the year's first day: two months end on 1 March; decided the day before that.
    office.imports("lex-sarah", lines("ref;mottagen;beslutad", ("1", "2021-01-01", "2021-02-28")))
    found = office.report(2021, "--cutoff", cutoff)["lex_sarah"]
    assert (found["in_time"], found["decided"], found["open"]) == (in_time, decided, still)


def test_a_case_that_is_closed_without_decision_is_not_open(office):
    office.imports("lex-sarah", lines("ref;mottagen;avslutad", ("1", "2021-01-01", "2021-03-01")))
    found = office.report(2021)["lex_sarah"]
    assert (found["received"], found["decided"], found["open"]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("cutoff", "share_of_due"),
    # Received 1 June: the tenth day is the 11th. On that day it is not due yet, the day after it is.
    [("2021-06-10", None), ("2021-06-11", None), ("2021-06-12", 0.0)],
)
def test_what_is_not_due_yet_is_left_out_of_the_share_of_due(office, cutoff, share_of_due):
    office.imports("complaints", lines("ref;mottagen", ("S", "2021-06-01")))
    found = office.report(2021, "--cutoff", cutoff)["complaints"]
    assert (found["share_of_all"], found["share_of_due"]) == (0.0, share_of_due)


def test_an_empty_year_has_no_shares(office):
    found = office.report(2019)
    assert found["complaints"] == {
        "received": 0, "answered": 0, "in_time": 0, "share_of_all": None, "share_of_due": None,
    }  # fmt: skip
    assert found["lex_sarah"]["by_unit"] == []


def test_a_cutoff_outside_the_year_is_refused(office, app):
    ran = run(app, "report", "quality", 2021, "--cutoff", "2022-01-01")
    assert ran.code == 1
    assert "ligger inte i 2021" in ran.err
    visitor = PageClient(app)
    visitor.sign_in(make_user("eva@kommun.example", "kvalitet").email, PASSWORD)
    page = visitor.get("/rapporter/kvalitet/2021?avstamning=2022-01-01", status=422)
    assert "Avstämningsdatum 2022-01-01 ligger inte i 2021. Välj en dag i det året." in page.text
    page = visitor.get("/rapporter/kvalitet/2021?avstamning=igår", status=422)
    assert "Skriv avstämningsdatum som 2026-03-31." in page.text


def test_who_reaches_a_part_of_the_house_counts_that_part(office, app):
    for name in ("Vuxen", "Barn"):
        make_unit(name)
    office.imports("deviations", "ref;enhet;rapporterad\nA;Vuxen;2021-03-01\nB;Barn;2021-03-01\nC;Barn;2021-03-01\n")
    make_user("bo@kommun.example", "kvalitet", unit="Barn")
    assert office.report(2021)["deviations"]["received"] == 3
    assert office.report(2021, "--by", "bo@kommun.example")["deviations"]["received"] == 2


def test_the_programs_own_template_is_made_by_its_script():
    from scripts.quality_template import template
    from tracker.reports.rendering.quality import TEMPLATE

    assert TEMPLATE.read_bytes() == template()
