"""Two who write about one record for the first time at once, while readings are sealed: nobody waits in a circle."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.audit.trails import make_record, verdict
from tracker.audit import trail
from tracker.audit.history import list_history
from tracker.audit.reads import note_read, seal_reads
from tracker.database import db, writer
from tracker.rules.trail import Action, ReadKind

WRITERS, ROUNDS = 4, 5


@pytest.fixture
def side_by_side(app):
    """Runs calls at once, each in a context of its own."""

    def run(*calls):
        start = Barrier(len(calls))

        def one(call):
            with app.app_context():
                start.wait(10)
                return call()

        with ThreadPoolExecutor(len(calls)) as threads:
            return [done.result(60) for done in [threads.submit(one, call) for call in calls]]

    return run


def test_one_key_is_made_for_a_record_that_many_correct_at_once(app, side_by_side):
    record_id = make_record()
    db.session.rollback()

    def correct():
        with writer():
            person = {"person": (None, "191212121212")}
            trail.record(Action.RECORD_CORRECTED, record_id=record_id, changes=person, personal={"person"})
            db.session.commit()

    side_by_side(*[correct] * WRITERS)
    found = [event for event in list_history(record_id, with_personal=True) if event.changes]
    assert [event.changes[0].new for event in found] == ["191212121212"] * WRITERS
    assert verdict().whole


def test_readings_corrections_and_seals_go_on_beside_each_other(app, side_by_side):
    record_id = make_record()
    db.session.rollback()

    def read():
        for _ in range(ROUNDS):
            note_read(ReadKind.RECORD, record_id=record_id)

    def change():
        for _ in range(ROUNDS):
            with writer():
                note_read(ReadKind.RECORD, record_id=record_id)
                trail.record(Action.RECORD_CORRECTED, record_id=record_id, changes={"sex": (None, "man")})
                db.session.commit()

    def seal():
        return sum(seal_reads() for _ in range(ROUNDS))

    sealed = side_by_side(read, change, seal, seal)
    sealed_after = seal_reads()
    assert sealed[2] + sealed[3] + sealed_after == 2 * ROUNDS
    assert (verdict().whole, verdict().reads) == (True, 2 * ROUNDS)
