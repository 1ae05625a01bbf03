"""A copy is one moment although others write; and a process that dies half-way leaves nothing half done."""

import os
import signal
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.audit.trails import note, verdict
from tests.backup.conftest import address_of
from tests.backup.reading import all_rows
from tests.decisions.running import run
from tests.factories import PASSWORD, make_decisions, make_user
from tests.support import databases
from tests.support.project import ROOT
from tracker import database
from tracker.accounts.services import create_user, find_code, make_code
from tracker.audit.heads import publish_head, published_heads
from tracker.backup import restoring
from tracker.backup.creating import create_backup
from tracker.database import db, writer

NOW = datetime(2026, 3, 31, 11, tzinfo=UTC)
# Runs the command itself, and kills its own process as the given call of a function begins.
DYING = """
import os, signal, sys
from tracker.backup import archive, restoring

left, place, name = int(sys.argv.pop(1)), sys.argv.pop(1), sys.argv.pop(1)
of = {"archive": archive.Writing, "restoring": restoring}[place]
real = getattr(of, name)

def dying(*arguments):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments)

setattr(of, name, dying)
from flask.cli import main
main()
"""


def killed(app, calls, of, name, *command):
    """Runs a command that dies at that call."""
    db.session.rollback()
    key = databases.TEST_KEY
    environment = os.environ | {"APP_ENV": "testing", "DATABASE_URL": address_of(app), "SECRET_KEY": key,
                                "DATA_ENCRYPTION_KEY": key, "AUDIT_KEY": key}  # fmt: skip
    arguments = [sys.executable, "-c", DYING, str(calls), of, name, *map(str, command)]
    done = subprocess.run(
        arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert done.stdout == ""


class TestSnapshot:
    def test_what_others_write_meanwhile_is_not_there_not_even_half(self, register, tmp_path, other, engine):
        """After each table somebody adds a decision, whose rows lie in tables before and after."""
        added = []

        def add():
            with register.app_context():
                make_decisions([{"ref": f"SEDAN-{len(added)}", "person": "191212121212", "enhet": "Vuxna"}])
                db.session.remove()

        def meanwhile(*_):
            thread = threading.Thread(target=add)
            thread.start()
            thread.join()
            added.append(None)

        made = create_backup(tmp_path / "kopia.zip", None, NOW, meanwhile)

        assert len(added) > 20
        refs = {dict(row)["ref"] for row in all_rows(address_of(register))["decision"]}
        assert sum(ref.startswith("SEDAN-") for ref in refs) == len(added), "they were written"
        with zipfile.ZipFile(tmp_path / "kopia.zip") as archive:
            assert not [name for name in archive.namelist() if b"SEDAN-" in archive.read(name)]
        app = other(engine)
        assert run(app, "backup", "restore", tmp_path / "kopia.zip").code == 0
        with app.app_context():
            assert verdict().whole
            parts = db.session.scalar(text("SELECT max(entry_id) FROM audit_part"))
            assert parts == made.manifest.last_id + 1, "the newest is the restore's own"
            db.session.rollback()


class TestKilled:
    def test_a_copy_that_was_killed_leaves_no_file_and_the_next_is_whole(self, register, tmp_path, other, engine):
        file = tmp_path / "kopia.zip"
        killed(register, 15, "archive", "add_table", "backup", "create", file)
        assert not file.exists()
        (left,) = tmp_path.iterdir()
        assert left.stat().st_mode & 0o077 == 0
        assert run(register, "backup", "create", file).code == 0
        assert list(tmp_path.iterdir()) == [file]
        assert run(other(engine), "backup", "restore", file).code == 0

    def test_an_earlier_copy_stands_when_the_next_is_killed(self, copy, register):
        before = copy.read_bytes()
        killed(register, 15, "archive", "add_table", "backup", "create", copy)
        assert copy.read_bytes() == before

    @pytest.mark.parametrize("calls", [1, 12, 27])
    def test_a_restore_that_was_killed_leaves_the_database_as_it_was(self, copy, register, calls):
        make_decisions([{"ref": "SEDAN-1"}])
        before = all_rows(address_of(register))
        killed(register, calls, "restoring", "insert_rows", "backup", "restore", copy, "--replace")
        assert all_rows(address_of(register)) == before
        assert verdict().whole
        assert run(register, "backup", "restore", copy, "--replace").code == 0

    def test_killed_as_all_of_it_is_written_it_leaves_an_empty_database_empty(self, copy, other, engine):
        app = other(engine)
        with app.app_context():
            killed(app, 1, "restoring", "end_all_sign_ins", "backup", "restore", copy)
        assert all_rows(address_of(app)) == {}
        assert run(app, "backup", "restore", copy).code == 0


@contextmanager
def somebody_writes(app):
    """Another connection holds a change that it has not finished."""
    with app.app_context(), writer():
        db.session.execute(text("UPDATE unit_tree SET version = version + 1"))
        yield
        db.session.rollback()
        db.session.remove()


def test_a_database_in_use_is_told_and_left_alone(copy, register, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)
    monkeypatch.setattr(restoring, "LOCK_TIMEOUT", "200ms")
    db.session.remove()
    db.engine.dispose()
    before = all_rows(address_of(register))
    with somebody_writes(register):
        runner = register.test_cli_runner()
        result = Context().run(runner.invoke, args=["backup", "restore", str(copy), "--replace"])
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        "Databasen används. Stoppa programmet och försök igen. Inget har ändrats."
    )
    assert all_rows(address_of(register)) == before
    db.session.remove()
    db.engine.dispose()


