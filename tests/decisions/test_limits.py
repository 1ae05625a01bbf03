"""A decision's page tells between which amounts a fee lies, until when IVO can apply, and when it is reported next."""

from datetime import date

import pytest

from tests.decisions.lists import number_of
from tests.factories import PASSWORD, make_decisions, make_user
from tests.support.checks import text_of
from tests.support.pages import PageClient


@pytest.fixture
def officer(app, frozen_day):
    """A handläggare of the whole organisation, signed in on 27 November 2026."""
    frozen_day(date(2026, 11, 27))
    visitor = PageClient(app)
    visitor.sign_in(make_user("handlaggare@kommun.example", "handlaggare", "kvalitet").email, PASSWORD)
    return visitor


def limits_on(visitor, *rows: dict[str, str]) -> tuple[dict[str, str], str]:
    """The facts and the Varför? of the page of a decision with these rows."""
    make_decisions([{"ref": "B-01", "lagrum": "LSS 9:9"} | row for row in rows], today=date(2026, 11, 27))
    page = visitor.get(f"/beslut/{number_of('B-01')}")
    (section,) = (one for one in page.tree.iter("section") if one.get("aria-labelledby") == "granser")
    (facts,) = section.iter("dl")
    names = [text_of(element) for element in facts if element.tag == "dt"]
    values = [text_of(element).replace("\u202f", " ") for element in facts if element.tag == "dd"]
    return dict(zip(names, values, strict=True)), " ".join(map(text_of, section.iter("details")))


def test_a_decision_of_the_last_day_of_2025_keeps_the_older_interval(officer):
    facts, why = limits_on(officer, {"beslutsdatum": "2025-12-31"})
    assert facts == {
        "Särskild avgift": "Mellan 10 000 och 1 000 000 kronor, om den tas ut",
        "IVO kan ansöka till": "2027-12-31",
        # Three months passed on 31 March; the third quarter's window has closed, the fourth's opens in January.
        "Om det inte verkställs": "Rapporteras för kvartal 4 2026, 2027-01-01 till 2027-01-31",
    }
    assert "Beslutet fattades 31 december 2025. För beslut före 1 januari 2026 gäller detta intervall" in why
    assert "(28 a–28 e §§ LSS)" in why
    assert "Dagarna då IVO tar emot rapporter är ett förval, inte lag." in why


def test_a_decision_of_the_next_day_has_the_raised_one(officer):
    facts, _ = limits_on(officer, {"beslutsdatum": "2026-01-01", "lagrum": "SoL 11:1"})
    assert facts["Särskild avgift"].startswith("Mellan 15 000 och 1 500 000 kronor")
    assert facts["IVO kan ansöka till"] == "2028-01-01"


def test_a_clock_that_is_not_due_yet_is_reported_in_its_own_quarter_if_it_goes_on(officer):
    facts, _ = limits_on(officer, {"beslutsdatum": "2026-11-20"})  # due 20 February 2027
    assert facts["Om det inte verkställs"] == "Rapporteras för kvartal 1 2027, 2027-04-01 till 2027-04-30"


def test_each_interruption_has_two_years_of_its_own_and_the_decisions_interval(officer):
    facts, _ = limits_on(
        officer,
        {"beslutsdatum": "2023-11-01", "verkstalld": "2023-12-01"},
        {"beslutsdatum": "2023-11-01", "avbrottsdatum": "2026-02-28"},
    )
    assert facts["Särskild avgift"].startswith("Mellan 10 000 och")
    assert facts["IVO kan ansöka till, beslut 2023-11-01"] == "2025-11-01, har passerat"
    assert facts["IVO kan ansöka till, avbrott 2026-02-28"] == "2028-02-28"
    assert [name for name in facts if name.startswith("Om det inte")] == ["Om det inte verkställs, avbrott 2026-02-28"]


def test_a_judgment_is_not_reported_and_its_two_years_are_not_known(officer):
    facts, why = limits_on(officer, {"beslutsdatum": "2026-01-01", "grund": "dom"})
    assert facts["IVO kan ansöka till"] == "Två år från att domen fick laga kraft"
    assert "Om det inte verkställs" not in facts
    assert "den dag domen fick laga kraft, som inte står i registret" in why


def test_a_voided_decision_has_no_limits(officer):
    make_decisions([{"ref": "B-01", "beslutsdatum": "2026-01-01"}], today=date(2026, 11, 27))
    address = f"/beslut/{number_of('B-01')}"
    officer.get(f"{address}/makulera")
    officer.submit({"reason": "Fel person"}, form="reason")
    assert "Särskild avgift" not in officer.get(address).text
