"""Fixtures for the tests of activities."""

from datetime import date

import pytest

from tests.control.office import ControlOffice


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """An office on 15 February 2022, with an empty database."""
    frozen_day(date(2022, 2, 15))
    return ControlOffice(app, tmp_path)
