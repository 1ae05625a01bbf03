"""Activities: when they are late, what may be changed when, and what is wrong with how they stand."""

from datetime import date

import pytest

from tracker.rules.activities import (
    ActivityStatus,
    Progress,
    check_plannable,
    check_reportable,
    check_voidable,
    due_faults,
    is_late,
    is_unreported,
    progress_faults,
)
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanState

S = ActivityStatus
TODAY = date(2021, 11, 1)


@pytest.mark.parametrize(
    ("status", "due_on", "late"),
    [
        (S.NOT_STARTED, date(2021, 10, 31), True), (S.ONGOING, date(2021, 10, 31), True),
        (S.ONGOING, date(2021, 11, 1), False),  # the day itself is in time
        (S.ONGOING, date(2021, 11, 2), False), (S.DONE, date(2021, 1, 1), False), (S.STOPPED, date(2021, 1, 1), False),
        (S.NOT_STARTED, None, False),
    ],
)  # fmt: skip
def test_late_from_the_day_after_until_it_has_ended(status, due_on, late):
    assert is_late(status, due_on, TODAY) is late


@pytest.mark.parametrize(
    ("status", "analysis", "unreported"),
    [
        (S.DONE, "Bra", False), (S.STOPPED, "Uppgick", False), (S.DONE, " ", True), (S.DONE, None, True),
        (S.ONGOING, "Halvvägs", True), (S.NOT_STARTED, None, True),
    ],
)  # fmt: skip
def test_unreported_until_it_has_ended_and_been_analysed(status, analysis, unreported):
    assert is_unreported(status, analysis) is unreported


@pytest.mark.parametrize(
    ("state", "in_plan", "code"),
    [
        (PlanState.DRAFT, True, None), (PlanState.DRAFT, False, None), (PlanState.PROPOSED, False, None),
        (PlanState.PROPOSED, True, "activity_closed"), (PlanState.ADOPTED, True, "activity_closed"),
        (PlanState.ADOPTED, False, None), (PlanState.FOLLOWED_UP, False, "activities_closed"),
        (PlanState.APPROVED, True, "activities_closed"),
    ],
)  # fmt: skip
def test_what_it_is_changes_in_a_draft_or_when_it_came_later(state, in_plan, code):
    assert _code(lambda: check_plannable(state, in_plan=in_plan)) == code


@pytest.mark.parametrize("state", PlanState)
def test_how_it_goes_is_told_until_the_year_is_followed_up_and_voided_in_a_draft(state):
    closed = state in {PlanState.FOLLOWED_UP, PlanState.APPROVED}
    assert _code(lambda: check_reportable(state)) == ("activities_closed" if closed else None)
    assert _code(lambda: check_voidable(state)) == (None if state is PlanState.DRAFT else "voiding_closed")


def _code(check) -> str | None:
    try:
        check()
    except RuleViolation as violation:
        return violation.code
    return None


@pytest.mark.parametrize(
    ("progress", "wrong"),
    [
        (Progress(S.NOT_STARTED), []),
        (Progress(S.DONE, TODAY), []),
        (Progress(S.DONE), [("genomford", "Skriv dagen då aktiviteten genomfördes.")]),
        (Progress(S.DONE, date(2021, 11, 2)), [("genomford", "Dagen kan inte ligga i framtiden. Rätta den.")]),
        (
            Progress(S.ONGOING, TODAY),
            [("genomford", "Dagen hör till en genomförd aktivitet. Välj Genomförd, eller ta bort dagen.")],
        ),
        (Progress(S.STOPPED, None, "Uppgick i annat"), []),
        (Progress(S.STOPPED, None, "  "), [("analys", "Skriv varför aktiviteten avbröts.")]),
        (
            Progress(S.STOPPED, date(2021, 11, 2)),
            [
                ("genomford", "Dagen kan inte ligga i framtiden. Rätta den."),
                ("genomford", "Dagen hör till en genomförd aktivitet. Välj Genomförd, eller ta bort dagen."),
                ("analys", "Skriv varför aktiviteten avbröts."),
            ],
        ),
    ],
)
def test_how_it_stands_is_told_with_its_day_and_its_reason(progress, wrong):
    assert [(fault.field, fault.message) for fault in progress_faults(progress, TODAY)] == wrong


@pytest.mark.parametrize(
    ("due_on", "fine"),
    [
        (date(2020, 12, 31), False), (date(2021, 1, 1), True), (date(2022, 12, 31), True), (date(2023, 1, 1), False),
    ],
)  # fmt: skip
def test_it_is_reported_back_in_the_year_or_the_next(due_on, fine):
    assert [fault.message for fault in due_faults(due_on, 2021)] == (
        [] if fine else ["Dagen ligger utanför 2021–2022. Rätta året."]
    )
