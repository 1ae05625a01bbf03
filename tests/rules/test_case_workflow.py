"""What may be done with a case: every kind, state and step against a table written by hand."""

from dataclasses import replace

import pytest

from tracker.rules.case_workflow import (
    ENDED,
    TABLE,
    Assessment,
    CaseFacts,
    CaseKind,
    CaseState,
    CaseStep,
    applies,
    check_step,
    possible_steps,
    row_of,
)
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role, allows

ONE, ANOTHER = 7, 8
DONE = {"person_informed": True, "reporter_told": True}
IVO = "notify_ivo supplement_ivo ivo_answers"
TELL = "inform_person tell_reporter"
POSSIBLE = {
    CaseKind.LEX_SARAH: {
        "reported": "receive",
        "received": f"assess assign hand_over {IVO} {TELL}",
        "assessed": f"reassess assign hand_over {IVO} {TELL}",
        "investigating": f"reassess assign complete {IVO} {TELL}",
        "investigated": f"reassess send_back decide {IVO} {TELL}",
        "decided": f"act follow_up {IVO} {TELL}",
        "acting": f"follow_up {IVO} {TELL}",
        "followed_up": f"close {IVO} {TELL}",
        "closed": f"reopen {IVO}",
        "handed_over": "receiver_answers",
    },
    CaseKind.DEVIATION: {
        "reported": "receive make_lex_sarah",
        "received": "send_back investigate make_lex_sarah",
        "investigating": "send_back act close make_lex_sarah",
        "acting": "follow_up make_lex_sarah",
        "followed_up": "close make_lex_sarah",
        "closed": "reopen make_lex_sarah",
    },
    CaseKind.COMPLAINT: {
        "reported": "receive",
        "received": "answer close_unanswered",
        "answered": "reopen",
        "closed": "reopen",
    },
}
WHO = {
    CaseKind.LEX_SARAH: {Role.LEX_SARAH_OFFICER},
    CaseKind.DEVIATION: {Role.MANAGER, Role.QUALITY_LEAD},
    CaseKind.COMPLAINT: {Role.MANAGER, Role.QUALITY_LEAD},
}
BY_THE_INVESTIGATOR_TOO = {CaseStep.COMPLETE, CaseStep.INFORM_PERSON}
EVERY = [(kind, state, step) for kind in CaseKind for state in CaseState for step in CaseStep]


def _expected(kind, state):
    told = set(POSSIBLE[kind].get(state.value, "").split())
    put_right = state.value == "handed_over" and kind is CaseKind.LEX_SARAH
    return told | ({"correct"} if told or put_right else set())  # whatever is here can be put right


@pytest.mark.parametrize("kind", CaseKind)
@pytest.mark.parametrize("state", CaseState)
def test_what_can_be_done_from_each_state(kind, state):
    assert {row.step.value for row in possible_steps(kind, state)} == _expected(kind, state)


@pytest.mark.parametrize(("kind", "state", "step"), EVERY)
def test_every_other_step_is_refused_whatever_the_facts(kind, state, step):
    facts = CaseFacts(state, ivo_notified=True, **DONE)
    if step.value in _expected(kind, state):
        assert state in row_of(kind, step).starts
        return
    with pytest.raises(RuleViolation) as refused:
        check_step(kind, step, facts, ONE)
    assert refused.value.code == "case_state"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.kind}.{row.step}")
def test_each_step_belongs_to_the_roles_that_the_contract_names(row):
    may = {role for role in Role if allows([role], row.permission)}
    investigates = (
        {Role.INVESTIGATOR} if row.kind is CaseKind.LEX_SARAH and row.step in BY_THE_INVESTIGATOR_TOO else set()
    )
    assert may == WHO[row.kind] | investigates


def test_sending_back_and_reopening_need_a_comment():
    wanting = [row for row in TABLE if row.step in {CaseStep.SEND_BACK, CaseStep.REOPEN, CaseStep.MAKE_LEX_SARAH}]
    assert len(wanting) == 6
    assert all(row.comment for row in wanting)


