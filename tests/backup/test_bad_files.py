"""What is no whole backup of this installation is refused with one line, and the database is as it was."""

import base64
import json
import os
import random
import re
import zipfile

import pytest
from sqlalchemy import text

from tests.backup.conftest import address_of
from tests.backup.forging import MANIFEST, forged, of_table, packed, parts_of, sealed
from tests.backup.reading import all_rows
from tests.decisions.running import run
from tests.support import databases
from tracker.audit.chain import trail_keys
from tracker.backup import archive
from tracker.backup.manifest import _seal_of
from tracker.database import db
from tracker.rules.errors import RuleViolation
from tracker.settings import decode_key, decode_keys
from tracker.vault import vault

OTHER_KEY = base64.urlsafe_b64encode(b"another key of thirty-two bytes!").decode()
DAMAGED = "Säkerhetskopian är skadad, avkapad eller ändrad. Använd en annan. Inget har ändrats."
FOREIGN = "Filen är ingen säkerhetskopia från flask backup create. Inget har ändrats."
CLOCKS, UNITS = "tables/decision_clock.jsonl", "tables/unit.jsonl"


@pytest.fixture
def refused(copy, register, tmp_path):
    """Tries to put a file back over the register; gives the one line that was said, when nothing has changed."""

    def try_it(data=None, file=None, options=("--replace",)):
        if file is None:
            file = tmp_path / "annan.zip"
            file.write_bytes(data)
        before = all_rows(address_of(register))
        ran = run(register, "backup", "restore", file, *options)
        assert (ran.code, ran.out) == (1, ""), ran
        lines = [line for line in ran.errors if not line.endswith("…")]
        assert all_rows(address_of(register)) == before
        (line,) = lines
        return line

    return try_it


@pytest.fixture
def keys():
    """Those of the tests are back afterwards."""
    yield
    vault.configure(decode_keys(databases.TEST_KEY))
    trail_keys.configure(decode_key(databases.TEST_KEY))


