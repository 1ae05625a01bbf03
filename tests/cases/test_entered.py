"""A synpunkt that an employee writes down, and the lex Sarah-rapport that comes of one."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.accounts.forms import field_value
from tests.cases.making import reported, unit_id_of
from tracker.audit.models import AuditEntry
from tracker.cases.code_models import CaseOrigin
from tracker.cases.models import Complaint
from tracker.database import db
from tracker.rules.trail import Action, ActorKind

DAY = date(2026, 3, 2)
WORDS = "Ingen kom på hela dagen"


pytestmark = pytest.mark.usefixtures("two_units")


def enter(chef, status=200, **fields):
    """Writes down what came by telephone."""
    chef.get("/synpunkter")
    chef.click("Ny synpunkt")
    given = {"kind": "klagomål", "received_on": "2026-02-27", "enhet": str(unit_id_of("Vuxen")), "what": WORDS}
    return chef.submit(given | fields, status=status)


def test_what_came_by_telephone_runs_from_the_day_it_came_and_is_received(person):
    page = enter(person("chef", "Vuxen")[0], name="Testperson", reach="070-000 00 00")
    assert page.heading == "Synpunkt S-2026-0001"
    assert "Testperson, 070-000 00 00" in page.text
    assert {"Besvara", "Avsluta utan svar"} <= set(page.links)
    found = db.session.scalars(select(Complaint)).one()
    assert (found.state, found.received_on, found.due_on) == ("received", date(2026, 2, 27), date(2026, 3, 9))


def test_the_trail_tells_who_wrote_it_down(person):
    enter(person("chef", "Vuxen")[0])
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == Action.RECORD_CREATED.value)).all()[-1]
    assert (entry.actor_kind, entry.actor_id is None) == (ActorKind.USER.value, False)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"what": ""}, "Skriv vad personen säger."),
        ({"enhet": ""}, "Välj en enhet."),
        ({"received_on": ""}, "Skriv dagen som 2026-03-31."),
        ({"received_on": "2026-03-03"}, "2026-03-03 ligger i framtiden. Rätta dagen."),
        ({"what": "Gäller 19121212-1212"}, "Texten ser ut att innehålla ett personnummer."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(person, changed, said):
    page = enter(person("chef", "Vuxen")[0], 422, **({"name": "Testperson"} | changed))
    assert said in page.text
    assert field_value(page, "name") == "Testperson"


def test_a_manager_writes_for_their_own_units_alone(person):
    chef = person("chef", "Vuxen")[0]
    chef.get("/synpunkter/ny")
    choices = [option.get("value") for option in chef.page.form("enhet").iter("option")]
    assert str(unit_id_of("Vuxen")) in choices
    assert str(unit_id_of("Barn")) not in choices


def test_a_synpunkt_that_tells_of_a_missforhallande_becomes_a_report_that_knows_where_it_came_from(person):
    complaint = reported("complaints", "Vuxen", what=WORDS)
    chef = person("chef", "Vuxen")[0]
    chef.get(f"/synpunkter/{complaint}")
    page = chef.click("rapportera det enligt lex Sarah")
    assert "hör till synpunkt S-2026-0001" in page.text
    chosen = {o.get("value") for o in page.form("what").iter("option") if o.get("selected") is not None}
    assert chosen >= {"ja", str(unit_id_of("Vuxen"))}
    assert WORDS in page.text
    page = chef.submit({"happened_on": "2026-02-27", "at_once": "Vi ringde"}, form="what")
    assert page.heading == "Lex Sarah-rapport LS-2026-0001"
    link = db.session.scalars(select(CaseOrigin)).one()
    assert link.from_id == complaint
    assert chef.get(f"/synpunkter/{complaint}").links["Lex Sarah LS-2026-0001"] == f"/lex-sarah/{link.record_id}"
    officer = person("ansvarig")[0]
    page = officer.get(f"/lex-sarah/{link.record_id}")
    assert "Hör ihop med" not in page.text
    lead = person("kvalitet")[0]
    assert lead.get(f"/lex-sarah/{link.record_id}").links["Synpunkt S-2026-0001"] == f"/synpunkter/{complaint}"


def test_another_units_synpunkt_prefills_nothing(person):
    complaint = reported("complaints", "Barn", what=WORDS)
    for visitor in (person("chef", "Vuxen")[0], person("medarbetare", "Vuxen")[0]):
        page = visitor.get(f"/rapportera?synpunkt={complaint}")
        assert WORDS not in page.text
        assert "S-2026-0001" not in page.text
