"""Information from private providers: which steps lead where, and the days around each limit, by hand."""

from datetime import date

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.provider_reports import (
    ProviderDays,
    ProviderKind,
    ProviderState,
    ProviderStep,
    check_step,
    possible_steps,
    wrong_provider_days,
)

TODAY, CAME = date(2026, 3, 2), date(2026, 2, 20)
POSSIBLE = {"noterad": ["folj-upp"], "uppfoljd": ["folj-upp", "avsluta"], "avslutad": ["oppna-igen"]}
ENDS = {"folj-upp": "uppfoljd", "avsluta": "avslutad", "oppna-igen": "uppfoljd"}


@pytest.mark.parametrize("state", ProviderState)
@pytest.mark.parametrize("step", ProviderStep)
def test_each_step_from_each_state(state, step):
    assert [one.value for one in possible_steps(state)] == POSSIBLE[state.value]
    if step.value in POSSIBLE[state.value]:
        assert check_step(step, state, TODAY, CAME, TODAY).value == ENDS[step.value]
        return
    with pytest.raises(RuleViolation) as refused:
        check_step(step, state, TODAY, CAME, TODAY)
    assert refused.value.code == "state"


@pytest.mark.parametrize(
    ("day", "code"),
    [(CAME, None), (date(2026, 2, 19), "order"), (TODAY, None), (date(2026, 3, 3), "future")],
)
def test_a_step_is_taken_from_the_day_it_came_until_today(day, code):
    if code is None:
        assert check_step(ProviderStep.FOLLOW_UP, ProviderState.NOTED, day, CAME, TODAY) is ProviderState.FOLLOWED_UP
        return
    with pytest.raises(RuleViolation) as refused:
        check_step(ProviderStep.FOLLOW_UP, ProviderState.NOTED, day, CAME, TODAY)
    assert (refused.value.code, refused.value.field) == (code, "dag")


@pytest.mark.parametrize(
    ("kind", "days", "fields"),
    [
        ("rapport", ProviderDays(CAME, CAME), []),
        ("rapport", ProviderDays(None, TODAY), []),
        ("rapport", ProviderDays(date(2026, 2, 21), CAME), ["kom"]),
        ("rapport", ProviderDays(None, date(2026, 3, 3)), ["kom"]),
        ("allvarlig", ProviderDays(CAME, TODAY, CAME), []),
        ("allvarlig", ProviderDays(CAME, TODAY, date(2026, 2, 19)), ["ivo_dag"]),
        ("allvarlig", ProviderDays(CAME, TODAY, date(2026, 3, 3)), ["ivo_dag"]),
        ("rapport", ProviderDays(CAME, TODAY, CAME), ["ivo_dag"]),
    ],
)
def test_days_that_cannot_be_are_told_at_their_field(kind, days, fields):
    assert [one.field for one in wrong_provider_days(ProviderKind(kind), days, TODAY)] == fields
