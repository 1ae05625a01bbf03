"""What is put back is what was there, row by row, on and across the engines."""

import stat
import zipfile

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.audit.trails import verdict
from tests.backup.conftest import ODD, PEOPLE, address_of, fill
from tests.backup.reading import all_rows, triggers
from tests.decisions.running import run
from tests.factories import make_decisions, make_unit
from tests.search.making import held, in_step
from tests.support import databases
from tracker.audit.models import AuditEntry
from tracker.database import db, writer
from tracker.decisions.models import Decision
from tracker.decisions.writing import PERSON
from tracker.rules.trail import Action
from tracker.vault import vault

# What a restore itself changes: its entry, the head, and sign-ins and codes that are ended.
CHANGED = {"audit_entry", "audit_part", "audit_head", "user_session", "one_time_code"}
ENDED = {"user_session": "ended_at", "one_time_code": "used_at"}


def without(rows, column):
    return [tuple(pair for pair in row if pair[0] != column) for row in rows]


def assert_equal(before, after):
    """Every row of every table is there again, and nothing else but the entry of the restore."""
    assert set(after) == set(before)
    assert {name: after[name] for name in set(after) - CHANGED} == {
        name: before[name] for name in set(before) - CHANGED
    }
    for name, column in ENDED.items():
        assert without(after[name], column) == without(before[name], column)
        assert all(dict(row)[column] is not None for row in after[name])
    for name in ("audit_entry", "audit_part"):
        assert set(before[name]) <= set(after[name])
        assert len(after[name]) == len(before[name]) + 1
    (old,), (new,) = before["audit_head"], after["audit_head"]
    assert dict(new)["last_id"] == dict(old)["last_id"] + 1
    assert dict(new)["chain"] == dict(old)["chain"]


def test_nearly_every_table_has_rows_to_compare(register):
    empty = {name for name, rows in all_rows(address_of(register)).items() if not rows}
    assert {
        "frozen_report", "frozen_file", "frozen_row", "report_closing", "secrecy_review", "clock_life", "clock_event",
        "decision_replacement", "individual_report", "report_template",
    }.isdisjoint(empty)  # fmt: skip
    assert {*CHANGED, "decision", "decision_clock", "record_key", "audit_read", "draft", "log_draw"}.isdisjoint(empty)


@pytest.mark.parametrize("target", databases.ENGINES)
def test_every_row_of_every_table_is_there_again(copy, register, other, target):
    before = all_rows(address_of(register))
    app = other(target)
    ran = run(app, "backup", "restore", copy)
    assert (ran.code, ran.out.count("\n")) == (0, 1), ran.err
    assert_equal(before, all_rows(address_of(app)))


@pytest.mark.parametrize("target", databases.ENGINES)
def test_the_restored_database_is_used_as_before(copy, register, other, target):
    app = other(target)
    assert run(app, "backup", "restore", copy).code == 0
    with app.app_context():
        assert verdict().whole
        assert held()
        assert in_step()  # what is found by words is what stands in the registers
        found = db.session.execute(select(Decision.record_id, Decision.person_encrypted)).all()
        assert {vault.decrypt(sealed, record_id, PERSON) for record_id, sealed in found} == set(PEOPLE)
        db.session.rollback()
        highest = max(record_id for record_id, _ in found)
        made = make_decisions([{"ref": "NY-1"}])
        assert made.new == 1
        assert db.session.scalars(select(Decision.record_id).where(Decision.ref == "NY-1")).one() > highest
        make_unit("Ny enhet")
        for verb in ("UPDATE audit_entry SET actor_kind = 'user'", "DELETE FROM audit_read", "DELETE FROM record_key",
                     "UPDATE audit_head SET last_id = 1"):  # fmt: skip
            with writer(), pytest.raises(DBAPIError):
                db.session.execute(text(verb))
            db.session.rollback()
        assert verdict().whole
    assert run(app, "audit", "verify").out.startswith("Spåret är helt")


