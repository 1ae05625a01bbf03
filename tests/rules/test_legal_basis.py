"""The provisions of a decision are those the law has, written in one way."""

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.legal_basis import law_of, parse_legal_basis

SOL = ["SoL 11:1", "SoL 12:1", "SoL 4:1", "SoL"]
LSS = [
    "LSS 9:1",
    "LSS 9:2",
    "LSS 9:3",
    "LSS 9:4",
    "LSS 9:5",
    "LSS 9:6",
    "LSS 9:7",
    "LSS 9:8",
    "LSS 9:9",
    "LSS 9:10",
    "LSS",
]


@pytest.mark.parametrize("text", SOL + LSS)
def test_every_provision_of_the_contract_is_known_and_kept_as_written(text):
    assert parse_legal_basis(text) == text


@pytest.mark.parametrize(
    ("text", "kept"), [("sol 11:1", "SoL 11:1"), ("SOL11:1", "SoL 11:1"), (" lss  9:10 ", "LSS 9:10"), ("lss", "LSS")]
)
def test_case_and_spaces_do_not_matter(text, kept):
    assert parse_legal_basis(text) == kept


@pytest.mark.parametrize("text", ["SoL 11:2", "LSS 9:11", "LSS 9:0", "HSL 1:1", "11:1", "SoL 11.1", ""])
def test_an_unknown_provision_is_refused_with_those_that_can_be_written(text):
    with pytest.raises(RuleViolation, match="SoL 11:1, SoL 12:1, SoL 4:1") as refused:
        parse_legal_basis(text)
    assert refused.value.field == "lagrum"


@pytest.mark.parametrize("text", SOL)
def test_a_provision_of_sol_belongs_to_sol(text):
    assert law_of(text) == "SoL"


@pytest.mark.parametrize("text", LSS)
def test_a_provision_of_lss_belongs_to_lss(text):
    assert law_of(text) == "LSS"


def test_a_register_that_is_silent_names_no_law():
    assert law_of(None) is None
