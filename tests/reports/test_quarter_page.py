"""The quarter's page: the published figures and rows, the figures' links, the picture, wrong days, and whose part."""

from datetime import date

import pytest

from tests.decisions.lists import value_of
from tests.decisions.running import run
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.reports.test_published_figures import PUBLISHED
from tests.support.checks import SVG, text_of
from tests.support.pages import PageClient

TODAY = date(2022, 2, 15)
QUARTER = "/rapporter/kvartal/2021/4"
PUBLISHED_DAYS = "?avstamning=2022-01-31&foregaende=2021-10-31"
EXECUTED, CLOSED = "Återrapportering, verkställda", "Återrapportering, avslutade utan verkställighet"
STILL, NEW = "Återrapportering, ännu inte verkställda", "Nya att rapportera"
LATE_EXECUTED, LATE_CLOSED = "Sent verkställda, ej tidigare rapporterade", "Sent avslutade, ej tidigare rapporterade"
NO_HOME, NO_PROVIDER = "Resursbrist: lägenhet saknas", "Resursbrist: utförare saknas"
NO_ORDER, WISHES = "Uppdrag ej skickat till utförare", "Särskilda önskemål om utförare"
NO_THANKS, ELSEWHERE = "Enskild har tackat nej", "Enskild vårdas på annat håll"

# Every row of the published report: by class, then start. Days are counted from the start to the end, or to 31 January.
ROWS = {
    EXECUTED: [
        ("B-01", "Kontaktperson", "2020-11-23", "2021-02-23", "2021-11-21", "363", "Annan pågående utredning"),
        ("B-02", "Kontaktperson", "2021-01-07", "2021-04-07", "2021-12-13", "340", NO_ORDER),
        ("B-03", "Sysselsättning", "2021-02-16", "2021-05-16", "2021-11-04", "261", NO_THANKS),
        ("B-04", "Träningslägenhet", "2021-03-16", "2021-06-16", "2021-11-04", "233", NO_HOME),
        ("B-05", "Träningslägenhet", "2021-03-30", "2021-06-30", "2021-11-03", "218", NO_HOME),
        ("B-06", "Träningslägenhet", "2021-04-15", "2021-07-15", "2021-12-30", "259", NO_HOME),
        ("B-08", "Sysselsättning", "2021-04-21", "2021-07-21", "2021-09-27", "159", "Den enskildes hälsa"),
        ("B-07", "Kontaktperson", "2021-04-28", "2021-07-28", "2021-11-10", "196", WISHES),
        ("B-09", "Öppenvård", "2021-05-06", "2021-08-06", "2021-11-10", "188", NO_ORDER),
        ("B-10", "Kontaktperson", "2021-06-24", "2021-09-24", "2021-11-17", "146", NO_PROVIDER),
    ],
    CLOSED: [
        ("B-11", "Träningslägenhet", "2021-05-25", "2021-08-25", "2021-12-31", "220", "Enskild nås inte"),
        ("B-12", "Boendestöd", "2021-07-29", "2021-10-29", "2021-12-31", "155", "Annan insats beviljad"),
    ],
    STILL: [
        ("B-13", "Kontaktperson", "2020-10-26", "2021-01-26", "462", NO_ORDER),
        ("B-14", "Kontaktperson", "2020-12-10", "2021-03-10", "417", WISHES),
        ("B-15", "Träningslägenhet", "2021-02-23", "2021-05-23", "342", NO_HOME),
        ("B-16", "Träningslägenhet", "2021-03-09", "2021-06-09", "328", NO_HOME),
        ("B-17", "Träningslägenhet", "2021-03-23", "2021-06-23", "314", NO_HOME),
        ("B-18", "Träningslägenhet", "2021-03-30", "2021-06-30", "307", NO_THANKS),
        ("B-19", "Kontaktperson", "2021-04-07", "2021-07-07", "299", "Enskild har ställt in uppstart"),
        ("B-20", "Kontaktperson", "2021-04-13", "2021-07-13", "293", WISHES),
        ("B-21", "Träningslägenhet", "2021-04-13", "2021-07-13", "293", NO_HOME),
        ("B-22", "Träningslägenhet", "2021-04-29", "2021-07-29", "277", NO_HOME),
        ("B-23", "Träningslägenhet", "2021-05-28", "2021-08-28", "248", NO_HOME),
        ("B-24", "Bostad med särskild service", "2021-06-17", "2021-09-17", "228", ELSEWHERE),
        ("B-25", "Träningslägenhet", "2021-06-29", "2021-09-29", "216", NO_THANKS),
        ("B-26", "Kontaktperson", "2021-07-01", "2021-10-01", "214", NO_PROVIDER),
        ("B-27", "Öppenvård", "2021-07-13", "2021-10-13", "202", ELSEWHERE),
        ("B-28", "Träningslägenhet", "2021-07-16", "2021-10-16", "199", NO_HOME),
    ],
    NEW: [
        ("B-29", "Kontaktfamilj", "2021-08-26", "2021-11-26", "158", NO_PROVIDER),
        ("B-30", "Kontaktfamilj", "2021-08-31", "2021-11-30", "153", NO_PROVIDER),  # November has no 31st
        ("B-31", "Kontaktfamilj", "2021-09-01", "2021-12-01", "152", NO_PROVIDER),
        ("B-32", "Träningslägenhet", "2021-09-20", "2021-12-20", "133", NO_HOME),
        ("B-33", "Träningslägenhet", "2021-09-29", "2021-12-29", "124", NO_HOME),
    ],
}
MARKS = {EXECUTED: "✓ Verkställt", CLOSED: "— Avslutat", STILL: "■ Ej verkställt", NEW: "■ Ej verkställt"}
GROUPS = [
    # insats, klocka, kön, six classes, median and longest, from the rows above.
    ["Boendestöd", "Beslut", "–", "0", "1", "0", "0", "0", "0", "155", "155"],
    ["Bostad med särskild service", "Beslut", "–", "0", "0", "1", "0", "0", "0", "228", "228"],
    ["Kontaktfamilj", "Beslut", "–", "0", "0", "0", "3", "0", "0", "153", "158"],
    ["Kontaktperson", "Beslut", "–", "4", "0", "5", "0", "0", "0", "299", "462"],
    ["Sysselsättning", "Beslut", "–", "2", "0", "0", "0", "0", "0", "210", "261"],
    ["Träningslägenhet", "Beslut", "–", "3", "1", "9", "2", "0", "0", "248", "342"],
    ["Öppenvård", "Beslut", "–", "1", "0", "1", "0", "0", "0", "195", "202"],
    ["Alla", "–", "–", "10", "2", "16", "5", "0", "0", "228", "462"],
]