class TestHeads:
    """The heads that lie outside the database follow it."""

    @pytest.fixture
    def heads(self, app, tmp_path):
        app.config["TRAIL_HEADS"] = tmp_path / "heads" / "trail-heads.jsonl"
        yield app.config["TRAIL_HEADS"]
        app.config["TRAIL_HEADS"] = None

    def test_each_copy_publishes_the_head(self, register, heads, tmp_path):
        assert run(register, "backup", "create", tmp_path / "kopia.zip").code == 0
        (published,) = published_heads(heads)
        assert published.n == db.session.scalar(text("SELECT last_id FROM audit_head"))
        db.session.rollback()

    def test_after_a_restore_the_trail_is_whole_and_no_head_is_lost(self, copy, register, heads):
        for _ in range(3):
            note()
            publish_head(heads, NOW)
        lost = published_heads(heads)
        foreign = '{"at": "2026-01-01T00:00:00+00:00", "database": "annan", "chain": "x", "n": 1, "mac": "00"}'
        heads.write_text(heads.read_text() + foreign + "\n")
        assert not verdict([*lost, lost[0].__class__(10**6, bytes(32))]).whole

        ran = run(register, "backup", "restore", copy, "--replace")

        assert ran.code == 0
        assert run(register, "audit", "verify").code == 0
        (aside,) = [path for path in heads.parent.iterdir() if path != heads]
        assert str(aside) in ran.err
        assert published_heads(aside) == lost
        assert foreign in heads.read_text().splitlines()
        assert [known.n for known in published_heads(heads)] == [
            db.session.scalar(text("SELECT last_id FROM audit_head"))
        ]
        db.session.rollback()
        assert not verdict(lost).whole, "an old head still tells that entries are gone"

    def test_heads_that_cannot_be_read_stop_both(self, copy, register, heads, tmp_path):
        heads.parent.mkdir()
        heads.write_text("trasig\n")
        for command in (("create", tmp_path / "ny.zip"), ("restore", copy, "--replace")):
            ran = run(register, "backup", *command)
            assert (ran.code, len(ran.errors)) == (1, 1)
        assert not (tmp_path / "ny.zip").exists()


def test_nobody_is_signed_in_after_a_restore_and_a_used_link_stays_used(app, client, tmp_path):
    """Who has signed out since, or whose link has been used since, must not find it open again."""
    make_user("ada@kommun.example", "handlaggare")
    client.sign_in("ada@kommun.example", PASSWORD)
    with writer():
        code = make_code(create_user("bo@kommun.example", "Bo", None, NOW), datetime.now(UTC))
        db.session.commit()
    assert client.get("/").path == "/"
    assert find_code(code, datetime.now(UTC), NOW.date()) is not None
    assert run(app, "backup", "create", tmp_path / "kopia.zip").code == 0
    assert run(app, "backup", "restore", tmp_path / "kopia.zip", "--replace").code == 0
    assert client.get("/").path.startswith("/logga-in")
    assert find_code(code, datetime.now(UTC), NOW.date()) is None
    db.session.rollback()
