"""Plan against outcome on the start page, for the quality lead and for who coordinates internal control."""

from datetime import date

import pytest

from tests.overview.test_start import signed_in, sums_on
from tests.overview.test_waiting import boxes, rows_behind
from tracker import clock
from tracker.accounts.services import ensure_top_unit
from tracker.control.bringing_in import import_controls, import_samples
from tracker.control.importing import SampleLine
from tracker.database import db, writer
from tracker.exchange.errors import Collector
from tracker.records.yearly import Importer, Line
from tracker.rules.permissions import Role

HEADING = "Plan mot utfall"
LIST = "/internkontroll/2021/moment"


def bring(moments: dict[str, dict[str, object]], samples: list[tuple[str, int, str | None]]) -> None:
    """Kontrollmoment of 2021 by ref, and stickprov as (moment, deviations of ten, period), saved."""
    lines = [Line(2, 2021, ref, {"risk_ref": None, "name": ref} | said) for ref, said in moments.items()]
    told = [
        SampleLine(2, 2021, ref, "P1", {"selected": 10, "deviations": wrong, "period": period})
        for ref, wrong, period in samples
    ]
    with writer():
        importer = Importer(ensure_top_unit().id)
        import_controls(lines, importer, Collector(), clock.now())
        import_samples(told, importer, Collector())
        db.session.commit()


@pytest.fixture
def year(app, frozen_day):
    """It is 1 June 2021. Of six kontrollmoment one is god (9 of 10), one godtagbar (8), one ej godkänd (5), one has a
    reason, and two have no result; one of those is to be done each month, and January to May are over.
    """
    frozen_day(date(2021, 6, 1))
    names = ("K1", "K2", "K3", "K4", "K5", "K6")
    more = {"K4": {"not_done": "Vakant"}, "K6": {"frequency": "Varje månad"}}
    said = {ref: {"name": f"Kontroll {ref}"} | more.get(ref, {}) for ref in names}
    bring(said, [(ref, wrong, None) for ref, wrong in (("K1", 1), ("K2", 2), ("K3", 5), ("K4", 0))])
    return app


@pytest.mark.parametrize("role", [Role.QUALITY_LEAD, Role.CONTROL_COORDINATOR])
def test_the_years_plan_stands_beside_what_came_of_it(year, role):
    visitor = signed_in(year, role)
    page = visitor.get("/")
    assert sums_on(page, HEADING) == {
        "Planerade kontrollmoment": "6", "God": "1", "Godtagbar": "1", "Ej godkänd": "1", "Ej genomförd": "1",
        "Inget resultat än": "2",
    }  # fmt: skip
    assert page.links["Internkontroll 2021"] == "/internkontroll/2021"
    late = [text for text in page.links if "försenade" in text]
    of_year = visitor.get("/internkontroll/2021")
    assert len(of_year.table("Kontrollmoment 2021").rows) == 6
    [heading] = [text for text in (h.text or "" for h in of_year.tree.iter("h2")) if text.startswith("Försenat")]
    assert (late, heading) == (["■ 5 tillfällen är försenade"], "Försenat, 5")


def test_every_number_leads_to_a_list_of_just_so_many(year):
    visitor = signed_in(year, Role.QUALITY_LEAD)
    numbers = [(int(words), path) for words, path in boxes(visitor.get("/"), HEADING) if words.isdigit()]
    assert numbers == [
        (6, LIST), (1, f"{LIST}?utfall=god"), (1, f"{LIST}?utfall=godtagbar"), (1, f"{LIST}?utfall=ej_godkand"),
        (1, f"{LIST}?utfall=ej_genomford"), (2, f"{LIST}?utfall=inget-resultat"),
    ]  # fmt: skip
    assert [rows_behind(visitor, path) for _, path in numbers] == [number for number, _ in numbers]


def test_numbers_of_more_than_a_page_and_none_at_all(app, frozen_day):
    frozen_day(date(2021, 6, 1))
    bring({f"K{number}": {} for number in range(60)}, [(f"K{number}", 0, None) for number in range(31)])
    visitor = signed_in(app, Role.QUALITY_LEAD)
    page = visitor.get("/")
    numbers = [(int(words), path) for words, path in boxes(page, HEADING) if words.isdigit()]
    assert numbers == [(60, LIST), (31, f"{LIST}?utfall=god"), (29, f"{LIST}?utfall=inget-resultat")]
    assert [rows_behind(visitor, path) for _, path in numbers] == [60, 31, 29]
    assert sums_on(page, HEADING)["Ej godkänd"] == "0"


@pytest.mark.parametrize(
    ("period", "late", "path"),
    [
        ("2021-03", "■ 2 tillfällen är försenade", "/internkontroll/2021#forsenat"),  # both of one kontrollmoment
        ("2021-01", "■ 2 tillfällen är försenade", f"{LIST}?utfall=forsenat"),  # one of each of two
    ],
)
def test_what_is_late_leads_to_the_list_where_each_occasion_is_a_row(app, frozen_day, period, late, path):
    frozen_day(date(2021, 3, 15))  # January and February are over; the first quarter goes on
    second = {"frequency": "Varje månad"} if period == "2021-01" else {"frequency": "Varje kvartal"}
    bring({"K1": {"frequency": "Varje månad"}, "K2": second}, [("K1", 0, period), ("K2", 0, period)])
    visitor = signed_in(app, Role.QUALITY_LEAD)
    told = next((words, to) for words, to in boxes(visitor.get("/"), HEADING) if "försenad" in words)
    assert told == (late, path)
    if path.startswith(LIST):
        assert rows_behind(visitor, path) == 2


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CASE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_are_not_shown_it(year, role):
    assert HEADING not in signed_in(year, role).get("/").text


def test_nothing_is_shown_of_a_year_without_a_plan(app, frozen_day):
    frozen_day(date(2021, 6, 1))
    assert HEADING not in signed_in(app, Role.QUALITY_LEAD).get("/").text
