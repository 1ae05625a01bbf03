"""What may be done with a plan: the table by hand, and each thing that stops a step."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import (
    Decision,
    Lacking,
    PlanState,
    PlanStep,
    Standing,
    check_followed_up,
    check_results_open,
    dated_before,
    is_open,
    possible_steps,
    take_step,
)

TODAY = date(2021, 12, 14)
DECIDED = Decision(TODAY, "§ 14", "SN 2021/7")
# From where to where each step leads, by whom, written by hand.
BY_HAND = {
    "propose": ("draft", "proposed"),
    "withdraw": ("proposed", "draft"),
    "adopt": ("proposed", "adopted"),
    "send_back": ("proposed", "draft"),
    "change": ("adopted", "draft"),
    "keep": ("draft", "adopted"),
    "follow_up": ("adopted", "followed_up"),
    "reopen": ("followed_up", "adopted"),
    "approve": ("followed_up", "approved"),
}


def standing(state: PlanState) -> Standing:
    """A plan that has all that any step asks for."""
    return Standing(state, in_force=True, differs=False, moments=3, locked=1)


@pytest.mark.parametrize("step", PlanStep)
@pytest.mark.parametrize("state", PlanState)
def test_a_step_leads_where_the_table_by_hand_says_and_is_refused_elsewhere(state, step):
    start, end = BY_HAND[step.value]
    if state.value == start:
        assert take_step(step, standing(state), DECIDED, "Skäl", TODAY).value == end
        assert step in possible_steps(standing(state))
    else:
        with pytest.raises(RuleViolation) as refused:
            take_step(step, standing(state), DECIDED, "Skäl", TODAY)
        assert refused.value.code == "plan_state"
        assert step not in possible_steps(standing(state))


def test_risks_and_moments_change_in_a_draft_alone():
    assert [state.value for state in PlanState if is_open(state)] == ["draft"]


def test_results_are_handed_in_until_the_year_has_been_followed_up():
    for state in (PlanState.DRAFT, PlanState.PROPOSED, PlanState.ADOPTED):
        assert check_results_open(state) is None
    for state in (PlanState.FOLLOWED_UP, PlanState.APPROVED):
        with pytest.raises(RuleViolation) as refused:
            check_results_open(state)
        assert refused.value.code == "results_closed"


def test_a_follow_up_is_approved_when_it_has_been_locked():
    with pytest.raises(RuleViolation) as refused:
        take_step(PlanStep.APPROVE, Standing(PlanState.FOLLOWED_UP, in_force=True), DECIDED, "", TODAY)
    assert refused.value.code == "not_locked"


def test_a_follow_up_is_locked_when_the_plan_has_been_followed_up():
    for state in (PlanState.DRAFT, PlanState.PROPOSED, PlanState.ADOPTED):
        with pytest.raises(RuleViolation) as refused:
            check_followed_up(state)
        assert refused.value.code == "not_followed_up"
    for state in (PlanState.FOLLOWED_UP, PlanState.APPROVED):
        assert check_followed_up(state) is None


@pytest.mark.parametrize("step", [PlanStep.ADOPT, PlanStep.SEND_BACK, PlanStep.APPROVE])
@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (Decision(None, "§ 14", "SN 1"), "decided_on"),
        (Decision(TODAY + timedelta(days=1), "§ 14", "SN 1"), "decided_on"),
        (Decision(TODAY, " ", "SN 1"), "paragraph"),
        (Decision(TODAY, "§ 14", ""), "case_number"),
    ],
)
def test_a_decision_has_its_day_paragraph_and_diarienummer(step, decision, field):
    start = PlanState(BY_HAND[step.value][0])
    with pytest.raises(RuleViolation) as refused:
        take_step(step, standing(start), decision, "Skäl", TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "step", [PlanStep.WITHDRAW, PlanStep.SEND_BACK, PlanStep.CHANGE, PlanStep.KEEP, PlanStep.REOPEN]
)
def test_what_goes_back_needs_a_reason(step):
    with pytest.raises(RuleViolation) as refused:
        take_step(step, standing(PlanState(BY_HAND[step.value][0])), DECIDED, "  ", TODAY)
    assert (refused.value.code, refused.value.field) == ("reason", "reason")


def test_a_plan_without_moments_is_not_proposed():
    with pytest.raises(RuleViolation) as refused:
        take_step(PlanStep.PROPOSE, Standing(PlanState.DRAFT, moments=0), Decision(), "", TODAY)
    assert refused.value.code == "plan_empty"
    assert take_step(PlanStep.PROPOSE, Standing(PlanState.DRAFT, moments=1), Decision(), "", TODAY) == "proposed"


@pytest.mark.parametrize(("in_force", "differs"), [(False, False), (False, True), (True, True)])
def test_only_an_unchanged_adopted_plan_is_kept_without_a_decision(in_force, differs):
    of = Standing(PlanState.DRAFT, in_force, differs, 3)
    assert possible_steps(of) == [PlanStep.PROPOSE]
    with pytest.raises(RuleViolation):
        take_step(PlanStep.KEEP, of, Decision(), "Skäl", TODAY)


def test_a_year_is_followed_up_when_every_moment_has_a_result_or_a_reason():
    of = Standing(PlanState.ADOPTED, True, False, 3, Lacking(("K3", "K10")), no_next=Lacking(("K1",), 2))
    with pytest.raises(RuleViolation) as refused:
        take_step(PlanStep.FOLLOW_UP, of, Decision(), "", TODAY)
    assert refused.value.message == (
        "Utan resultat och utan skäl: K3, K10. Lämna resultat, eller skriv varför inte och vad som händer nu. Ej"
        " genomförda utan vad som händer nu: K1 och 2 som du inte har behörighet att se. Skriv det under Resultat på"
        " kontrollmomentets sida."
    )
    assert Lacking((), 1).words == "1 som du inte har behörighet att se"
    done = take_step(PlanStep.FOLLOW_UP, Standing(PlanState.ADOPTED, True, False, 3), Decision(), "", TODAY)
    assert done is PlanState.FOLLOWED_UP


@pytest.mark.parametrize(("day", "is_refused"), [(13, True), (14, False)])
def test_the_committee_approves_nothing_before_the_day_it_adopted_the_plan(day, is_refused):
    of = Standing(PlanState.FOLLOWED_UP, True, False, 3, locked=1, adopted_on=date(2021, 12, 14))
    said = Decision(date(2021, 12, day), "§ 9", "SN 2021/7")
    if is_refused:
        with pytest.raises(RuleViolation) as refused:
            take_step(PlanStep.APPROVE, of, said, "", TODAY)
        assert (refused.value.code, refused.value.field) == ("decided_before", "decided_on")
        assert refused.value.message.startswith("Planen fastställdes 2021-12-14.")
    else:
        assert take_step(PlanStep.APPROVE, of, said, "", TODAY) is PlanState.APPROVED


EARLY = [
    (PlanStep.ADOPT, "Beslutsdagen ligger före den dag då planen föreslogs här, 2021-12-10. Skriv varför."),
    (PlanStep.APPROVE, "Beslutsdagen ligger före den dag då uppföljningen låstes här, 2021-12-10. Skriv varför."),
]


@pytest.mark.parametrize(("step", "told"), EARLY)
@pytest.mark.parametrize(("day", "reason", "is_refused"), [(9, " ", True), (9, "I efterhand", False), (10, "", False)])
def test_a_decision_dated_before_what_it_is_about_needs_a_reason(step, told, day, reason, is_refused):
    here = date(2021, 12, 10)
    of = replace(standing(PlanState(BY_HAND[step.value][0])), proposed_on=here, locked_on=here)
    said = Decision(date(2021, 12, day), "§ 9", "SN 2021/7")
    assert dated_before(step, of, said) == (told if day == 9 else "")
    if is_refused:
        with pytest.raises(RuleViolation) as refused:
            take_step(step, of, said, reason, TODAY)
        assert (refused.value.code, refused.value.field, refused.value.message) == ("dated_before", "reason", told)
    else:
        assert take_step(step, of, said, reason, TODAY).value == BY_HAND[step.value][1]


def test_each_decision_is_measured_by_its_own_day_alone():
    proposed, locked = date(2021, 12, 10), date(2021, 12, 1)
    said = Decision(date(2021, 12, 5), "§ 9", "SN 2021/7")
    of = Standing(PlanState.FOLLOWED_UP, proposed_on=proposed, locked_on=locked)
    assert dated_before(PlanStep.APPROVE, of, said) == ""
    assert dated_before(PlanStep.ADOPT, Standing(PlanState.PROPOSED), said) == ""
    assert dated_before(PlanStep.ADOPT, Standing(PlanState.PROPOSED, proposed_on=proposed), Decision()) == ""
