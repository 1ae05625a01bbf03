"""The plan takes what it says, whatever way the population was pasted, and the sample comes to what it comes to."""

import hmac
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.refusing import expect_refusal
from tracker.rules.drawing import draw
from tracker.rules.sampling import (
    ALGORITHM,
    Item,
    SelectBy,
    Selection,
    added_for_units,
    check_dropout,
    check_redraw,
    check_selection,
    numbered,
    planned_size,
    population_hash,
    read_items,
    replacement,
    take,
)

SEED = bytes(range(32))
# The first four bytes of each place's lot: `printf %s 0 | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f`, and
# so on: 0 3a8b1711, 1 7761b1cc, 2 80ddc334, 3 1660ab3d, 4 2ff948f1, 5 ea5a6a44, 6 e3a70256, 7 43c875c1, 8 11632d1a,
# 9 746d209f, 10 45578e5f, 11 2a96319f. Put in order by hand:
LOT_ORDER = [8, 3, 11, 4, 0, 7, 10, 9, 1, 2, 6, 5]
# Places 0–5 are of January, 6–9 of February, 10–11 of March; 0–3 of Norr, 4–8 of Söder, 9–10 of Väst, 11 of Öst.
MONTHS = ["2021-01"] * 6 + ["2021-02"] * 4 + ["2021-03"] * 2
UNITS = ["Norr"] * 4 + ["Söder"] * 5 + ["Väst"] * 2 + ["Öst"]
TWELVE = read_items(Item(f"F-{place:02}", MONTHS[place], UNITS[place]) for place in range(12))

NUMBER, SHARE, A_MONTH, ALL = SelectBy


MONTH = st.sampled_from(["2021-01", "2021-02", "2021-12"])
FULL = st.builds(Item, st.text("ABÅ12-", min_size=1, max_size=4), MONTH, st.sampled_from(["Norr", "Söder", "Öst"]))
FULLS = st.lists(FULL, min_size=1, max_size=30, unique_by=lambda item: item.reference)
SEEDS = st.binary(min_size=32, max_size=32)


@given(FULLS, st.randoms(use_true_random=False), SEEDS)
def test_the_order_of_pasting_makes_no_difference(items, rng, seed):
    shuffled = rng.sample(items, len(items))
    population, other = read_items(items), read_items(shuffled)
    assert population == other
    assert population_hash(population) == population_hash(other)
    for plan in (Selection(SHARE, 20, each_unit=True), Selection(A_MONTH, 2)):
        assert take(seed, population, plan) == take(seed, other, plan)


@pytest.mark.parametrize(
    ("plan", "size", "taken"),
    [
        (Selection(NUMBER, 3), 3, [8, 3, 11]),
        # 30 per cent of 12 is 3.6, so 4; 25 is 3 exactly; 1 is 0.12, so 1.
        (Selection(SHARE, 30), 4, [8, 3, 11, 4]),
        (Selection(SHARE, 25), 3, [8, 3, 11]),
        (Selection(SHARE, 1), 1, [8]),
        (Selection(SHARE, 100), 12, LOT_ORDER),
        # January 3, 4, 0; February 8, 7, 9; March both, 11 and 10.
        (Selection(A_MONTH, 3), 8, [8, 3, 11, 4, 0, 7, 10, 9]),
        (Selection(A_MONTH, 1), 3, [8, 3, 11]),
        (Selection(A_MONTH, 1_000_000), 12, LOT_ORDER),
        (Selection(ALL), 12, LOT_ORDER),
        # 8 is of Söder and 3 of Norr; the first of Väst is 10 and of Öst 11.
        (Selection(NUMBER, 2, each_unit=True), 2, [8, 3, 11, 10]),
        (Selection(SHARE, 30, each_unit=True), 4, [8, 3, 11, 4, 10]),
        (Selection(A_MONTH, 1, each_unit=True), 3, [8, 3, 11, 10]),
        (Selection(ALL, each_unit=True), 12, LOT_ORDER),
    ],
)
def test_the_stored_vector_of_each_kind_of_selection_holds(plan, size, taken):
    assert ALGORITHM == "sample-1+hmac-sha256-1"
    assert take(SEED, TWELVE, plan) == taken
    assert planned_size(TWELVE, plan) == size
    assert added_for_units(TWELVE, plan, taken) == len(taken) - size


