"""Fixtures for the tests of administration."""

import pytest

from tests.accounts.people import ADA, BO, EVA, TODAY
from tests.factories import make_unit, make_user
from tracker.accounts import approving
from tracker.database import db


@pytest.fixture
def people(app, frozen_day):
    """Ada and Bo, administrators of everything, and Eva, without a role, on 31 March 2026."""
    frozen_day(TODAY)
    make_unit("Vuxen 1", "Vuxen")
    return make_user(ADA, "admin"), make_user(BO, "admin"), make_user(EVA)


@pytest.fixture
def two(people):
    """The same, where two administrators are needed."""
    approving.ask_for_two(TODAY)
    db.session.commit()
    return people
