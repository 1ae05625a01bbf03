"""What is closed to somebody is not named to them by the avvikelse that it becomes when its promise is missed."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.actions.making import make_action
from tests.audit.trails import entries
from tests.cases.making import reported, step
from tests.guarantees.making import cause
from tests.records.granting import REASON, user_id_of, version_of
from tracker import clock
from tracker.accounts.models import User
from tracker.accounts.reader import EVERYTHING
from tracker.cases.case_access import change_access
from tracker.cases.missed import find_miss, register_complaint
from tracker.cases.registers import COMPLAINTS
from tracker.cases.single import find_case
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step
from tracker.records.grants import list_grants
from tracker.records.scope import Scope

TODAY = date(2026, 6, 1)
CHEF, LEAD, OTHER = "anna.chef@kommun.example", "anna.kvalitet@kommun.example", "bo.kvalitet@kommun.example"
NUMBER = "S-2026-0001"


@pytest.fixture
def complaint(officer):
    """A synpunkt of Vuxen whose last day was 30 May."""
    record_id = reported("complaints", received_on=date(2026, 5, 20))
    step("complaints", record_id, "receive", officer)
    return record_id


def changed(record_id, wish, email, by):
    """Does something about who sees a case, and about whom."""
    with writer():
        act = Act(record_id, version_of(record_id), by, True, REASON, clock.now())
        change_access(act, wish, user_id_of(email) if email else None)
        db.session.commit()


def closed(record_id, email, by):
    changed(record_id, Step.CLOSE, email, by)


def given(record_id):
    """(person, named or closed) of each that a case is so to."""
    return [(grant.name, grant.kind.value) for grant in list_grants(record_id)]


def registered(record_id, by):
    """Registers the synpunkt as missed; gives the record of the avvikelse."""
    db.session.rollback()
    lead = db.session.scalar(select(User.id).where(User.email == LEAD))
    row = find_case(COMPLAINTS, record_id, Scope(EVERYTHING, named=True, reader_id=lead or by))
    with writer():
        register_complaint(row, row["version"], cause(), by, clock.now(), TODAY)
        db.session.commit()
    return find_miss(record_id).deviation_id


def counted(visitor):
    """How many avvikelser the file of patterns counts for a reader."""
    lines = visitor.get("/avvikelser/monster/export.csv").data.decode("utf-8-sig").splitlines()
    return sum(int(line.rpartition(";")[2]) for line in lines if line.startswith("Per enhet;Vuxen;"))


@pytest.mark.parametrize("closed_first", [True, False])
def test_the_avvikelse_of_a_closed_synpunkt_is_closed_to_the_same(complaint, officer, person, closed_first):
    chef, lead = person("chef", "Vuxen"), person("kvalitet")
    if closed_first:
        closed(complaint, "anna.chef@kommun.example", officer)
    deviation_id = registered(complaint, officer)
    if not closed_first:
        closed(complaint, "anna.chef@kommun.example", officer)
    chef.get(f"/synpunkter/{complaint}", status=404)
    chef.get(f"/avvikelser/{deviation_id}", status=404)
    for path in ("/avvikelser", "/avvikelser/export.csv", "/avvikelser/monster"):
        said = chef.get(path).data.decode()
        assert (NUMBER in said, "A-2026-0001" in said) == (False, False)
    assert (counted(chef), counted(lead)) == (0, 1)
    page = lead.get(f"/avvikelser/{deviation_id}")
    assert f"Referens: {NUMBER}." in page.text
    assert [(grant.user_id, grant.kind.value) for grant in list_grants(deviation_id)] == [
        (user_id_of("anna.chef@kommun.example"), "closed")
    ]
    noted = [entry for entry in entries() if entry.action == "record.access_changed"]
    assert [entry.record_id for entry in noted] == [complaint, deviation_id]


def test_the_avvikelse_of_an_open_one_is_closed_to_nobody(complaint, officer, person):
    chef = person("chef", "Vuxen")
    deviation_id = registered(complaint, officer)
    assert f"Referens: {NUMBER}." in chef.get(f"/avvikelser/{deviation_id}").text
    assert list_grants(deviation_id) == []


@pytest.fixture
def readers(person):
    """The unit's manager, and two quality leads."""
    return {"chef": person("chef", "Vuxen"), "lead": person("kvalitet"), "other": person("kvalitet", name="bo")}


@pytest.mark.parametrize("protected_first", [True, False])
def test_the_avvikelse_of_a_protected_synpunkt_is_seen_by_those_named_alone(
    complaint, officer, readers, protected_first
):
    if protected_first:
        changed(complaint, Step.PROTECT, LEAD, officer)
    deviation_id = registered(complaint, officer)
    if not protected_first:
        assert f"Referens: {NUMBER}." in readers["chef"].get(f"/avvikelser/{deviation_id}").text
        changed(complaint, Step.PROTECT, LEAD, officer)
    for name in ("chef", "other"):
        readers[name].get(f"/avvikelser/{deviation_id}", status=404)
        for path in ("/avvikelser", "/avvikelser/export.csv"):
            assert "A-2026-0001" not in readers[name].get(path).data.decode()
    assert "Referens: " in readers["lead"].get(f"/avvikelser/{deviation_id}").text
    assert given(deviation_id) == [("Anna Kvalitet", "named")]


def test_who_is_named_later_and_the_end_of_the_protection_are_followed(complaint, officer, readers):
    changed(complaint, Step.PROTECT, LEAD, officer)
    deviation_id = registered(complaint, officer)
    changed(complaint, Step.NAME, OTHER, officer)
    assert "Referens: " in readers["other"].get(f"/avvikelser/{deviation_id}").text
    changed(complaint, Step.WITHDRAW, OTHER, officer)
    readers["other"].get(f"/avvikelser/{deviation_id}", status=404)
    changed(complaint, Step.UNPROTECT, None, officer)
    assert [readers[name].get(f"/avvikelser/{deviation_id}").status for name in ("chef", "lead", "other")] == [200] * 3


def test_a_closing_that_is_lifted_is_lifted_from_the_avvikelse(complaint, officer, readers):
    closed(complaint, CHEF, officer)
    deviation_id = registered(complaint, officer)
    readers["chef"].get(f"/avvikelser/{deviation_id}", status=404)
    changed(complaint, Step.WITHDRAW, CHEF, officer)
    readers["chef"].get(f"/avvikelser/{deviation_id}")
    assert given(deviation_id) == []


def test_what_was_done_on_the_avvikelse_itself_stays(complaint, officer, readers):
    deviation_id = registered(complaint, officer)
    closed(deviation_id, CHEF, user_id_of(OTHER))
    closed(complaint, CHEF, officer)
    changed(complaint, Step.WITHDRAW, CHEF, officer)
    assert (given(complaint), given(deviation_id)) == ([], [("Anna Chef", "closed")])
    changed(deviation_id, Step.PROTECT, OTHER, officer)
    changed(complaint, Step.PROTECT, LEAD, officer)
    changed(complaint, Step.UNPROTECT, None, officer)
    readers["chef"].get(f"/avvikelser/{deviation_id}", status=404)
    readers["other"].get(f"/avvikelser/{deviation_id}")


def test_its_actions_are_as_hidden_as_the_avvikelse(complaint, officer, readers):
    deviation_id = registered(complaint, officer)
    action_id = make_action(deviation_id, today=TODAY, decided_on=TODAY, due_on=TODAY)
    changed(complaint, Step.PROTECT, LEAD, officer)
    readers["chef"].get(f"/atgarder/{action_id}", status=404)
    assert "Rutinen ses över" in readers["lead"].get(f"/atgarder/{action_id}").text