def test_a_size_alone_is_drawn_as_drawing_draws_the_places():
    assert take(SEED, numbered(12), Selection(SHARE, 30)) == [8, 3, 11, 4]
    assert take(SEED, numbered(1_000), Selection(NUMBER, 60)) == draw(SEED, range(1_000), 60)


@pytest.mark.parametrize(
    ("size", "per_cent", "n"), [(130, 5, 7), (1, 1, 1), (100, 7, 7), (101, 7, 8), (10**6, 29, 290_000)]
)
def test_a_share_is_rounded_up_to_whole_items_exactly(size, per_cent, n):
    # 6.5, 0.01, 7, 7.07, 290 000. In binary fractions 100 * 0.07 is a hair above 7, which would give 8.
    assert planned_size(numbered(size), Selection(SHARE, per_cent)) == n


def _walked(seed, items, plan):
    """The draw a second time: HMAC from the library, then a walk through everything in lot order."""
    lot = [hmac.new(seed, str(place).encode(), "sha256").hexdigest() for place in range(len(items))]
    walk = sorted(range(len(items)), key=lambda place: lot[place])
    room = Counter(
        {None: {NUMBER: plan.amount, SHARE: math.ceil(len(items) * plan.amount / 100)}.get(plan.by, len(items))}
    )
    if plan.by is A_MONTH:
        room = Counter({item.month: plan.amount for item in items})
    taken = set()
    for place in walk:
        box = items[place].month if plan.by is A_MONTH else None
        if room[box]:
            room[box] -= 1
            taken.add(place)
    for place in walk:
        if plan.each_unit and items[place].unit not in {items[other].unit for other in taken}:
            taken.add(place)
    return [place for place in walk if place in taken]


@given(FULLS, SEEDS, st.sampled_from(SelectBy), st.integers(1, 30), st.booleans())
def test_the_draw_is_what_a_walk_in_lot_order_takes(items, seed, by, amount, each_unit):
    plan = Selection(by, 0 if by is ALL else min(amount, len(items)), each_unit)
    population = read_items(items)
    taken = take(seed, population, plan)
    assert taken == _walked(seed, list(population), plan)
    assert not each_unit or {population.units[place] for place in taken} == set(population.units)


@pytest.mark.parametrize(
    ("by", "amount", "code", "told"),
    [
        (NUMBER, 0, "sample_number", "Skriv ett antal som är minst 1 och högst en miljon"),
        (NUMBER, -1, "sample_number", "minst 1"),
        (A_MONTH, 0, "sample_number", "minst 1"),
        (A_MONTH, 1_000_001, "sample_number", "högst en miljon"),
        (SHARE, 0, "sample_share", "Skriv andelen i hela procent, från 1 till 100"),
        (SHARE, 101, "sample_share", "från 1 till 100"),
        (ALL, 5, "sample_all", "Alla tas. Lämna antalet tomt, eller välj ett annat urval"),
    ],
)
def test_an_amount_that_makes_no_sense_is_refused(by, amount, code, told):
    with expect_refusal(code, "amount", told):
        Selection(by, amount)


SOME = read_items([Item("A", "2021-01"), Item("B", None, "Norr"), Item("C")])


