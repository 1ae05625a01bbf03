"""Fixtures for the tests of guarantees."""

from datetime import date

import pytest

from tests.cases.making import reported, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.database import db

DAY = date(2026, 6, 1)


@pytest.fixture
def day(app, frozen_day):
    """It is Monday 1 June 2026, in a house of two units."""
    frozen_day(DAY)
    for name in ("Vuxen", "Barn"):
        unit_id_of(name)
    db.session.commit()
    return frozen_day


@pytest.fixture
def person(day, app):
    """Gives a signed-in visitor with a role for a unit (None: the whole house)."""

    def sign_in(role, unit=None, name="anna"):
        user = make_user(f"{name}.{role}@kommun.example", role, **({"unit": unit} if unit else {}))
        visitor = PageClient(app)
        visitor.sign_in(user.email, PASSWORD)
        return visitor

    return sign_in


@pytest.fixture
def officer(day):
    """The number of somebody who writes occasions of the whole house."""
    return make_user("eva@kommun.example", "handlaggare").id


@pytest.fixture
def complaint(officer):
    """A synpunkt that came on 20 May and has been received; its days run out on the 30th."""
    record_id = reported("complaints", received_on=date(2026, 5, 20))
    step("complaints", record_id, "receive", officer)
    return record_id
