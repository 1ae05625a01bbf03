"""Every migration runs up, down and up again on both engines, with rows in the tables, and leads to the models."""

from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, select, text

from tests.activity.making import make_activity
from tests.control.making import make_control
from tests.factories import make_decisions, make_user
from tests.stickprov.making import Drawer, entry, note
from tests.support import databases
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.granting import ask
from tracker.accounts.queries import find_unit, find_user
from tracker.accounts.units import rename_unit
from tracker.database import db, writer
from tracker.factory import create_app
from tracker.records.codes import change_code
from tracker.records.models import CodeItem
from tracker.rules.permissions import Role
from tracker.rules.sample_work import Verdict
from tracker.rules.second_administrator import RequestKind
from tracker.search.installing import DERIVED, is_ours
from tracker.settings import ROOT
from tracker.web.health import newest_revision

REVISIONS = [script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()][::-1]

OPTIONS = {"compare_type": True, "render_as_batch": True, "include_name": is_ours}


@pytest.fixture
def app(engine):
    """The application on a new database without tables."""
    app = create_app(databases.settings(databases.empty_database(engine)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _tables():
    with db.engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return {name for name in names if not name.startswith(DERIVED)}


def _fill():
    make_user("handlaggare@kommun.example", Role.CASE_OFFICER, unit="Vuxen")
    make_decisions(
        [
            {"ref": "B-01", "kon": "kvinna", "person": "", "enhet": "Vuxen", "skal": "Enskild har tackat nej"},
            {"ref": "B-01", "kon": "kvinna", "enhet": "Vuxen", "avbrottsdatum": "2021-03-01"},
        ],
        today=date(2022, 1, 31),
    )
    _administer()
    _, moment_id = make_control()
    make_activity()
    sample_id = Drawer(moment_id, find_user("handlaggare@kommun.example").id).drawn()
    note(sample_id, {1: entry(Verdict.APPROVED)})


def _administer():
    """A unit with a former name, a code with another name, and a request that waits."""
    with writer():
        rename_unit(find_unit("Vuxen"), "Vuxna", date(2022, 1, 31))
        change_code(db.session.scalars(select(CodeItem).limit(1)).one(), "Ett annat namn", None, None)
        ask(RequestKind.ONE_IS_ENOUGH, None, find_user("handlaggare@kommun.example").id, clock.now())
        db.session.commit()


def test_there_is_one_line_of_migrations_named_by_their_files():
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert scripts.get_heads() == [REVISIONS[-1]]
    assert scripts.get_bases() == [REVISIONS[0]]
    names = sorted(path.stem for path in (ROOT / "migrations/versions").glob("*.py"))
    assert names == REVISIONS
    assert newest_revision() == REVISIONS[-1]


def test_up_down_and_up_again(app):
    upgrade()
    made = _tables()
    assert made == set(db.metadata.tables)
    downgrade(revision="base")
    assert _tables() == set()
    upgrade()
    assert _tables() == made


def test_each_step_goes_down_and_up_with_rows_in_the_tables(app):
    upgrade()
    _fill()
    for revision in reversed(REVISIONS):
        downgrade(revision="-1")
        upgrade(revision=revision)
        downgrade(revision="-1")
        db.session.remove()
    assert _tables() == set()
    for revision in REVISIONS:
        upgrade(revision=revision)
    _fill()
    assert db.session.scalar(text("SELECT count(*) FROM decision_clock")) == 2


def test_models_and_migrations_agree(app):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        assert compare_metadata(context, db.metadata) == []
    check()


def test_readiness_follows_the_schema(app):
    visitor = PageClient(app)
    assert visitor.get("/redo", status=503).response.json["status"].startswith("databasen")
    upgrade(revision=REVISIONS[-2])
    assert visitor.get("/redo", status=503).response.json["status"].startswith("schemat")
    upgrade()
    assert visitor.get("/redo").response.json == {"status": "ok"}


def test_the_commands_are_there_although_nothing_has_loaded_them():
    app = create_app(databases.settings(databases.empty_database("sqlite")))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["db", "upgrade"]).exit_code == 0
    assert app.test_client().get("/redo").json == {"status": "ok"}
    assert "upgrade" in runner.invoke(args=["db", "--help"]).output
