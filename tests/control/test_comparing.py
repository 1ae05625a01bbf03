"""Two years of risks told apart by the database, as the rule tells two lists apart."""

import pytest

from tests.control.office import hide, risk
from tests.factories import make_user
from tests.risk.signing import EVA
from tests.risk.test_tally import BO, file_of, scope
from tracker.control.comparing import Compared, compare_years
from tracker.records.scope import EVERY_RECORD
from tracker.rules.plan_changes import ChangeKind, FieldChange, RowChange


@pytest.fixture
def years(office):
    """Of 2021 R1, R2, R3, R10; of 2022 R1 as it was, R2 moved and off the net list, R4 and R20 new; R3, R10 gone."""
    make_user(EVA, "internkontroll")
    old = file_of((2021, "R1", 1, 1), (2021, "R2", 1, 2), (2021, "R10", 3, 3), (2021, "R3", 3, 3))
    office.imports("risks", old)
    new = file_of((2022, "R20", 2, 2), (2022, "R1", 1, 1), (2022, "R4", 4, 4), (2022, "R2", 4, 2, "nej"))
    office.imports("risks", new)
    return office


def told(found: Compared) -> list[tuple[str, str]]:
    return [(change.ref, str(change.kind)) for change, _, _ in found.lines]


EVERY_LINE = [("R2", "andrad"), ("R4", "ny"), ("R20", "ny"), ("R3", "borttagen"), ("R10", "borttagen")]


@pytest.mark.parametrize("most", [0, 1, 3, 4, 5, 500])
def test_no_more_lines_than_asked_for_and_every_one_is_counted(years, most):
    found = compare_years(2021, 2022, EVERY_RECORD, most)
    assert told(found) == EVERY_LINE[:most]
    assert found.counts == {ChangeKind.NEW: 2, ChangeKind.CHANGED: 1, ChangeKind.REMOVED: 2}
    assert found.same == 1


def test_a_line_tells_the_fields_and_leads_to_the_side_where_the_risk_stands(years):
    lines = compare_years(2021, 2022, EVERY_RECORD, 500).lines
    fields = (FieldChange("likelihood", 1, 4), FieldChange("in_net", True, False))
    assert lines[0] == (RowChange("R2", ChangeKind.CHANGED, fields), risk("R2", 2022).record_id, "Risk R2")
    assert lines[1] == (RowChange("R4", ChangeKind.NEW), risk("R4", 2022).record_id, "Risk R4")
    assert lines[3] == (RowChange("R3", ChangeKind.REMOVED), risk("R3", 2021).record_id, "Risk R3")


def test_what_a_reader_may_not_see_of_one_year_is_not_known_on_the_other(years):
    make_user(BO, "internkontroll")
    hide(risk("R2", 2022), "closed", seer=EVA, other=BO)
    hide(risk("R1", 2021), "closed", seer=EVA, other=BO)
    found = compare_years(2021, 2022, scope(BO), 500)
    assert told(found) == [("R1", "ny"), ("R4", "ny"), ("R20", "ny"), ("R2", "borttagen"), ("R3", "borttagen"),
                           ("R10", "borttagen")]  # fmt: skip
    assert (found.counts[ChangeKind.NEW], found.counts[ChangeKind.REMOVED], found.same) == (3, 3, 0)


def test_without_a_year_before_every_risk_is_new(years):
    found = compare_years(None, 2021, EVERY_RECORD, 2)
    assert told(found) == [("R1", "ny"), ("R2", "ny")]
    assert found.counts == {ChangeKind.NEW: 4, ChangeKind.CHANGED: 0, ChangeKind.REMOVED: 0}
