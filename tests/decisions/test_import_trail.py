"""What does an import leave in the trail: one entry, the digests of what it made, old and new of what it changed?"""

import json

import pytest
from sqlalchemy import select

from tests.audit.trails import entries, parts, verdict
from tests.factories import make_decisions
from tracker.audit.history import list_history
from tracker.database import db
from tracker.decisions.models import Decision
from tracker.exchange.errors import ImportRefused

PERSON, OTHER = "191212121212", "189001019802"


def record_of(ref):
    return db.session.scalars(select(Decision.record_id).where(Decision.ref == ref)).one()


def imports():
    return [entry for entry in entries() if entry.action == "records.imported"]


def test_a_file_is_one_entry_with_a_part_for_each_decision(app):
    make_decisions(
        [{"ref": "B-01"}, {"ref": "B-02"}, {"ref": "B-02", "avbrottsdatum": "2021-05-01"}, {"ref": "B-03"}],
    )
    (entry,) = imports()
    assert (entry.parts, entry.actor_kind) == (3, "command")
    made = parts(entry.id)
    assert [part.record_id for part in made] == [record_of(ref) for ref in ("B-01", "B-02", "B-03")]
    assert len({part.digest for part in made}) == 3
    assert all(part.open_values is None and part.sealed_values is None for part in made)
    assert verdict().whole


def test_an_import_that_changes_nothing_leaves_nothing(app):
    make_decisions([{"ref": "B-01"}])
    make_decisions([{"ref": "B-01"}])
    assert len(imports()) == 1


def test_a_change_keeps_old_and_new(app):
    make_decisions([{"ref": "B-01", "kon": "man"}, {"ref": "B-02"}])
    make_decisions([{"ref": "B-01", "kon": "kvinna", "verkstalld": "2021-02-01"}, {"ref": "B-02"}])
    _, entry = imports()
    (part,) = parts(entry.id)
    assert part.record_id == record_of("B-01")
    assert json.loads(part.open_values) == {"sex": ["man", "kvinna"], "executed_on": [None, "2021-02-01"]}
    assert json.loads(entry.fields) == ["executed_on", "sex"]


def test_an_interruption_is_told_by_its_day(app):
    make_decisions([{"ref": "B-01"}, {"ref": "B-01", "avbrottsdatum": "2021-05-01"}])
    make_decisions([{"ref": "B-01", "avbrottsdatum": "2021-05-01", "verkstalld": "2021-06-01"}])
    opened = json.loads(parts(imports()[-1].id)[0].open_values)
    assert opened == {"avbrott 2021-05-01 executed_on": [None, "2021-06-01"]}


def test_persons_and_free_texts_lie_sealed(app):
    make_decisions([{"ref": "B-01", "person": PERSON, "skal": "Bodil väntar på en plats"}])
    make_decisions([{"ref": "B-01", "person": OTHER, "skal": "Bodil har tackat ja", "diarienummer": "SN 2021/7"}])
    (part,) = parts(imports()[-1].id)
    assert part.open_values is None
    for text in (PERSON, OTHER, "Bodil", "SN 2021"):
        assert text.encode() not in part.sealed_values
    (event, _) = list_history(record_of("B-01"), with_personal=True)
    assert {change.field: (change.old, change.new) for change in event.changes} == {
        "person": (PERSON, OTHER),
        "delay_note": ("Bodil väntar på en plats", "Bodil har tackat ja"),
        "case_number": (None, "SN 2021/7"),
    }
    assert verdict().whole


def test_a_refused_file_leaves_nothing(app):
    make_decisions([{"ref": "B-01"}])
    before = len(entries())
    with pytest.raises(ImportRefused):
        make_decisions([{"ref": "B-02"}, {"ref": "B-03", "verkstalld": "2099-01-01"}])
    db.session.rollback()
    assert len(entries()) == before


def test_many_rows_are_written_in_one_go_and_the_chain_is_whole(app):
    make_decisions([{"ref": f"B-{number:04}"} for number in range(300)])
    make_decisions([{"ref": f"B-{number:04}", "kon": "man"} for number in range(0, 300, 2)])
    first, second = imports()
    assert (first.parts, second.parts) == (300, 150)
    assert [json.loads(part.open_values) for part in parts(second.id)] == [{"sex": [None, "man"]}] * 150
    assert verdict().whole
