"""A person is forgotten: the figures stay, the chain is whole, and nothing readable of the person is left."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.audit.trails import verdict
from tests.factories import make_decisions, make_user
from tests.support.traces import traces_left
from tracker.accounts.reader import EVERYTHING
from tracker.audit.history import list_history
from tracker.database import db, overwrite_deleted, scrub, writer
from tracker.decisions.correcting import void_decision
from tracker.decisions.forgetting import forget_person
from tracker.decisions.models import Decision, DecisionClock
from tracker.records.models import Record
from tracker.reports.quarter import quarter_figures
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role
from tracker.rules.quarters import Period, Quarter
from tracker.rules.trail import Action

PERSON, OTHER = "191212121212", "189001019802"
NOW = datetime(2026, 3, 31, 11, tzinfo=UTC)
PERIOD = Period.of(Quarter(2021, 4), date(2021, 12, 31), date(2021, 9, 30))
# What could lead to the person; each is searched for in all that is left.
TRACES = (PERSON, OTHER, "REF-BODIL-7", "SN-4711", "Bodil vill vänta", "Bodil flyttade hem")


def search() -> set[str]:
    """Which traces stand in plain text in the database."""
    return traces_left(TRACES)


@pytest.fixture
def record_id(app):
    """Bodil's decision, corrected by an import, executed late; and another's that stays."""
    row = {"ref": "REF-BODIL-7", "person": PERSON, "kon": "kvinna", "diarienummer": "SN-4711",
           "verkstalld": "2021-11-01", "skal": "Bodil vill vänta"}  # fmt: skip
    rest = {"ref": "A-2", "person": OTHER, "avslutad": "2021-10-20", "avslutsorsak": "Flyttat", "skal": "Personalbrist"}
    make_decisions([row, rest | {"person": ""}])
    make_decisions([row | {"person": OTHER, "skal": "Bodil flyttade hem"}])
    make_decisions([row])
    return db.session.scalars(select(Decision.record_id).where(Decision.ref == "REF-BODIL-7")).one()


def forget(record_id):
    with writer():
        overwrite_deleted()
        forget_person(record_id, "Gallringsbeslut 2026-03-01", NOW)
        db.session.commit()
    scrub()


def test_nothing_readable_is_left(record_id):
    assert search() == {"REF-BODIL-7", "SN-4711"}, "the search finds what is there; numbers and notes lie sealed"
    forget(record_id)
    assert search() == set()
    assert db.session.get_one(Decision, record_id).ref == f"GLÖMD-{record_id}"
    assert db.session.get_one(Record, record_id).title == f"Beslut GLÖMD-{record_id}"


def test_the_figures_stay(record_id):
    before = quarter_figures(PERIOD, EVERYTHING)
    assert before.counts == (0, 0, 0, 0, 1, 1), "one executed late, one closed late"
    forget(record_id)
    assert quarter_figures(PERIOD, EVERYTHING) == before


def test_the_chain_is_whole_and_tells_what_was_done_but_no_values(record_id):
    forget(record_id)
    assert verdict().whole
    newest, *older = list_history(record_id, with_personal=True)
    assert newest.action is Action.RECORD_FORGOTTEN
    assert newest.reason == "Gallringsbeslut 2026-03-01"
    sealed = [event for event in older if "person" in event.fields]
    assert len(sealed) == 2
    assert all(event.forgotten and not any(change.personal for change in event.changes) for event in sealed)


def test_another_person_is_left_as_they_were(record_id):
    forget(record_id)
    other = db.session.scalars(select(DecisionClock).where(DecisionClock.ref == "A-2")).one()
    assert (other.close_reason, other.delay_reason_id is not None) == ("Flyttat", True)


def test_nobody_is_forgotten_while_they_wait(app):
    make_decisions([{"ref": "B-01", "person": PERSON}])
    record_id = db.session.scalars(select(Decision.record_id)).one()
    with writer(), pytest.raises(RuleViolation, match="först när ärendet är slut"):
        forget_person(record_id, "fel", NOW)
    db.session.rollback()
    assert db.session.get_one(Decision, record_id).person_hash is not None


class TestCommand:
    """`flask decisions forget REF --reason … --by …`"""

    def run(self, app, *arguments):
        return app.test_cli_runner().invoke(args=["decisions", "forget", *arguments])

    def test_it_tells_the_new_name(self, app, record_id):
        done = self.run(app, "REF-BODIL-7", "--reason", "Gallringsbeslut")
        assert (done.exit_code, done.stdout) == (0, f"Personen är glömd. Beslutet heter nu GLÖMD-{record_id}\n")
        assert search() == set()

    def test_who_is_named_must_be_allowed(self, app, record_id):
        make_user("hand@kommun.example", Role.CASE_OFFICER)
        make_user("vera@kommun.example", Role.QUALITY_LEAD, unit="Barn")
        make_user("kim@kommun.example", Role.QUALITY_LEAD)
        for email in ("hand@kommun.example", "vera@kommun.example"):
            refused = self.run(app, "REF-BODIL-7", "--reason", "x", "--by", email)
            assert refused.exit_code == 1
            assert "REF-BODIL-7" in search()
        done = self.run(app, "REF-BODIL-7", "--reason", "x", "--by", "kim@kommun.example")
        assert done.exit_code == 0, done.output

    def test_a_reason_is_asked_for(self, app, record_id):
        assert self.run(app, "REF-BODIL-7").exit_code == 1

    def test_an_unknown_ref_is_told(self, app, record_id):
        refused = self.run(app, "X-1", "--reason", "x")
        assert (refused.exit_code, "Kontrollera referensen" in refused.stderr) == (1, True)


def test_a_voided_decision_can_be_forgotten_too(app, record_id):
    make_user("kim@kommun.example", Role.QUALITY_LEAD)
    with writer():
        version = db.session.get_one(Record, record_id).version
        void_decision(record_id, version, "dubblett", NOW)
        db.session.commit()
    done = app.test_cli_runner().invoke(
        args=["decisions", "forget", "REF-BODIL-7", "--reason", "x", "--by", "kim@kommun.example"]
    )
    assert done.exit_code == 0, done.output
    assert search() == set()