@pytest.fixture
def officer(app, client, frozen_day):
    """A handläggare of the whole organisation, signed in on 15 February 2022."""
    frozen_day(TODAY)
    client.sign_in(make_user("handlaggare@kommun.example", "handlaggare").email, PASSWORD)
    return client


@pytest.fixture
def published(officer):
    """The officer with the published list in the register."""
    assert run(officer.app, "import", "decisions", PUBLISHED).last == "33 nya, 0 ändrade, 0 oförändrade"
    return officer


def figures_on(page) -> list[tuple[str, str]]:
    """The figures at the top: each number with its words, and where it leads."""
    lists = [element for element in page.tree.iter("ul") if "figures" in (element.get("class") or "").split()]
    return [(text_of(link), link.get("href")) for one in lists for link in one.iter("a")]


def section_ids(page) -> list[str]:
    """The ids of the sections that list a class, in the page's order."""
    labelled = {"executed", "closed", "still_unexecuted", "new", "late_executed", "late_closed"}
    return [element.get("id") for element in page.tree.iter("section") if element.get("id") in labelled]


def rows_behind(visitor, page, href: str) -> int:
    """How many rows the list holds that a figure leads to, on all its pages."""
    if href.startswith("#"):
        (section,) = (element for element in page.tree.iter("section") if element.get("id") == href[1:])
        return len([row for body in section.iter("tbody") for row in body.iter("tr")])
    found = 0
    page = visitor.get(href)
    while True:
        found += len(page.table(page.heading).rows) if "Skäl till dröjsmålet" in page.text else 0
        if "Fler rader" not in page.links:
            return found
        page = visitor.click("Fler rader")


