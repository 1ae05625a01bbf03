"""What a risk's assessment must hold: both steps before controls or none, a reason to be left out of the net list."""

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.risk_assessment import HALF, NO_REASON, check_fit, wrong_before_controls, wrong_on_net_list
from tracker.rules.risk_scoring import FIVE, FOUR


def told(violations) -> list[tuple[str | None, str]]:
    return [(one.field, one.message) for one in violations]


@pytest.mark.parametrize(("scale", "steps"), [(FOUR, (1, 4)), (FOUR, (4, 1)), (FOUR, (None, None)), (FIVE, (5, 5))])
def test_steps_of_the_scale_both_or_none_are_right(scale, steps):
    assert told(wrong_before_controls(scale, *steps)) == []


@pytest.mark.parametrize(
    ("scale", "steps", "expected"),
    [
        (FOUR, (0, 1), [("sannolikhet_fore", "0 finns inte i planens skala. Skriv 1–4.")]),
        (FOUR, (4, 5), [("konsekvens_fore", "5 finns inte i planens skala. Skriv 1–4.")]),
        (FIVE, (5, 6), [("konsekvens_fore", "6 finns inte i planens skala. Skriv 1–5.")]),
        (FOUR, (2, None), [("konsekvens_fore", HALF)]),
        (FOUR, (None, 2), [("sannolikhet_fore", HALF)]),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(scale, steps, expected):
    assert told(wrong_before_controls(scale, *steps)) == expected


@pytest.mark.parametrize(("in_net", "reason"), [(True, None), (True, "Stor"), (False, "Låg, bevakas")])
def test_a_risk_on_the_net_list_needs_no_reason_and_one_left_out_has_it(in_net, reason):
    assert told(wrong_on_net_list(in_net, reason)) == []


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_a_risk_left_out_without_a_reason_is_refused(reason):
    assert told(wrong_on_net_list(False, reason)) == [("nettolista_skal", NO_REASON)]


@pytest.mark.parametrize("steps", [(1, 4, None, None), (4, 4, 4, 4)])
def test_what_comes_from_another_year_fits_within_the_scale(steps):
    assert check_fit(FOUR, 2022, {"R1": steps}) is None


@pytest.mark.parametrize("steps", [(5, 1, None, None), (1, 5, None, None), (1, 1, 5, 1), (1, 1, 1, 5)])
def test_what_lies_outside_the_scale_is_told_by_ref(steps):
    with pytest.raises(RuleViolation) as refused:
        check_fit(FOUR, 2022, {"R1": (1, 1, None, None), "R2": steps, "R3": steps})
    assert refused.value.message.startswith("Skalan för 2022 har 4 steg. Utanför den ligger R2, R3. ")
    assert check_fit(FIVE, 2022, {"R2": steps}) is None


@pytest.mark.parametrize(("number", "end"), [(20, "R19, R20. "), (21, "R20 och 1 till. "), (50, "R20 och 30 till. ")])
def test_the_first_twenty_are_told(number, end):
    with pytest.raises(RuleViolation) as refused:
        check_fit(FOUR, 2022, {f"R{n}": (5, 5) for n in range(1, number + 1)})
    assert end in refused.value.message
