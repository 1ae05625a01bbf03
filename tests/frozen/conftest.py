"""What the tests of locked reports share: somebody who may lock, and the published list."""

from datetime import date

import pytest

from tests.decisions.running import run
from tests.factories import make_user
from tests.reports.test_published_figures import PUBLISHED
from tracker.rules.permissions import Role


@pytest.fixture
def lead(app, frozen_day):
    frozen_day(date(2022, 2, 15))
    return make_user("kvalitet@kommun.example", Role.QUALITY_LEAD).id


@pytest.fixture
def published(app, lead):
    assert run(app, "import", "decisions", PUBLISHED).code == 0
    return lead
