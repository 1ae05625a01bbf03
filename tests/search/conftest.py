"""Fixtures for the tests of the search."""

import pytest

from tests.factories import make_user
from tests.search.making import TODAY, one_of_each
from tests.support.office import ImportOffice

LEAD = "lead@kommun.example"


@pytest.fixture
def house(app, tmp_path, frozen_day):
    """A house with a record in each register, and a quality lead who reads them all; gives an office."""
    frozen_day(TODAY)
    office = ImportOffice(app, tmp_path)
    one_of_each(office)
    make_user(LEAD, "kvalitet")
    return office
