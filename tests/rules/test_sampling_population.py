"""A population is the same whatever way it was pasted, and what cannot be told apart is refused."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.refusing import expect_refusal
from tracker.rules import sampling
from tracker.rules.sampling import Item, Population, numbered, population_hash, read_items, read_population


def test_references_are_trimmed_put_in_order_and_the_empty_ones_counted():
    population = read_population(["  F-2\t", "", "F-10", " \n", "f-1", "Å-1", "F-1"])
    # Code points: - is 2D, 1 is 31, 2 is 32, F is 46, f is 66, Å is C5.
    assert [item.reference for item in population] == ["F-1", "F-10", "F-2", "f-1", "Å-1"]
    assert (population.size, population.left_out) == (5, 2)
    assert population.item(2) == Item("F-2", None, None)


def test_months_and_units_follow_their_references():
    population = read_items([Item("B", "2021-05 ", " Åby"), Item("", "2021-01", "Norr"), Item("A", "", " ")])
    assert list(population) == [Item("A"), Item("B", "2021-05", "Åby")]
    assert population.left_out == 1


def test_a_size_alone_is_the_numbers_from_one_and_holds_no_items():
    population = numbered(1_000_000)
    assert population == Population(1_000_000)
    assert (population.item(0).reference, population.item(999_999).reference) == ("1", "1000000")
    assert [item.reference for item in numbered(11)] == [str(number) for number in range(1, 12)]


@pytest.mark.parametrize("place", [-1, 12])
@pytest.mark.parametrize("population", [read_population("ABCDEFGHIJKL"), numbered(12)])
def test_there_is_no_item_outside_the_population(population, place):
    with pytest.raises(IndexError, match="the places are 0 to 11"):
        population.item(place)


def test_the_same_letter_written_in_two_ways_is_the_same_reference():
    with expect_refusal("population_doubles", "population", "av ”Å-1” .rad 1, 2."):
        read_population(["\u00c5-1", "A\u030a-1"])


@pytest.mark.parametrize(
    ("doubled", "told"),
    [
        (["B"], "dubbletterna av ”B” (rad 2, 9)."),
        (["C", "A"], "dubbletterna av ”A” (rad 1, 10), ”C” (rad 3, 9)."),
        (["A"] * 6, "dubbletterna av ”A” (rad 1, 9, 10, 11, 12 …)."),
        (["A", "B", "C", "D", "E", "F", "G", "G"], "”D” (rad 4, 12), ”E” (rad 5, 13) och 2 till."),
    ],
)
def test_doubles_are_refused_and_at_most_five_named(doubled, told):
    with expect_refusal("population_doubles", "population", "bara stå en gång") as refused:
        read_population([*"ABCDEFGH", *doubled])
    assert refused.value.message.endswith(told)


@pytest.mark.parametrize("sign", ["\x00", "\t", "\n", "\x7f", "\x9f", "\u00ad", "\u200b", "\u2028", "\ufeff", "\ud800"])
def test_an_invisible_sign_is_refused_with_its_row_and_number(sign):
    with expect_refusal("population_control", "population", "Rad 3: referensen har ett osynligt styrtecken") as refused:
        read_population(["A", "", f"B{sign}C"])
    assert f"(U+{ord(sign):04X}). Skriv om utan det." in refused.value.message


def test_a_space_that_does_not_break_is_no_invisible_sign():
    assert read_population(["1\u00a0234"]).item(0).reference == "1\u00a0234"


def test_two_hundred_signs_are_read_and_one_more_is_refused():
    assert read_population([f" {'Å' * 200} "]).item(0).reference == "Å" * 200
    with expect_refusal("population_long", "population", "Rad 2: referensen har 201 tecken. Korta till högst 200"):
        read_population(["A", "B" * 201])


@pytest.mark.parametrize(
    ("item", "code", "told"),
    [
        (Item("A", "2021-13"), "population_month", "Rad 1: ”2021-13” är ingen månad. Skriv år och månad som 2021-05"),
        (Item("A", "2021-5"), "population_month", "”2021-5” är ingen månad"),
        (Item("A", "1999-12"), "population_month", "”1999-12” är ingen månad"),
        (Item("A", "２０21-05"), "population_month", "är ingen månad"),
        (Item("A", "2021\x00"), "population_control", "Rad 1: månaden har ett osynligt"),
        (Item("A", None, "a\x00b"), "population_control", "Rad 1: enheten har ett osynligt"),
        (Item("A", None, "a" * 201), "population_long", "Rad 1: enheten har 201 tecken"),
    ],
)
def test_a_bad_month_or_unit_is_refused_with_its_row(item, code, told):
    with expect_refusal(code, "population", told):
        read_items([item])


@pytest.mark.parametrize("cells", [[], ["", "  "]])
def test_no_references_at_all_are_refused(cells):
    with expect_refusal("population_empty", "population", "Det finns inga referenser. Klistra in minst en."):
        read_population(cells)


def test_what_is_more_than_the_largest_is_refused_before_the_rest_is_read(monkeypatch):
    monkeypatch.setattr(sampling, "LARGEST", 3)
    assert read_population(["a", "b", "", "c"]).size == 3
    cells = iter(["a", "b", "c", "d", "e"])
    with expect_refusal("population_large", "population", "Högst en miljon poster ryms. Dela populationen."):
        read_population(cells)
    assert next(cells) == "e"
    assert sampling.LARGEST == 3


@pytest.mark.parametrize("size", [-1, 0, 1_000_001])
def test_a_size_outside_one_to_a_million_is_refused(size):
    with expect_refusal("population_size", "population", "minst 1 och högst en miljon"):
        numbered(size)


def test_the_hash_is_what_sha256sum_says():
    # printf '2:A1,-,-,\n2:B2,7:2021-05,4:Åby,\n' | sha256sum
    two = read_items([Item("B2", "2021-05", "Åby"), Item("A1")])
    assert population_hash(two).hex() == "c7c29184562c420222a3676ceb29931367de2060c8904bf995c205c4d54b8316"
    # printf '1:1,-,-,\n1:2,-,-,\n1:3,-,-,\n' | sha256sum
    three = "b9cb412aff3c1cab81384a58c5c5840f897450540166ba92fbcff906fd48e8ad"
    assert population_hash(numbered(3)).hex() == population_hash(read_population(["3", "1", "2"])).hex() == three
    written = "".join(f"{len(str(number))}:{number},-,-,\n" for number in range(1, 12))
    assert population_hash(numbered(11)) == hashlib.sha256(written.encode()).digest()


def test_populations_that_look_alike_when_run_together_have_different_hashes():
    alike = [
        [Item("A"), Item("B")], [Item("AB")], [Item("A,-,-,"), Item("B")], [Item("A", None, "B")],
        [Item("A", "2021-05")], [Item("A", None, "2021-05")], [Item("A", None, "-")], [Item("A")],
    ]  # fmt: skip
    assert len({population_hash(read_items(items)) for items in alike}) == len(alike)


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=8)


@given(st.lists(TEXTS))
def test_what_has_been_read_is_read_the_same_again(texts):
    different = {unicodedata.normalize("NFC", text).strip(): text for text in texts}
    population = read_population([*different.values(), "longer than any of them"])
    assert list(read_items(population)) == list(population)
    assert population.size == len(set(different) - {""}) + 1
    assert population.left_out == ("" in different)
