"""The log checks' migration goes down and up again with rows in its tables, on both engines."""

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from tests.log_review.checking import make_reviewed
from tests.support import databases
from tracker.database import db
from tracker.factory import create_app

TABLES = ("log_plan", "log_check", "log_draw", "log_draw_item")


def _counts():
    return [db.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES]  # noqa: S608 - names above


def test_down_and_up_with_a_drawn_check(engine):
    app = create_app(databases.settings(databases.empty_database(engine)))
    with app.app_context():
        upgrade()
        make_reviewed("granskare@kommun.example")
        assert _counts() == [1, 4, 1, 2]
        db.session.remove()
        downgrade(revision="0007_sessions")
        upgrade()
        assert _counts() == [0, 0, 0, 0]
        db.session.remove()
        db.engine.dispose()
