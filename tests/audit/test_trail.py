"""Is what a service does written with it, by whom, and gone with it when it is not done?"""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.audit.trails import entries, head, make_record, note, parts, verdict
from tests.factories import make_decisions, make_unit, make_user
from tracker.accounts.models import Unit
from tracker.accounts.services import ensure_top_unit
from tracker.audit import trail
from tracker.audit.acting import Actor, acting, acting_as
from tracker.audit.chain import Link, trail_keys
from tracker.audit.history import list_history
from tracker.audit.keys import destroy_key, open_values
from tracker.audit.models import AuditEntry, AuditHead, RecordKey
from tracker.audit.reads import note_read
from tracker.database import db, writer
from tracker.decisions.models import Decision
from tracker.rules.trail import Action, ActorKind, ReadKind, TargetKind

PERSON = "191212121212"


def last():
    return entries()[-1]


def test_an_entry_says_who_when_what_and_which_fields_but_no_values(app, frozen_day):
    frozen_day(date(2026, 3, 31))
    user = make_user("ada@kommun.example")
    with acting_as(Actor(ActorKind.USER, user.id, 12, "abc123")):
        note(Action.UNIT_MOVED, target=(TargetKind.UNIT, 4), changes={"parent": ("Vuxen", "Barn"), "name": (1, 2)})
    entry = last()
    assert (entry.actor_kind, entry.actor_id, entry.session_id, entry.request_id) == ("user", user.id, 12, "abc123")
    assert (entry.action, entry.target_kind, entry.target_id, entry.record_id) == ("unit.moved", "unit", 4, None)
    assert json.loads(entry.fields) == ["parent", "name"]
    assert entry.at.replace(tzinfo=UTC) == datetime(2026, 3, 31, 11, tzinfo=UTC)
    assert "Barn" not in str(vars(entry))


def test_the_command_line_acts_when_nobody_else_does(app):
    note()
    assert acting().kind is ActorKind.COMMAND
    assert last().actor_kind == "command"


def test_entries_are_numbered_without_gaps_and_bound_to_each_other(app):
    note()
    note()
    with writer():
        trail.record(Action.INSTALLATION_CHANGED)
        trail.record(Action.INSTALLATION_CHANGED)
        db.session.commit()
    chain = entries()
    assert [entry.id for entry in chain] == list(range(1, len(chain) + 1))
    before = trail_keys.first_mac(head()["chain"])
    for entry in chain:
        link = Link(*(getattr(entry, name) for name in Link._fields))
        before = trail_keys.mac(before, link)
        assert entry.mac == before
    assert (head()["last_id"], head()["last_mac"]) == (len(chain), before)


def test_what_is_rolled_back_leaves_no_entry(app):
    note()
    with writer():
        trail.record(Action.INSTALLATION_CHANGED)
        db.session.rollback()
        db.session.commit()
    assert len(entries()) == 1
    note()
    assert [entry.id for entry in entries()] == [1, 2]


def test_a_change_that_fails_takes_its_entry_with_it(app):
    make_unit("Vuxen")
    before = len(entries())
    with writer():
        trail.record(Action.UNIT_CREATED)
        with pytest.raises(DBAPIError):
            db.session.execute(text("UPDATE unit SET name = NULL"))
    db.session.rollback()
    assert len(entries()) == before


