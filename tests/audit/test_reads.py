"""Is every reading kept, at once, by whom, and whatever becomes of the page?"""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.audit.trails import make_record
from tests.factories import make_user
from tracker.audit.acting import Actor, acting_as
from tracker.audit.models import AuditRead
from tracker.audit.reads import HeldBack, count_unsealed, held_back, note_read, note_taken_out, seal_reads
from tracker.database import db, writer
from tracker.rules.trail import ActorKind, Purpose, ReadKind


def reads():
    db.session.rollback()
    return list(db.session.scalars(select(AuditRead).order_by(AuditRead.id)))


def test_a_read_says_who_what_when_and_what_for(app, frozen_day):
    frozen_day(date(2026, 3, 31))
    record_id, user = make_record(), make_user("ada@kommun.example")
    db.session.rollback()
    with acting_as(Actor(ActorKind.USER, user.id, 12, "abc123")):
        note_read(ReadKind.RECORD, record_id=record_id)
        note_read(ReadKind.EXPORT, what="beslut", selection="status=avslutade", row_count=17, purpose=Purpose.AUDIT)
    one, other = reads()
    assert (one.kind, one.actor_kind, one.actor_id, one.session_id, one.request_id, one.record_id) == (
        "record", "user", user.id, 12, "abc123", record_id)  # fmt: skip
    assert one.at.replace(tzinfo=UTC) == datetime(2026, 3, 31, 11, tzinfo=UTC)
    assert (other.kind, other.record_id, other.what, other.selection, other.row_count, other.purpose) == (
        "export", None, "beslut", "status=avslutade", 17, "revision")  # fmt: skip


def test_a_read_stands_although_the_page_fails_afterwards(app):
    record_id = make_record()
    db.session.scalars(select(AuditRead)).all()
    note_read(ReadKind.RECORD, record_id=record_id)
    db.session.rollback()
    assert len(reads()) == 1


def test_a_read_within_a_writing_request_stands_with_it(app):
    record_id = make_record()
    with writer():
        note_read(ReadKind.RECORD, record_id=record_id)
        db.session.rollback()
        assert reads() == []
        note_read(ReadKind.RECORD, record_id=record_id)
        db.session.commit()
    assert len(reads()) == 1


def test_what_cannot_be_logged_is_not_shown(app):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        note_read(ReadKind.RECORD, record_id=987_654)


def test_a_file_that_is_made_and_not_given_is_noted_when_it_is(app):
    with held_back() as held:
        note_read(ReadKind.EXPORT, what="beslut", selection="ref=B", row_count=2, purpose=Purpose.AUDIT)
    assert reads() == []
    assert held == [HeldBack("beslut", "ref=B", 2, Purpose.AUDIT)]
    note_taken_out(held[0])
    (read,) = reads()
    assert (read.kind, read.what, read.selection, read.row_count, read.purpose) == (
        "export", "beslut", "ref=B", 2, "revision")  # fmt: skip


def test_a_record_is_noted_although_files_are_held_back(app):
    record_id = make_record()
    db.session.rollback()
    with held_back() as held:
        note_read(ReadKind.RECORD, record_id=record_id)
    assert ([read.record_id for read in reads()], held) == ([record_id], [])


def test_a_long_selection_is_cut(app):
    note_read(ReadKind.EXPORT, selection="x" * 900)
    assert reads()[0].selection == "x" * 300


def test_reads_are_counted_until_they_are_sealed(app):
    record_id = make_record()
    db.session.rollback()
    for _ in range(3):
        note_read(ReadKind.RECORD, record_id=record_id)
    assert count_unsealed() == 3
    db.session.rollback()
    assert seal_reads() == 3
    assert count_unsealed() == 0