@pytest.mark.parametrize("target", databases.ENGINES)
def test_the_schema_is_the_one_that_migrations_make(copy, other, target, migrated):
    app, fresh = other(target), other(target)
    assert run(app, "backup", "restore", copy).code == 0
    with fresh.app_context():
        from flask_migrate import upgrade

        upgrade()
    assert triggers(address_of(app)) == triggers(address_of(fresh))
    assert len(triggers(address_of(app))) >= 6
    with app.app_context():
        from flask_migrate import check

        check()


def test_what_is_there_is_replaced_when_asked(copy, register):
    address = address_of(register)
    before, kept = all_rows(address), triggers(address)
    make_decisions([{"ref": "SEDAN-1", "person": PEOPLE[0]}])
    db.session.rollback()
    head = db.session.execute(text("SELECT last_id FROM audit_head")).scalar()
    db.session.rollback()
    ran = run(register, "backup", "restore", copy, "--replace")
    assert ran.code == 0, ran.err
    assert_equal(before, all_rows(address))
    assert triggers(address) == kept
    assert verdict().whole
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.actor_kind) == (Action.BACKUP_RESTORED, "command")
    values = db.session.execute(text("SELECT open_values FROM audit_part ORDER BY id DESC")).scalar()
    assert f'["{head}:' in values, "the head that was replaced is kept"
    db.session.rollback()


def test_replacing_takes_a_larger_register_away(copy, other, engine):
    app = other(engine)
    assert run(app, "backup", "restore", copy).code == 0
    with app.app_context():
        make_decisions([{"ref": f"M-{number}"} for number in range(500)])
        first = all_rows(address_of(app))
    again = run(app, "backup", "restore", copy, "--replace")
    assert again.code == 0, again.err
    assert len(first["decision"]) == 530
    assert len(all_rows(address_of(app))["decision"]) == 30


def test_a_database_that_holds_data_is_left_as_it_is(copy, register):
    before = all_rows(address_of(register))
    ran = run(register, "backup", "restore", copy)
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.errors
    assert "--replace" in line
    assert all_rows(address_of(register)) == before


def test_a_migrated_database_without_data_takes_a_backup(copy, register, other, engine):
    before = all_rows(address_of(register))
    app = other(engine)
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
    assert run(app, "backup", "restore", copy).code == 0
    assert_equal(before, all_rows(address_of(app)))


def test_a_database_that_belongs_to_something_else_is_left_alone(copy, other, engine):
    app = other(engine)
    with app.app_context(), writer():
        db.session.execute(text("CREATE TABLE bokningar (id INTEGER PRIMARY KEY)"))
        db.session.commit()
    for options in ((), ("--replace",)):
        ran = run(app, "backup", "restore", copy, *options)
        assert ran.code == 1
        assert "bokningar" in ran.errors[-1]
    assert set(all_rows(address_of(app))) == {"bokningar"}


def test_somebody_elses_table_is_left_out_and_named(register, tmp_path, other, engine):
    with writer():
        db.session.execute(text("CREATE TABLE bokningar (id INTEGER PRIMARY KEY)"))
        db.session.commit()
    try:
        ran = run(register, "backup", "create", tmp_path / "kopia.zip")
        assert ran.code == 0
        assert "bokningar" in ran.err
        assert run(other(engine), "backup", "restore", tmp_path / "kopia.zip").code == 0
    finally:
        with writer():
            db.session.execute(text("DROP TABLE bokningar"))
            db.session.commit()


