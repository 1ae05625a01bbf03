"""A number of a person, put into every field that takes one, stands nowhere in plain text."""

import re
from io import StringIO

import pytest
from sqlalchemy import select

from tests.decisions.running import run
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.support.traces import traces_left
from tracker.audit.heads import publish_head
from tracker.audit.reads import seal_reads
from tracker.clock import now
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock
from tracker.logs import configure_logging
from tracker.rules.permissions import Role

# Skatteverket's published test numbers, written as people write them.
PERSON = "191212121212"
WRITTEN = ("191212121212", "19121212-1212", "121212-1212", "1212121212")
NOTE = f"Ring 19121212-1212 om tiden, säger {WRITTEN[2]}"


@pytest.fixture
def officer(app, client):
    """A case officer of all units, signed in, and a decision to work with."""
    make_unit("Vuxen")
    user = make_user("hand@kommun.example", Role.CASE_OFFICER, name="Hanna Handläggare")
    make_decisions([{"ref": "B-01", "enhet": "Vuxen"}])
    client.sign_in(user.email, PASSWORD)
    return client


@pytest.fixture
def logged(monkeypatch):
    """All that the program logs."""
    stream = StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logging()
    yield stream
    monkeypatch.undo()
    configure_logging()


def record_id():
    return db.session.scalars(select(Decision.record_id).where(Decision.ref == "B-01")).one()


def clock_id():
    return db.session.scalars(select(DecisionClock.id).where(DecisionClock.ref == "B-01")).one()


def test_a_number_in_every_field_that_takes_one_is_nowhere_in_plain_text(app, officer, tmp_path, logged):
    # The import: the person, and its own words on the delay.
    file = tmp_path / "beslut.csv"
    file.write_text(f"ref;insats;beslutsdatum;person;skal\nB-02;Boende;2021-01-07;{WRITTEN[1]};{NOTE}\n")
    ran = run(app, "import", "decisions", file)
    assert ran.code == 0, ran.err
    file.unlink()
    # A correction: the person, the reason, and a note that is kept although it was pointed out.
    path = f"/beslut/{record_id()}"
    officer.get(f"{path}/ratta")
    officer.submit({"person": PERSON, "reason": f"Fel person, se {WRITTEN[1]}"}, form="person", status=422)
    officer.submit({"anyway": "y"}, form="person")
    officer.get(f"{path}/klocka/{clock_id()}/ratta")
    officer.submit({"eget_skal": NOTE, "reason": "Nytt skäl"}, form="eget_skal", status=422)
    assert "personnummer" in officer.page.text
    officer.submit({"anyway": "y"}, form="eget_skal")
    assert NOTE in officer.get(path).text, "nothing typed is lost"
    # Looking, searching, exporting, reporting.
    assert "19121212" in officer.get(f"{path}/person").text
    officer.get(f"/beslut?ref={PERSON}")
    officer.get(f"/beslut/export.csv?ref={PERSON}")
    officer.get("/rapporter/kvartal/2021/4")
    # The trail, sealed and with its head written out.
    db.session.rollback()
    seal_reads()
    publish_head(tmp_path / "heads.jsonl", now())
    assert traces_left(WRITTEN) == set()
    kept = logged.getvalue() + (tmp_path / "heads.jsonl").read_text()
    assert '"endpoint": "decisions.person"' in kept, "the log has been looked at"
    assert [trace for trace in WRITTEN if trace in kept] == []
    assert not re.search(r"19121212|121212.?1212", kept)


SHORT_COLUMNS = ("ref", "insats", "enhet", "handlaggare", "utforare", "diarienummer", "avslutsorsak")


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("column", SHORT_COLUMNS)
def test_a_short_text_takes_no_number_from_a_file(app, tmp_path, column, written):
    row = {"ref": "B-09", "insats": "Boende", "beslutsdatum": "2021-01-07"} | {column: f"Fall {written}"}
    file = tmp_path / "beslut.csv"
    file.write_text(";".join(row) + "\n" + ";".join(row.values()) + "\n")
    ran = run(app, "import", "decisions", file)
    assert ran.code == 1
    assert f"rad 2, kolumn {column}: " in ran.err
    assert "personnummer" in ran.err
    assert written not in ran.err
    file.unlink()
    assert traces_left([written]) == set()


@pytest.mark.parametrize("field", ["ref", "utforare", "diarienummer", "handlaggare", "insats"])
def test_a_short_text_takes_no_number_in_a_correction(officer, field):
    officer.get(f"/beslut/{record_id()}/ratta")
    officer.submit({field: f"Fall {WRITTEN[1]}", "reason": "rättat"}, form="person", status=422)
    assert "personnummer" in officer.page.text
    names = {element.get("name") for element in officer.page.form("person").iter()}
    if "anyway" in names:
        officer.submit({"anyway": "y"}, form="person", status=422)
    assert traces_left(WRITTEN) == set()
