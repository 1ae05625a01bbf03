"""Fixtures for the tests of cases."""

from datetime import date

import pytest

from tests.cases.making import unit_id_of
from tests.cases.office import CaseOffice
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.database import db


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """An office on 15 February 2022, with an empty database."""
    frozen_day(date(2022, 2, 15))
    return CaseOffice(app, tmp_path)


@pytest.fixture
def two_units(app, frozen_day):
    """It is Monday 2 March 2026, in a house of two units; gives what sets the day."""
    frozen_day(date(2026, 3, 2))
    for name in ("Vuxen", "Barn"):
        unit_id_of(name)
    db.session.commit()
    return frozen_day


@pytest.fixture
def person(app):
    """Gives a signed-in visitor with a role for a unit (None: the whole house), and their number."""

    def sign_in(role, unit=None, name="anna"):
        user = make_user(f"{name}.{role}@kommun.example", role, **({"unit": unit} if unit else {}))
        visitor = PageClient(app)
        visitor.sign_in(user.email, PASSWORD)
        return visitor, user.id

    return sign_in
