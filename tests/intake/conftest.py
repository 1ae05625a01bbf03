"""An office on 15 February 2022, and visitors who read in files."""

from datetime import date

import pytest

from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.support.pages import PageClient

TODAY = date(2022, 2, 15)
HANDLER, LEAD = "handlaggare@kommun.example", "kvalitet@kommun.example"


@pytest.fixture
def register(app, frozen_day):
    """The register holds N-3 and B-9."""
    frozen_day(TODAY)
    make_unit("Vuxen")
    make_unit("Barn")
    rows = [
        {"ref": "N-3", "beslutsdatum": "2021-03-16", "kon": "man", "utforare": "Nära AB"},
        {"ref": "B-9", "beslutsdatum": "2021-05-01"},
    ]
    make_decisions(rows, today=TODAY)


@pytest.fixture
def sign_in(app, register):
    """Signs somebody in; makes them if need be."""
    made = set()

    def enter(email=HANDLER, role="handlaggare", unit=None):
        if email not in made:
            make_user(email, role, unit=unit)
            made.add(email)
        visitor = PageClient(app)
        visitor.sign_in(email, PASSWORD)
        return visitor

    return enter


@pytest.fixture
def handler(sign_in):
    """A handläggare of everything."""
    return sign_in()