def test_nobody_decides_what_they_investigated():
    facts = CaseFacts(CaseState.INVESTIGATED, investigators=frozenset({ONE}))
    with pytest.raises(RuleViolation, match="Du har utrett ärendet") as refused:
        check_step(CaseKind.LEX_SARAH, CaseStep.DECIDE, facts, ONE)
    assert refused.value.code == "own_investigation"
    assert check_step(CaseKind.LEX_SARAH, CaseStep.DECIDE, facts, ANOTHER).end is CaseState.DECIDED


def test_an_investigation_with_empty_headings_is_not_complete():
    facts = CaseFacts(CaseState.INVESTIGATING, lacking=("Orsaker", "Konsekvenser", "Åtgärder"))
    with pytest.raises(RuleViolation, match=r"^Skriv först under Orsaker, Konsekvenser och Åtgärder\.$"):
        check_step(CaseKind.LEX_SARAH, CaseStep.COMPLETE, facts, ONE)
    complete = check_step(CaseKind.LEX_SARAH, CaseStep.COMPLETE, replace(facts, lacking=()), ONE)
    assert complete.end is CaseState.INVESTIGATED


READY = CaseFacts(CaseState.FOLLOWED_UP, Assessment.SERIOUS, ivo_notified=True, ivo_complete=True, **DONE)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"assessment": Assessment.IRREGULARITY, "ivo_notified": False, "ivo_complete": False}, None),
        ({"ivo_notified": False, "ivo_complete": False}, "ivo"),
        ({"assessment": Assessment.SERIOUS_RISK, "ivo_notified": False, "ivo_complete": False}, "ivo"),
        ({"ivo_complete": False}, "ivo_supplement"),
        ({"assessment": Assessment.NONE, "ivo_complete": False}, "ivo_supplement"),
        ({"undecided": 1}, "undecided"),
        ({"open_actions": 1}, "open_actions"),
        ({"unchecked": 2}, "unchecked"),
        ({"person_informed": False}, "person"),
        ({"reporter_told": False}, "reporter"),
    ],
)
def test_what_keeps_a_lex_sarah_case_open(changed, code):
    facts = replace(READY, **changed)
    if code is None:
        assert check_step(CaseKind.LEX_SARAH, CaseStep.CLOSE, facts, ONE).end is CaseState.CLOSED
        return
    with pytest.raises(RuleViolation) as refused:
        check_step(CaseKind.LEX_SARAH, CaseStep.CLOSE, facts, ONE)
    assert refused.value.code == code


@pytest.mark.parametrize(("changed", "code"), [({"open_actions": 1}, "open_actions"), ({"unchecked": 1}, "unchecked")])
def test_an_avvikelse_with_an_open_action_is_not_closed(changed, code):
    facts = CaseFacts(CaseState.FOLLOWED_UP, **changed)
    with pytest.raises(RuleViolation) as refused:
        check_step(CaseKind.DEVIATION, CaseStep.CLOSE, facts, ONE)
    assert refused.value.code == code
    assert check_step(CaseKind.DEVIATION, CaseStep.CLOSE, CaseFacts(CaseState.FOLLOWED_UP), ONE).end is CaseState.CLOSED


@pytest.mark.parametrize(
    "state", [state for state in CaseState if "notify_ivo" in _expected(CaseKind.LEX_SARAH, state)]
)
def test_ivo_is_notified_from_any_state_after_receipt_and_the_state_stays(state):
    assert check_step(CaseKind.LEX_SARAH, CaseStep.NOTIFY_IVO, CaseFacts(state), ONE).end is None


