"""The actions of a lex Sarah case are managed by who reads the whole of it, not by a manager who sees it in short."""

import pytest

from tests.actions.making import make_action
from tests.actions.stored import action, record_id
from tests.actions.test_pages import BO, EVA, eva, path
from tests.control.test_scale import signed_in
from tests.factories import make_user
from tests.records.granting import version_of
from tracker import clock
from tracker.accounts.queries import find_user
from tracker.actions.queries import standing_of
from tracker.cases.case_access import change_access
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step
from tracker.rules.actions import Standing

__all__ = ["eva"]
MANAGED = ("/andra", "/effekt", "/ny-dag", "/makulera")


@pytest.fixture
def measure(eva):
    """A decided action of the lex Sarah case of Eva's unit, which Ada is to do."""
    case = record_id("lex_sarah", "1948")
    make_action(case, responsible_name="Ada Alm")
    return case


def test_who_sees_the_case_in_short_sees_the_action_and_may_not_take_it_away(eva, measure):
    page = eva.get(path())
    assert ("Ändra" in page.text, "Makulera" in page.text, "Lämna över" in page.text) == (False, False, False)
    for what in MANAGED:
        assert eva.get(path(what=what), status=404).heading == "Sidan finns inte"
    for what in ("/lage", "/overlat"):
        eva.get(path(what=what), status=403)
    assert standing_of(measure) == Standing(open=1)


def test_who_is_responsible_tells_how_it_goes_although_they_manage_nothing_of_it(eva, measure, office):
    found = action("Å-2022-1")
    with writer():
        found.responsible_id, found.responsible_name = find_user(EVA).id, "Eva Ek"
        db.session.commit()
    eva.get(path(what="/lage"))
    page = eva.submit({"anteckning": "Halva är klar", "genomford": ""}, form="anteckning")
    assert "Halva är klar" in page.text
    for what in MANAGED:
        eva.get(path(what=what), status=404)


def test_the_ansvarig_and_the_quality_lead_manage_it(eva, measure, office):
    for mail, role in ((BO, "ansvarig"), ("kajsa@kommun.example", "kvalitet")):
        make_user(mail, role)
        visitor = signed_in(office, mail)
        for what in ("/andra", "/ny-dag", "/makulera"):
            assert visitor.get(path(what=what)).form("version") is not None


def test_a_manager_who_has_the_case_to_investigate_manages_it(eva, measure, office):
    both, officer = make_user(BO, "chef", "utredare", unit="Vuxen 2"), make_user("dag@kommun.example", "ansvarig")
    signed_in(office, BO).get(path(what="/makulera"), status=404)
    with writer():
        change_access(Act(measure, version_of(measure), officer.id, True, "Utreder", clock.now()), Step.NAME, both.id)
        db.session.commit()
    assert signed_in(office, BO).get(path(what="/makulera")).form("version") is not None
    eva.get(path(what="/makulera"), status=404)