class TestValues:
    """Old and new values lie apart; personal ones under the record's own key."""

    @pytest.fixture
    def record_id(self, app):
        record_id = make_record()
        note(
            Action.RECORD_CORRECTED,
            record_id=record_id,
            changes={"decided_on": (date(2021, 1, 7), date(2021, 1, 8)), "person": (None, PERSON)},
            personal={"person"},
            reason="Kim skrev fel",
        )
        return record_id

    def test_open_values_can_be_read_and_personal_ones_cannot(self, record_id):
        (part,) = parts(last().id)
        assert json.loads(part.open_values) == {"decided_on": ["2021-01-07", "2021-01-08"]}
        assert PERSON.encode() not in part.sealed_values
        assert b"Kim" not in part.sealed_values

    def test_history_tells_them_to_who_may_see_them(self, record_id):
        event = list_history(record_id, with_personal=True)[0]
        assert {change.field: (change.old, change.new) for change in event.changes} == {
            "decided_on": ("2021-01-07", "2021-01-08"),
            "person": (None, PERSON),
        }
        assert (event.action, event.reason, event.forgotten) == (Action.RECORD_CORRECTED, "Kim skrev fel", False)
        shown = list_history(record_id, with_personal=False)[0]
        assert [change.field for change in shown.changes] == ["decided_on"]
        assert PERSON not in str(shown)

    def test_without_the_records_key_they_are_forgotten_and_the_chain_is_whole(self, record_id):
        assert verdict().whole
        with writer():
            destroy_key(record_id, datetime(2026, 1, 1, tzinfo=UTC))
            trail.record(Action.RECORD_FORGOTTEN, record_id=record_id)
            db.session.commit()
        event = list_history(record_id, with_personal=True)[0]
        assert event.forgotten
        assert PERSON not in str(event)
        assert [change.field for change in event.changes] == ["decided_on"]
        assert verdict().whole

    def test_a_new_key_after_forgetting_does_not_open_what_was_forgotten(self, record_id):
        with writer():
            destroy_key(record_id, datetime(2026, 1, 1, tzinfo=UTC))
            db.session.commit()
        note(Action.RECORD_CORRECTED, record_id=record_id, changes={"person": (None, "2")}, personal={"person"})
        newest, older = list_history(record_id, with_personal=True)[:2]
        assert [change.new for change in newest.changes] == ["2"]
        assert older.forgotten

    def test_two_records_have_two_keys(self, record_id):
        other = make_another()
        note(Action.RECORD_CORRECTED, record_id=other, changes={"person": (None, PERSON)}, personal={"person"})
        keys = db.session.scalars(select(RecordKey.sealed)).all()
        assert len(set(keys)) == 2
        sealed = parts(last().id)[0].sealed_values
        assert open_values(other, sealed)
        assert open_values(record_id, sealed) is None

    def test_personal_values_of_anything_but_a_record_leave_a_digest_only(self, app):
        note(Action.USER_CHANGED, target=(TargetKind.USER, 3), changes={"name": ("Kim", "Kim Ek")}, personal={"name"})
        (part,) = parts(last().id)
        assert "Kim" not in part.open_values
        old, new = json.loads(part.open_values)["name"]
        assert (len(old), len(new), old != new) == (64, 64, True)
        assert part.sealed_values is None


def make_another():
    make_decisions([{"ref": "B-99"}])
    return db.session.scalars(select(Decision.record_id).where(Decision.ref == "B-99")).one()


class TestReporters:
    """Who reported is shown by the reporter's rule: the entry itself names nobody."""

    def test_the_reporter_lies_sealed_with_the_record(self, app):
        record_id, user = make_record(), make_user("kim@kommun.example")
        with acting_as(Actor(ActorKind.USER, user.id, 7, "abc")), writer():
            trail.record_report(Action.RECORD_CREATED, record_id=record_id, anonymous=False)
            db.session.commit()
        entry = last()
        assert (entry.actor_kind, entry.actor_id, entry.session_id, entry.request_id) == ("reporter", None, None, None)
        changes = list_history(record_id, with_personal=True)[0].changes
        assert [(change.field, change.new, change.personal) for change in changes] == [("reporter", user.id, True)]

    def test_an_anonymous_report_has_no_actor_anywhere(self, app):
        record_id, user = make_record(), make_user("kim@kommun.example")
        with acting_as(Actor(ActorKind.USER, user.id, 7, "abc")), writer():
            trail.record_report(Action.RECORD_CREATED, record_id=record_id, anonymous=True)
            db.session.commit()
        entry = last()
        assert (entry.actor_kind, entry.actor_id, entry.session_id, entry.request_id) == ("anonymous",) + (None,) * 3
        assert parts(entry.id) == []


