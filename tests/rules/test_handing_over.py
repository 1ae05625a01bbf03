"""To whom a case is handed over, and when the answer may come."""

from datetime import date

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.handing_over import check_answer_day, check_receiver


def test_it_is_said_to_whom():
    check_receiver("Socialnämnden i Solstad")
    with pytest.raises(RuleViolation) as refused:
        check_receiver("  ")
    assert refused.value.field == "receiver"


def test_the_answer_comes_on_the_day_or_later():
    check_answer_day(date(2026, 3, 2), date(2026, 3, 2))
    with pytest.raises(RuleViolation) as refused:
        check_answer_day(date(2026, 3, 1), date(2026, 3, 2))
    assert (refused.value.code, refused.value.field) == ("order", "day")
