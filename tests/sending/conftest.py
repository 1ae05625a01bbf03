"""A register on 15 February 2022, and a handläggare who sends its quarter to IVO."""

from datetime import date

import pytest

from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.sending.locking import lock
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter

TODAY = date(2022, 2, 15)
QUARTER = Quarter(2021, 4)
EVA, BO = "eva@kommun.example", "bo@kommun.example"
WOMAN, MAN = "191212121212", "198001014566"


@pytest.fixture
def today(frozen_day):
    """15 February 2022."""
    return frozen_day(TODAY)


@pytest.fixture
def register(app, today):
    """One clock of each class, locked for the fourth quarter of 2021.

    N is new; S and E and C have been reported before; X and Y ended late and are reported for the first time.
    """
    make_unit("Barn")
    earlier = {"forst_rapporterad": "2021-09-30"}
    make_decisions(
        [
            {"ref": "N", "beslutsdatum": "2021-08-02", "handlaggare": "Eva Ek", "enhet": "Vuxen"},
            {"ref": "S", "beslutsdatum": "2021-02-01", "insats": "Boendestöd", "enhet": "Vuxen"} | earlier,
            {"ref": "E", "beslutsdatum": "2021-03-01", "verkstalld": "2021-11-10", "enhet": "Vuxen"} | earlier,
            {"ref": "C", "beslutsdatum": "2021-04-01", "avslutad": "2021-11-11", "avslutsorsak": "Flyttat",
             "enhet": "Vuxen"} | earlier,
            {"ref": "X", "beslutsdatum": "2021-07-05", "verkstalld": "2021-11-12", "enhet": "Vuxen"},
            {"ref": "Y", "beslutsdatum": "2021-07-06", "avslutad": "2021-11-13", "enhet": "Vuxen"},
        ],
        today=TODAY,
    )  # fmt: skip
    lock(
        QUARTER,
        {"N": "new", "S": "still_unexecuted", "E": "executed", "C": "closed", "X": "late_executed", "Y": "late_closed"},
    )


@pytest.fixture
def eva(register, client):
    """A handläggare of everything, signed in."""
    client.sign_in(make_user(EVA, Role.CASE_OFFICER, name="Eva Ek").email, PASSWORD)
    return client
