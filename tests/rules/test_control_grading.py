"""What comes of a kontrollmoment: boundary values worked by hand, and every grade against an exact fraction."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.control_grading import (
    NO_RESULT,
    OVERRIDDEN,
    Grade,
    Graded,
    Limits,
    Outcome,
    check_limits,
    check_not_done,
    check_override,
    count_grades,
    grade,
    outcome_of,
    overridden,
    sentence,
)
from tracker.rules.errors import RuleViolation

GIVEN = Limits()
COUNTS = st.integers(0, 1_000_000_000)
OUTCOMES = COUNTS.flatmap(lambda checked: st.builds(Outcome, st.just(checked), st.integers(0, checked)))
LIMITS = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda pair: Limits(max(pair), min(pair)))

OUTSIDE = "ligger utanför 0–100 procent. Skriv ett tal från 0 till 100."


def test_the_given_limits_are_ninety_and_sixty():
    assert (GIVEN.good, GIVEN.acceptable) == (90, 60)


@pytest.mark.parametrize(
    ("approved", "checked", "expected"),
    [
        (10, 10, "god"),
        (9, 10, "god"),  # exactly 90 %
        (900, 1000, "god"),
        (899, 1000, "godtagbar"),
        (899_999_999, 1_000_000_000, "godtagbar"),
        (895, 1000, "godtagbar"),  # shown as 90 %
        (3, 5, "godtagbar"),  # exactly 60 %
        (600, 1000, "godtagbar"),
        (599, 1000, "ej_godkand"),
        (595, 1000, "ej_godkand"),  # shown as 60 %
        (0, 1, "ej_godkand"),
        (33, 38, "godtagbar"),
        (139, 221, "godtagbar"),
        (295, 300, "god"),
        (77, 100, "godtagbar"),
    ],
)
def test_a_limit_belongs_to_the_better_grade(approved, checked, expected):
    assert grade(Outcome(checked, approved), GIVEN, None) == Graded(Grade(expected), ())


@pytest.mark.parametrize(
    ("approved", "checked", "percent", "millionths"),
    [
        (33, 38, 87, 868_421),  # 86.842105…
        (139, 221, 63, 628_959),  # 62.895927…
        (895, 1000, 90, 895_000),  # 89.5, a half goes up
        (8949, 10_000, 89, 894_900),
        (1, 200, 1, 5_000),  # 0.5
        (1, 201, 0, 4_975),  # 0.4975…
        (1, 3, 33, 333_333),
        (2, 3, 67, 666_667),
        (1, 2_000_000, 0, 1),  # half a millionth goes up
        (1, 2_000_001, 0, 0),
        (199, 200, 100, 995_000),  # shown as 100 although one deviates
        (0, 7, 0, 0),
        (7, 7, 100, 1_000_000),
    ],
)
def test_what_is_shown_is_rounded_half_up(approved, checked, percent, millionths):
    outcome = Outcome(checked, approved)
    assert (outcome.percent, outcome.millionths) == (percent, millionths)


def test_what_is_shown_as_ninety_can_be_godtagbar():
    outcome = Outcome(1000, 895)
    assert outcome.percent == 90
    assert grade(outcome, GIVEN, None).grade == Grade.ACCEPTABLE


def test_nothing_checked_has_no_share_and_is_flagged_as_not_done():
    outcome = Outcome()
    assert (outcome.checked, outcome.approved, outcome.percent, outcome.millionths) == (0, 0, None, None)
    assert grade(outcome, GIVEN, None) == Graded(Grade.NOT_DONE, (NO_RESULT,))
    assert grade(outcome, GIVEN, "") == Graded(Grade.NOT_DONE, (NO_RESULT,))
    assert NO_RESULT == "no_result"


def test_nothing_checked_is_not_god_even_where_everything_would_be():
    assert grade(Outcome(), Limits(0, 0), None) == Graded(Grade.NOT_DONE, ("no_result",))


@pytest.mark.parametrize("outcome", [Outcome(), Outcome(10, 10), Outcome(10, 0)])
def test_a_reason_is_not_done_whatever_was_sampled_and_is_no_flag(outcome):
    assert grade(outcome, GIVEN, "Omfattningen var för bred") == Graded(Grade.NOT_DONE, ())


@pytest.mark.parametrize(
    ("limits", "approved", "expected"),
    [
        (Limits(100, 100), 100, "god"),
        (Limits(100, 100), 99, "ej_godkand"),
        (Limits(0, 0), 0, "god"),
        (Limits(100, 0), 0, "godtagbar"),
        (Limits(95, 80), 90, "godtagbar"),
        (Limits(95, 80), 95, "god"),
        (Limits(95, 80), 79, "ej_godkand"),
    ],
)
def test_a_moment_can_have_limits_of_its_own(limits, approved, expected):
    assert grade(Outcome(100, approved), limits, None).grade == expected


@given(OUTCOMES, LIMITS)
def test_the_grade_is_the_exact_fractions(outcome, limits):
    if outcome.checked == 0:
        expected = Grade.NOT_DONE
    else:
        share = Fraction(outcome.approved, outcome.checked)
        good, acceptable = Fraction(limits.good, 100), Fraction(limits.acceptable, 100)
        expected = Grade.GOOD if share >= good else Grade.ACCEPTABLE if share >= acceptable else Grade.FAILED
    assert grade(outcome, limits, None).grade == expected


@given(OUTCOMES.filter(lambda outcome: outcome.checked))
def test_what_is_shown_is_within_a_half_and_never_below_it(outcome):
    share = Fraction(outcome.approved, outcome.checked)
    assert -Fraction(1, 2) < outcome.percent - 100 * share <= Fraction(1, 2)
    assert -Fraction(1, 2) < outcome.millionths - 1_000_000 * share <= Fraction(1, 2)


@given(st.integers(1, 300), LIMITS)
def test_one_deviation_less_never_gives_a_worse_grade(checked, limits):
    order = list(Grade)
    places = [order.index(grade(Outcome(checked, n), limits, None).grade) for n in range(checked + 1)]
    assert all(worse >= better for worse, better in pairwise(places))


class TestOutcomeOfSample:
    """A sample's figures."""

    @pytest.mark.parametrize(
        ("figures", "expected"),
        [
            ((38, 0, 5), Outcome(38, 33)),
            ((135, 38, 35), Outcome(97, 62)),
            ((175, 51, 47), Outcome(124, 77)),
            ((10, 10, 0), Outcome(0, 0)),
            ((10, 0, 10), Outcome(10, 0)),
            ((0, 0, 0), Outcome(0, 0)),
        ],
    )
    def test_checked_is_what_is_left_of_the_selected_and_approved_what_did_not_deviate(self, figures, expected):
        assert outcome_of(*figures) == expected

    def test_several_samples_are_summed_and_no_mean_is_taken(self):
        # 62/97 = 63.9 % and 77/124 = 62.1 %: together 139/221.
        assert outcome_of(135, 38, 35) + outcome_of(175, 51, 47) == Outcome(221, 139)
        # 1/1 and 1/9: a mean of percentages would be 56 %, 2/10 is 20 %.
        assert (outcome_of(1, 0, 0) + outcome_of(9, 0, 8)).percent == 20

    @pytest.mark.parametrize(
        ("figures", "code", "field", "message"),
        [
            ((5, 6, 0), "dropouts", "bortfall",
             "Bortfallet (6) är större än antalet utvalda (5). Rätta ett av talen."),
            ((5, 0, 6), "deviations", "avvikelser",
             "Avvikelserna (6) är fler än de granskade (5). Rätta ett av talen."),
            ((5, 3, 3), "deviations", "avvikelser",
             "Avvikelserna (3) är fler än de granskade (2). Rätta ett av talen."),
            ((5, 5, 1), "deviations", "avvikelser",
             "Avvikelserna (1) är fler än de granskade (0). Rätta ett av talen."),
        ],
    )  # fmt: skip
    def test_figures_that_contradict_each_other_are_refused(self, figures, code, field, message):
        with pytest.raises(RuleViolation) as found:
            outcome_of(*figures)
        assert (found.value.code, found.value.field, found.value.message) == (code, field, message)