class TestPublished:
    """The list that a committee has published gives on the page what was published."""

    def test_the_four_figures_are_the_published_ones(self, published):
        page = published.get(QUARTER + PUBLISHED_DAYS)
        assert page.heading == "Ej verkställda beslut, kvartal 4 2021"
        assert "Avstämningsdatum 31 januari 2022 · föregående 31 oktober 2021 · utkast" in page.text
        assert [text for text, _ in figures_on(page)] == [
            "10 verkställda sedan förra rapporten", "2 avslutade utan verkställighet", "16 ännu inte verkställda",
            "5 nya att rapportera",
        ]  # fmt: skip
        assert section_ids(page) == ["executed", "closed", "still_unexecuted", "new"]
        assert "saknas i rapporterna" not in page.text

    @pytest.mark.parametrize("heading", ROWS)
    def test_every_row_stands_under_its_heading(self, published, heading):
        page = published.get(QUARTER + PUBLISHED_DAYS)
        assert f"{heading}, {len(ROWS[heading])}" in page.text
        assert page.table(heading).rows == [[*row, MARKS[heading]] for row in ROWS[heading]]

    def test_the_columns_say_when_it_ended_only_where_something_has(self, published):
        page = published.get(QUARTER + PUBLISHED_DAYS)
        shared = ["Beslut", "Insats", "Beslutsdatum", "Tre månader"]
        end = ["Väntetid, dagar", "Skäl till dröjsmålet", "Status"]
        assert page.table(EXECUTED).head == [*shared, "Verkställt", *end]
        assert page.table(CLOSED).head == [*shared, "Avslutat", *end]
        assert page.table(STILL).head == page.table(NEW).head == [*shared, *end]

    def test_each_figure_leads_to_as_many_rows(self, published):
        page = published.get(QUARTER + PUBLISHED_DAYS)
        for text, href in figures_on(page):
            assert rows_behind(published, page, href) == int(text.split()[0]), text

    def test_groups_are_those_of_the_rows_and_sum_to_the_figures(self, published):
        table = published.get(QUARTER + PUBLISHED_DAYS).table("Antal klockor per insats")
        assert table.rows == GROUPS
        for place in range(3, 9):
            assert sum(int(row[place]) for row in table.rows[:-1]) == int(table.rows[-1][place])

    def test_the_picture_shows_the_numbers_of_the_table_beside_it(self, published):
        page = published.get(QUARTER + PUBLISHED_DAYS)
        # Of the rows above: two have waited 13 whole months or more (B-13, B-14), six 10–12 (B-01, B-02, B-15–B-18),
        # twelve 7–9 (B-03–B-06, B-11, B-19–B-25), thirteen 3–6.
        expected = [("0–2", "0"), ("3–6", "13"), ("7–9", "12"), ("10–12", "6"), ("13–17", "2"), ("18 eller fler", "0")]
        assert [tuple(row) for row in page.table("Antal klockor efter").rows] == expected
        drawn = {name: [text_of(e) for e in page.tree.iter(f"{SVG}text") if e.get("class") == name]
                 for name in ("bar-label", "bar-value")}  # fmt: skip
        assert list(zip(drawn["bar-label"], drawn["bar-value"], strict=True)) == expected
        heights = [int(bar.get("height")) for bar in page.tree.iter(f"{SVG}rect") if bar.get("class") == "bar"]
        assert heights == [0, 150, 138, 69, 23, 0]  # 150 for 13, so 12 / 13, 6 / 13 and 2 / 13 of it
        assert "Väntetid för de 33 klockorna" in page.text
        assert "Väntetiden är 228 dagar i median och 462 dagar som längst." in page.text

    def test_without_days_in_the_address_the_quarters_own_are_used(self, published):
        page = published.get(QUARTER)
        assert "Avstämningsdatum 31 december 2021 · föregående 30 september 2021" in page.text
        assert (value_of(page, "avstamning"), value_of(page, "foregaende")) == ("2021-12-31", "2021-09-30")

    def test_the_quarters_before_and_after_are_one_link_away(self, published):
        published.get(QUARTER)
        assert published.click("Kvartal 3 2021").heading == "Ej verkställda beslut, kvartal 3 2021"
        published.get(QUARTER)
        assert published.click("Kvartal 1 2022").heading == "Ej verkställda beslut, kvartal 1 2022"

    def test_the_list_of_reports_leads_to_eight_quarters(self, published):
        table = published.get("/rapporter").table("Kvartalsrapporter")
        assert table.rows[0] == ["Kvartal 1 2022", "2022-01-01", "2022-03-31", "Pågår"]
        assert table.rows[1] == ["Kvartal 4 2021", "2021-10-01", "2021-12-31", "Utkast"]
        assert len(table.rows) == 8
        assert published.click("Kvartal 4 2021").path == QUARTER


