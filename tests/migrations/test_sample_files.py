"""An item's unit and a draw's reason lie open in the older schema, and are sealed on the way up."""

from datetime import date

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from tests.control.making import make_control
from tests.factories import make_user
from tests.stickprov.making import FOUR, Drawer, items, row
from tests.support import databases
from tracker.database import db
from tracker.factory import create_app
from tracker.rules.permissions import Role
from tracker.rules.sampling import Item, read_items
from tracker.stickprov.queries import list_draws, reason_of, verify_draw

OLDER, NEWER = "0020_stickprov", "0024_sample_files"


@pytest.fixture
def app(engine):
    """The application on a new database with the newest schema."""
    app = create_app(databases.settings(databases.empty_database(engine)))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def _plain(statement: str) -> list[object]:
    db.session.rollback()
    found = list(db.session.scalars(text(statement)))
    db.session.remove()
    return found


def test_units_and_reasons_go_down_and_up(app, frozen_day):
    frozen_day(date(2022, 2, 15))
    _, moment_id = make_control()
    drawer = Drawer(moment_id, make_user("carol@kommun.example", Role.MANAGER).id)
    sample_id = drawer.drawn(population=read_items(Item(f"F-{n}", None, "Nord" if n else None) for n in range(12)))
    drawer.draw(sample_id, reason="Fel period angavs")
    before = [(found.reference, found.unit) for found in items(sample_id)]
    db.session.remove()
    downgrade(revision=OLDER)
    assert _plain("SELECT reason FROM sample_draw ORDER BY number") == [None, "Fel period angavs"]
    assert set(_plain("SELECT unit FROM sample_item")) <= {None, "Nord"}
    upgrade()
    assert not any(b"Nord" in bytes(unit) for unit in _plain("SELECT unit FROM sample_item WHERE unit IS NOT NULL"))
    assert [(found.reference, found.unit) for found in items(sample_id)] == before
    assert row(sample_id).drawn.draws == 2
    first, second = list_draws(sample_id)
    assert (first.reason, reason_of(second)) == (None, "Fel period angavs")
    assert verify_draw(row(sample_id), second).holds
    drawer.draw(sample_id, FOUR, "Fel enhet angavs igen")
    assert [made.number for made in list_draws(sample_id)] == [1, 2, 3]
