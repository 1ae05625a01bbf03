"""The first rows of some lists at once: each list's own, in its own order."""

from datetime import date

import pytest

from tests.factories import make_decisions, make_unit, make_user
from tests.records.granting import close, name
from tracker.accounts.reader import reader_by_email
from tracker.database import db
from tracker.decisions.filtering import RegisterFilter, Status
from tracker.decisions.first_rows import first_rows
from tracker.records.scope import EVERY_RECORD, scope_of
from tracker.rules.permissions import Permission

TODAY = date(2022, 6, 1)
OVERDUE, SOON, EXECUTED = (RegisterFilter(one) for one in (Status.OVERDUE, Status.SOON, Status.EXECUTED))
CHEF = "chef@kommun.example"


@pytest.fixture(autouse=True)
def register(app):
    """Due on the same day three months later: L-1 to L-4 late, S-1 and S-2 soon; E-1 and E-2 executed, E-2 later."""
    for unit in ("Vuxen", "Barn"):
        make_unit(unit)
    days = {"L-2": "2022-02-01", "L-1": "2022-01-10", "L-4": "2022-02-20", "L-3": "2022-02-03", "S-2": "2022-03-20",
            "S-1": "2022-03-05", "E-1": "2021-11-01", "E-2": "2021-12-01"}  # fmt: skip
    make_decisions(
        [
            {"ref": ref, "beslutsdatum": day, "enhet": "Barn" if ref in {"L-1", "S-1"} else "Vuxen"}
            | ({"verkstalld": "2022-01-15"} if ref.startswith("E") else {})
            for ref, day in days.items()
        ],
        today=TODAY,
    )


def refs(lists, scope=EVERY_RECORD, most=3):
    found = [[row.ref for row in rows] for rows in first_rows(lists, scope, TODAY, most)]
    db.session.rollback()
    return found


def test_each_list_has_its_own_first_rows_in_its_own_order():
    assert refs([(OVERDUE, 4), (SOON, 2), (EXECUTED, 2)]) == [["L-1", "L-2", "L-3"], ["S-1", "S-2"], ["E-2", "E-1"]]
    assert refs([(EXECUTED, 2), (OVERDUE, 4)], most=1) == [["E-2"], ["L-1"]]
    assert refs([(SOON, 2), (SOON, 2)]) == [["S-1", "S-2"], ["S-1", "S-2"]]


def test_long_lists_are_walked_and_give_the_same():
    assert refs([(OVERDUE, 5_000), (SOON, 2), (EXECUTED, 5_000)]) == [
        ["L-1", "L-2", "L-3"], ["S-1", "S-2"], ["E-2", "E-1"],
    ]  # fmt: skip


def test_a_list_of_nothing_is_not_asked_for():
    assert refs([(OVERDUE, 0), (SOON, 2)]) == [[], ["S-1", "S-2"]]
    assert refs([(OVERDUE, 0)]) == [[]]
    assert refs([]) == []


def test_each_holds_what_the_reader_sees():
    make_user(CHEF, "chef", unit="Vuxen")
    name("L-1", CHEF)
    close("L-2", CHEF)
    reader = reader_by_email(CHEF, TODAY)
    scope = scope_of(reader, Permission.READ_DECISIONS)
    for count in (3, 5_000):
        assert refs([(OVERDUE, count), (SOON, 1)], scope) == [["L-1", "L-3", "L-4"], ["S-2"]]
