"""The quarter's page shows eight quarters, in pictures and in tables beside them, for the part that the reader has."""

from datetime import date

import pytest

from tests.decisions.lists import protect
from tests.decisions.running import run
from tests.factories import PASSWORD, make_decisions, make_user
from tests.reports.test_published_figures import PUBLISHED
from tests.support.checks import SVG, text_of
from tests.support.pages import PageClient

TODAY = date(2022, 2, 15)
QUARTER = "/rapporter/kvartal/2021/4"
DAYS = "?avstamning=2022-01-31&foregaende=2021-10-31"
ALL, EACH = "Antal klockor i rapporten, kvartal för kvartal", "Antal klockor i rapporten per insats"
NAMES = ["K1 2020", "K2 2020", "K3 2020", "K4 2020", "K1 2021", "K2 2021", "K3 2021", "K4 2021"]
# Worked out in tests/reports/test_trends.py.
SERIES = [
    ["Träningslägenhet", "0", "0", "0", "0", "0", "4", "12", "15"],
    ["Kontaktperson", "0", "0", "0", "0", "3", "4", "8", "9"],
    ["Kontaktfamilj", "0", "0", "0", "0", "0", "0", "0", "3"],
    ["Sysselsättning", "0", "0", "0", "0", "0", "1", "2", "2"],
    ["Öppenvård", "0", "0", "0", "0", "0", "0", "1", "2"],
    ["Bostad med särskild service", "0", "0", "0", "0", "0", "0", "1", "1"],
    ["Boendestöd", "0", "0", "0", "0", "0", "0", "0", "1"],
]
TOTAL = ["0", "0", "0", "0", "3", "9", "24", "33"]


@pytest.fixture
def officer(app, client, frozen_day):
    """A handläggare of the whole organisation, signed in on 15 February 2022."""
    frozen_day(TODAY)
    client.sign_in(make_user("handlaggare@kommun.example", "handlaggare").email, PASSWORD)
    return client


@pytest.fixture
def page(officer):
    """The published quarter's page."""
    assert run(officer.app, "import", "decisions", PUBLISHED).last == "33 nya, 0 ändrade, 0 oförändrade"
    return officer.get(QUARTER + DAYS)


def section(page) -> str:
    """All that the part about eight quarters says."""
    return text_of(next(e for e in page.tree.iter("section") if e.get("aria-labelledby") == "atta-kvartal"))


def pictures(page) -> dict[str, object]:
    """The pictures of eight quarters by their titles."""
    found = {text_of(svg.find(f"{SVG}title")): svg for svg in page.tree.iter(f"{SVG}svg")}
    return {title: svg for title, svg in found.items() if "kvartal för kvartal" in title}


def heights(svg) -> list[int]:
    return [int(bar.get("height")) for bar in svg.iter(f"{SVG}rect")]


def texts(svg, name: str) -> list[str]:
    return [text_of(e) for e in svg.iter(f"{SVG}text") if name in e.get("class").split()]


def test_the_table_of_quarters_tells_each_cutoff_and_its_number(page):
    table = page.table(ALL)
    assert table.head == ["Kvartal", "Avstämnings\xaddatum", "Klockor"]  # may be broken where the screen is narrow
    assert table.rows == [
        ["K1 2020", "2020-03-31", "0"],
        ["K2 2020", "2020-06-30", "0"],
        ["K3 2020", "2020-09-30", "0"],
        ["K4 2020", "2020-12-31", "0"],
        ["K1 2021", "2021-03-31", "3"],
        ["K2 2021", "2021-06-30", "9"],
        ["K3 2021", "2021-09-30", "24"],
        ["K4 2021", "2022-01-31", "33"],
    ]
    assert "33 klockor står i rapporten, 24 kvartalet före." in section(page)


def test_the_table_of_insatser_sums_to_the_total(page):
    table = page.table(EACH)
    assert table.head == ["Insats", *NAMES]
    assert table.rows == [*SERIES, ["Alla", *TOTAL]]


def test_the_large_picture_shows_the_total(page):
    svg = pictures(page)[ALL]
    assert heights(svg) == [0, 0, 0, 0, 14, 41, 109, 150]  # 150 for 33, so 3 / 33, 9 / 33 and 24 / 33 of it
    assert texts(svg, "trend-value") == TOTAL
    assert texts(svg, "trend-now") == ["33"]
    assert texts(svg, "trend-label") == ["K1 2020", "K2", "K3", "K4", "K1 2021", "K2", "K3", "K4"]
    described = text_of(svg.find(f"{SVG}desc"))
    assert described.startswith("Kvartal 1 2020: 0. Kvartal 2 2020: 0.")
    assert described.endswith("Kvartal 3 2021: 24. Kvartal 4 2021: 33.")


