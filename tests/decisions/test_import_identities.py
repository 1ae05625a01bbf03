"""Who a decision is about is stored encrypted, found by its hash, and brought in only by those who may know it."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.decisions.running import decision
from tests.factories import make_user
from tracker.database import db, is_sqlite
from tracker.decisions.models import Decision
from tracker.decisions.writing import PERSON
from tracker.vault import VaultError, vault

TOLVAN = "191212121212"
T_NUMBER = "19800101-TF10"
HEAD = "ref;insats;beslutsdatum;person"


def stored_bytes(app) -> bytes:
    """All that the database holds: the files of SQLite, every row of every table of PostgreSQL as text."""
    db.session.rollback()
    if is_sqlite():
        path = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    tables = list(db.metadata.tables)
    rows = [row for name in tables for row in db.session.scalars(text(f"SELECT t::text FROM {name} t"))]  # noqa: S608
    hexed = b"".join(bytes.fromhex(part.split('"')[0]) for row in rows for part in row.split("\\x")[1:])
    return "\n".join(rows).encode() + hexed


def test_the_database_does_not_hold_a_persons_number_in_any_writing(office):
    office.imports(f"{HEAD};utforare\nA-1;Boendestöd;2021-01-07;19121212-1212;Sökbar Text AB\n"
                   f"A-2;Boendestöd;2021-01-07;{T_NUMBER};\n")  # fmt: skip
    held = stored_bytes(office.app)
    assert "Sökbar Text AB".encode() in held, "the search itself works"
    for writing in ("191212121212", "19121212-1212", "121212-1212", "1212121212", "19800101-TF10", "19800101TF10"):
        assert writing.encode() not in held
        assert writing.encode("utf-16-le") not in held


def test_a_person_is_opened_again_and_found_by_the_hash_of_the_number(office):
    office.imports(
        f"{HEAD}\nA-1;x;2021-01-07;19121212-1212\nA-2;x;2021-01-08;191212121212\nA-3;x;2021-01-09;{T_NUMBER}\n"
    )
    stored = decision("A-1")
    assert vault.decrypt(stored.person_encrypted, stored.record_id, PERSON) == TOLVAN
    found = db.session.scalars(select(Decision.ref).where(Decision.person_hash == vault.search_hash(TOLVAN)))
    assert sorted(found) == ["A-1", "A-2"]
    found = db.session.scalars(select(Decision.ref).where(Decision.person_hash == vault.search_hash(T_NUMBER)))
    assert list(found) == ["A-3"]


def test_equal_persons_are_sealed_differently_and_open_only_in_their_own_row(office):
    office.imports(f"{HEAD}\nA-1;x;2021-01-07;{TOLVAN}\nA-2;x;2021-01-08;{TOLVAN}\n")
    one, two = decision("A-1"), decision("A-2")
    assert one.person_encrypted != two.person_encrypted
    with pytest.raises(VaultError):
        vault.decrypt(one.person_encrypted, two.record_id, PERSON)


def test_the_same_person_again_changes_nothing_and_another_does(office):
    office.imports(f"{HEAD}\nA-1;x;2021-01-07;19121212-1212\n")
    sealed = decision("A-1").person_encrypted
    assert office.imports(f"{HEAD}\nA-1;;;{TOLVAN}\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert decision("A-1").person_encrypted == sealed
    assert office.imports(f"{HEAD}\nA-1;;;20000101-2384\n") == "0 nya, 1 ändrade, 0 oförändrade"
    stored = decision("A-1")
    assert vault.decrypt(stored.person_encrypted, stored.record_id, PERSON) == "200001012384"
    assert stored.person_hash == vault.search_hash("200001012384")


@pytest.mark.parametrize("written", ["19121212-1213", "191213121212", "121212-1212", "19800101-T7"])
def test_a_wrong_number_is_refused_and_not_repeated(office, written):
    (said,) = office.refused(f"{HEAD}\nA-1;x;2021-01-07;{written}\n")
    assert said.startswith("rad 2, kolumn person: ")
    assert written not in said


def test_two_persons_in_the_rows_of_one_ref_are_refused_without_a_number(office):
    rows = f"A-1;x;2021-01-07;;{TOLVAN}\nA-1;;;2021-06-01;200001012384\n"
    (said,) = office.refused(f"ref;insats;beslutsdatum;avbrottsdatum;person\n{rows}")
    assert said.startswith("rad 3, kolumn person: rad 2 säger något annat")
    assert "2121" not in said


def test_two_writings_of_one_person_are_no_contradiction(office):
    rows = f"A-1;x;2021-01-07;;{TOLVAN}\nA-1;;;2021-06-01;19121212-1212\n"
    assert office.imports(f"ref;insats;beslutsdatum;avbrottsdatum;person\n{rows}").startswith("2 nya")


def test_a_quality_lead_may_not_bring_in_or_clear_persons(office):
    make_user("kim@kommun.example", "kvalitet")
    office.imports(f"{HEAD}\nA-1;x;2021-01-07;{TOLVAN}\n")
    for cell in ("20000101-2384", "-"):
        (said,) = office.refused(f"{HEAD}\nA-1;;;{cell}\n", "--by", "kim@kommun.example")
        assert said.startswith("rad 2, kolumn person: din roll får inte läsa in personnummer")
    assert office.imports(f"{HEAD}\nA-1;Ny;;\n", "--by", "kim@kommun.example") == "0 nya, 1 ändrade, 0 oförändrade"
    assert decision("A-1").person_hash == vault.search_hash(TOLVAN)


def test_a_case_officer_may_bring_in_persons(office):
    make_user("eva@kommun.example", "handlaggare", unit="Vuxen 2")
    office.imports(f"{HEAD}\nA-1;x;2021-01-07;{TOLVAN}\n", "--by", "eva@kommun.example")
    assert decision("A-1").person_hash == vault.search_hash(TOLVAN)


def test_a_case_officer_of_one_unit_who_leads_quality_elsewhere_brings_in_persons_only_there(office):
    eva = "eva@kommun.example"
    user = make_user(eva, "kvalitet")
    from tests.factories import make_unit
    from tracker import clock
    from tracker.accounts.services import give_role
    from tracker.rules.permissions import Role

    give_role(user, Role.CASE_OFFICER, make_unit("Vuxen 2"), clock.now(), clock.today())
    make_unit("Barn 1")
    db.session.commit()
    rows = f"{HEAD};enhet\nA-1;x;2021-01-07;{TOLVAN};Barn 1\n"
    (said,) = office.refused(rows, "--by", eva)
    assert said.startswith("rad 2, kolumn person: din roll får inte läsa in personnummer")
    assert office.imports(rows.replace("Barn 1", "Vuxen 2"), "--by", eva) == "1 nya, 0 ändrade, 0 oförändrade"
