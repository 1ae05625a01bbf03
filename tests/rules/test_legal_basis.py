"""The provisions of a decision are those the law has, written in one way."""

from datetime import date

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.legal_basis import NAMES, check_possible, law_of, parse_legal_basis, possible_on

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


LSS_NINE = LSS[:-1]


@pytest.mark.parametrize(
    ("day", "sol"),
    [
        (date(2021, 1, 7), ["SoL 4:1"]),
        (date(2025, 6, 30), ["SoL 4:1"]),
        (date(2025, 7, 1), ["SoL 11:1", "SoL 12:1"]),
        (date(2026, 3, 31), ["SoL 11:1", "SoL 12:1"]),
    ],
)
def test_the_new_law_took_over_on_the_first_of_july_2025_and_lss_stayed(day, sol):
    assert list(possible_on(day)) == sol + LSS_NINE


@pytest.mark.parametrize(
    ("basis", "day", "advice"),
    [
        ("SoL 11:1", date(2025, 6, 30), "SoL 4:1"),
        ("SoL 12:1", date(2025, 6, 30), "SoL 4:1"),
        ("SoL 4:1", date(2025, 7, 1), "SoL 11:1 eller SoL 12:1"),
    ],
)
def test_a_provision_of_another_time_is_refused_with_those_of_its_day(basis, day, advice):
    with pytest.raises(RuleViolation) as refused:
        check_possible(basis, day)
    assert refused.value.field == "lagrum"
    assert refused.value.message == f"{basis} gällde inte {day}. Ett beslut den dagen har lagrum {advice}."


@pytest.mark.parametrize("day", [date(2025, 6, 30), date(2025, 7, 1)])
def test_what_was_in_force_and_the_bare_law_are_never_refused(day):
    assert [check_possible(basis, day) for basis in (*possible_on(day), "SoL", "LSS")] == [None] * (
        len(possible_on(day)) + 2
    )


def test_every_provision_that_is_offered_has_a_name():
    assert set(NAMES) == {*possible_on(date(2025, 6, 30)), *possible_on(date(2025, 7, 1))}
    assert all(parse_legal_basis(basis) == basis for basis in NAMES)
