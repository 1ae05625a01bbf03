"""Plan against outcome on the start page, for the quality lead and for who coordinates internal control."""

from datetime import date

import pytest

from tests.overview.test_start import signed_in, sums_on
from tracker import clock
from tracker.accounts.services import ensure_top_unit
from tracker.control.bringing_in import import_controls, import_samples
from tracker.control.importing import SampleLine
from tracker.database import db, writer
from tracker.exchange.errors import Collector
from tracker.records.yearly import Importer, Line
from tracker.rules.permissions import Role

HEADING = "Plan mot utfall"


@pytest.fixture
def year(app, frozen_day):
    """It is 1 June 2021. Of six kontrollmoment one is god (9 of 10), one godtagbar (8), one ej godkänd (5), one has a
    reason, and two have no result; one of those is to be done each month, and January to May are over.
    """
    frozen_day(date(2021, 6, 1))
    names = ("K1", "K2", "K3", "K4", "K5", "K6")
    more = {"K4": {"not_done": "Vakant"}, "K6": {"frequency": "Varje månad"}}
    moments = [Line(2, 2021, ref, {"risk_ref": None, "name": f"Kontroll {ref}"} | more.get(ref, {})) for ref in names]
    samples = [
        SampleLine(2, 2021, ref, "P1", {"selected": 10, "deviations": wrong})
        for ref, wrong in (("K1", 1), ("K2", 2), ("K3", 5), ("K4", 0))
    ]
    with writer():
        importer = Importer(ensure_top_unit().id)
        import_controls(moments, importer, Collector(), clock.now())
        import_samples(samples, importer, Collector())
        db.session.commit()
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


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CASE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_are_not_shown_it(year, role):
    assert HEADING not in signed_in(year, role).get("/").text


def test_nothing_is_shown_of_a_year_without_a_plan(app, frozen_day):
    frozen_day(date(2021, 6, 1))
    assert HEADING not in signed_in(app, Role.QUALITY_LEAD).get("/").text
