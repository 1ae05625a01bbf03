"""On which days a report can be locked, and how a correction's cut-off may lie."""

from datetime import date

import pytest

from tracker.rules.closing import check_cutoff
from tracker.rules.errors import RuleViolation

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("cutoff_on", "locked_on", "code"),
    [
        (date(2026, 3, 30), None, None),
        (date(2026, 3, 31), None, None),
        (date(2026, 4, 1), None, "cutoff_ahead"),
        (date(2026, 3, 30), date(2026, 3, 31), None),
        (date(2026, 3, 31), date(2026, 3, 31), None),
        (date(2026, 3, 31), date(2026, 3, 30), "later_cutoff"),
    ],
)
def test_a_cutoff_lies_neither_ahead_nor_after_that_of_the_report_it_corrects(cutoff_on, locked_on, code):
    if code is None:
        assert check_cutoff(cutoff_on, TODAY, locked_on) is None
        return
    with pytest.raises(RuleViolation) as refused:
        check_cutoff(cutoff_on, TODAY, locked_on)
    assert (refused.value.code, refused.value.field) == (code, "avstamning")
