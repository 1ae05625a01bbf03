"""What a risk's assessment must hold: both steps before controls or none, a reason to be left out of the net list."""

import pytest

from tracker.rules.risk_assessment import HALF, NO_REASON, wrong_before_controls, wrong_on_net_list
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
