"""The list of protected cases: where they are and how many see them, for those who answer for it, without content."""

from datetime import date

import pytest

from tests.cases.making import reported, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.records.granting import version_of
from tests.support.pages import PageClient
from tracker import clock
from tracker.cases.case_access import change_access
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step

DAY = date(2026, 3, 2)
BOSS, OTHER = "ansvarig@kommun.example", "annan@kommun.example"
LIST = "/lex-sarah/skyddade"


@pytest.fixture
def people(app, frozen_day):
    """Two ansvariga of the whole house on Monday 2 March 2026."""
    frozen_day(DAY)
    unit_id_of("Vuxen")
    return {mail: make_user(mail, "ansvarig").id for mail in (BOSS, OTHER)}


def protected(kind, actor, unit="Vuxen", what="Larmet svarade inte", **more):
    """A case that its reporter's boss has protected to themselves; gives its record."""
    record_id = reported(kind, unit, what=what)
    done(record_id, actor, Step.PROTECT, None, **more)
    return record_id


def done(record_id, actor, step, person):
    """Changes who sees a case."""
    with writer():
        change_access(Act(record_id, version_of(record_id), actor, True, "Jäv", clock.now()), step, person)
        db.session.commit()


def visitor(app, mail):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


def test_it_tells_number_unit_day_and_how_many_and_nothing_of_the_content(app, people):
    protected("lex-sarah", people[BOSS])
    reported("lex-sarah", "Vuxen")
    page = visitor(app, OTHER).get(LIST)
    assert page.table("Skyddade ärenden").rows == [["Rapport LS-2026-0001", "Vuxen", "2026-03-02", "1"]]
    assert "Larmet" not in page.text


def test_a_case_whose_only_named_person_has_left_comes_first_and_another_is_named(app, people):
    protected("lex-sarah", people[OTHER])
    left = make_user("slutat@kommun.example", "ansvarig")
    protected("lex-sarah", left.id)
    left.active = False
    db.session.commit()
    make_user("tredje@kommun.example", "ansvarig", name="Tea")
    client = visitor(app, BOSS)
    page = client.get(LIST)
    assert page.table("Skyddade ärenden").column("Namngivna") == ["■ Ingen", "1"]
    page = client.click("Rapport LS-2026-0002")
    assert [option.get("value") for option in page.form("step").iter("option")][:1] == ["namnge"]
    page = client.submit({"step": "namnge", "person": str(people[BOSS]), "reason": "Slutat"}, form="step", status=422)
    assert "Du kan inte ge dig själv en post som du inte ser." in page.text
    page = client.submit({"step": "namnge", "person": str(people[OTHER]), "reason": "Slutat"}, form="step")
    assert (page.path, page.table("Skyddade ärenden").column("Namngivna")) == (LIST, ["1", "1"])
    assert "LS-2026-0002" in visitor(app, OTHER).get("/lex-sarah").text
    client.get(f"/lex-sarah/{page.links['Rapport LS-2026-0002'].split('/')[2]}", status=404)


def test_what_lies_elsewhere_or_is_closed_to_the_reader_is_not_told(app, people):
    here, elsewhere = protected("lex-sarah", people[BOSS]), protected("lex-sarah", people[BOSS], "Barn")
    own = make_user("del@kommun.example", "ansvarig", unit="Vuxen")
    client = visitor(app, "del@kommun.example")
    assert client.get(LIST).table("Skyddade ärenden").column("Ärende") == ["Rapport LS-2026-0001"]
    client.get(f"/lex-sarah/{elsewhere}/atkomst", status=404)
    done(here, people[BOSS], Step.CLOSE, own.id)
    client = visitor(app, "del@kommun.example")
    assert "Inget ärende är skyddat." in client.get(LIST).text
    client.get(f"/lex-sarah/{here}/atkomst", status=404)


def test_the_other_registers_are_listed_for_those_who_read_them(app, people):
    quality = make_user("kvalitet@kommun.example", "kvalitet")
    for kind in ("deviations", "complaints"):
        protected(kind, quality.id)
    listed = visitor(app, "kvalitet@kommun.example").get(LIST).table("Skyddade ärenden").column("Ärende")
    assert listed == ["Avvikelse A-2026-0001", "Synpunkt S-2026-0001"]
    assert visitor(app, BOSS).get(LIST).table("Skyddade ärenden").column("Ärende") == ["Avvikelse A-2026-0001"]
    visitor(app, make_user("chef@kommun.example", "chef").email).get(LIST, status=403)
