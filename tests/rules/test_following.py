"""What may follow from a kontrollmoment."""

import pytest

from tests.rules.refusing import expect_refusal
from tracker.rules.control_grading import Grade
from tracker.rules.following import LinkKind, check_words, offered


@pytest.mark.parametrize("grade", [Grade.GOOD, Grade.ACCEPTABLE, Grade.NOT_DONE])
def test_nothing_follows_from_a_control_that_did_not_fail(grade):
    assert offered(grade, has_risk=True) == []


def test_a_failed_control_asks_for_an_avvikelse_and_a_new_assessment_of_its_risk():
    assert offered(Grade.FAILED, has_risk=True) == [LinkKind.DEVIATION, LinkKind.ASSESSMENT]
    assert offered(Grade.FAILED, has_risk=False) == [LinkKind.DEVIATION]


def test_words_lose_the_space_around_and_may_be_a_thousand_signs():
    assert check_words("  Se över rutinen\n", "words") == "Se över rutinen"
    assert check_words("x" * 1_000, "words") == "x" * 1_000


@pytest.mark.parametrize(
    ("words", "code"),
    [("", "words"), (" \n", "words"), ("x" * 1_001, "words_long"), ("20000101-2384", "person_number")],
)
def test_words_that_cannot_be_kept_are_refused_beside_the_field(words, code):
    with expect_refusal(code, "words", "Skriv"):
        check_words(words, "words")
