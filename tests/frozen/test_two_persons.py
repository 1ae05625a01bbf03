"""Two persons stand behind a locked report, two who lock at once do not both, and what is written meanwhile is seen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.audit.trails import verdict
from tests.decisions.running import clock as only_clock
from tests.decisions.running import run
from tests.factories import make_decisions, make_user
from tests.frozen.locking import CUTOFF, PREVIOUS, Q4, document, locked_q4
from tracker import clock
from tracker.database import db, writer
from tracker.frozen.models import FrozenReport
from tracker.frozen.queries import list_stood, list_versions
from tracker.frozen.services import mark_ready
from tracker.reports import locking
from tracker.reports.closing import period_of
from tracker.reports.locking import LockRequest, contents_of, key_of, lock_quarter
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role

pytestmark = pytest.mark.usefixtures("quick_papers")


class TestTwoPersons:
    def ready(self, actor_id, seen=0):
        contents = contents_of(period_of(Q4, CUTOFF, PREVIOUS))
        db.session.rollback()
        with writer():
            mark_ready(key_of(Q4), (CUTOFF, PREVIOUS), "Kvartal 1 2022", contents.digest, seen, actor_id, clock.now())
            db.session.commit()

    def ask(self, actor_id):
        return LockRequest(period_of(Q4), actor_id, "Kvartal 1 2022")

    def test_one_marks_it_ready_and_another_locks_it(self, published):
        self.ready(make_user("eva@kommun.example", Role.CASE_OFFICER).id)
        version = lock_quarter(self.ask(published), clock.now())
        assert (version.ready_by, version.locked_by) == ("Eva", "Kvalitet")
        assert document(version)["local_title"] == "Kvartal 1 2022"

    def test_nobody_locks_what_they_marked_ready_on_the_command_line_neither(self, app, published):
        self.ready(published)
        with pytest.raises(RuleViolation) as refused:
            lock_quarter(self.ask(published), clock.now())
        assert refused.value.code == "same_person"
        db.session.rollback()
        ran = run(app, "report", "quarter", 2021, 4, "--lock", "--by", "kvalitet@kommun.example")
        assert (ran.code, ran.out, list_versions(key_of(Q4))) == (1, "", [])
        assert "Be någon annan låsa den" in ran.err

    def test_what_is_not_ready_is_not_locked(self, published):
        with pytest.raises(RuleViolation) as refused:
            lock_quarter(self.ask(published), clock.now())
        assert refused.value.code == "not_ready"

    def test_what_has_changed_since_it_was_marked_is_marked_anew(self, published):
        eva = make_user("eva@kommun.example", Role.CASE_OFFICER).id
        self.ready(eva)
        make_decisions([{"ref": "B-13", "beslutsdatum": "2020-10-26", "kon": "man"}])
        with pytest.raises(RuleViolation) as refused:
            lock_quarter(self.ask(published), clock.now())
        assert refused.value.code == "changed_since_ready"
        db.session.rollback()
        self.ready(eva, seen=1)
        assert lock_quarter(self.ask(published), clock.now()).version == 1

    def test_two_who_mark_it_ready_at_once_do_not_overwrite_each_other(self, published):
        self.ready(published)
        with pytest.raises(RuleViolation) as refused:
            self.ready(published, seen=0)
        assert refused.value.code == "closing_changed"


class TestAtOnce:
    def test_of_two_who_lock_at_once_one_wins_and_the_other_is_told(self, app, published):
        other = make_user("annan@kommun.example", Role.QUALITY_LEAD).id
        db.session.rollback()
        start = Barrier(2)

        def one(actor_id):
            with app.app_context():
                asked = LockRequest(period_of(Q4, CUTOFF, PREVIOUS), actor_id, after_ready=False)
                db.session.rollback()
                start.wait(10)
                try:
                    return lock_quarter(asked, clock.now()).version
                except RuleViolation as violation:
                    db.session.rollback()
                    return violation.code

        with ThreadPoolExecutor(2) as threads:
            found = list(threads.map(one, [published, other]))
        assert sorted(map(str, found)) == ["1", "locked"]
        assert db.session.query(FrozenReport).count() == 1
        assert verdict().whole

    def test_what_is_written_while_it_is_rendered_stands_in_it(self, published, monkeypatch):
        made, changes = [], [{"ref": "B-13", "beslutsdatum": "2020-10-26", "verkstalld": "2022-01-15"}]
        original = locking.every_file

        def every_file(*arguments):
            made.append(1)
            files = original(*arguments)
            if changes:
                db.session.rollback()
                make_decisions([changes.pop()])
            return files

        monkeypatch.setattr(locking, "every_file", every_file)
        version = locked_q4(published)
        assert len(made) == 2
        assert document(version)["counts"]["executed"] == 11
        stood = {row.item_id: row.stood_as for row in list_stood(version.id)}
        assert stood[only_clock("B-13").id] == "executed"
