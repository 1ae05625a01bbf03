"""Fixtures for the tests of cases."""

from datetime import date

import pytest

from tests.cases.office import CaseOffice


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """An office on 15 February 2022, with an empty database."""
    frozen_day(date(2022, 2, 15))
    return CaseOffice(app, tmp_path)