class TestClasses:
    """Classes with many rows, and those that are shown only when they hold something."""

    LATE_EXECUTED = {"beslutsdatum": "2021-06-01", "verkstalld": "2021-10-15"}  # noqa: RUF012
    LATE_CLOSED = {"beslutsdatum": "2021-06-02", "avslutad": "2021-10-20"}  # noqa: RUF012

    @pytest.mark.parametrize(("count", "pages"), [(25, [25]), (26, [26]), (203, [200, 3])])
    def test_a_class_of_many_rows_is_listed_on_pages_of_its_own(self, officer, count, pages):
        make_decisions([{"ref": f"N-{n:03}", "beslutsdatum": "2021-08-01"} for n in range(count)], today=TODAY)
        page = officer.get(QUARTER)
        text, href = figures_on(page)[3]
        assert text == f"{count} nya att rapportera"
        assert len(page.table(NEW).rows) == 25
        assert (f"Visa alla {count}" in page.links) is (count > 25)
        assert rows_behind(officer, page, href) == count
        listed = [officer.get(f"{QUARTER}?klass=new")]
        while "Fler rader" in officer.page.links:
            listed.append(officer.click("Fler rader"))
        refs = [page.table(NEW).column("Beslut") for page in listed]
        assert [len(one) for one in refs] == pages
        assert [ref for one in refs for ref in one] == [f"N-{n:03}" for n in range(count)]
        if len(pages) > 1:
            assert officer.click("Föregående rader").table(NEW).column("Beslut") == refs[0]

    def test_a_class_page_keeps_the_days_of_its_report(self, published):
        page = published.get(f"{QUARTER}{PUBLISHED_DAYS}&klass=executed")
        assert page.heading == EXECUTED
        assert "kvartal 4 2021 · 10 klockor · avstämningsdatum 31 januari 2022" in page.text
        assert page.table(EXECUTED).column("Beslut") == [row[0] for row in ROWS[EXECUTED]]
        assert "föregående 31 oktober 2021" in published.click("Till rapporten").text

    def test_a_class_that_does_not_exist_is_the_report(self, published):
        assert published.get(f"{QUARTER}?klass=borta").heading == "Ej verkställda beslut, kvartal 4 2021"

    @pytest.mark.parametrize("first", ["-1", "x", "99999", "9" * 30])
    def test_a_place_past_the_end_is_no_error(self, published, first):
        assert published.get(f"{QUARTER}{PUBLISHED_DAYS}&klass=new&fran={first}").heading == NEW

    def test_the_late_classes_are_shown_when_both_hold_something(self, officer):
        make_decisions([{"ref": "L-1"} | self.LATE_EXECUTED, {"ref": "L-2"} | self.LATE_CLOSED], today=TODAY)
        page = officer.get(QUARTER)
        assert section_ids(page)[4:] == ["late_executed", "late_closed"]
        # 1 June to 15 October: 29 + 31 + 31 + 30 + 15; 2 June to 20 October: 28 + 31 + 31 + 30 + 20.
        assert page.table(LATE_EXECUTED).rows == [
            ["L-1", "Kontaktperson", "2021-06-01", "2021-09-01", "2021-10-15", "136", "–", "✓ Verkställt"]
        ]
        assert page.table(LATE_CLOSED).rows == [
            ["L-2", "Kontaktperson", "2021-06-02", "2021-09-02", "2021-10-20", "140", "–", "— Avslutat"]
        ]
        assert [text for text, _ in figures_on(page)[4:]] == [
            "1 sent verkställda, ej tidigare rapporterade", "1 sent avslutade, ej tidigare rapporterade"
        ]  # fmt: skip

    @pytest.mark.parametrize(("facts", "shown"), [(LATE_EXECUTED, "late_executed"), (LATE_CLOSED, "late_closed")])
    def test_only_one_late_class_holds_something(self, officer, facts, shown):
        make_decisions([{"ref": "L-1"} | facts], today=TODAY)
        page = officer.get(QUARTER)
        assert section_ids(page)[4:] == [shown]

    def test_a_late_class_of_many_rows_leads_to_all_of_them(self, officer):
        rows = [{"ref": f"L-{n}"} | self.LATE_EXECUTED for n in range(27)]
        make_decisions([*rows, {"ref": "C-1"} | self.LATE_CLOSED], today=TODAY)
        page = officer.get(QUARTER)
        for text, href in figures_on(page)[4:]:
            assert rows_behind(officer, page, href) == int(text.split()[0]), text

    def test_an_interruption_is_told_with_its_day(self, officer):
        days = {"beslutsdatum": "2021-01-01", "avbrottsdatum": "2021-09-01"}
        make_decisions([{"ref": "A-1"} | days, {"ref": "A-2", "beslutsdatum": "2021-08-01"}], today=TODAY)
        assert officer.get(QUARTER).table(NEW).column("Avbrottsdatum") == ["–", "2021-09-01"]


