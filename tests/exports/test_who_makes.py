"""Who makes an export: one worker, and another when the first has died; and what it costs the one who asks too much."""

import errno
import threading

from tests.exports.ordering import MINUTE, count_jobs
from tracker import clock
from tracker.database import db
from tracker.exports import services
from tracker.exports.making import make


def taken(now=None):
    """What a worker is given at a moment."""
    db.session.remove()
    return services.take_next(now or clock.now())


def test_a_second_worker_cannot_take_the_same(house):
    anna, _ = house.visitor()
    house.order(anna)
    assert taken() is not None
    assert taken() is None


def test_of_many_workers_at_once_exactly_one_takes_it(house):
    anna, _ = house.visitor()
    house.order(anna)
    db.session.remove()
    found, gate = [], threading.Barrier(4)

    def worker():
        with house.app.app_context():
            gate.wait()
            found.append(services.take_next(clock.now()))

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one is None for one in found) == [False, True, True, True]


def test_of_ones_own_one_is_made_at_a_time_and_others_do_not_wait_for_it(house):
    anna, anna_id = house.visitor()
    bo, bo_id = house.visitor("bo@kommun.example")
    house.order(anna)
    house.order(anna, made_as="xlsx")
    house.order(bo)
    assert [taken().owner_id, taken().owner_id, taken()] == [anna_id, bo_id, None]


def test_what_a_worker_left_that_died_is_taken_over(house):
    anna, _ = house.visitor()
    place = house.order(anna)
    dead, now = taken(), clock.now()
    assert taken(now + 5 * MINUTE) is None
    alive = taken(now + 6 * MINUTE)
    assert (alive.id, alive.claim != dead.claim, alive.file != dead.file) == (dead.id, True, True)
    assert not make(house.app, dead)  # it was only slow: what it makes is thrown away
    assert house.files() == []
    assert make(house.app, alive)
    assert anna.get(place).heading == "Exporten är klar"
    assert [path.name for path in house.files()] == [alive.file]


def test_a_worker_that_tells_of_itself_is_left_alone(house):
    anna, _ = house.visitor()
    house.order(anna)
    job, now = taken(), clock.now()
    services.beat(job, 1, now + 5 * MINUTE)
    assert taken(now + 9 * MINUTE) is None


def test_after_three_tries_it_has_failed(house):
    anna, _ = house.visitor()
    place = house.order(anna)
    now = clock.now()
    assert [taken(now + number * 6 * MINUTE) is None for number in range(4)] == [False, False, False, True]
    page = anna.get(place)
    assert page.heading == "Det blev ingen fil"
    assert "Arbetet avbröts tre gånger" in page.text


def test_the_same_list_is_not_made_twice_at_once(house):
    anna, _ = house.visitor()
    assert house.order(anna, query="ref=B") == house.order(anna, query="ref=B")
    assert house.order(anna, query="ref=B", made_as="xlsx") != house.order(anna, query="ref=B")
    assert count_jobs() == 2


def test_four_at_a_time_are_enough(house):
    anna, _ = house.visitor()
    queries = ("", "ref=B", "klocka=beslut", "status=ej-verkstallda", "ref=B-")
    places = [house.order(anna, query=query) for query in queries]
    assert (places[4], count_jobs()) == ("/exporter", 4)
    assert "Du har redan fyra exporter på gång" in anna.get("/exporter").text
    anna.get(places[0])
    assert "Exporten är borttagen." in anna.post(f"{places[0]}/ta-bort").text
    assert house.order(anna, query=queries[4]) != "/exporter"


def test_the_page_tells_how_many_are_before_it(house):
    anna, _ = house.visitor()
    bo, _ = house.visitor("bo@kommun.example")
    first, second = house.order(anna), house.order(bo)
    assert "Först i kön" in anna.get(first).text
    assert "1 export före i kön" in bo.get(second).text


def test_a_job_that_is_removed_while_it_is_made_leaves_no_file(house):
    anna, _ = house.visitor()
    place = house.order(anna)
    job = taken()
    anna.get(place)
    anna.post(f"{place}/ta-bort")
    assert not make(house.app, job)
    assert house.files() == []


def test_a_full_disk_is_told_with_what_to_do(house, monkeypatch):
    anna, _ = house.visitor()
    place = house.order(anna)

    def no_room(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tracker.exports.files.os.fsync", no_room)
    assert house.make() == 0
    assert house.files() == []
    assert "Det finns inte plats för filen på servern. Säg till den som sköter programmet" in anna.get(place).text


def test_what_goes_wrong_is_told_and_does_not_stop_the_next(house, monkeypatch):
    anna, _ = house.visitor()
    bo, _ = house.visitor("bo@kommun.example")
    places = [house.order(anna), house.order(bo, made_as="xlsx")]

    def broken(*_):
        raise RuntimeError("secret words")

    monkeypatch.setattr("tracker.decisions.views.write_csv", broken)
    monkeypatch.setattr("tracker.exports.making.count_rows", lambda *_: 5)
    assert house.make() == 1
    page = anna.get(places[0])
    assert "Något gick fel när filen gjordes. Gör en ny export" in page.text
    assert "secret words" not in page.text
    assert bo.get(places[1]).heading == "Exporten är klar"