class TestForeignFiles:
    @pytest.mark.parametrize("data", [b"", b"P", b"ref;insats\nB-1;x\n", b"SQLite format 3\0" + bytes(4096)])
    def test_a_file_of_another_kind(self, refused, data):
        assert refused(data) == FOREIGN

    def test_another_archive(self, refused):
        assert (
            refused(packed({"xl/workbook.xml": b"<x/>"}, b"{}").replace(b"manifest.json", b"manifesx.json")) == FOREIGN
        )

    @pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b"null", b"{}", b'"x"', b"[" * 100_000, b"\xff\xfe",
                                          b'{"format": "egenkoll-backup"}', b"1" * 10_000])  # fmt: skip
    def test_an_archive_with_some_other_manifest(self, refused, manifest):
        assert refused(packed({}, manifest)) == DAMAGED

    def test_a_manifest_of_another_program(self, refused):
        assert refused(packed({}, b'{"format": "annat"}')) == FOREIGN

    def test_a_folder_a_pipe_and_nothing_at_all(self, refused, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        for place in (tmp_path, tmp_path / "pipe", tmp_path / "saknas.zip"):
            assert "finns inte, eller är ingen vanlig fil" in refused(file=place)


class TestDamage:
    def test_a_file_cut_off_anywhere(self, refused, copy):
        whole = copy.read_bytes()
        for length in (5, 100, len(whole) // 3, len(whole) // 2, len(whole) - 23, len(whole) - 1):
            assert refused(whole[:length]) == DAMAGED, length

    def test_a_file_with_something_behind_it(self, refused, copy):
        assert refused(copy.read_bytes() + bytes(100_000)) == DAMAGED

    def test_one_changed_byte_in_any_member(self, refused, copy):
        whole = copy.read_bytes()
        with zipfile.ZipFile(copy) as held:
            members = [member for member in held.infolist() if member.compress_size > 40]
        assert len(members) > 10
        for member in members:
            place = member.header_offset + 30 + len(member.filename) + 24 + member.compress_size // 3
            changed = bytearray(whole)
            changed[place] ^= 0x55
            assert refused(bytes(changed)) == DAMAGED, member.filename

    def test_one_changed_byte_anywhere_leaves_the_same_rows_or_none(self, app, copy, tmp_path):
        """Also where it tells only of the archive itself: a moment, a version."""

        def rows_of(file):
            with archive.opened(file) as backup:
                return [list(backup.rows(member)) for member in backup.manifest.members]

        whole, right = copy.read_bytes(), rows_of(copy)
        rng = random.Random(20260331)  # noqa: S311 - places, no secrets
        refusals, file = 0, tmp_path / "annan.zip"
        tail = range(len(whole) - 600, len(whole))
        for place in [*(rng.randrange(len(whole)) for _ in range(300)), *tail]:
            changed = bytearray(whole)
            changed[place] ^= 1 << rng.randrange(8)
            file.write_bytes(changed)
            said = None
            try:
                assert rows_of(file) == right, place
            except RuleViolation as violation:
                said = violation.message
            assert said in {None, DAMAGED, FOREIGN}
            refusals += said is not None
        assert refusals > 500

    def test_a_copy_without_one_of_its_tables(self, refused, copy):
        members, said = parts_of(copy)
        del members[UNITS]
        assert refused(packed(members, json.dumps(said).encode())) == DAMAGED


class TestWithoutTheKey:
    """Anybody can pack an archive; nobody can make its manifest."""

    def make_admin(self, members, said):
        members["tables/role_assignment.jsonl"] += b'[999,1,"admin",1,"2020-01-01",null]\n'

    def test_a_row_that_was_put_in(self, refused, copy):
        assert refused(forged(copy, self.make_admin, with_key=False)) == DAMAGED

    def test_a_row_that_was_put_in_under_the_old_manifest(self, refused, copy):
        assert refused(forged(copy, self.make_admin, with_key=False, summed=False)) == DAMAGED

    @pytest.mark.parametrize("field", ["revision", "taken_at", "last_id", "data_keys", "probe"])
    def test_a_manifest_that_says_something_else(self, refused, copy, field):
        def change(members, said):
            said[field] = 7 if field == "last_id" else said[field][:-1] or ["00000000"]

        assert refused(forged(copy, change, with_key=False)) == DAMAGED

    @pytest.mark.parametrize("name", ["../../tmp/x", "/etc/passwd", "tables/../../x", "tables\\x", "bilaga.txt"])
    def test_members_with_tricks_in_their_names(self, refused, copy, name, tmp_path):
        members, said = parts_of(copy)
        before = sorted(path for path in tmp_path.rglob("*"))
        assert refused(packed({**members, name: b"x"}, sealed(said))) == DAMAGED
        assert sorted(path for path in tmp_path.rglob("*") if path.name != "annan.zip") == before

    def test_the_same_name_twice(self, refused, copy):
        members, said = parts_of(copy)
        with pytest.warns(UserWarning, match="Duplicate name"):
            data = packed([*members.items(), (UNITS, b"")], sealed(said))
        assert refused(data) == DAMAGED

    @pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_another_way_of_packing(self, refused, copy, method):
        members, said = parts_of(copy)
        assert refused(packed(members, sealed(said), method)) == DAMAGED

    def test_bombs_ask_for_no_memory(self, refused, copy, monkeypatch):
        """A manifest and a table that unpack to a gigabyte are given up after what they may be."""
        unpacked = 0
        whole = zipfile.ZipExtFile.read

        def counted(stream, size=-1):
            nonlocal unpacked
            assert 0 < size <= archive.LARGEST_MANIFEST + 1, "never asks for all of it"
            found = whole(stream, size)
            unpacked += len(found)
            return found

        zeros = bytes(300_000_000)
        members, said = parts_of(copy)
        bomb = packed(members, zeros)
        second = packed({**members, UNITS: zeros}, sealed(said))
        del zeros
        monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
        assert refused(bomb) == DAMAGED
        assert refused(second) == DAMAGED
        assert unpacked < 10_000_000

    def test_a_list_of_members_that_goes_on_and_on(self, refused):
        end = b"PK\x05\x06" + bytes(4) + (0xFFFF).to_bytes(2, "little") * 2
        listed = 200_000_000
        data = b"PK\x03\x04" + bytes(20_000_000) + end + (19_000_000).to_bytes(4, "little") + bytes(6)
        assert len(data) < listed
        assert refused(data) == DAMAGED


USERS, HEAD, ENTRY = "tables/user_account.jsonl", "tables/audit_head.jsonl", ["x); DROP TABLE unit; --", "integer"]


def in_table(name, old, new, count=-1):
    """A change of some bytes of a member."""
    return lambda members, _: members.update({name: members[name].replace(old, new, count)})


def first_cell(old, new):
    """A change of the first row's number."""
    return lambda members, _: members.update({UNITS: re.sub(old, new, members[UNITS], count=1)})


def whole(name, data):
    """Another content of a member."""
    return lambda members, _: members.update({name: data})


def said_of_unit(column, says):
    """Something else that the manifest says of a column."""
    return lambda _, said: of_table(said, "unit")["columns"].__setitem__(column, says)


def more_table(members, said):
    members["tables/x.jsonl"] = b"[1]\n"
    said["members"].append({"table": "x", "columns": [["id", "integer"]]})


def less_table(members, said):
    del members[UNITS]
    said["members"].remove(of_table(said, "unit"))


def orphan(members, _):
    """A clock of a decision that is not there."""
    first = members[CLOCKS].splitlines()[0]
    members[CLOCKS] += first.replace(b"[", b"[9", 1).replace(b",", b",9", 1) + b"\n"


CHANGES = {
    "an unknown table": more_table,
    "a table that does not stand there": less_table,
    "a table twice": lambda _, said: said["members"].append(dict(of_table(said, "unit"))),
    "an unknown column": said_of_unit(0, ENTRY),
    "another kind": said_of_unit(1, ["name", "bytes"]),
    "an unknown kind": said_of_unit(1, ["name", "code"]),
    "a text for a number": first_cell(rb"\[(\d+)", rb'["\1"'),
    "a number that no column holds": first_cell(rb"\d+", b"9" * 30),
    "half a sign": in_table(UNITS, b'"Social', b'"\\ud800'),
    "a truth value for a number": first_cell(rb"\d+", b"true"),
    "a list in a cell": first_cell(rb"\[(\d+)", rb"[[\1]"),
    "too few cells": whole(UNITS, b"[1]\n"),
    "too many cells": in_table(UNITS, b"]\n", b",1]\n"),
    "no list": whole(UNITS, b'{"id":1}\n'),
    "no JSON": whole(UNITS, b"1;Vuxen\n"),
    "no end of the line": lambda members, _: members.update({UNITS: members[UNITS].rstrip(b"\n")}),
    "deep brackets": whole(UNITS, b"[" * 200_000 + b"\n"),
    "no such day": in_table(CLOCKS, b"2021-01-07", b"2021-02-30"),
    "a moment without a zone": in_table(USERS, b"+00:00", b""),
    "bytes that are none": in_table(HEAD, b'"]', b'zz"]'),
    "a row that points nowhere": orphan,
    "a key twice": lambda members, _: members.update({UNITS: members[UNITS] * 2}),
    "an empty cell where none may be": in_table(UNITS, b'"Socialf\xc3\xb6rvaltningen"', b"null"),
}


class TestWithTheKey:
    """What a faulty program, or somebody with the key, could have made."""

    @pytest.mark.parametrize("what", CHANGES)
    def test_rows_and_tables_that_do_not_fit_the_schema(self, refused, copy, what):
        line = refused(forged(copy, CHANGES[what], with_key=True))
        assert line == DAMAGED or line.startswith("Databasen tar inte emot säkerhetskopian ("), line

    @pytest.mark.parametrize(
        ("field", "value"),
        [("rows", 1), ("rows", 10**6), ("size", 1), ("size", 10**12), ("size", "x"), ("longest", 3), ("sha256", "00"),
         ("sha256", None)],
    )  # fmt: skip
    def test_a_manifest_whose_figures_are_wrong(self, refused, copy, field, value):
        def change(members, said):
            of_table(said, "unit")[field] = value

        assert refused(forged(copy, change, with_key=True, summed=False)) == DAMAGED

    @pytest.mark.parametrize("field", ["members", "revision", "probe", "audit_key", "version", "format"])
    def test_a_manifest_that_lacks_something(self, refused, copy, field):
        def change(members, said):
            del said[field]

        assert refused(forged(copy, change, with_key=True, summed=False)) == DAMAGED

    def test_a_huge_cell(self, refused, copy, monkeypatch):
        monkeypatch.setattr(archive, "LONGEST_LINE", 1_000_000)

        def change(members, said):
            members[UNITS] = members[UNITS].replace(b'"Social', b'"' + b"x" * 2_000_000, 1)

        assert refused(forged(copy, change, with_key=True)) == DAMAGED

    def test_a_newer_schema(self, refused, copy):
        def change(members, said):
            said["revision"] = "9999_later"

        assert refused(forged(copy, change, with_key=True)) == (
            "Säkerhetskopian är gjord med en nyare version av programmet (schema 9999_later). Uppgradera programmet "
            "först."
        )

    def test_a_newer_format(self, refused, copy):
        def change(members, said):
            said["version"] = 2

        assert "nyare version" in refused(forged(copy, change, with_key=True))

    def test_a_seal_is_bound_to_everything_that_is_said(self, app, copy):
        _, said = parts_of(copy)
        seal = said.pop("seal")
        assert seal == _seal_of(said)
        for name in said:
            assert _seal_of({**said, name: "annat"}) != seal


class TestKeys:
    """A key that does not fit is told before anything is written."""

    def test_another_audit_key(self, copy, other, engine, keys):
        app = other(engine, AUDIT_KEY=OTHER_KEY)
        ran = run(app, "backup", "restore", copy)
        assert ran.errors == [
            "AUDIT_KEY är inte den som säkerhetskopian är gjord med. Sätt rätt nyckel, och återläs i en tom databas."
        ]
        assert (ran.code, all_rows(address_of(app))) == (1, {})

    def test_another_data_encryption_key(self, copy, other, engine, keys):
        app = other(engine, DATA_ENCRYPTION_KEY=OTHER_KEY)
        ran = run(app, "backup", "restore", copy)
        assert ran.code == 1
        (line,) = ran.errors
        assert line.startswith("DATA_ENCRYPTION_KEY öppnar inte det som ligger i säkerhetskopian.")
        assert all_rows(address_of(app)) == {}

    def test_a_new_key_with_the_old_one_behind_it_fits(self, copy, other, engine, keys):
        app = other(engine, DATA_ENCRYPTION_KEY=f"{OTHER_KEY},{databases.TEST_KEY}")
        assert run(app, "backup", "restore", copy).code == 0
        assert run(app, "keys", "rotate").code == 0
        vault.configure(decode_keys(OTHER_KEY))
        assert run(app, "audit", "verify").code == 0


class TestPlaces:
    """Where a backup may be written."""

    def test_an_earlier_backup_is_written_over(self, copy, register):
        first = copy.read_bytes()
        assert run(register, "backup", "create", copy).code == 0
        assert copy.read_bytes() != first
        assert zipfile.is_zipfile(copy)

    def test_another_file_is_not(self, register, tmp_path):
        (tmp_path / "nyckel.key").write_text("hemlig")
        (tmp_path / "lank.zip").symlink_to(tmp_path / "nyckel.key")
        (tmp_path / "mapp").mkdir()
        for name in ("nyckel.key", "lank.zip", "mapp", "saknas/kopia.zip"):
            ran = run(register, "backup", "create", tmp_path / name)
            assert (ran.code, ran.out, len(ran.errors)) == (1, "", 1), ran
            assert "kan inte sparas" in ran.err
        assert (tmp_path / "nyckel.key").read_text() == "hemlig"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["lank.zip", "mapp", "nyckel.key"]

    def test_an_empty_database_gives_no_backup(self, app, other, engine, tmp_path):
        ran = run(other(engine), "backup", "create", tmp_path / "kopia.zip")
        assert (ran.code, ran.errors) == (1, ["Databasen är tom: det finns inget att säkerhetskopiera."])
        assert list(tmp_path.iterdir()) == []

    def test_a_trail_that_was_changed_gives_none(self, register, tmp_path):
        seal = db.session.scalar(text("SELECT seal FROM audit_head"))
        with databases.writer(), databases.without_triggers():
            db.session.execute(text("UPDATE audit_head SET seal = :other"), {"other": bytes(32)})
        ran = run(register, "backup", "create", tmp_path / "kopia.zip")
        assert (ran.code, len(ran.errors)) == (1, 1)
        assert "flask audit verify" in ran.err
        assert list(tmp_path.iterdir()) == []
        with databases.writer(), databases.without_triggers():
            db.session.execute(text("UPDATE audit_head SET seal = :seal"), {"seal": seal})

    def test_a_missing_argument_is_told(self, app):
        for command in ("create", "restore"):
            ran = run(app, "backup", command)
            assert (ran.code, ran.errors) == (1, ["FILE saknas. Kör kommandot med --help för att se hur det skrivs."])


def test_the_manifest_lies_last_and_tells_every_member(copy):
    members, said = parts_of(copy)
    with zipfile.ZipFile(copy) as held:
        assert held.namelist()[-1] == MANIFEST
    assert [f"tables/{member['table']}.jsonl" for member in said["members"]] == list(members)
    assert said["revision"] == db.session.scalar(text("SELECT version_num FROM alembic_version"))
    db.session.rollback()