class TestDays:
    """Days in the address that cannot be used."""

    @pytest.mark.parametrize("typed", ["fel", "2021-02-30", "31/12 2021", "2021-13-01", "<b>", "211231"])
    @pytest.mark.parametrize("field", ["avstamning", "foregaende"])
    def test_a_day_that_cannot_be_read_is_told_beside_its_field(self, published, typed, field):
        page = published.get(QUARTER, status=422, query_string={field: typed})
        message = "Datumet går inte att läsa. Skriv det som 2026-03-31."
        (beside,) = (element for element in page.tree.iter("p") if element.get("id") == f"{field}-error")
        assert message in text_of(beside)
        assert value_of_field(page, field) == typed
        assert page.links[message] == f"#{field}"

    def test_a_previous_day_that_does_not_lie_before_is_told(self, published):
        for previous in ("2021-12-31", "2022-01-01"):
            page = published.get(f"{QUARTER}?avstamning=2021-12-31&foregaende={previous}", status=422)
            assert f"Föregående avstämningsdatum {previous} måste ligga före avstämningsdatum 2021-12-31." in page.text
            assert value_of_field(page, "foregaende") == previous

    def test_wrong_dates_are_told_on_a_class_page_too(self, published):
        assert "Datumet går inte att läsa" in published.get(f"{QUARTER}?klass=new&avstamning=fel", status=422).text

    @pytest.mark.parametrize("path", ["1999/4", "2101/1", "2021/0", "2021/5", "0/1", "99999999999999999999/1"])
    def test_a_quarter_that_is_not_served_is_not_found(self, officer, path):
        for address in (f"/rapporter/kvartal/{path}", f"/rapporter/kvartal/{path}/export.csv"):
            assert officer.get(address, status=404).heading == "Sidan finns inte"

    @pytest.mark.parametrize("path", ["2000/1", "2000/2", "2100/3", "2100/4"])
    def test_the_first_and_the_last_quarter_served_have_a_page(self, officer, path):
        year, number = path.split("/")
        page = officer.get(f"/rapporter/kvartal/{path}")
        assert page.heading == f"Ej verkställda beslut, kvartal {number} {year}"


def value_of_field(page, name: str) -> str:
    """What stands in the field that is shown (the export's hidden ones bear the same names)."""
    return next(e.get("value") for e in page.tree.iter("input") if e.get("id") == name)


def test_an_empty_register_gives_a_report_of_zero(officer):
    page = officer.get(QUARTER)
    assert [text.split()[0] for text, _ in figures_on(page)] == ["0", "0", "0", "0"]
    assert "Noll är också en rapport." in page.text
    assert "Väntetid för de 0 klockorna" in page.text
    assert page.table("Antal klockor efter").column("Klockor") == ["0"] * 6
    assert [bar.get("height") for bar in page.tree.iter(f"{SVG}rect")] == ["0"] * 6


def test_a_reader_without_the_draft_opens_no_quarter(app, frozen_day):
    make_unit("Vuxen")
    for role in ("namnd", "revisor", "sekreterare"):
        visitor = PageClient(app)
        visitor.sign_in(make_user(f"{role}@kommun.example", role).email, PASSWORD)
        assert "Rapporten är inte låst än" in visitor.get(QUARTER).text
        assert "Inga låsta rapporter än" in visitor.get("/rapporter").text
