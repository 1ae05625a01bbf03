"""A house of three units, and visitors who work in them."""

from datetime import date

import pytest

from tests.factories import PASSWORD, make_unit, make_user
from tests.support.pages import PageClient


@pytest.fixture
def person(app, frozen_day):
    """Gives a signed-in visitor with a role for a unit (None: the whole house). Vuxen 1 lies under Vuxen."""
    frozen_day(date(2026, 3, 2))
    make_unit("Vuxen 1", "Vuxen")
    make_unit("Barn")

    def sign_in(role, unit=None, name="anna"):
        user = make_user(f"{name}.{role}@kommun.example", role, **({"unit": unit} if unit else {}))
        visitor = PageClient(app)
        visitor.sign_in(user.email, PASSWORD)
        return visitor

    return sign_in