class TestLimits:
    """Limits in per cent."""

    @pytest.mark.parametrize("limits", [Limits(), Limits(100, 0), Limits(0, 0), Limits(100, 100), Limits(75, 75)])
    def test_limits_that_will_do(self, limits):
        assert check_limits(limits) is None

    @pytest.mark.parametrize(
        ("limits", "code", "field", "message"),
        [
            (Limits(101, 60), "limit", "god_grans", f"Gränsen 101 {OUTSIDE}"),
            (Limits(-1, -1), "limit", "god_grans", f"Gränsen -1 {OUTSIDE}"),
            (Limits(90, -1), "limit", "godtagbar_grans", f"Gränsen -1 {OUTSIDE}"),
            (Limits(90, 101), "limit", "godtagbar_grans", f"Gränsen 101 {OUTSIDE}"),
            (Limits(60, 61), "limits_cross", "godtagbar_grans",
             "Gränsen för godtagbar (61) ligger över den för god (60). Byt plats på dem."),
        ],
    )  # fmt: skip
    def test_limits_outside_and_limits_that_cross_are_refused(self, limits, code, field, message):
        with pytest.raises(RuleViolation) as found:
            check_limits(limits)
        assert (found.value.code, found.value.field, found.value.message) == (code, field, message)


class TestTheYear:
    """Counts and the two sentences."""

    def test_all_four_grades_are_counted_the_best_first(self):
        counts = count_grades([Grade.ACCEPTABLE, Grade.GOOD, Grade.NOT_DONE, Grade.GOOD])
        assert list(counts.items()) == [("god", 2), ("godtagbar", 1), ("ej_godkand", 0), ("ej_genomford", 1)]
        assert count_grades([]) == {"god": 0, "godtagbar": 0, "ej_godkand": 0, "ej_genomford": 0}

    def test_the_two_sentences_tell_of_every_moment(self):
        counts = {Grade.GOOD: 4, Grade.ACCEPTABLE: 2, Grade.FAILED: 0, Grade.NOT_DONE: 1}
        assert sentence(counts) == (
            "God följsamhet i 4 av 7 kontrollmoment",
            "Godtagbar i 2, ej godkänd i 0, ej genomförd 1.",
        )


