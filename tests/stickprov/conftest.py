"""Fixtures for the tests of stickprov: a kontrollmoment of 2021, and somebody who draws."""

from datetime import date

import pytest

from tests.control.making import make_control
from tests.factories import make_user
from tests.stickprov.making import CAROL, Drawer
from tracker.rules.permissions import Role


@pytest.fixture
def drawer(app, frozen_day):
    """Carol, who draws, beside a kontrollmoment whose imported stickprov is of 10 with 1 deviation."""
    frozen_day(date(2022, 2, 15))
    _, moment_id = make_control()
    return Drawer(moment_id, make_user(CAROL, Role.MANAGER).id)
