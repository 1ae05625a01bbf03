"""What IVO would ask about, worked out by hand on the days where it begins and ends."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.rules.preflight import Concern, Facts, examine
from tracker.rules.unexecuted import ReportClass

CUTOFF = date(2026, 3, 31)
WOMAN, MAN = "191212121212", "189001019802"  # Skatteverket's test numbers: 1 is odd (man), 0 even (woman)
WHOLE = Facts(
    ReportClass.NEW, date(2025, 12, 1), date(2025, 12, 1), person=WOMAN, sex="man", legal_basis="SoL 11:1",
    reason_code="RES_BOSTAD", last_contact_on=date(2026, 3, 1),
)  # fmt: skip


def concerns(**changes):
    return examine(replace(WHOLE, **changes), CUTOFF)


def test_what_is_whole_raises_no_question():
    assert concerns() == ()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"person": None}, Concern.NO_PERSON),
        ({"sex": "kvinna"}, Concern.SEX_DIFFERS),
        ({"person": MAN, "sex": "man"}, Concern.SEX_DIFFERS),
        ({"person": "19800101-T123", "sex": "man"}, Concern.SEX_DIFFERS),  # third sign 2: even, a woman
        ({"legal_basis": None}, Concern.NO_BASIS),
        ({"legal_basis": "SoL"}, Concern.NO_BASIS),
        ({"legal_basis": "SoL 4:1"}, Concern.OLD_BASIS),
        ({"decided_on": date(2025, 6, 30)}, Concern.OLD_BASIS),
        ({"reason_code": None}, Concern.NO_REASON),
        ({"reason_code": None, "own_words": " - . 12"}, Concern.NO_REASON),
        ({"reason_code": None, "own_words": "saknar en bostad"}, Concern.THIN_REASON),  # 14 letters
        ({"reason_code": "OVRIGT", "own_words": ""}, Concern.THIN_REASON),
        ({"reason_code": "NEJ"}, Concern.DECLINED_WITHOUT_OFFER),
        ({"planned_on": date(2026, 3, 30)}, Concern.PLAN_PASSED),
        ({"report_class": ReportClass.CLOSED}, Concern.NO_CLOSE_REASON),
        ({"report_class": ReportClass.LATE_CLOSED, "close_reason": ""}, Concern.NO_CLOSE_REASON),
    ],
)
def test_one_thing_missing_is_one_question(changes, found):
    assert concerns(**changes) == (found,)


@pytest.mark.parametrize(
    "changes",
    [
        {"sex": None},
        {"person": "19800101-TF10", "sex": "man"},  # third sign 1: odd, a man
        {"legal_basis": "LSS 9:10", "decided_on": date(2020, 1, 1)},
        {"legal_basis": "SoL 4:1", "decided_on": date(2025, 6, 30)},
        {"decided_on": date(2025, 7, 1)},
        {"reason_code": None, "own_words": "bostad saknas helt"},  # 16 letters
        {"reason_code": "NEJ", "offers": 1},
        {"planned_on": CUTOFF},
        {"report_class": ReportClass.CLOSED, "close_reason": "Återtagen"},
        {"report_class": ReportClass.EXECUTED, "reason_code": None, "last_contact_on": None},
    ],
)
def test_what_is_enough_raises_none(changes):
    assert concerns(**changes) == ()


@pytest.mark.parametrize(
    ("started_on", "contact", "cutoff", "asked"),
    [
        (date(2025, 8, 31), None, date(2026, 2, 28), False),  # six calendar months end on the month's last day
        (date(2025, 8, 31), None, date(2026, 3, 1), True),
        (date(2025, 1, 1), date(2025, 9, 30), date(2026, 3, 30), False),
        (date(2025, 1, 1), date(2025, 9, 30), date(2026, 3, 31), True),
        (date(2025, 10, 1), date(2025, 1, 1), date(2026, 3, 31), False),  # spoken to before the interruption
    ],
)
def test_silence_is_asked_about_after_six_calendar_months(started_on, contact, cutoff, asked):
    facts = replace(WHOLE, started_on=started_on, last_contact_on=contact)
    assert (Concern.NO_CONTACT in examine(facts, cutoff)) is asked


def test_everything_missing_is_told_in_the_order_of_the_form():
    empty = Facts(ReportClass.STILL_UNEXECUTED, date(2025, 1, 1), date(2025, 1, 1), planned_on=date(2025, 6, 1))
    assert examine(empty, CUTOFF) == (
        Concern.NO_PERSON, Concern.NO_BASIS, Concern.NO_REASON, Concern.NO_CONTACT, Concern.PLAN_PASSED,
    )  # fmt: skip