GOOD, ACCEPTABLE, FAILED, NOT_DONE = Grade.GOOD, Grade.ACCEPTABLE, Grade.FAILED, Grade.NOT_DONE


@pytest.mark.parametrize(
    ("computed", "by_hand", "expected"),
    [
        (Graded(ACCEPTABLE), GOOD, Graded(GOOD, (OVERRIDDEN,), ACCEPTABLE)),
        (Graded(GOOD), FAILED, Graded(FAILED, (OVERRIDDEN,), GOOD)),
        (Graded(ACCEPTABLE), ACCEPTABLE, Graded(ACCEPTABLE)),
        (Graded(ACCEPTABLE), None, Graded(ACCEPTABLE)),
        (Graded(NOT_DONE), GOOD, Graded(NOT_DONE)),
        (Graded(NOT_DONE, (NO_RESULT,)), GOOD, Graded(NOT_DONE, (NO_RESULT,))),
    ],
)
def test_a_grade_by_hand_keeps_what_was_computed_and_gives_way_to_what_was_not_done(computed, by_hand, expected):
    assert overridden(computed, by_hand) == expected


@pytest.mark.parametrize(
    ("computed", "by_hand", "motivation", "field"),
    [
        (NOT_DONE, GOOD, "Skäl", None),
        (GOOD, NOT_DONE, "Skäl", "bedomning"),
        (GOOD, GOOD, "Skäl", "bedomning"),
        (GOOD, FAILED, "  ", "motivering"),
        (GOOD, FAILED, "...", "motivering"),
    ],
)
def test_a_grade_by_hand_that_cannot_be_is_refused(computed, by_hand, motivation, field):
    with pytest.raises(RuleViolation) as refused:
        check_override(computed, by_hand, motivation)
    assert refused.value.field == field


def test_another_grade_with_its_motivation_will_do():
    assert check_override(ACCEPTABLE, GOOD, "Bortfallet beror på systembyte") is None


@pytest.mark.parametrize(
    ("reason", "what_next", "field"),
    [("Hanns inte", None, "harnast"), ("Hanns inte", "", "harnast"), (None, "Nästa år", "ej_genomford"),
     ("", "Nästa år", "ej_genomford")],
)  # fmt: skip
def test_a_reason_and_what_happens_next_go_together(reason, what_next, field):
    with pytest.raises(RuleViolation) as refused:
        check_not_done(reason, what_next)
    assert refused.value.field == field
    assert check_not_done(None, None) is None
    assert check_not_done("Hanns inte", "Nästa år") is None
