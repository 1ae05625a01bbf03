"""On which days a report can be locked, and how a correction's cut-off may lie."""

from datetime import date

import pytest

from tracker.rules.closing import check_cutoff, check_title
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


@pytest.mark.parametrize("title", ["Kvartal 4, utan B-31", "b-31", "(B-31)", "B-31.", "SN/2021:7 saknas", "Om 202105"])
def test_a_title_names_no_decision_of_the_report(title):
    with pytest.raises(RuleViolation) as refused:
        check_title(title, ["B-31", "SN/2021:7", "202105"])
    assert (refused.value.code, refused.value.field) == ("title_ref", "rubrik")


@pytest.mark.parametrize("title", ["", "Kvartal 4 2021", "B-311", "AB-31", "Rapport A", "B 31"])
def test_other_words_are_no_names(title):
    assert check_title(title, ["B-31", "4", "2021", "A"]) is None