def test_a_copy_of_an_older_schema_is_brought_up_to_the_newest(app, other, engine, tmp_path):
    from flask_migrate import downgrade, upgrade

    old = other(engine)
    with old.app_context():
        upgrade()
        fill()
        wanted = all_rows(address_of(old))
        downgrade(revision="0008_log_review")
        db.session.remove()
    assert run(old, "backup", "create", tmp_path / "gammal.zip").code == 0
    for target in databases.ENGINES:
        new = other(target)
        ran = run(new, "backup", "restore", tmp_path / "gammal.zip")
        assert ran.code == 0, ran.err
        after = all_rows(address_of(new))
        assert after["alembic_version"] == wanted["alembic_version"]
        assert after["decision"] == wanted["decision"]
        assert len(after["decision_clock"]) == len(wanted["decision_clock"]) == 31
        with new.app_context():
            assert verdict().whole


def test_the_file_is_for_its_owner_alone_and_nothing_lies_beside_it(copy):
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_the_copy_is_noted_before_it_is_taken_and_holds_its_own_entry(copy, register):
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.actor_kind) == (Action.BACKUP_CREATED, "command")
    with zipfile.ZipFile(copy) as archive:
        assert '"backup.created"' in archive.read("tables/audit_entry.jsonl").decode().splitlines()[-1]
        head = archive.read("tables/audit_head.jsonl").decode()
    assert entry.mac.hex() in head
    unsealed = "SELECT count(*) FROM audit_read WHERE id > (SELECT last_read_id FROM audit_head)"
    assert db.session.execute(text(unsealed)).scalar() == 0, "the reads are sealed first"
    db.session.rollback()


def test_the_last_line_says_what_was_done_and_that_the_keys_are_not_there(register, tmp_path):
    ran = run(register, "backup", "create", tmp_path / "kopia.zip")
    assert ran.out.count("\n") == 1
    assert ran.last.endswith("Nycklarna ingår inte: förvara dem för sig.")
    number, mac = db.session.execute(text("SELECT last_id, last_mac FROM audit_head")).one()
    db.session.rollback()
    assert f"huvud {number}:{bytes(mac).hex()}" in ran.last
    verified = run(register, "audit", "verify", "--head", f"{number}:{bytes(mac).hex()}")
    assert verified.code == 0


def test_nothing_of_a_person_nor_of_a_key_is_readable_in_the_file(copy):
    traces = {*PEOPLE, *(f"{number[:8]}-{number[8:]}" for number in PEOPLE), *(n[2:] for n in PEOPLE), "Eget skäl"}
    with zipfile.ZipFile(copy) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    assert b"B-07" in held, "it is the file's own text that is searched"
    assert not [trace for trace in traces if trace.encode() in held or trace.encode().hex().encode() in held]
    raw = databases.TEST_KEY.encode()
    for key in (raw, b"0123456789abcdef0123456789abcdef"):
        assert key not in held
        assert key.hex().encode() not in held


def test_hard_texts_are_kept_to_the_letter(copy, register, other, engine):
    app = other(engine)
    assert run(app, "backup", "restore", copy).code == 0
    names = {dict(row)["name"] for row in all_rows(address_of(app))["user_account"]}
    assert ODD in names


def test_those_who_have_been_forgotten_since_are_named_so_that_they_are_forgotten_again(app, tmp_path, other, engine):
    rows = [{"ref": f"B-{number}", "person": PEOPLE[0], "verkstalld": "2021-02-01"} for number in range(3)]
    make_decisions(rows)
    assert run(app, "decisions", "forget", "B-0", "--reason", "Gallring").code == 0
    assert run(app, "backup", "create", tmp_path / "kopia.zip").code == 0
    assert run(app, "decisions", "forget", "B-2", "--reason", "Gallring").code == 0
    ran = run(app, "backup", "restore", tmp_path / "kopia.zip", "--replace")
    assert ran.code == 0
    (said,) = [line for line in ran.errors if "glömts" in line]
    assert said.endswith("Glöm dem på nytt: B-2")
    assert run(app, "decisions", "forget", "B-2", "--reason", "Gallring").code == 0
    elsewhere = run(other(engine), "backup", "restore", tmp_path / "kopia.zip")
    assert (elsewhere.code, "glömts" in elsewhere.err) == (0, False)