def test_each_insats_has_a_small_picture_to_the_same_scale_with_its_last_value(page):
    small = {title.partition(",")[0]: svg for title, svg in pictures(page).items() if title != ALL}
    assert list(small) == [row[0] for row in SERIES]
    for name, *counts in SERIES:
        assert texts(small[name], "small-value") == [counts[-1]]
        assert f"Kvartal 3 2021: {counts[-2]}. Kvartal 4 2021: {counts[-1]}." in text_of(small[name].find(f"{SVG}desc"))
        assert texts(small[name], "small-label") == ["K1 2020", "K4 2021"]
    # 56 for the largest of all, 15.
    assert heights(small["Träningslägenhet"]) == [0, 0, 0, 0, 0, 15, 45, 56]
    assert heights(small["Kontaktperson"]) == [0, 0, 0, 0, 11, 15, 30, 34]
    assert heights(small["Boendestöd"]) == [0, 0, 0, 0, 0, 0, 0, 4]


def test_one_among_thousands_is_still_seen(officer):
    rows = [{"ref": f"N-{n:03}", "insats": "Kontaktperson", "beslutsdatum": "2021-08-01"} for n in range(300)]
    make_decisions([*rows, {"ref": "E-1", "insats": "Ledsagning", "beslutsdatum": "2021-08-01"}], today=TODAY)
    small = pictures(officer.get(QUARTER))
    assert heights(small["Ledsagning, kvartal för kvartal"])[-1] == 2


def test_the_smallest_insatser_stand_as_one_and_the_sums_hold(officer):
    # Insats 1 has one clock, insats 10 has ten: the seven largest are 10 down to 4, the rest 3 + 2 + 1.
    rows = [{"insats": f"Insats {n}", "beslutsdatum": "2021-08-01"} for n in range(1, 11) for _ in range(n)]
    make_decisions([{"ref": f"N-{place}"} | row for place, row in enumerate(rows)], today=TODAY)
    page = officer.get(QUARTER)
    last = [(row[0], row[-1]) for row in page.table(EACH).rows]
    assert last == [*((f"Insats {n}", str(n)) for n in range(10, 3, -1)), ("Övriga", "6"), ("Alla", "55")]
    assert [title.partition(",")[0] for title in pictures(page)][1:] == [name for name, _ in last[:-1]]


def test_an_only_insats_has_no_picture_of_its_own(officer):
    make_decisions([{"ref": "A-1", "beslutsdatum": "2021-08-01"}], today=TODAY)
    page = officer.get(QUARTER)
    assert list(pictures(page)) == [ALL]
    assert page.table(EACH).rows == [["Kontaktperson", *["0"] * 7, "1"], ["Alla", *["0"] * 7, "1"]]
    assert "1 klocka står i rapporten, 0 kvartalet före." in section(page)


def test_an_empty_register_has_words_and_no_pictures(officer):
    page = officer.get(QUARTER)
    assert pictures(page) == {}
    assert "Inga klockor i någon klass, varken nu eller kvartalen före." in section(page)


def test_what_stood_in_earlier_quarters_is_shown_when_nothing_does_now(officer):
    days = {"beslutsdatum": "2021-02-01", "avslutad": "2021-05-20"}  # due on 1 May
    make_decisions([{"ref": "A-1"} | days], today=TODAY)
    page = officer.get(QUARTER)
    assert page.table(ALL).column("Klockor") == ["0", "0", "0", "0", "0", "1", "0", "0"]
    assert "0 klockor står i rapporten, 0 kvartalet före." in section(page)


def test_the_first_quarter_served_has_none_before_it(officer):
    make_decisions([{"ref": "A-1", "beslutsdatum": "1999-12-01"}], today=TODAY)
    page = officer.get("/rapporter/kvartal/2000/1")
    assert page.table(ALL).rows == [["K1 2000", "2000-03-31", "1"]]
    assert "1 klocka står i rapporten. Varje kvartal" in section(page)


def test_a_reader_of_a_part_sees_the_quarters_of_that_part_with_its_protected(app, frozen_day):
    frozen_day(TODAY)
    new = {"beslutsdatum": "2021-08-01"}
    units = ["Vuxen 1", "Vuxen 1", "Vuxen 2", "Barn 1"]
    make_decisions([{"ref": f"D-{n}", "enhet": unit} | new for n, unit in enumerate(units)], today=TODAY)
    protect("D-0")
    visitor = PageClient(app)
    visitor.sign_in(make_user("eva@kommun.example", "handlaggare", unit="Vuxen 1").email, PASSWORD)
    page = visitor.get(QUARTER)
    assert page.table(ALL).column("Klockor") == [*["0"] * 7, "2"]
    assert "D-0" not in page.text


def test_wrong_days_leave_the_quarters_at_their_own(page, officer):
    found = officer.get(f"{QUARTER}?avstamning=fel", status=422)
    assert found.table(ALL).rows[-1][:2] == ["K4 2021", "2021-12-31"]


def test_the_class_page_has_no_pictures(page, officer):
    assert pictures(officer.get(f"{QUARTER}{DAYS}&klass=new")) == {}
