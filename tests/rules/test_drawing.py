"""The draw is the same everywhere and for ever, and takes no item rather than another."""

import hashlib
from collections import Counter

import pytest

from tracker.rules.drawing import ALGORITHM, SEED_BYTES, draw, lot, population_hash
from tracker.rules.errors import RuleViolation

SEED = bytes(range(32))
# `printf %s 1 | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f`, and so on
LOTS = {
    1: "7761b1cc25227dfc",
    2: "80ddc33417b469e1",
    3: "1660ab3daf39adae",
    4: "2ff948f12c8cfff8",
    5: "ea5a6a445395be29",
}
# The chi-square value that 1 draw in 1 000 exceeds with 19 degrees of freedom (any table of it).
LIMIT_19 = 43.82


def test_the_stored_vector_holds():
    assert ALGORITHM == "hmac-sha256-1"
    for item, beginning in LOTS.items():
        assert lot(SEED, item).hex().startswith(beginning)
    assert draw(SEED, [1, 2, 3, 4, 5], 2) == [3, 4]
    assert draw(SEED, [1, 2, 3, 4, 5], 5) == [3, 4, 1, 2, 5]
    assert draw(SEED, range(1, 1_001), 5) == sorted(range(1, 1_001), key=lambda item: lot(SEED, item))[:5]


def test_the_hash_of_a_population_is_what_sha256sum_says():
    assert population_hash([]).hex() == hashlib.sha256(b"").hexdigest()
    # printf '1\n2\n' | sha256sum
    assert population_hash([2, 1]).hex() == "a6e2b7a040683432de03a18fd8a1939a2fdf82585b364bfc874bdd4095c4cae1"
    assert population_hash([12]) != population_hash([1, 2])


def test_the_order_of_the_population_makes_no_difference():
    population = list(range(500))
    shuffled = population[250:] + population[249::-1]
    assert sorted(shuffled) == population
    assert draw(SEED, population, 60) == draw(SEED, shuffled, 60)
    assert population_hash(population) == population_hash(shuffled)


def test_a_larger_sample_begins_with_the_smaller():
    assert draw(SEED, range(100), 40)[:10] == draw(SEED, range(100), 10)


def test_another_seed_draws_others():
    assert draw(SEED, range(1_000), 20) != draw(bytes(32), range(1_000), 20)


def test_none_and_all_can_be_drawn():
    assert draw(SEED, [], 0) == []
    assert draw(SEED, [7, 8], 0) == []
    assert sorted(draw(SEED, [7, 8], 2)) == [7, 8]


@pytest.mark.parametrize("n", [-1, 4])
def test_more_than_there_are_is_refused_with_what_is_possible(n):
    with pytest.raises(RuleViolation, match="Det går att dra 0–3"):
        draw(SEED, [1, 2, 3], n)


@pytest.mark.parametrize("population", [[1, 1], [3, 2, 3], [-1, 2]])
def test_doubles_and_numbers_below_zero_are_no_population(population):
    with pytest.raises(ValueError, match="population"):
        draw(SEED, population, 1)


@pytest.mark.parametrize("seed", [b"", bytes(SEED_BYTES - 1), bytes(SEED_BYTES + 1)])
def test_a_seed_of_another_length_is_refused(seed):
    with pytest.raises(ValueError, match="seed"):
        draw(seed, [1], 1)


def _chi_square(times: Counter, items: int, draws: int, n: int) -> float:
    """Against the same number of times for each; divided by the share not drawn, as a draw puts nothing back."""
    expected = draws * n / items
    return sum((times[item] - expected) ** 2 / expected for item in range(items)) * (items - 1) / (items - n)


def _seeds(count):
    return [hashlib.sha256(b"seed %d" % number).digest() for number in range(count)]


def test_over_many_seeds_no_item_is_taken_more_often_than_another():
    times = Counter(item for seed in _seeds(4_000) for item in draw(seed, range(20), 3))
    assert sum(times.values()) == 12_000
    assert _chi_square(times, 20, 4_000, 3) < LIMIT_19


def test_over_many_seeds_no_item_comes_first_more_often_than_another():
    first = Counter(draw(seed, range(20), 1)[0] for seed in _seeds(4_000))
    assert _chi_square(first, 20, 4_000, 1) < LIMIT_19


def test_the_same_test_finds_a_draw_that_favours_somebody():
    biased = Counter(
        min(draw(seed, range(20), 2)) if seed[0] < 40 else draw(seed, range(20), 1)[0] for seed in _seeds(4_000)
    )
    assert _chi_square(biased, 20, 4_000, 1) > LIMIT_19