@pytest.mark.parametrize(
    ("step", "facts", "code"),
    [
        (CaseStep.NOTIFY_IVO, CaseFacts(CaseState.DECIDED, ivo_notified=True), "notified"),
        (CaseStep.SUPPLEMENT_IVO, CaseFacts(CaseState.DECIDED), "not_notified"),
        (CaseStep.SUPPLEMENT_IVO, CaseFacts(CaseState.INVESTIGATING, ivo_notified=True), "not_investigated"),
        (CaseStep.SUPPLEMENT_IVO, CaseFacts(CaseState.DECIDED, ivo_notified=True, ivo_complete=True), "complete"),
        (CaseStep.IVO_ANSWERS, CaseFacts(CaseState.DECIDED), "not_notified"),
    ],
)
def test_what_passes_between_committee_and_ivo_has_its_order(step, facts, code):
    with pytest.raises(RuleViolation) as refused:
        check_step(CaseKind.LEX_SARAH, step, facts, ONE)
    assert refused.value.code == code


def test_the_investigation_follows_when_it_is_complete():
    facts = CaseFacts(CaseState.INVESTIGATED, ivo_notified=True)
    assert check_step(CaseKind.LEX_SARAH, CaseStep.SUPPLEMENT_IVO, facts, ONE).end is None


def test_a_lex_sarah_report_never_becomes_an_avvikelse():
    ends = {row.end for row in TABLE if row.kind is CaseKind.LEX_SARAH}
    assert CaseState.BECAME_LEX_SARAH not in ends
    with pytest.raises(RuleViolation):
        row_of(CaseKind.LEX_SARAH, CaseStep.MAKE_LEX_SARAH)


def test_what_has_ended_waits_for_nobody():
    assert {CaseState.CLOSED, CaseState.ANSWERED, CaseState.HANDED_OVER, CaseState.BECAME_LEX_SARAH} == ENDED


@pytest.mark.parametrize(
    ("facts", "offered"),
    [
        (CaseFacts(CaseState.RECEIVED), {"notify_ivo"}),
        (CaseFacts(CaseState.INVESTIGATING, ivo_notified=True), {"ivo_answers"}),
        (CaseFacts(CaseState.DECIDED, ivo_notified=True), {"supplement_ivo", "ivo_answers"}),
        (CaseFacts(CaseState.DECIDED, ivo_notified=True, ivo_complete=True), {"ivo_answers"}),
    ],
)
def test_what_passes_with_ivo_is_offered_when_it_can_happen(facts, offered):
    every = {CaseStep.NOTIFY_IVO, CaseStep.SUPPLEMENT_IVO, CaseStep.IVO_ANSWERS}
    assert {step.value for step in every if applies(CaseKind.LEX_SARAH, step, facts)} == offered


def test_a_step_that_lacks_something_is_offered_with_what_lacks():
    facts = CaseFacts(CaseState.INVESTIGATING, lacking=("Orsaker",))
    assert applies(CaseKind.LEX_SARAH, CaseStep.COMPLETE, facts)
    assert not applies(CaseKind.LEX_SARAH, CaseStep.DECIDE, facts)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"undecided": 1}, "En åtgärd är inte beslutad. Besluta om den först."),
        ({"undecided": 2}, "2 åtgärder är inte beslutade. Besluta om dem först."),
        ({"open_actions": 1}, "En åtgärd är inte genomförd."),
        ({"open_actions": 3}, "3 åtgärder är inte genomförda."),
        ({"unchecked": 1}, "En åtgärd är inte uppföljd. Skriv vad den gav för effekt."),
        ({"unchecked": 2}, "2 åtgärder är inte uppföljda. Skriv vad de gav för effekt."),
    ],
)
def test_one_action_and_several_are_told_of_each_in_its_own_words(changed, told):
    facts = CaseFacts(CaseState.FOLLOWED_UP, **changed)
    with pytest.raises(RuleViolation) as refused:
        check_step(CaseKind.DEVIATION, CaseStep.CLOSE, facts, 1)
    assert refused.value.message == told
