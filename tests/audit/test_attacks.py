"""Somebody with all rights to the database, but without the key, changes the trail: is it found, and where?"""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update

from tests.audit.trails import by_hand, entries, head, make_chain, make_record, note, verdict
from tracker.audit.heads import parse_head, publish_head, published_heads
from tracker.audit.models import AuditEntry, AuditRead
from tracker.audit.reads import note_read, seal_reads
from tracker.audit.trail import BrokenTrailError
from tracker.audit.verifying import KnownHead
from tracker.clock import now
from tracker.database import db
from tracker.rules.trail import ReadKind


@pytest.fixture
def chain(app):
    """How many entries the chain has, some with values open and sealed."""
    make_chain()
    assert verdict().whole
    return len(entries())


def test_a_whole_trail_is_whole_and_tells_its_head(chain):
    found = verdict()
    assert (found.entries, found.problem) == (chain, None)
    assert found.head == f"{chain}:{head()['last_mac'].hex()}"


COLUMNS = [
    ("at", "'2020-01-01 00:00:00.000000'"), ("actor_kind", "'user'"), ("actor_id", "1"), ("session_id", "99"),
    ("request_id", "'x'"), ("action", "'record.voided'"), ("record_id", "NULL"), ("target_kind", "'user'"),
    ("target_id", "5"), ("fields", "'[]'"), ("parts", "0"), ("first_read_id", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value"), COLUMNS)
def test_a_changed_entry_is_found(chain, column, value):
    place = chain - 2
    with by_hand() as execute:
        execute(f"UPDATE audit_entry SET {column} = {value} WHERE id = :id", id=place)  # noqa: S608 - ours
    assert verdict().problem.startswith(f"post {place}")


@pytest.mark.parametrize("statement", [
    "UPDATE audit_part SET open_values = '{\"executed_on\":[null,\"2021-01-09\"]}' WHERE id = :id",
    "UPDATE audit_part SET open_values = NULL WHERE id = :id",
    "UPDATE audit_part SET sealed_values = NULL, open_values = NULL WHERE id = :id",
    "UPDATE audit_part SET record_id = NULL WHERE id = :id",
    "UPDATE audit_part SET sealed_values = digest WHERE id = :id",
    "DELETE FROM audit_part WHERE id = :id",
])  # fmt: skip
def test_a_changed_value_is_found(chain, statement):
    place = chain - 2
    (part_id,) = db.session.execute(text("SELECT id FROM audit_part WHERE entry_id = :e"), {"e": place}).one()
    with by_hand() as execute:
        execute(statement, id=part_id)
    assert verdict().problem.startswith(f"post {place}:")


def test_an_added_value_is_found(chain):
    with by_hand() as execute:
        execute(
            "INSERT INTO audit_part (id, entry_id, record_id, open_values, sealed_values, digest) "
            "SELECT 9999, entry_id, record_id, open_values, sealed_values, digest FROM audit_part WHERE entry_id = :e",
            e=chain - 2,
        )
    assert verdict().problem == f"post {chain - 2}: innehållet är ändrat"


def test_a_removed_middle_entry_is_found(chain):
    with by_hand() as execute:
        execute("DELETE FROM audit_part WHERE entry_id = :id", id=chain - 2)
        execute("DELETE FROM audit_entry WHERE id = :id", id=chain - 2)
    assert verdict().problem == f"post {chain - 2} saknas"


def test_entries_renumbered_over_a_gap_are_found(chain):
    with by_hand() as execute:
        execute("DELETE FROM audit_part WHERE entry_id = :id", id=chain)
        execute("DELETE FROM audit_part WHERE entry_id = :id", id=chain - 1)
        execute("DELETE FROM audit_entry WHERE id = :id", id=chain - 1)
        execute("UPDATE audit_entry SET id = :new WHERE id = :old", new=chain - 1, old=chain)
    assert verdict().problem == f"post {chain - 1} är ändrad"


def test_two_entries_that_change_places_are_found(chain):
    one, other = entries()[-3:-1]
    swapped = ("at", "actor_kind", "actor_id", "action", "record_id", "fields", "digest", "mac")
    with by_hand():
        for place, values in ((one.id, other), (other.id, one)):
            of = {name: values.__dict__[name] for name in swapped}
            db.session.execute(update(AuditEntry).where(AuditEntry.id == place).values(**of))
    assert verdict().problem.startswith(f"post {one.id}")


def test_removed_last_entries_are_found_by_the_head(chain):
    with by_hand() as execute:
        execute("DELETE FROM audit_part WHERE entry_id > :id", id=chain - 2)
        execute("DELETE FROM audit_entry WHERE id > :id", id=chain - 2)
    assert verdict().problem == f"post {chain - 1} saknas: huvudet står på {chain}"


def test_a_head_set_back_with_the_last_entries_removed_is_found_by_its_seal(chain):
    with by_hand() as execute:
        execute("DELETE FROM audit_part WHERE entry_id > :id", id=chain - 2)
        execute("DELETE FROM audit_entry WHERE id > :id", id=chain - 2)
        execute("UPDATE audit_head SET last_id = :id, last_mac = (SELECT mac FROM audit_entry WHERE id = :id)",
                id=chain - 2)  # fmt: skip
    assert verdict().problem == "huvudets försegling stämmer inte"


def test_nothing_is_written_on_top_of_a_head_that_was_set_back(chain):
    with by_hand() as execute:
        execute("DELETE FROM audit_part WHERE entry_id > :id", id=chain - 2)
        execute("DELETE FROM audit_entry WHERE id > :id", id=chain - 2)
        execute("UPDATE audit_head SET last_id = :id, last_mac = (SELECT mac FROM audit_entry WHERE id = :id)",
                id=chain - 2)  # fmt: skip
    with pytest.raises(BrokenTrailError):
        note()
    db.session.rollback()
    assert len(entries()) == chain - 2
    assert verdict().problem == "huvudets försegling stämmer inte"


def test_an_old_head_put_back_whole_is_found_by_the_heads_that_were_published(chain, tmp_path):
    old = head()
    note()
    published = publish_head(tmp_path / "heads.jsonl", now())
    with by_hand() as execute:
        execute("DELETE FROM audit_entry WHERE id > :id", id=chain)
        execute("UPDATE audit_head SET last_id = :last_id, last_mac = :last_mac, seal = :seal", **{
            name: old[name] for name in ("last_id", "last_mac", "seal")})  # fmt: skip
    assert verdict().whole, "nothing in the database tells"
    assert verdict([published]).problem == f"post {chain + 1} saknas: huvudet står på {chain}"
    assert verdict(published_heads(tmp_path / "heads.jsonl")).problem == verdict([published]).problem


def test_a_chain_rewritten_from_the_middle_is_found(chain):
    """Without the key the best that can be done is to make seals that look like seals."""
    with by_hand() as execute:
        for place in range(chain - 3, chain + 1):
            execute("UPDATE audit_entry SET action = 'user.created', mac = :mac WHERE id = :id", id=place,
                    mac=hashlib.sha256(str(place).encode()).digest())  # fmt: skip
        execute("UPDATE audit_head SET last_mac = (SELECT mac FROM audit_entry WHERE id = :id)", id=chain)
    assert verdict().problem == "huvudets försegling stämmer inte"


def test_a_chain_rewritten_with_another_key_is_found(chain):
    with by_hand() as execute:
        execute("UPDATE audit_entry SET mac = :mac WHERE id = :id", id=chain - 3, mac=b"x" * 32)
    assert verdict().problem == f"post {chain - 3} är ändrad"


@pytest.mark.parametrize("reset_head", [False, True])
def test_an_emptied_trail_is_found(chain, reset_head):
    with by_hand() as execute:
        execute("DELETE FROM audit_part")
        execute("DELETE FROM audit_entry")
        if reset_head:
            execute("UPDATE audit_head SET chain = '', last_id = 0, last_mac = :zero, seal = :zero", zero=bytes(32))
    expected = (
        "spåret är tömt fast det finns uppgifter i registren"
        if reset_head
        else f"post 1 saknas: huvudet står på {chain}"
    )
    assert verdict().problem == expected


def test_a_removed_head_is_found(chain):
    with by_hand() as execute:
        execute("DELETE FROM audit_head")
    assert verdict().problem == "huvudet saknas"


def test_an_entry_beyond_the_head_is_found(chain):
    last = entries()[-1]
    copy = {column.name: getattr(last, column.name) for column in AuditEntry.__table__.columns} | {"id": chain + 1}
    with by_hand():
        db.session.execute(AuditEntry.__table__.insert(), copy)
    assert verdict().problem == f"post {chain + 1} är ändrad"


class TestReads:
    """Reads are sealed in batches; what was sealed cannot be changed, removed or added to unseen."""

    @pytest.fixture
    def sealed(self, app):
        record_id = make_record()
        db.session.rollback()
        for _ in range(5):
            note_read(ReadKind.RECORD, record_id=record_id)
        assert seal_reads() == 5
        assert verdict().whole
        return record_id

    @pytest.mark.parametrize("place", [0, 2, 4])
    @pytest.mark.parametrize("change", [
        "UPDATE audit_read SET actor_id = 1", "UPDATE audit_read SET kind = 'log'", "DELETE FROM audit_read",
        "UPDATE audit_read SET at = '2020-01-01 00:00:00.000000'", "UPDATE audit_read SET record_id = NULL",
    ])  # fmt: skip
    def test_what_was_sealed_cannot_be_changed_unseen(self, sealed, change, place):
        first = db.session.scalar(select(func.min(AuditRead.id)))
        with by_hand() as execute:
            execute(f"{change} WHERE id = :id", id=first + place)
        assert "läsningarna" in verdict().problem

    def test_reads_since_the_last_seal_are_bound_by_the_next(self, sealed):
        note_read(ReadKind.IDENTITY, record_id=sealed)
        assert verdict().whole
        assert seal_reads() == 1
        assert seal_reads() == 0
        found = verdict()
        assert (found.whole, found.reads) == (True, 6)

    def test_a_seal_taken_away_is_found(self, sealed):
        last = head()["last_id"]
        with by_hand() as execute:
            execute("DELETE FROM audit_entry WHERE id = :id", id=last)
        assert verdict().problem == f"post {last} saknas: huvudet står på {last}"


class TestKnownHeads:
    """`--head N:HASH`: a head that was written down somewhere must still be there."""

    def test_every_earlier_head_fits(self, chain):
        known = [KnownHead(entry.id, entry.mac) for entry in entries()]
        assert verdict(known).whole

    def test_a_head_that_never_was_does_not_fit(self, chain):
        assert verdict([KnownHead(2, b"x" * 32)]).problem == "post 2 är en annan än när huvudet skrevs ut"

    def test_a_head_of_another_database_says_nothing_of_this_one(self, chain, tmp_path):
        file = tmp_path / "heads.jsonl"
        publish_head(file, now())
        (line,) = file.read_text().splitlines()
        other = json.loads(line) | {"database": "another", "chain": "another", "mac": "ab" * 32}
        file.write_text(f"{json.dumps(other)}\n{line}\n")
        assert [known.n for known in published_heads(file)] == [chain]
        assert verdict(published_heads(file)).whole

    def test_a_trail_that_was_emptied_and_begun_anew_is_found(self, chain, tmp_path):
        file, old = tmp_path / "heads.jsonl", head()["chain"]
        publish_head(file, now())
        with by_hand() as execute:
            execute("DELETE FROM audit_part")
            execute("DELETE FROM audit_entry")
            execute("UPDATE audit_head SET chain = '', last_id = 0, last_mac = :zero, seal = :zero", zero=bytes(32))
        note()
        assert verdict().whole, "nothing in the database tells"
        expected = f"spåret har börjat om: tidigare stod kedjan {old} på post {chain}"
        assert verdict(published_heads(file)).problem == expected

    def test_heads_are_published_once_an_hour_and_only_when_they_have_moved(self, chain, tmp_path, frozen_day):
        file, at = tmp_path / "deep" / "heads.jsonl", datetime(2026, 1, 1, 12, tzinfo=UTC)
        hour = timedelta(hours=1)
        assert publish_head(file, at, every=hour).n == chain
        note()
        assert publish_head(file, at + timedelta(minutes=59), every=hour) is None
        assert publish_head(file, at + hour, every=hour).n == chain + 1
        assert publish_head(file, at + 3 * hour, every=hour) is None, "it stands where it stood"
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        assert [line["n"] for line in lines] == [chain, chain + 1]
        assert [known.n for known in published_heads(file)] == [chain, chain + 1]
        assert oct(file.stat().st_mode & 0o777) == "0o600"

    @pytest.mark.parametrize("written", ["", "1", "1:", "x:ab", f"0:{'ab' * 32}", f"-1:{'ab' * 32}", "1:abcd"])
    def test_a_head_that_cannot_be_read_is_refused(self, written):
        with pytest.raises(ValueError):  # noqa: PT011 - whichever way it cannot be read
            parse_head(written)
