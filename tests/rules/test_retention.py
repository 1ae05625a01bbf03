"""When a case is gallrad: the last day it is kept, the first it is not, and what is never due."""

from datetime import date, timedelta

import pytest

from tests.rules.refusing import expect_refusal
from tracker.rules.case_workflow import CaseFacts, CaseKind, CaseState, CaseStep, applies, check_step
from tracker.rules.retention import KeptCase, check_decision, check_months, clears_from, is_due, last_kept_from


@pytest.mark.parametrize(
    ("ended_on", "months", "last_kept"),
    [
        ("2021-03-31", 12, "2022-03-31"),
        ("2021-01-31", 1, "2021-02-28"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2020-12-31", 2, "2021-02-28"),
        ("2016-06-15", 60, "2021-06-15"),
    ],
)
def test_a_case_is_kept_through_its_last_day_and_gallras_from_the_day_after(ended_on, months, last_kept):
    ended_on, last_kept = date.fromisoformat(ended_on), date.fromisoformat(last_kept)
    after = last_kept + timedelta(days=1)
    assert clears_from(ended_on, months) == after
    assert (is_due(KeptCase(ended_on), months, last_kept), is_due(KeptCase(ended_on), months, after)) == (False, True)
    assert last_kept_from(months, after) >= ended_on > last_kept_from(months, last_kept)


@pytest.mark.parametrize(
    ("today", "months", "ended_on"),
    [
        ("2022-04-01", 12, "2021-03-31"),
        ("2022-03-31", 12, "2021-03-30"),
        ("2021-03-01", 1, "2021-01-31"),  # the 29th, 30th and 31st of January all have the 28th of February
        ("2021-02-28", 1, "2021-01-27"),
        ("2021-03-01", 12, "2020-02-29"),
        ("2020-03-01", 12, "2019-02-28"),
        ("2020-02-29", 12, "2019-02-28"),
    ],
)
def test_the_latest_day_that_is_due_is_found_backwards_also_at_the_end_of_a_month(today, months, ended_on):
    assert last_kept_from(months, date.fromisoformat(today)) == date.fromisoformat(ended_on)


@pytest.mark.parametrize(
    ("case", "months"),
    [
        (KeptCase(date(1990, 1, 1)), None),
        (KeptCase(None), 12),
        (KeptCase(date(1990, 1, 1), waits_for_ivo=True), 12),
        (KeptCase(date(1990, 1, 1), open_actions=True), 12),
    ],
)
def test_what_is_kept_always_or_waits_for_somebody_is_never_due(case, months):
    assert is_due(case, months, date(2026, 3, 2)) is False


@pytest.mark.parametrize(
    ("noted_on", "last_on"),
    [
        ((), "2026-03-02"),
        ((None, date(2026, 3, 1)), "2026-03-02"),  # nothing later than its closing
        ((date(2031, 1, 20),), "2031-01-20"),  # IVO's decision
        ((date(2026, 3, 3), date(2027, 5, 5), None, date(2026, 4, 4)), "2027-05-05"),
    ],
)
def test_the_time_runs_from_the_last_that_was_noted(noted_on, last_on):
    case, last_on = KeptCase(date(2026, 3, 2), noted_on=noted_on), date.fromisoformat(last_on)
    assert case.last_on == last_on
    kept = last_on.replace(year=last_on.year + 5)
    assert (is_due(case, 60, kept), is_due(case, 60, kept + timedelta(days=1))) == (False, True)


def test_what_is_open_has_no_such_day_whatever_has_been_noted():
    case = KeptCase(None, noted_on=(date(2020, 1, 1),))
    assert (case.last_on, is_due(case, 1, date(2040, 1, 1))) == (None, False)


@pytest.mark.parametrize("months", [None, 1, 1200])
def test_a_time_of_one_to_twelve_hundred_months_or_none_is_taken(months):
    check_months(months)


@pytest.mark.parametrize("months", [0, -12, 1201])
def test_another_time_is_refused(months):
    with expect_refusal("months", "months", "mellan 1 och 1200"):
        check_months(months)


TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("decided_on", "decision", "reason", "field"),
    [
        (None, "§ 45", "Planen", "decided_on"),
        (date(2026, 3, 3), "§ 45", "Planen", "decided_on"),
        (TODAY, " § ", "Planen", "decision"),
        (TODAY, "§ 45", "12", "reason"),
    ],
)
def test_a_gallring_rests_on_a_decision_and_a_reason(decided_on, decision, reason, field):
    with expect_refusal(field, field, "."):
        check_decision(decided_on, decision, reason, TODAY)
    check_decision(TODAY, "SN 2026/12", "Planen", TODAY)


@pytest.mark.parametrize(
    ("kind", "state", "step"),
    [
        (CaseKind.DEVIATION, "closed", "reopen"), (CaseKind.DEVIATION, "closed", "make_lex_sarah"),
        (CaseKind.LEX_SARAH, "closed", "reopen"), (CaseKind.LEX_SARAH, "closed", "ivo_answers"),
        (CaseKind.COMPLAINT, "answered", "reopen"), (CaseKind.COMPLAINT, "closed", "reopen"),
    ],
)  # fmt: skip
def test_no_step_is_taken_with_what_has_been_gallrat(kind, state, step):
    facts = CaseFacts(CaseState(state), ivo_notified=True, cleared=True)
    with expect_refusal("cleared", None, "Ärendet är gallrat."):
        check_step(kind, CaseStep(step), facts, 1)
    assert applies(kind, CaseStep(step), facts) is False
