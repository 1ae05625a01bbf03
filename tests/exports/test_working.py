"""The thread that makes files: begun by who asks and by the keeper, one in each process, gone when nothing is left."""

import pytest

from tests.exports.ordering import MINUTE, later
from tracker import clock
from tracker.database import db
from tracker.exports import services, working
from tracker.exports.working import Worker, tend_exports


@pytest.fixture
def started(house, monkeypatch):
    """How often a thread has been asked for, where it works at all."""
    found = []
    monkeypatch.setitem(house.app.config, "EXPORT_WORKER", True)
    monkeypatch.setattr(working.worker, "start", found.append)
    return found


def test_a_thread_makes_what_waits_and_ends(house):
    anna, _ = house.visitor()
    bo, _ = house.visitor("bo@kommun.example")
    places = [house.order(anna), house.order(anna, made_as="xlsx"), house.order(bo)]
    db.session.remove()
    worker = Worker()
    worker.start(house.app)
    thread = worker._thread
    worker.start(house.app)
    assert worker._thread in {thread, None}
    if thread:
        thread.join(30)
    assert worker._thread is None
    assert [visitor.get(place).heading for visitor, place in zip((anna, anna, bo), places, strict=True)] == [
        "Exporten är klar"
    ] * 3


def test_who_asks_begins_it_once_the_job_is_there(house, started):
    anna, _ = house.visitor()
    house.order(anna)
    assert started == [house.app]
    house.order(anna, query="ref=B-1")  # short: nothing to make
    assert started == [house.app]


def test_the_keeper_begins_what_has_been_left_and_only_then(house, started, monkeypatch):
    tend_exports(clock.now())
    assert started == []
    anna, _ = house.visitor()
    house.order(anna)
    services.take_next(clock.now())
    later(monkeypatch, 6 * MINUTE)
    started.clear()
    tend_exports(clock.now())
    assert started == [house.app]
    assert house.make() == 1
    tend_exports(clock.now())
    assert started == [house.app]


def test_a_fault_of_the_thread_does_not_end_its_use(house, monkeypatch):
    worker, calls = Worker(), []

    def work(_app):
        calls.append(1)
        raise RuntimeError

    monkeypatch.setattr(working, "work", work)
    for _ in range(2):
        worker.start(house.app)
        thread = worker._thread
        if thread:
            thread.join(10)
    assert len(calls) == 2
    assert worker._thread is None
