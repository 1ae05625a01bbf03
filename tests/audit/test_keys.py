"""Does a new key take over while the program runs, and does a wrong or lost one stop the start?"""

import base64
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from tests.audit.trails import make_chain, note, verdict
from tests.factories import make_decisions, make_user
from tests.frozen.locking import lock
from tests.support import databases
from tests.support.papers import quick_papers
from tracker.audit.chain import trail_keys
from tracker.audit.history import list_history
from tracker.audit.models import AuditEntry, DataKey, RecordKey
from tracker.audit.rotation import missing_keys, rotate
from tracker.database import db
from tracker.decisions.models import Decision
from tracker.decisions.writing import PERSON
from tracker.factory import create_app
from tracker.frozen.queries import get_file, list_checksums
from tracker.rules.permissions import Role
from tracker.rules.trail import Action
from tracker.settings import decode_keys
from tracker.vault import VaultError, vault

NEW_KEY = base64.urlsafe_b64encode(b"fedcba9876543210fedcba9876543210").decode()
PEOPLE = ("191212121212", "189001019802")
NOW = datetime(2026, 3, 31, 11, tzinfo=UTC)


@pytest.fixture
def keys():
    """Gives the vault other keys; those of the tests are back afterwards."""
    yield lambda *texts: vault.configure(decode_keys(",".join(texts)))
    vault.configure(decode_keys(databases.TEST_KEY))
    trail_keys.configure(decode_keys(databases.TEST_KEY)[0])


def people():
    db.session.rollback()
    rows = db.session.execute(select(Decision.record_id, Decision.person_encrypted).order_by(Decision.ref))
    found = [vault.decrypt(sealed, record_id, PERSON) for record_id, sealed in rows if sealed]
    db.session.rollback()
    return found


@pytest.fixture
def register(app):
    """Two persons, and a trail with sealed values, under the old key."""
    record_id = make_chain()
    make_decisions([{"ref": f"P-{number}", "person": person} for number, person in enumerate(PEOPLE)])
    assert people() == list(PEOPLE)
    return record_id


def test_everything_is_sealed_anew_and_the_old_key_is_needed_no_more(register, keys):
    keys(NEW_KEY, databases.TEST_KEY)
    assert rotate(NOW) == 3, "two persons and one record's key"
    keys(NEW_KEY)
    assert people() == list(PEOPLE)
    assert any(change.personal for change in list_history(register, with_personal=True)[0].changes)
    hashes = set(db.session.scalars(select(Decision.person_hash).where(Decision.person_hash.is_not(None))))
    assert hashes == {vault.search_hash(person) for person in PEOPLE}
    assert list(db.session.scalars(select(DataKey.key_id))) == list(vault.key_ids)
    assert verdict().whole
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == Action.KEYS_ROTATED


def test_locked_files_are_sealed_anew_and_give_the_same_bytes(app, keys):
    make_decisions([{"ref": "B-01", "beslutsdatum": "2021-09-01", "person": PEOPLE[0]}])
    with quick_papers():
        version = lock(make_user("las@kommun.example", Role.QUALITY_LEAD).id, 2021, 4)
    before = {key: get_file(version.id, *key) for key in list_checksums(version.id)}
    keys(NEW_KEY, databases.TEST_KEY)
    db.session.rollback()
    rotate(NOW)
    keys(NEW_KEY)
    db.session.rollback()
    assert {key: get_file(version.id, *key) for key in before} == before


def test_a_second_rotation_has_nothing_to_do(register, keys):
    keys(NEW_KEY, databases.TEST_KEY)
    rotate(NOW)
    assert rotate(NOW) == 0


def test_without_the_old_key_nothing_is_changed(register, keys):
    keys(NEW_KEY)
    with pytest.raises(VaultError):
        rotate(NOW)
    keys(databases.TEST_KEY)
    assert people() == list(PEOPLE)


