"""Who sees an action follows from what it belongs to: what belongs to protected cases alone is as protected as they."""

import pytest
from sqlalchemy import select

from tests.actions.stored import HEAD, action, record_id
from tests.actions.test_pages import ADA, BO, EVA, add, eva, path
from tests.audit.trails import entries, verdict
from tests.control.test_scale import signed_in
from tests.factories import make_user
from tests.records.granting import version_of
from tracker import clock
from tracker.accounts.queries import find_user
from tracker.actions.queries import standing_of
from tracker.cases.case_access import change_access
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step
from tracker.records.models import Record, RecordGrant
from tracker.rules.actions import Standing

__all__ = ["eva"]
WORDS = "Utbilda alla om larm"


@pytest.fixture
def officer(eva):
    """Who protects cases."""
    return make_user(BO, "ansvarig", name="Bo Ask")


def change(officer, step, person=None, of=("deviation", "A-1")):
    of_record = record_id(*of)
    version = version_of(of_record)
    act = Act(of_record, version, officer.id, sees=True, reason="Hotbild", now=clock.now())
    with writer():
        change_access(act, step, person and person.id)
        db.session.commit()


def everywhere(visitor, ref="Å-2022-1"):
    """All that somebody can read of actions: the lists, both files, the action's own page, the page of its case."""
    case = f"/avvikelser/{record_id('deviation', 'A-1')}"
    addresses = ["/atgarder?lista=alla", "/atgarder/export.csv?lista=alla", case, path(ref)]
    return "".join(visitor.get(address, status=None).text for address in addresses)


def test_what_belongs_to_a_protected_case_is_seen_by_those_named_and_the_one_responsible(eva, office, officer):
    add(eva)
    assert WORDS in everywhere(eva)
    change(officer, Step.PROTECT)
    assert WORDS not in everywhere(eva)
    eva.get(path(), status=404)
    for what in ("/andra", "/overlat", "/ny-dag", "/makulera", "/lage"):
        assert eva.get(path(what=what), status=404).heading == "Sidan finns inte"
    assert WORDS in everywhere(signed_in(office, BO))
    ada = signed_in(office, ADA)
    assert ada.get("/atgarder").table("Åtgärder").column("Nummer") == ["Å-2022-1"]
    assert WORDS in ada.get(path()).text
    ada.get(path(what="/lage"))
    ada.submit({"anteckning": "Halva är klar", "genomford": ""}, form="anteckning")
    assert standing_of(record_id("deviation", "A-1")) == Standing(open=1)
    assert verdict().whole


def test_who_is_named_later_sees_it_and_who_is_no_longer_does_not(eva, officer):
    add(eva)
    change(officer, Step.PROTECT)
    change(officer, Step.NAME, find_user(EVA))
    assert WORDS in everywhere(eva)
    assert eva.get("/atgarder").table("Åtgärder").column("Nummer") == ["Å-2022-1"]
    change(officer, Step.WITHDRAW, find_user(EVA))
    assert WORDS not in everywhere(eva)


def test_it_opens_again_with_its_case_and_nobody_is_named(eva, officer):
    add(eva)
    change(officer, Step.PROTECT)
    change(officer, Step.UNPROTECT)
    assert WORDS in everywhere(eva)
    assert db.session.scalars(
        select(RecordGrant).where(RecordGrant.record_id == action("Å-2022-1").record_id)
    ).all() == []  # fmt: skip
    assert [e.action for e in entries()].count("record.access_changed") == 4


def test_an_action_of_a_case_that_is_protected_already_is_so_from_the_first(eva, office, officer):
    change(officer, Step.PROTECT)
    office.imports("actions", f"{HEAD}\nÅ-1;avvikelse;A-1;{WORDS};;2021-04-01;;;\n")
    assert WORDS not in everywhere(eva, "Å-1")
    assert action("Å-1").mark == 1
    assert db.session.get_one(Record, action("Å-1").record_id).access == "protected"
    bo = signed_in(office, BO)
    add(bo, {"ansvarig": ""})
    assert action("Å-2022-1").mark == 1
    assert WORDS not in everywhere(eva)


def test_what_is_closed_to_somebody_in_the_case_is_closed_to_them(eva, office, officer):
    add(eva, {"ansvarig": "Eva Ek"})
    change(officer, Step.CLOSE, find_user(EVA))
    assert WORDS not in everywhere(eva)
    assert WORDS in everywhere(signed_in(office, BO))
    change(officer, Step.WITHDRAW, find_user(EVA))
    assert WORDS in everywhere(eva)


def test_a_file_moves_it_from_a_protected_case_to_an_open_one_and_back(eva, office, officer):
    add(eva)
    change(officer, Step.PROTECT)
    office.imports("actions", f"{HEAD}\nÅ-2022-1;lex-sarah;1948;;;;;;\n")
    assert action("Å-2022-1").mark == 0
    office.imports("actions", f"{HEAD}\nÅ-2022-1;avvikelse;A-1;;;;;;\n")
    assert action("Å-2022-1").mark == 1
    assert WORDS not in everywhere(eva)
