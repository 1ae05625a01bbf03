"""What has served its time goes; what has not stays, whoever cleans at the same time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from tests.factories import make_user
from tracker.accounts import cleaning, drafts, signin
from tracker.accounts.cleaning import clean_up
from tracker.accounts.drafts import Draft
from tracker.accounts.models import OneTimeCode, SignInThrottle, UserSession
from tracker.accounts.signin import open_session
from tracker.database import db

NOW = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def eva(app):
    return make_user("eva@kommun.example", "chef")


def left(column) -> list:
    db.session.commit()
    return list(db.session.scalars(select(column).order_by(column)))


def test_an_empty_database_has_nothing_to_clean(app):
    assert clean_up(NOW) == {}


def test_typed_text_goes_when_its_hour_has_passed(eva):
    for path, age in (("/a", HOUR + SECOND), ("/b", HOUR), ("/c", HOUR - SECOND)):
        drafts.keep(eva.id, path, "", (("text", path),), NOW - age)
    db.session.commit()
    assert clean_up(NOW) == {"draft": 2}
    assert left(Draft.path) == ["/c"]


def test_a_throttle_goes_a_day_after_its_wait(app):
    for key, wait_ended in ((b"a" * 32, NOW - DAY - SECOND), (b"b" * 32, NOW - DAY), (b"c" * 32, NOW + HOUR)):
        db.session.add(SignInThrottle(key=key, failures=9, blocked_until=wait_ended))
    db.session.commit()
    assert clean_up(NOW) == {"sign_in_throttle": 1}
    assert left(SignInThrottle.key) == [b"b" * 32, b"c" * 32]


def test_sign_ins_go_thirty_days_after_they_ended_or_ran_out(eva):
    begun = [NOW - 30 * DAY - 10 * HOUR - SECOND, NOW - 30 * DAY - 10 * HOUR, NOW - 29 * DAY, NOW - 40 * DAY, NOW]
    for moment in begun:
        open_session(eva.id, eva.version, moment)
    db.session.commit()
    first, *others = left(UserSession.id)
    db.session.get(UserSession, others[1]).ended_at = NOW - 31 * DAY  # as if its clock had been set wrong
    db.session.commit()
    assert clean_up(NOW) == {"user_session": 3}
    assert left(UserSession.id) == [others[0], others[3]]
    assert first not in left(UserSession.id)


def test_the_latest_sign_in_stays_so_that_its_number_is_never_given_again(eva):
    for age in (60, 50, 40):
        open_session(eva.id, eva.version, NOW - age * DAY)
    db.session.commit()
    *_, latest = left(UserSession.id)
    assert clean_up(NOW) == {"user_session": 2}
    assert left(UserSession.id) == [latest]
    open_session(eva.id, eva.version, NOW)
    db.session.commit()
    assert left(UserSession.id)[-1] > latest


def test_one_time_codes_go_thirty_days_after_their_use_or_their_end(eva):
    for number, (expires, used) in enumerate(
        [(NOW - 30 * DAY - SECOND, None), (NOW - 30 * DAY, None), (NOW, NOW - 31 * DAY), (NOW, NOW - DAY)]
    ):
        db.session.add(OneTimeCode(code_hash=bytes([number]) * 32, user_id=eva.id, expires_at=expires, used_at=used))
    db.session.commit()
    assert clean_up(NOW) == {"one_time_code": 2}
    assert left(OneTimeCode.code_hash) == [b"\x01" * 32, b"\x03" * 32]


def test_a_great_deal_goes_bit_by_bit(eva, monkeypatch):
    monkeypatch.setattr(cleaning, "MOST_AT_ONCE", 2)
    for _ in range(4):
        open_session(eva.id, eva.version, NOW - 60 * DAY)
    db.session.commit()
    assert [clean_up(NOW), clean_up(NOW), clean_up(NOW)] == [{"user_session": 2}, {"user_session": 1}, {}]


def test_two_processes_at_once_clean_everything_once(app, eva):
    for _ in range(300):
        open_session(eva.id, eva.version, NOW - 60 * DAY)
    db.session.commit()
    removed, start = [], threading.Barrier(2)

    def clean():
        with app.app_context():
            start.wait(timeout=30)
            removed.append(clean_up(NOW).get("user_session", 0))
            db.session.remove()

    threads = [threading.Thread(target=clean) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(removed) == 2
    assert sum(removed) <= 299
    clean_up(NOW)
    assert len(left(UserSession.id)) == 1


def test_whoever_finds_nothing_takes_no_lock(app, eva):
    with app.app_context(), db.engine.connect() as other:
        if db.engine.dialect.name == "sqlite":
            other.exec_driver_sql("COMMIT")
            other.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            other.execute(text("LOCK TABLE user_session IN SHARE MODE"))
        assert clean_up(NOW) == {}
        if db.engine.dialect.name == "sqlite":
            other.exec_driver_sql("ROLLBACK")
            other.exec_driver_sql("BEGIN")


def test_tries_go_on_while_their_forgotten_throttles_are_cleaned_away(app, eva, monkeypatch):
    monkeypatch.setattr(signin, "_matches", lambda _stored, _given: False)
    faults, over = [], threading.Event()

    def clean():
        with app.app_context():
            while not over.is_set():
                try:
                    clean_up(NOW + 400 * DAY)
                except Exception as error:  # told by the test
                    faults.append(error)
                db.session.remove()

    thread = threading.Thread(target=clean)
    thread.start()
    try:
        waits = [signin.sign_in(eva.email, "fel", "192.0.2.1", NOW + n * DAY, b"key").wait_seconds for n in range(60)]
    finally:
        over.set()
        thread.join(timeout=60)
    assert faults == []
    assert waits == [0] * 60, "a day apart, each try is looked at"
