"""The log says in Swedish which fields of a case were changed."""

from datetime import date

import pytest

from tests.cases.making import reported, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.cases.registers import REGISTERS
from tracker.cases.services import PERSONAL
from tracker.cases.texts import Section
from tracker.database import db
from tracker.log_review.pages import OF_CASES

# Columns that no entry tells of: they follow from others, or are keys.
NOT_TOLD = {"record_id", "is_open", "moved_on", "listed_on"}


def test_every_field_of_a_case_has_words():
    columns = {name for register in REGISTERS.values() for name in register.columns}
    told = columns - NOT_TOLD | {section.value for section in Section} | PERSONAL
    assert sorted(told - OF_CASES.keys()) == []


@pytest.fixture
def log(app, frozen_day):
    """The log of 2 March 2026, where an avvikelse was reported and received."""
    frozen_day(date(2026, 3, 2))
    unit_id_of("Vuxen")
    db.session.commit()
    step("deviations", reported("deviations"), "receive", make_user("chef@kommun.example", "chef").id)
    user = make_user("lo@kommun.example", "loggranskare")
    visitor = PageClient(app)
    visitor.sign_in(user.email, PASSWORD)
    return visitor.get("/logg")


def test_a_report_and_a_step_are_told_in_swedish(log):
    told = [row[2:] for row in log.table("Loggen").rows if row[3] == "A-2026-0001"]
    assert told == [
        ["Händelse tillagd", "A-2026-0001", "Vuxen", "steg, läge"],
        ["Post upplagd", "A-2026-0001", "Vuxen", "nummer, vad som hände, vad som gjordes genast"],
    ]
