"""Fixtures for the register's tests: an office that imports files on a day of our choosing."""

from datetime import date

import pytest

from tests.decisions.running import Office

TODAY = date(2022, 2, 15)


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """An office on 15 February 2022, with an empty database."""
    frozen_day(TODAY)
    return Office(app, tmp_path)
