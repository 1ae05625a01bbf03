"""Numbers of persons are told from other numbers. All here are Skatteverket's published test numbers, or false."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.rules.errors import RuleViolation
from tracker.rules.identity import contradicts_sex, holds_person_number, normalise_person, sex_of, t_numbers

TOLVAN = "191212121212"
TEST_PERSONS = [(TOLVAN, "man"), ("200001012384", "kvinna"), ("189001019802", "kvinna")]
COORDINATION = "197010632391"


def check_digit(nine: str) -> int:
    """Every other digit doubled from the first, the digits of the products added, up to the next ten."""
    total = 0
    for place, sign in enumerate(nine):
        product = int(sign) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return -total % 10


def refusal(text: str) -> RuleViolation:
    with pytest.raises(RuleViolation) as refused:
        normalise_person(text)
    return refused.value


@pytest.mark.parametrize(("person", "sex"), TEST_PERSONS)
def test_a_personnummer_is_kept_as_twelve_digits_and_tells_the_sex(person, sex):
    assert normalise_person(person) == person
    assert sex_of(normalise_person(person)) == sex
    assert int(person[-1]) == check_digit(person[2:-1])


@pytest.mark.parametrize(
    "written", ["19121212-1212", "191212121212", "19121212+1212", "19121212 1212", " 19121212-1212 "]
)
def test_a_personnummer_may_be_written_in_the_usual_ways(written):
    assert normalise_person(written) == TOLVAN


def test_a_samordningsnummer_has_sixty_added_to_its_day():
    assert int(COORDINATION[-1]) == check_digit(COORDINATION[2:-1])
    assert normalise_person("19701063-2391") == COORDINATION
    assert sex_of(COORDINATION) == "man"


@pytest.mark.parametrize("day", ["00", "32", "60", "92", "99"])
def test_a_day_that_no_number_can_have_is_refused(day):
    nine = f"7010{day}239"
    assert refusal(f"19{nine}{check_digit(nine)}").code == "person_date"


@pytest.mark.parametrize(
    ("written", "kept", "sex"),
    [
        ("19800101-T123", "19800101-T123", "kvinna"),
        ("19800101-TF10", "19800101-TF10", "man"),
        ("19800101t123", "19800101-T123", "kvinna"),
        ("19800101-tf21", "19800101-TF21", "kvinna"),
        ("20040229-T019", "20040229-T019", "man"),
    ],
)
def test_a_t_number_is_kept_with_its_hyphen_and_tells_the_sex_by_its_third_sign(written, kept, sex):
    assert normalise_person(written) == kept
    assert sex_of(kept) == sex


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("19121212-1213", "person_check"),
        ("121212-1212", "person_form"),
        ("1212121212", "person_form"),
        ("19121312-1212", "person_date"),
        ("19000229-1212", "person_date"),
        ("20050229-T019", "person_date"),
        ("19800101-T12", "person_form"),
        ("19800101-TF1", "person_form"),
        ("19800101-TX12", "person_form"),
        ("19121212-12122", "person_form"),
        ("tolvan", "person_form"),
        ("", "person_form"),
    ],
)
def test_a_refusal_says_what_to_do_and_never_repeats_the_number(text, code):
    refused = refusal(text)
    assert (refused.code, refused.field) == (code, "person")
    assert "numret" in refused.message or "siffran" in refused.message
    for part in {text, text[-4:], text[:8]} - {""}:
        assert part not in refused.message.replace("19800101-T123", "")


@pytest.mark.parametrize("text", ["١٩١٢١٢١٢-١٢١٢", "19800101-T१२३"])
def test_digits_of_other_scripts_are_no_digits_of_a_person(text):
    assert refusal(text).code in {"person_form", "person_check"}


@given(st.dates(date(1880, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.booleans())
def test_only_one_of_ten_last_digits_is_right(born, serial, coordination):
    day = born.day + 60 * coordination
    nine = f"{born:%y%m}{day:02}{serial:03}"
    right = check_digit(nine)
    for digit in range(10):
        person = f"{born.year // 100}{nine}{digit}"
        if digit == right:
            assert normalise_person(person) == person
            assert sex_of(person) == ("man" if serial % 2 else "kvinna")
            assert holds_person_number(person)
        else:
            refused = refusal(person)
            assert refused.code == "person_check"
            assert person not in refused.message


@pytest.mark.parametrize(
    "text",
    [
        "19121212-1212",
        "191212121212",
        "1212121212",
        "121212-1212",
        "121212+1212",
        "B-121212-1212",
        "Beslut om 20000101-2384, se akten",
        "197010632391",
        "19800101-T123",
        "Dnr 19800101-TF10/2",
    ],
)
def test_a_number_is_found_inside_a_text(text):
    assert holds_person_number(text)


@pytest.mark.parametrize(
    "text",
    ["B-01", "2021-0042", "19121212-1213", "Dnr SN 2021/1234567890", "191312121212", "1912121212123", "T-123", ""],
)
def test_other_numbers_are_not_taken_for_persons(text):
    assert not holds_person_number(text)


@given(st.integers(10_000, 99_999), st.integers(0, 99_999))
def test_numbers_of_other_lengths_are_never_taken_for_persons(one, two):
    text = f"{one}/{two}"
    assume(len(text) < 12)
    assert not holds_person_number(text)


@pytest.mark.parametrize(
    "written",
    ["19121212\u20131212", "19121212\u20141212", "19121212\u20111212", "19121212\u22121212", "19121212\u00a01212",
     "19121212 - 1212", "121212  1212", "1912\u00ad12121212", "1912121212\u200b12", "19121212\u00ad-1212",
     "\uff11\uff19\uff11\uff12\uff11\uff12\uff11\uff12\uff11\uff12\uff11\uff12",
     "\u0661\u0669\u0661\u0662\u0661\u0662\u0661\u0662\u0661\u0662\u0661\u0662"],
)  # fmt: skip
def test_a_number_is_found_whatever_signs_it_is_set_in(written):
    assert holds_person_number(written)
    assert holds_person_number(f"om {written}, se akten")


@pytest.mark.parametrize("text", ["19121212\u20131213", "B\u20132021\u20130001", "Kontaktperson \u00e5t \u00e4ldre"])
def test_other_texts_with_such_signs_are_none(text):
    assert not holds_person_number(text)


@pytest.mark.parametrize(
    ("person", "sex", "told"),
    [(TOLVAN, "kvinna", True), (TOLVAN, "man", False), (TOLVAN, None, False), ("200001012384", "man", True),
     ("19800101-T110", "kvinna", True), ("19800101-T101", "kvinna", False), ("19800101-TF10", "kvinna", True)],
)  # fmt: skip
def test_a_number_is_held_against_the_sex_that_is_given_if_any_is(person, sex, told):
    assert contradicts_sex(person, sex) is told


@pytest.mark.parametrize(
    ("sex", "first", "count"),
    # The third of four signs is the second digit after T: five of ten; of TF the digit after it.
    [("kvinna", ["T001", "T002", "T003"], 499 + 49), ("man", ["T010", "T011", "T012"], 500 + 50)],
)
def test_t_numbers_of_a_day_have_the_sign_of_their_sex(sex, first, count):
    numbers = list(t_numbers(date(1980, 1, 1), sex))
    assert [number.removeprefix("19800101-") for number in numbers[:3]] == first
    assert len(set(numbers)) == len(numbers) == count
    assert all(normalise_person(number) == number and sex_of(number) == sex for number in numbers)
