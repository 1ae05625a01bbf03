"""A request that only reads changes nothing, whatever its view tries, and says so to PostgreSQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from tracker.accounts.models import Installation
from tracker.database import db, end_reading, is_sqlite, set_reading, writer


@pytest.fixture
def reading(app):
    db.session.rollback()
    set_reading(True)
    yield
    db.session.rollback()
    set_reading(False)


def name_it(name: str) -> None:
    db.session.execute(text("UPDATE installation SET committee_name = :name"), {"name": name})


def committee() -> str | None:
    db.session.rollback()
    return db.session.query(Installation.committee_name).scalar()


def test_a_change_by_a_reading_request_is_refused_or_undone(reading):
    if is_sqlite():
        name_it("Påhittad")
        end_reading()
    else:
        with pytest.raises(InternalError, match="read-only transaction"):
            name_it("Påhittad")
    assert committee() != "Påhittad"


def test_what_waits_to_be_written_is_not_written_as_the_reading_ends(reading):
    installation = db.session.query(Installation).one()
    installation.committee_name = "Påhittad"
    end_reading()
    assert committee() != "Påhittad"


def test_a_writer_within_it_writes(reading):
    with writer():
        name_it("Socialnämnden")
        db.session.commit()
    assert committee() == "Socialnämnden"


def test_what_a_writer_within_it_has_left_undone_is_not_kept(reading):
    with writer():
        name_it("Påhittad")
    end_reading()
    assert committee() != "Påhittad"


def test_the_next_one_on_the_same_connection_may_write(reading):
    committee()
    end_reading()
    set_reading(False)
    name_it("Socialnämnden")
    db.session.commit()
    assert committee() == "Socialnämnden"


def test_what_was_read_stays_as_it_was_read(reading):
    installation = db.session.query(Installation).one()
    before = installation.committee_name
    end_reading()
    assert installation.committee_name == before


def test_after_something_has_failed_the_reading_can_still_be_ended(reading):
    with pytest.raises(Exception, match="nowhere"):
        db.session.execute(text("SELECT * FROM nowhere"))
    end_reading()
    assert db.session.scalar(text("SELECT 1")) == 1
