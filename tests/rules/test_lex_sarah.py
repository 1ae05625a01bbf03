"""The law of lex Sarah: which paragraph, which day, and what contradicts itself."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.rules.case_workflow import Assessment, CaseState
from tracker.rules.lex_sarah import (
    IvoDays,
    IvoState,
    Law,
    LexSarahDays,
    ivo_state,
    paragraphs,
    state_of,
    supplement_day,
    target_day,
    wrong_days,
)

TODAY = date(2026, 3, 31)
WHOLE = LexSarahDays(
    date(2026, 1, 10), date(2026, 1, 11), date(2026, 1, 12), date(2026, 1, 12), date(2026, 2, 20), date(2026, 3, 1),
    date(2026, 3, 20), IvoDays(date(2026, 1, 13), date(2026, 3, 2), date(2026, 3, 19)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("law", "day", "told"),
    [
        (Law.SOL, date(2025, 6, 30), ("14 kap. 3 § SoL (2001:453)", "14 kap. 6 § SoL (2001:453)")),
        (Law.SOL, date(2025, 7, 1), ("27 kap. 2 § SoL", "27 kap. 5 § SoL")),
        (Law.LSS, date(2025, 6, 30), ("24 b § LSS", "24 e § LSS")),
        (Law.LSS, date(2025, 7, 1), ("24 b § LSS", "24 e § LSS")),
    ],
)
def test_the_law_follows_the_day_of_the_event(law, day, told):
    assert (paragraphs(law, day).report, paragraphs(law, day).investigate) == told


@pytest.mark.parametrize(
    ("received", "target"),
    [
        (date(2026, 1, 15), date(2026, 3, 15)),
        (date(2025, 12, 31), date(2026, 2, 28)),
        (date(2026, 6, 30), date(2026, 8, 30)),
    ],
)
def test_the_target_is_two_calendar_months(received, target):
    assert target_day(received) == target


def test_an_investigation_follows_the_anmalan_within_two_months():
    assert supplement_day(date(2025, 12, 30)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("assessment", "days", "state"),
    [
        (None, IvoDays(), IvoState.NOT_ASKED),
        (Assessment.IRREGULARITY, IvoDays(), IvoState.NOT_ASKED),
        (Assessment.SERIOUS, IvoDays(), IvoState.TO_NOTIFY),
        (Assessment.SERIOUS_RISK, IvoDays(), IvoState.TO_NOTIFY),
        (None, IvoDays(date(2026, 1, 13)), IvoState.WITHOUT_INVESTIGATION),
        # Notified at receipt, found not to be serious afterwards: the anmälan stays.
        (Assessment.NONE, IvoDays(date(2026, 1, 13)), IvoState.WITHOUT_INVESTIGATION),
        (Assessment.SERIOUS, IvoDays(date(2026, 1, 13), date(2026, 3, 2)), IvoState.COMPLETE),
        (Assessment.SERIOUS, WHOLE.ivo, IvoState.ENDED),
    ],
)
def test_where_a_case_stands_with_ivo(assessment, days, state):
    assert ivo_state(assessment, days) is state


def test_days_in_their_order_are_right():
    assert wrong_days(WHOLE, TODAY) == []


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"noticed_on": date(2026, 1, 9)}, "uppmarksammad", "order"),
        ({"reported_on": date(2026, 1, 10)}, "rapporterad", "order"),
        ({"received_on": date(2026, 1, 11)}, "mottagen", "order"),
        ({"completed_on": date(2026, 1, 11)}, "utredd", "order"),
        ({"decided_on": date(2026, 2, 19)}, "beslutad", "order"),
        ({"closed_on": date(2026, 2, 28)}, "avslutad", "order"),
        ({"closed_on": date(2026, 4, 1)}, "avslutad", "future"),
        ({"ivo": IvoDays(date(2026, 1, 11))}, "ivo_anmald", "order"),
        ({"ivo": IvoDays(date(2026, 1, 12), date(2026, 1, 11))}, "ivo_utredning_sand", "order"),
        ({"ivo": IvoDays(date(2026, 1, 12), None, date(2026, 1, 11))}, "ivo_beslut", "order"),
        ({"ivo": IvoDays(None, date(2026, 3, 2))}, "ivo_utredning_sand", "no_notification"),
        ({"ivo": IvoDays(None, None, date(2026, 3, 2))}, "ivo_beslut", "no_notification"),
        ({"ivo": IvoDays(date(2026, 4, 1))}, "ivo_anmald", "future"),
    ],
)
def test_a_day_that_contradicts_another_is_told_at_its_own_place(changed, field, code):
    assert [(one.field, one.code) for one in wrong_days(replace(WHOLE, **changed), TODAY)] == [(field, code)]


def test_an_anmalan_may_come_before_the_decision_and_after_the_closing():
    early = replace(WHOLE, ivo=IvoDays(WHOLE.received_on))
    late = replace(WHOLE, ivo=IvoDays(date(2026, 3, 31)))
    assert wrong_days(early, TODAY) == wrong_days(late, TODAY) == []


def test_a_day_that_lacks_is_passed_over():
    assert (
        wrong_days(LexSarahDays(happened_on=date(2026, 1, 10), decided_on=date(2026, 1, 9)), TODAY)[0].code == "order"
    )
    assert wrong_days(LexSarahDays(received_on=date(2026, 1, 10), closed_on=date(2026, 1, 10)), TODAY) == []


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (LexSarahDays(reported_on=date(2026, 1, 12)), CaseState.REPORTED),
        (LexSarahDays(received_on=date(2026, 1, 12)), CaseState.RECEIVED),
        (replace(WHOLE, closed_on=None), CaseState.DECIDED),
        (WHOLE, CaseState.CLOSED),
        (replace(WHOLE, decided_on=None), CaseState.CLOSED),
    ],
)
def test_a_register_kept_elsewhere_tells_its_state_by_its_days(days, state):
    assert state_of(days) is state
