"""Which individrapporter a clock needs, what each asks for, and which days can belong to them."""

from datetime import date

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.sending import (
    Field,
    IvoType,
    check_sent_on,
    fields_of,
    matter_contradictions,
    remarks,
    types_afterwards,
    types_of,
)
from tracker.rules.unexecuted import ClockKind, ClockState, ReportClass

TODAY, DECIDED = date(2022, 2, 15), date(2021, 7, 29)


@pytest.mark.parametrize(
    ("stood_as", "needed"),
    [
        ("new", ["ny"]),
        ("still_unexecuted", ["fortfarande"]),
        ("executed", ["verkstalld"]),
        ("closed", ["avslutad"]),
        ("late_executed", ["ny", "verkstalld"]),
        ("late_closed", ["ny", "avslutad"]),
    ],
)
def test_each_class_has_its_individrapporter(stood_as, needed):
    assert list(types_of(ReportClass(stood_as))) == needed


def test_every_class_is_told_ivo_somehow():
    assert all(types_of(stood_as) for stood_as in ReportClass)


@pytest.mark.parametrize(
    ("state", "needed"), [("executed", ["ny", "verkstalld"]), ("closed", ["ny", "avslutad"]), ("open", ["ny"])]
)
def test_what_slipped_past_the_reports_is_new_to_ivo(state, needed):
    assert list(types_afterwards(ClockState(state))) == needed


def test_a_new_one_asks_why_it_waits_and_not_how_it_ended():
    asked = fields_of(IvoType.NEW, ClockKind.DECISION)
    assert {Field.DELAY, Field.MEASURES, Field.MEANWHILE, Field.PLANNED_ON} <= set(asked)
    assert not {Field.EXECUTED_ON, Field.CLOSED_ON, Field.INTERRUPTED_ON} & set(asked)
    assert fields_of(IvoType.STILL, ClockKind.DECISION) == asked


@pytest.mark.parametrize(
    ("ivo_type", "own"),
    [(IvoType.EXECUTED, [Field.EXECUTED_ON]), (IvoType.CLOSED, [Field.CLOSED_ON, Field.CLOSE_REASON])],
)
def test_an_end_asks_for_its_day_and_not_why_it_took_so_long(ivo_type, own):
    asked = list(fields_of(ivo_type, ClockKind.DECISION))
    start = asked.index(Field.DECIDED_ON)
    assert asked[start + 1 :] == [*own, Field.INFORMATION]


@pytest.mark.parametrize("ivo_type", IvoType)
def test_an_interruption_is_told_with_both_its_days(ivo_type):
    asked = list(fields_of(ivo_type, ClockKind.INTERRUPTION))
    assert asked.index(Field.INTERRUPTED_ON) == asked.index(Field.DECIDED_ON) + 1


@pytest.mark.parametrize(
    ("sent_on", "code"),
    [
        (date(2021, 7, 28), "sent_before"),
        (DECIDED, None),
        (date(2021, 12, 31), None),
        (TODAY, None),
        (date(2022, 2, 16), "sent_future"),
    ],
)
def test_it_is_sent_from_the_day_it_tells_of_until_today(sent_on, code):
    assert _refusal(sent_on) == (code and (code, "sand_den"))


def _refusal(sent_on):
    try:
        check_sent_on(sent_on, DECIDED, TODAY)
    except RuleViolation as violation:
        return violation.code, violation.field
    return None


@pytest.mark.parametrize(
    ("received", "answer_by", "answered", "codes"),
    [
        ("2021-07-28", None, None, ["received_before"]),
        ("2021-07-29", None, None, []),
        ("2022-02-15", "2022-02-15", "2022-02-15", []),
        ("2022-02-16", None, None, ["received_future"]),
        ("2022-02-01", "2022-01-31", None, ["answer_before"]),
        ("2022-02-01", "2022-03-01", None, []),
        ("2022-02-01", "2022-03-01", "2022-01-31", ["answered_before"]),
        ("2022-02-01", "2022-02-10", "2022-02-11", []),  # answered late is answered
        ("2022-02-01", None, "2022-02-16", ["answered_future"]),
    ],
)
def test_the_days_of_what_ivo_sends(received, answer_by, answered, codes):
    days = [date.fromisoformat(day) if day else None for day in (received, answer_by, answered)]
    assert [violation.code for violation in matter_contradictions(*days, DECIDED, TODAY)] == codes


FULL = {
    Field.PERSON: "191212121212", Field.LEGAL_BASIS: "SoL 11:1", Field.AREA: "IFO", Field.DELAY: "Kö",
    Field.EXECUTED_ON: "2021-11-10", Field.CLOSED_ON: "2021-11-10", Field.CLOSE_REASON: "Flyttat",
}  # fmt: skip


@pytest.mark.parametrize(
    ("ivo_type", "without", "sex", "told"),
    [
        ("ny", None, "man", []),
        ("ny", None, None, []),
        ("ny", None, "kvinna", ["kon"]),
        ("ny", Field.PERSON, "kvinna", ["person"]),
        ("fortfarande", Field.DELAY, "man", ["skal"]),
        ("ny", Field.EXECUTED_ON, "man", []),
        ("verkstalld", Field.DELAY, "man", []),
        ("verkstalld", Field.EXECUTED_ON, "man", ["verkstalld"]),
        ("avslutad", Field.CLOSE_REASON, "man", ["avslutsorsak"]),
        ("avslutad", Field.CLOSED_ON, "man", ["avslutad"]),
        ("avslutad", Field.AREA, "man", ["omrade"]),
    ],
)
def test_what_ivo_would_ask_about_is_pointed_out(ivo_type, without, sex, told):
    fields = {field: words for field, words in FULL.items() if field is not without}
    assert [field for field, _ in remarks(IvoType(ivo_type), fields, sex)] == told
