"""What is closed to somebody is not named to them by the avvikelse that it becomes when its promise is missed."""

import pytest

from tests.audit.trails import entries
from tests.guarantees.making import registered_complaint
from tests.records.granting import REASON, user_id_of, version_of
from tracker import clock
from tracker.cases.case_access import change_access
from tracker.cases.missed import find_miss
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step
from tracker.records.grants import list_grants

NUMBER = "S-2026-0001"


def closed(record_id, email, by):
    with writer():
        act = Act(record_id, version_of(record_id), by, True, REASON, clock.now())
        change_access(act, Step.CLOSE, user_id_of(email))
        db.session.commit()


def registered(record_id, by):
    """Registers the synpunkt as missed; gives the record of the avvikelse."""
    registered_complaint(record_id, by)
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
