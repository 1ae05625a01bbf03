"""Two users save one record a thousand times: no save is lost, and whoever is refused sees both sides."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from tests.decisions.lists import number_of
from tests.decisions.running import decision
from tests.factories import make_decisions
from tests.records.granting import version_of
from tracker.accounts.reader import EVERYTHING
from tracker.audit import trail
from tracker.database import db, writer
from tracker.decisions.correcting import Correction, correct_decision
from tracker.decisions.correction_forms import DecisionForm
from tracker.decisions.correction_pages import decision_texts
from tracker.decisions.importing import parse_typed
from tracker.decisions.single import get_decision
from tracker.records.scope import EVERY_RECORD
from tracker.records.versions import StaleVersion, raise_version

TODAY = date(2022, 2, 15)
SAVES_EACH = 500


@pytest.fixture
def record_id(app):
    make_decisions([{"ref": "B-01"}], today=TODAY)
    return number_of("B-01")


def _texts(record_id: int) -> tuple[int, dict[str, str]]:
    """The version that stands, and the fields as the form holds them."""
    row, record = get_decision(record_id, EVERY_RECORD)
    found = record.version, decision_texts(row, record, "", "Kontaktperson")
    db.session.rollback()
    return found


def _save_many(app, record_id: int, who: str, start: Barrier) -> tuple[list[tuple[str, str]], int]:
    """Saves SAVES_EACH values, each on the version last seen; gives the changes (old, new) and the refusals."""
    made, refused = [], 0
    with app.test_request_context(method="POST"), app.app_context():
        form = DecisionForm(meta={"csrf": False})
        form.enhet.choices = []
        version, now = _texts(record_id)
        start.wait()
        for number in range(SAVES_EACH):
            mine = f"{who} {number}"
            while True:
                correction = Correction(record_id, version, "Prov", EVERYTHING, EVERYTHING, TODAY)
                try:
                    with writer():
                        correct_decision(correction, {"utforare": parse_typed("utforare", mine)})
                        db.session.commit()
                except StaleVersion:
                    db.session.rollback()
                    refused += 1
                    seen = now["utforare"]
                    version, now = _texts(record_id)
                    form.put(now | {"utforare": mine}, version)
                    (difference,) = form.differences(now, {})
                    assert (difference.mine, difference.now) == (mine, now["utforare"])
                    assert difference.now != seen, "refused only where somebody else has saved"
                    continue
                made.append((now["utforare"], mine))
                version, now = version + 1, now | {"utforare": mine}
                break
        db.session.remove()
    return made, refused


def test_two_users_save_one_record_a_thousand_times(app, record_id):
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(_save_many, app, record_id, who, start) for who in ("Eva", "Bo")]
        results = [one.result(timeout=300) for one in running]
    db.session.remove()
    db.engine.dispose()  # the threads' connections end with them
    made = [change for changes, _ in results for change in changes]
    assert len(made) == 2 * SAVES_EACH
    assert version_of(record_id) == 1 + 2 * SAVES_EACH
    # Each save replaced exactly what its maker had seen: the changes form one chain from the first value to the last.
    by_old = dict(made)
    assert len(by_old) == len(made), "no two replaced the same value: nothing was overwritten unseen"
    value = "–" if "–" in by_old else ""
    for _ in made:
        value = by_old.pop(value)
    assert decision("B-01").provider == value
    assert sum(refused for _, refused in results) > 0


def test_the_import_raises_the_version_too(app, record_id):
    make_decisions([{"ref": "B-01", "utforare": "Filens AB"}], today=TODAY)
    assert version_of(record_id) == 2
    make_decisions([{"ref": "B-01", "utforare": "Filens AB"}], today=TODAY)
    assert version_of(record_id) == 2, "a row that changes nothing raises nothing"
    with pytest.raises(StaleVersion):
        raise_version(record_id, 1)
    db.session.rollback()


def test_a_save_that_is_rolled_back_raises_nothing(app, record_id, monkeypatch):
    monkeypatch.setattr(trail, "record", lambda *_, **__: 1 / 0)
    correction = Correction(record_id, 1, "Prov", EVERYTHING, EVERYTHING, TODAY)
    with pytest.raises(ZeroDivisionError), writer():
        correct_decision(correction, {"utforare": "Nytt AB"})
    db.session.rollback()
    assert (version_of(record_id), decision("B-01").provider) == (1, None)