def test_a_bulk_change_is_one_entry_over_all_its_rows(app):
    record_id = make_record()
    many = [trail.created_part(record_id, (number, "x")) for number in range(120)]
    many.append(trail.changed_part(record_id, {"kon": (None, "man")}))
    with writer():
        trail.record_bulk(Action.RECORDS_IMPORTED, many, {"kon", "ref"})
        db.session.commit()
    entry = last()
    assert (entry.parts, json.loads(entry.fields)) == (121, ["kon", "ref"])
    stored = parts(entry.id)
    assert [part.digest for part in stored] == [part.digest for part in many]
    assert verdict().whole


def test_the_database_itself_refuses_to_change_what_was_written(app):
    note()
    refused = [
        "UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "UPDATE audit_part SET digest = digest",
        "DELETE FROM audit_part", "UPDATE audit_read SET kind = 'x'", "DELETE FROM audit_read",
        "DELETE FROM audit_head", "UPDATE audit_head SET last_id = 0", "DELETE FROM record_key",
        "UPDATE audit_head SET last_id = last_id + 1, chain = 'another'",
    ]  # fmt: skip
    if db.engine.dialect.name == "postgresql":
        refused += [f"TRUNCATE {name} CASCADE" for name in ("audit_entry", "audit_part", "audit_read", "audit_head")]
    make_record_with_part_and_read()
    for statement in refused:
        with writer(), pytest.raises(DBAPIError, match="trail"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert db.session.scalar(select(AuditEntry.id).order_by(AuditEntry.id).limit(1)) == 1


def make_record_with_part_and_read():
    record_id = make_record()
    note(Action.RECORD_CORRECTED, record_id=record_id, changes={"person": (1, 2)}, personal={"person"})
    db.session.rollback()
    note_read(ReadKind.RECORD, record_id=record_id)


class TestSavepoints:
    """A part of a transaction that is undone takes its own entries with it, and nobody else's."""

    def test_what_was_noted_before_a_savepoint_that_is_undone_is_kept(self, app):
        with writer():
            trail.record(Action.INSTALLATION_CHANGED, changes={"demonstration": (False, True)})
            savepoint = db.session.begin_nested()
            trail.record(Action.UNIT_RENAMED, changes={"name": ("a", "b")})
            savepoint.rollback()
            trail.record(Action.CODE_ADDED)
            db.session.commit()
        assert [entry.action for entry in entries()] == [Action.INSTALLATION_CHANGED, Action.CODE_ADDED]
        assert verdict().whole

    def test_a_statement_that_fails_in_a_savepoint_takes_no_earlier_entry_with_it(self, app):
        with writer():
            unit = ensure_top_unit()
            with pytest.raises(IntegrityError), db.session.begin_nested():
                db.session.add(Unit(name=unit.name, parent_id=unit.id, tree_from=2, tree_to=2))
            db.session.commit()
        assert [entry.action for entry in entries()] == [Action.UNIT_CREATED]

    def test_an_inner_savepoint_goes_with_the_one_around_it(self, app):
        with writer():
            around = db.session.begin_nested()
            with db.session.begin_nested():
                trail.record(Action.UNIT_RENAMED)
            around.rollback()
            trail.record(Action.CODE_ADDED)
            db.session.commit()
        assert [entry.action for entry in entries()] == [Action.CODE_ADDED]

    def test_the_head_is_not_locked_before_the_transaction_ends(self, app):
        with writer():
            with db.session.begin_nested():
                trail.record(Action.UNIT_RENAMED)
            assert db.session.scalar(select(AuditHead.last_id)) == 0
            db.session.commit()
        assert [entry.action for entry in entries()] == [Action.UNIT_RENAMED]
