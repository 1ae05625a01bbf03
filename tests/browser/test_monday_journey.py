"""The manager's Monday in a browser: of three late actions of an avvikelse one is carried out, one handed over and one
given a new day; then somebody else than the one responsible tells the effect, and the avvikelse can be closed.
"""

from datetime import timedelta

import pytest
from flask_migrate import upgrade

from tests.actions.making import make_action
from tests.browser.conftest import Site, serving
from tests.browser.person import Person
from tests.browser.test_case_journeys import CATEGORY, CAUSE, NUMBER
from tests.cases.making import unit_id_of
from tests.factories import make_user
from tests.support import databases
from tracker import clock
from tracker.database import db
from tracker.factory import create_app
from tracker.rules.permissions import Role

EMPLOYEE, MANAGER = "medarbetare@kommun.example", "chef@kommun.example"
INVESTIGATOR, LEAD = "utredare@kommun.example", "kvalitet@kommun.example"
UNIT = "Hemtjänst norr"
LATE = {"Byt larmen": "Chef", "Skriv om rutinen": "Medarbetare", "Utbilda nattlaget": "Medarbetare"}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The program with a unit, its manager, somebody who works there, an utredare and the quality lead."""
    url = databases.empty_database("sqlite")
    with create_app(databases.settings(url, APP_ENV="development")).app_context():
        upgrade()
        unit_id_of(UNIT)
        db.session.commit()
        make_user(EMPLOYEE, Role.EMPLOYEE, unit=UNIT)
        make_user(MANAGER, Role.MANAGER, unit=UNIT)
        make_user(INVESTIGATOR, Role.INVESTIGATOR)
        make_user(LEAD, Role.QUALITY_LEAD)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with serving(url, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield Site(address, "", url.removeprefix("sqlite:///"))


def test_the_managers_monday(house, new_context):
    everybody = [Person(house, new_context().new_page(), one) for one in (EMPLOYEE, MANAGER, INVESTIGATOR, LEAD)]
    rita, chris, uma, lena = everybody
    number = _reports(rita)
    _investigates(chris, number)
    _plans_three(house, chris.page.url)

    chris.opens("/atgarder?lista=forsenade")
    assert _late(chris) == list(LATE)
    _opens(chris, "Byt larmen")
    _carries_out(chris)
    assert "någon annan behöver följa upp vad den gav" in chris.text
    chris.opens("/atgarder?lista=forsenade")
    _opens(chris, "Skriv om rutinen")
    chris.follows("Lämna över")
    chris.page.locator("main select[name=till]").select_option(label="Utredare")
    chris.writes("ord", "Halva texten finns, resten är kvar")
    assert "Överlämnad till Utredare (var Medarbetare)" in chris.presses("Lämna över")
    chris.opens("/atgarder?lista=forsenade")
    _opens(chris, "Utbilda nattlaget")
    later = (clock.today() + timedelta(days=30)).isoformat()
    told = chris.does("Ge ny dag", senast=later, reason="Kursen är flyttad")
    assert f"Klar senast {later}" in told
    assert "Kursen är flyttad" in told
    chris.opens("/atgarder?lista=forsenade")
    assert _late(chris) == ["Skriv om rutinen"]
    chris.finds("/avvikelser", number)
    assert "2 åtgärder är inte genomförda." in chris.follows("Avsluta")

    uma.opens("/atgarder")
    assert "Halva texten finns, resten är kvar" in _opens(uma, "Skriv om rutinen")
    _carries_out(uma)
    rita.opens("/atgarder")
    _opens(rita, "Utbilda nattlaget")
    _carries_out(rita)

    for action in ("Skriv om rutinen", "Utbilda nattlaget"):
        _checks(chris, action)
    chris.finds("/avvikelser", number)
    assert "En åtgärd är inte uppföljd." in chris.follows("Avsluta")
    _checks(lena, "Byt larmen")
    chris.finds("/avvikelser", number)
    assert "Avslutad" in chris.does("Avsluta", comment="Larmen är bytta och nattlaget kan dem")
    assert [one.faults for one in everybody] == [[], [], [], []]


def _reports(rita: Person) -> str:
    rita.opens("/rapportera")
    rita.writes("what", "Ett larm besvarades inte på två timmar")
    rita.writes("happened_on", clock.today().isoformat())
    rita.writes("at_once", "Åkte dit")
    rita.selects("suspected", "nej")
    return NUMBER.search(rita.presses("Skicka rapporten"))[0]


def _investigates(chris: Person, number: str) -> None:
    chris.finds("/avvikelser", number)
    chris.does("Ta emot")
    chris.does("Börja utreda")
    chris.follows("Skriv vad utredningen visar")
    chris.selects("category", CATEGORY)
    chris.selects("cause", CAUSE)
    chris.writes("causes", "Larmet låg på ljudlöst")
    chris.presses("Spara utredningen")
    chris.finds("/avvikelser", number)


def _plans_three(house: Site, address: str) -> None:
    """What was decided a month ago and should have been done since, as no page takes a last day that has passed."""
    record_id = int(address.rpartition("/")[2])
    today = clock.today()
    with create_app(databases.settings(f"sqlite:///{house.database}", APP_ENV="development")).app_context():
        for days, (text, responsible) in enumerate(LATE.items()):
            make_action(
                record_id, today=today - timedelta(days=30), text=text, responsible_name=responsible,
                decided_on=today - timedelta(days=30), due_on=today - timedelta(days=9 - days),
            )  # fmt: skip
        db.session.remove()
        db.engine.dispose()


def _late(chris: Person) -> list[str]:
    return chris.page.locator("main table td[data-label='Åtgärd']").all_inner_texts()


def _opens(person: Person, action: str) -> str:
    """Opens the action with this text in the list that is shown; its page."""
    person.page.locator("main table tr", has_text=action).get_by_role("link").first.click()
    person.page.wait_for_load_state()
    return person.text


def _carries_out(person: Person) -> None:
    person.follows("Skriv hur det går")
    person.writes("genomford", clock.today().isoformat())
    assert "Genomförd" in person.presses("Spara")


def _checks(person: Person, action: str) -> None:
    person.opens("/atgarder?lista=foljs-upp-senare")
    _opens(person, action)
    person.follows("Följ upp")
    person.selects("effekt", "uppnådd")
    assert "Uppföljd: uppnådd" in person.presses("Spara uppföljningen")
