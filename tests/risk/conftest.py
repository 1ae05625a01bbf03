"""Fixtures for the risks' tests."""

from datetime import date

import pytest

from tests.control.office import ControlOffice
from tests.factories import make_user
from tests.risk.signing import EVA, HEAD, signed_in


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """An office on 15 February 2022, with an empty database."""
    frozen_day(date(2022, 2, 15))
    return ControlOffice(app, tmp_path)


@pytest.fixture
def eva(office):
    """The coordinator, in a year with one risk."""
    office.imports("risks", f"{HEAD}2021;R1;Avtal saknas;3;4\n")
    make_user(EVA, "internkontroll")
    return signed_in(office, EVA)


@pytest.fixture
def eva_here(office):
    """The coordinator, in an office where nothing has been written."""
    make_user(EVA, "internkontroll")
    return signed_in(office, EVA)
