"""Over many seeds no item is taken more often than another; and a draw that favours somebody is found by the same test.

The statistic, for each group within which all are to be alike (all items, those of a month, of a unit): let a draw take
k of the group's m items. Were each as likely, an item's number of times over all draws would have the mean sum(k / m),
and as a draw puts nothing back, sum(k * (m - k) / (m * (m - 1))) stands where a plain chi-square has the mean. Summed
over the groups it is chi-square with the sum of m - 1 degrees of freedom, of the groups not always taken whole.

The limits are exceeded once in 1 000 by chance: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4, upper-tail
critical values of the chi-square distribution, column 0.001. The seeds are fixed, so the tests give the same each time.
"""

import hashlib
from collections import Counter
from itertools import combinations

import pytest

from tracker.rules import sampling
from tracker.rules.drawing import lot
from tracker.rules.sampling import Item, SelectBy, Selection, read_items, take

LIMITS = {16: 39.252, 17: 40.790, 19: 43.820, 27: 55.476}
SEEDS = [hashlib.sha256(b"sample %d" % number).digest() for number in range(4_000)]
NUMBER, SHARE, A_MONTH, ALL = SelectBy

# Twenty items: 12 of January, 6 of February, 2 of March; the units have 10, 7 and 3, mixed over the months.
TWENTY = read_items(
    Item(f"F-{place:02}", "2021-01" if place < 12 else "2021-02" if place < 18 else "2021-03", unit)
    for place, unit in enumerate("NSNSNÖNSNSNSNSNÖNSNÖ")
)
EVERYTHING = [list(range(20))]
BY_MONTH = [list(range(12)), list(range(12, 18)), [18, 19]]
BY_UNIT = [[place for place in range(20) if TWENTY.units[place] == unit] for unit in "NSÖ"]


def _chi_square(draws, groups):
    """(the statistic, its degrees of freedom)."""
    times = Counter(place for taken in draws for place in taken)
    found, freedom = 0.0, 0
    for group in groups:
        m = len(group)
        of_group = [len(set(taken) & set(group)) for taken in draws]
        spread = sum(k * (m - k) / (m * (m - 1)) for k in of_group)
        if spread:
            found += sum((times[place] - sum(of_group) / m) ** 2 for place in group) / spread
            freedom += m - 1
    return found, freedom


# Each kind with the groups within which all are alike. March has 2 and up to 3 are taken: always whole, no freedom, and
# 11 + 5 = 16. With each unit at least one, small units are taken more often, within a unit all alike: 9 + 6 + 2 = 17.
KINDS = {
    "number": (Selection(NUMBER, 3), EVERYTHING, 19),
    "share": (Selection(SHARE, 15), EVERYTHING, 19),
    "a month": (Selection(A_MONTH, 3), BY_MONTH, 16),
    "number, each unit": (Selection(NUMBER, 3, each_unit=True), BY_UNIT, 17),
}


def _no_lots(_seed):
    """The first n places, whatever the seed."""
    return lambda place: b"%03d" % place


def _lots_modulo(seed):
    """Sixteen lots for all: many are equal, and then the smaller place is taken."""
    return lambda place: bytes([lot(seed, place)[0] % 16])


def test_the_statistic_is_what_it_is_by_hand():
    # One of two is taken, three times the one and once the other: mean 2, spread 4 * 1 * 1 / (2 * 1) = 2, (1 + 1) / 2.
    assert _chi_square([[0], [0], [0], [1]], [[0, 1]]) == (1.0, 1)
    # Two of three, and each left out once: all twice. The other two are always taken, so their group has no freedom.
    assert _chi_square([[0, 1, 3, 4], [0, 2, 3, 4], [1, 2, 3, 4]], [[0, 1, 2], [3, 4]]) == (0.0, 2)


@pytest.mark.parametrize("kind", KINDS)
def test_no_item_is_taken_more_often_than_another(kind):
    plan, groups, freedom = KINDS[kind]
    found, of = _chi_square([take(seed, TWENTY, plan) for seed in SEEDS], groups)
    assert of == freedom
    assert found < LIMITS[freedom]


@pytest.mark.parametrize("plan", [*(plan for plan, _, _ in KINDS.values()), Selection(ALL)])
def test_no_item_comes_first_more_often_than_another(plan):
    found, freedom = _chi_square([take(seed, TWENTY, plan)[:1] for seed in SEEDS], EVERYTHING)
    assert freedom == 19
    assert found < LIMITS[19]


def _pairs(draws):
    """How often each of the 28 pairs out of eight was drawn, as draws of one out of 28."""
    number = {frozenset(pair): place for place, pair in enumerate(combinations(range(8), 2))}
    return _chi_square([[number[frozenset(taken)]] for taken in draws], [list(range(28))])


def test_no_two_items_are_taken_together_more_often_than_others():
    found, freedom = _pairs([take(seed, sampling.numbered(8), Selection(NUMBER, 2)) for seed in SEEDS])
    assert freedom == 27
    assert found < LIMITS[27]


def test_two_neighbours_drawn_together_are_found():
    # Each item is taken as often as any other, but only beside the next.
    firsts = [take(seed, sampling.numbered(8), Selection(NUMBER, 1))[0] for seed in SEEDS]
    assert _pairs([[first, (first + 1) % 8] for first in firsts])[0] > LIMITS[27]


@pytest.mark.parametrize("biased", [_no_lots, _lots_modulo])
@pytest.mark.parametrize("kind", KINDS)
def test_a_draw_that_favours_some_is_found(kind, biased, monkeypatch):
    plan, groups, freedom = KINDS[kind]
    monkeypatch.setattr(sampling, "lots", biased)
    draws = [take(seed, TWENTY, plan) for seed in SEEDS]
    assert _chi_square(draws, groups)[0] > LIMITS[freedom]
    assert _chi_square([taken[:1] for taken in draws], EVERYTHING)[0] > LIMITS[19]


@pytest.mark.parametrize("biased", [_no_lots, _lots_modulo])
def test_an_order_of_all_that_favours_some_is_found(biased, monkeypatch):
    monkeypatch.setattr(sampling, "lots", biased)
    draws = [take(seed, TWENTY, Selection(ALL))[:1] for seed in SEEDS]
    assert _chi_square(draws, EVERYTHING)[0] > LIMITS[19]