def test_an_import_after_the_change_of_key_knows_the_person_again(register, keys):
    keys(NEW_KEY, databases.TEST_KEY)
    again = make_decisions([{"ref": f"P-{number}", "person": person} for number, person in enumerate(PEOPLE)])
    assert (again.changed, again.unchanged) == (0, 2)


def test_readers_and_writers_go_on_while_everything_is_sealed_anew(register, app, keys, monkeypatch):
    monkeypatch.setattr("tracker.audit.rotation.BATCH", 5)
    make_decisions([{"ref": f"Q-{number:03}", "person": PEOPLE[number % 2]} for number in range(60)])
    keys(NEW_KEY, databases.TEST_KEY)
    failures, stop = [], threading.Event()

    def work():
        with app.app_context():
            while not stop.is_set():
                try:
                    assert set(people()) == set(PEOPLE)
                    make_decisions([{"ref": "Q-007", "person": PEOPLE[0], "kon": "man"}])
                    make_decisions([{"ref": "Q-007", "person": PEOPLE[1], "kon": "kvinna"}])
                except Exception as error:
                    failures.append(error)
                    return

    worker = threading.Thread(target=work)
    worker.start()
    db.session.rollback()
    rotate(NOW)
    stop.set()
    worker.join()
    assert failures == []
    rotate(NOW)
    keys(NEW_KEY)
    assert len(people()) == 62
    assert verdict().whole


class TestStart:
    """A key that does not fit the database stops the start with one line, and nothing is shown."""

    OTHER = base64.urlsafe_b64encode(b"another key of thirty-two bytes!").decode()

    def start(self, app, **settings):
        return create_app(databases.settings(app.config["SQLALCHEMY_DATABASE_URI"], **settings))

    @pytest.fixture
    def used(self, app, keys, register):
        self.start(app)
        return app

    def test_the_right_keys_start(self, used):
        assert self.start(used)

    @pytest.mark.parametrize("name", ["AUDIT_KEY", "DATA_ENCRYPTION_KEY"])
    def test_a_wrong_key_does_not(self, used, name, capsys):
        with pytest.raises(SystemExit) as ended:
            self.start(used, **{name: self.OTHER})
        assert ended.value.code == 1
        (line,) = capsys.readouterr().err.strip().splitlines()[-1:]
        assert line.startswith(f"Inställningsfel: {name}")
        assert not any(person in line for person in PEOPLE)

    def test_a_new_key_with_the_old_one_behind_it_starts(self, used):
        assert self.start(used, DATA_ENCRYPTION_KEY=f"{self.OTHER},{databases.TEST_KEY}")
        assert missing_keys() == set()

    def test_a_new_key_alone_before_rotation_does_not(self, used, capsys):
        self.start(used, DATA_ENCRYPTION_KEY=f"{self.OTHER},{databases.TEST_KEY}")
        with pytest.raises(SystemExit):
            self.start(used, DATA_ENCRYPTION_KEY=databases.TEST_KEY)
        assert "flask keys rotate" in capsys.readouterr().err
        rotate_with(used, f"{databases.TEST_KEY},{self.OTHER}")

    def test_a_trail_whose_head_was_changed_starts_so_that_it_can_be_verified(self, used):
        seal = db.session.scalar(text("SELECT seal FROM audit_head"))
        with databases.writer(), databases.without_triggers():
            db.session.execute(text("UPDATE audit_head SET seal = :other"), {"other": bytes(32)})
        assert self.start(used)
        assert verdict().problem == "huvudets försegling stämmer inte"
        with databases.writer(), databases.without_triggers():
            db.session.execute(text("UPDATE audit_head SET seal = :seal"), {"seal": seal})


def rotate_with(app, both):
    """Everything under the first of two keys, as an operator would do it."""
    vault.configure(decode_keys(both))
    rotate(NOW)
    assert list(db.session.scalars(select(RecordKey.record_id)))
    note()
