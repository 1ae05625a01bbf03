"""What is protected, voided, named and closed goes down to the older schema and up again without coming into sight."""

from datetime import date

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from tests.factories import make_decisions, make_user
from tests.records.granting import close, name, protect, void
from tests.support import databases
from tracker.database import db
from tracker.factory import create_app
from tracker.rules.permissions import Role

OLDER = "0004_trail"
EMAIL = "eva@kommun.example"


@pytest.fixture
def app(engine):
    """The application on a new database with the newest schema."""
    app = create_app(databases.settings(databases.empty_database(engine)))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def _by_ref(table: str, column: str) -> dict[str, int]:
    db.session.rollback()
    rows = db.session.execute(text(f"SELECT ref, {column} FROM {table}")).all()  # noqa: S608
    db.session.rollback()
    return {ref: int(value) for ref, value in rows}


def test_marks_go_down_and_up(app):
    make_decisions([{"ref": ref} for ref in ("plain", "named", "closed", "kept", "gone")], today=date(2022, 1, 31))
    make_user(EMAIL, Role.CASE_OFFICER)
    name("named", EMAIL)
    close("closed", EMAIL)
    protect("kept", EMAIL)
    void("gone")
    assert _by_ref("decision_clock", "mark") == {"plain": 0, "named": 0, "closed": 0, "kept": 1, "gone": 2}
    db.session.remove()
    downgrade(revision=OLDER)
    for table in ("decision", "decision_clock"):
        assert _by_ref(table, "protected") == {"plain": 0, "named": 0, "closed": 0, "kept": 1, "gone": 1}
    db.session.remove()
    upgrade()
    for table in ("decision", "decision_clock"):
        assert _by_ref(table, "mark") == {"plain": 0, "named": 0, "closed": 0, "kept": 1, "gone": 1}