@pytest.mark.parametrize(
    ("population", "plan", "code", "field", "told"),
    [
        (
            TWELVE,
            Selection(NUMBER, 13),
            "sample_more",
            "amount",
            "Det finns 12 att dra ur. Välj ett antal från 1 till 12",
        ),
        (SOME, Selection(A_MONTH, 1), "sample_months", "by", "2 av 3 saknar månad. Skriv månaden för alla, eller välj"),
        (numbered(9), Selection(A_MONTH, 1), "sample_months", "by", "9 av 9 saknar månad"),
        (SOME, Selection(NUMBER, 1, True), "sample_units", "each_unit", "2 av 3 saknar enhet. Skriv enheten för alla"),
        (numbered(9), Selection(ALL, 0, True), "sample_units", "each_unit", "9 av 9 saknar enhet"),
    ],
)
def test_a_plan_that_the_population_cannot_bear_is_refused_everywhere(population, plan, code, field, told):
    with expect_refusal(code, field, told):
        check_selection(population, plan)
    with expect_refusal(code, field, told):
        take(SEED, population, plan)
    with expect_refusal(code, field, told):
        replacement(SEED, population, plan, [0], 0)


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_of_another_length_is_refused(seed):
    with pytest.raises(ValueError, match="seed"):
        take(seed, TWELVE, Selection(NUMBER, 1))


# Redraws, dropouts and what the sample came to


@pytest.mark.parametrize(
    ("plan", "taken", "dropout", "instead"),
    [
        (Selection(NUMBER, 3), [8, 3, 11], 3, 4),
        (Selection(SHARE, 30), [8, 3, 11, 4], 3, 0),
        (Selection(ALL), LOT_ORDER, 3, None),
        # Of January 3 and 4 are taken, so 0 is next; of February 8 and 7, so 9; of March there are no more.
        (Selection(A_MONTH, 2), [8, 3, 11, 4, 7, 10], 3, 0),
        (Selection(A_MONTH, 2), [8, 3, 11, 4, 7, 10], 8, 9),
        (Selection(A_MONTH, 2), [8, 3, 11, 4, 7, 10], 11, None),
        # Of Väst 9 is left, of Norr 0; of Öst nothing, so the next of all is taken.
        (Selection(NUMBER, 2, each_unit=True), [8, 3, 11, 10], 10, 9),
        (Selection(NUMBER, 2, each_unit=True), [8, 3, 11, 10], 3, 0),
        (Selection(NUMBER, 2, each_unit=True), [8, 3, 11, 10], 11, 4),
        # Of January and Norr 0, of March and Öst nothing but nothing of March either.
        (Selection(A_MONTH, 1, each_unit=True), [8, 3, 11, 10], 3, 0),
        (Selection(A_MONTH, 1, each_unit=True), [8, 3, 11, 10], 11, None),
    ],
)
def test_a_dropout_is_replaced_by_the_next_in_lot_order(plan, taken, dropout, instead):
    assert replacement(SEED, TWELVE, plan, taken, dropout) == instead


@given(SEEDS, st.integers(1, 20))
def test_one_replacement_after_the_other_is_the_rest_of_the_draw(seed, n):
    taken = take(seed, numbered(20), Selection(NUMBER, n))
    while (instead := replacement(seed, numbered(20), Selection(NUMBER, n), taken, taken[0])) is not None:
        taken.append(instead)
    assert taken == take(seed, numbered(20), Selection(ALL))


@pytest.mark.parametrize(("taken", "dropout"), [([], 0), ([1, 2], 0), ([0, 12], 0), ([-1, 0], 0)])
def test_only_what_was_taken_can_drop_out(taken, dropout):
    with pytest.raises(ValueError, match="those taken"):
        replacement(SEED, TWELVE, Selection(NUMBER, 2), taken, dropout)


def test_the_first_draw_needs_no_reason_and_the_next_a_few_words():
    assert check_redraw("", 0) is None
    assert check_redraw(" Fel  period angavs ", 1) is None


@pytest.mark.parametrize("reason", ["", "   ", "fel", "fel period", "1 2 3", "fel - period"])
@pytest.mark.parametrize("done", [1, 2])
def test_a_new_draw_without_a_few_words_is_refused(reason, done):
    with expect_refusal("redraw_reason", "reason", "Skriv med några ord varför stickprovet dras om. Båda dragningarna"):
        check_redraw(reason, done)


def test_a_dropout_needs_a_reason():
    assert check_dropout("Makulerad") is None
    for reason in ("", " \n", "-", "1"):
        with expect_refusal("dropout_reason", "reason", "Skriv varför posten inte går att kontrollera."):
            check_dropout(reason)
