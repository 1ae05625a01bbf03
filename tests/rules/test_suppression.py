"""Suppression: cases worked by hand, and a brute force that tries every table a reader could think of."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from tracker.rules.suppression import GroupFigures, Suppressed, suppress

Row = Sequence[int | None]
Table = list[tuple[Row, Row]]  # per group: counts and bins, None where the reader sees nothing
ANY_DAYS = (1000, 100.0, 200)


def group(counts: Sequence[int], bins: Sequence[int], days: tuple[int, float, int] = ANY_DAYS) -> GroupFigures:
    return GroupFigures(tuple(counts), tuple(bins), days)


def cells(result: Suppressed) -> list[tuple[tuple[int | None, ...], tuple[int | None, ...]]]:
    return [(shown.counts, shown.bins) for shown in result.groups]


# --- Brute force. It knows nothing of flows: it lists tables. ---


def splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways to write a total as a sum of so many numbers, none below 0."""
    if parts == 0:
        if total == 0:
            yield ()
        return
    for first in range(total + 1) if parts > 1 else (total,):
        for rest in splits(total - first, parts - 1):
            yield (first, *rest)


def filled(row: Row, values: Sequence[int]) -> list[int]:
    """The row with its hidden cells, in order, holding these values."""
    at = iter(values)
    return [next(at) if cell is None else cell for cell in row]


def all_counts(shown: Table, totals: Sequence[int], sizes: Sequence[int | None]) -> Iterator[list[list[int]]]:
    """Every filling of the classes that gives the column totals, and the group sizes where they are shown."""
    if not totals:
        if all(size in (None, 0) for size in sizes):
            yield [[] for _ in shown]
        return
    column: Row = [counts[0] for counts, _ in shown]
    rest: Table = [(counts[1:], bins) for counts, bins in shown]
    left = totals[0] - sum(cell for cell in column if cell is not None)
    if left < 0:
        return
    for values in splits(left, column.count(None)):
        first = filled(column, values)
        sizes_left = [None if size is None else size - n for size, n in zip(sizes, first, strict=True)]
        if all(size is None or size >= 0 for size in sizes_left):
            for others in all_counts(rest, totals[1:], sizes_left):
                yield [[n, *other] for n, other in zip(first, others, strict=True)]


def all_bins(rows: Sequence[Row], sizes: Sequence[int]) -> Iterator[list[list[int]]]:
    """Every filling of the bins that gives the group sizes."""
    if not rows:
        yield []
        return
    left = sizes[0] - sum(cell for cell in rows[0] if cell is not None)
    if left >= 0:
        for values in splits(left, rows[0].count(None)):
            for others in all_bins(rows[1:], sizes[1:]):
                yield [filled(rows[0], values), *others]


def consistent(shown: Table, totals: Sequence[int]) -> Iterator[tuple[list[list[int]], list[list[int]]]]:
    """Every table (counts, bins) that agrees with what is shown, the totals, and no group being empty."""
    known = [None if None in bins else sum(n for n in bins if n is not None) for _, bins in shown]
    for counts in all_counts(shown, totals, known):
        sizes = [sum(row) for row in counts]
        if min(sizes) >= 1:
            for bins in all_bins([bins for _, bins in shown], sizes):
                yield counts, bins


def small_cells(groups: Sequence[GroupFigures]) -> Iterator[tuple[int, int, int, int]]:
    """The place (group, counts or bins, position) and value of every number from 1 to 4."""
    for g, figures in enumerate(groups):
        for side, row in enumerate((figures.counts, figures.bins)):
            for i, value in enumerate(row):
                if 1 <= value <= 4:
                    yield g, side, i, value


def column_totals(groups: Sequence[GroupFigures]) -> list[int]:
    return [sum(column) for column in zip(*(figures.counts for figures in groups), strict=True)]


def given_away(groups: Sequence[GroupFigures], shown: Table) -> list[tuple[int, int, int, int]]:
    """The small numbers for which no table that agrees with what is shown has another value."""
    totals = column_totals(groups)
    found = []
    for g, side, i, value in small_cells(groups):
        assert shown[g][side][i] is None

        def possible(other: int, g: int = g, side: int = side, i: int = i) -> bool:
            pinned = [[list(row) for row in pair] for pair in shown]
            pinned[g][side][i] = other
            return any(True for _ in consistent([(a, b) for a, b in pinned], totals))

        others = sorted(set(range(sum(totals) + 1)) - {value}, key=lambda n, value=value: abs(n - value))
        if not any(possible(other) for other in others):
            found.append((g, side, i, value))
    return found


def blank(groups: Sequence[GroupFigures]) -> Table:
    """The table with every cell hidden."""
    return [([None] * len(figures.counts), [None] * len(figures.bins)) for figures in groups]


@st.composite
def tables(draw: st.DrawFn, top: int = 7, min_groups: int = 1) -> list[GroupFigures]:
    """Small tables with many zeros, and numbers on both sides of the limit."""
    classes, bins = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    number = st.one_of(st.just(0), st.integers(0, min(2, top)), st.integers(0, top))
    result = []
    for _ in range(draw(st.integers(min_groups, 3))):
        counts = draw(st.lists(number, min_size=classes, max_size=classes))
        if not any(counts):
            counts[-1] = 1
        cuts = sorted(draw(st.lists(st.integers(0, sum(counts)), min_size=bins - 1, max_size=bins - 1)))
        result.append(group(counts, [b - a for a, b in pairwise([0, *cuts, sum(counts)])]))
    return result


no_files = settings(database=None, deadline=None, max_examples=300)


def test_brute_force_lists_every_table() -> None:
    # Column total 2 over two groups of at least 1: each is 1, and its clock is in one of two bins.
    shown: Table = [([None], [None, None]), ([None], [None, None])]
    assert list(consistent(shown, [2])) == [
        ([[1], [1]], [[0, 1], [0, 1]]),
        ([[1], [1]], [[0, 1], [1, 0]]),
        ([[1], [1]], [[1, 0], [0, 1]]),
        ([[1], [1]], [[1, 0], [1, 0]]),
    ]


@no_files
@given(tables())
def test_nothing_small_is_shown_or_given_away(groups: list[GroupFigures]) -> None:
    result = suppress(groups)
    event(f"complete: {result.complete}")
    for figures, shown in zip(groups, result.groups, strict=True):
        for true, seen in ((figures.counts, shown.counts), (figures.bins, shown.bins)):
            for a, b in zip(true, seen, strict=True):
                assert b is None if 1 <= a <= 4 else b in (None, a)
    if result.complete:
        assert given_away(groups, cells(result)) == []
    else:
        assert cells(result) == [(tuple(counts), tuple(bins)) for counts, bins in blank(groups)]


@no_files
@given(st.one_of(tables(), tables(top=1, min_groups=2), tables(top=2)))
def test_gives_up_exactly_when_the_totals_alone_give_a_number_away(groups: list[GroupFigures]) -> None:
    result = suppress(groups)
    event(f"complete: {result.complete}")
    assert result.complete is (given_away(groups, blank(groups)) == [])


@no_files
@given(tables(top=12))
@example([group([5, 0], [0, 5]), group([7, 6], [13, 0])])
def test_without_small_numbers_nothing_is_hidden(groups: list[GroupFigures]) -> None:
    # Times five: 0 stays 0, everything else leaves the reach of the rule.
    large = [group([n * 5 for n in g.counts], [n * 5 for n in g.bins]) for g in groups]
    result = suppress(large)
    assert cells(result) == [(g.counts, g.bins) for g in large]
    assert [shown.days for shown in result.groups] == [ANY_DAYS] * len(large)
    assert result.complete
    assert result.top_days_shown


@no_files
@given(tables(), st.sets(st.integers(0, 2)))
def test_a_bin_known_to_be_empty_protects_nothing(groups: list[GroupFigures], known: set[int]) -> None:
    result = suppress(groups, always_empty=known)
    event(f"complete: {result.complete}")
    seen = [
        (shown.counts, [0 if i in known and not figures.bins[i] else n for i, n in enumerate(shown.bins)])
        for figures, shown in zip(groups, result.groups, strict=True)
    ]
    assert bool(given_away(groups, seen)) is not result.complete


# --- Cases worked by hand. ---


def test_worked_example_of_the_docstring() -> None:
    result = suppress([group([2, 6], [8, 0]), group([7, 9], [16, 0])])
    assert cells(result) == [((None, 6), (None, 0)), ((None, 9), (16, None))]
    assert result.complete


def test_a_small_cell_takes_a_partner_in_its_column() -> None:
    # Rounds of four classes, or of two classes and two bins: the 9 is dearer than the 8, and the
    # bins (20, 30 and more) dearer than the second class (11 and 10). The third group is left alone.
    figures = [group([2, 20], [22]), group([8, 21], [29]), group([9, 40], [49])]
    result = suppress(figures)
    assert cells(result) == [((None, None), (22,)), ((None, None), (29,)), ((9, 40), (49,))]
    assert result.complete


def test_a_small_bin_takes_a_partner_in_its_group() -> None:
    # A zero is the cheapest partner: the 3 may now be 0 to 3, with the rest in the empty bin.
    result = suppress([group([9], [3, 6, 0]), group([8], [8, 0, 0])])
    assert cells(result) == [((9,), (None, 6, None)), ((8,), (8, 0, 0))]
    assert result.complete


def test_without_zeros_the_smaller_number_is_the_partner() -> None:
    result = suppress([group([19], [3, 9, 7]), group([18], [5, 6, 7])])
    assert cells(result) == [((19,), (None, 9, None)), ((18,), (5, 6, 7))]


def test_a_zero_nobody_believes_in_is_no_partner() -> None:
    figures = [group([9], [0, 3, 6]), group([8], [0, 8, 0])]
    assert cells(suppress(figures))[0] == ((9,), (None, None, 6))
    assert cells(suppress(figures, always_empty={0}))[0] == ((9,), (0, None, None))


def test_two_zeros_in_a_column_protect_the_classes() -> None:
    # A clock of A's second class may be B's, and one of B's first class A's.
    result = suppress([group([0, 3, 50], [53]), group([3, 0, 50], [53])])
    assert cells(result) == [((None, None, 50), (53,)), ((None, None, 50), (53,))]
    assert result.complete


def test_a_column_with_one_small_number_and_zeros_hides_a_zero() -> None:
    result = suppress([group([3, 50], [53]), group([0, 50], [50])])
    assert cells(result)[1] == ((None, None), (50,))
    assert result.complete


def test_small_cells_can_protect_each_other() -> None:
    result = suppress([group([1, 2], [2, 1]), group([2, 1], [1, 2]), group([9, 9], [9, 9])])
    assert cells(result)[2] == ((9, 9), (9, 9))
    assert result.complete


def test_a_group_with_something_hidden_is_preferred_to_a_whole_one() -> None:
    # The 5 is less than the 10, but hiding it would cost the second group's days too.
    result = suppress([group([2, 20], [20, 2]), group([5, 50], [55, 0]), group([10, 50], [57, 3])])
    assert cells(result) == [((None, 20), (20, None)), ((5, 50), (55, 0)), ((None, 50), (57, None))]
    assert result.complete


def test_a_single_group_follows_from_the_totals() -> None:
    result = suppress([group([2, 10], [12, 0])])
    assert cells(result) == [((None, None), (None, None))]
    assert not result.complete
    assert result.groups[0].days is None
    assert not result.top_days_shown


def test_a_single_group_with_a_small_bin_only() -> None:
    # The classes follow from the totals but are large; the bins have no totals.
    result = suppress([group([12], [2, 10])])
    assert cells(result) == [((12,), (None, None))]
    assert result.complete
    assert not result.top_days_shown


@pytest.mark.parametrize("k", [2, 3, 7])
def test_as_many_clocks_of_one_class_as_groups(k: int) -> None:
    # No group is empty, so each has exactly one.
    result = suppress([group([1, 0], [1, 0])] * k)
    assert not result.complete
    assert cells(result) == [((None, None), (None, None))] * k


def test_one_clock_more_than_groups_leaves_room() -> None:
    result = suppress([group([1], [1, 0]), group([1], [0, 1]), group([2], [1, 1])])
    assert result.complete


def test_as_many_clocks_as_groups_in_two_classes_can_change_places() -> None:
    result = suppress([group([1, 0], [1, 0]), group([0, 1], [1, 0])])
    assert result.complete
    assert cells(result) == [((None, None), (None, None))] * 2


def test_a_group_of_one_clock_cannot_lose_it() -> None:
    # A's clock has no other class to be in (class two is empty in all groups). B may lend A one.
    result = suppress([group([1, 0], [1]), group([9, 0], [9])])
    assert result.complete
    assert cells(result) == [((None, 0), (None,)), ((None, 0), (None,))]
    assert min(a[0][0][0] for a in consistent(cells(result), [10, 0])) == 1


def test_another_limit() -> None:
    figures = [group([5, 20], [25]), group([8, 21], [29])]
    assert cells(suppress(figures))[0] == ((5, 20), (25,))
    assert cells(suppress(figures, below=6))[0][0][0] is None
    assert cells(suppress(figures, below=1)) == [(g.counts, g.bins) for g in figures]


def test_no_groups() -> None:
    assert suppress([]) == Suppressed((), True, True)


@pytest.mark.parametrize(
    "figures",
    [
        [group([1], [2])],
        [group([0], [0])],
        [group([-1, 2], [1, 0])],
        [group([5], [5]), group([5, 0], [5])],
        [group([5], [5]), group([5], [5, 0])],
    ],
)
def test_figures_that_cannot_be_are_refused(figures: list[GroupFigures]) -> None:
    with pytest.raises(ValueError, match="group"):
        suppress(figures)


# --- Days. ---

BIG, BIGGER, SMALL = (500, 100.0, 100), (900, 100.0, 110), (1200, 99.5, 300)


def days(result: Suppressed) -> list[tuple[int, float, int] | None]:
    return [shown.days for shown in result.groups]


def test_days_of_one_hidden_group_hide_those_over_all_groups() -> None:
    result = suppress([group([9], [9, 0], BIGGER), group([9], [3, 6], SMALL), group([5], [5, 0], BIG)])
    assert cells(result)[2] == ((5,), (5, 0))
    assert days(result) == [BIGGER, None, BIG]
    assert not result.top_days_shown


def test_the_longest_wait_does_not_tell_in_which_group_it_lies() -> None:
    # The longest wait over all is 600 days, which only the last bin can hold: it would give the hidden 1 away.
    result = suppress([group([9], [8, 1], (1_800, 150.0, 600)), group([9], [9, 0], (1_350, 150.0, 160))])
    assert cells(result)[0] == ((9,), (8, None)) or cells(result)[0] == ((9,), (None, None))
    assert not result.top_days_shown


def test_days_of_two_hidden_groups_need_no_third() -> None:
    result = suppress([group([9], [9, 0], BIGGER), group([9], [3, 6], SMALL), group([5], [4, 1], BIG)])
    assert days(result) == [BIGGER, None, None]


@pytest.mark.parametrize("small", [(0, 0.0, 1), (4, 0.5, 4), (30, 2.5, 20), (100, 4.0, 60), (500, 1.0, 400)])
def test_a_small_number_of_days_hides_the_days(small: tuple[int, float, int]) -> None:
    result = suppress([group([9], [9, 0], small), group([9], [9, 0], BIG), group([10], [10, 0], BIGGER)])
    assert days(result) == [None, BIG, BIGGER]
    assert not result.top_days_shown
    assert cells(result) == [((9,), (9, 0)), ((9,), (9, 0)), ((10,), (10, 0))]


@pytest.mark.parametrize("large", [(0, 0.0, 0), (5, 0.5, 5), (5, 4.5, 5), BIG])
def test_other_numbers_of_days_are_shown(large: tuple[int, float, int]) -> None:
    result = suppress([group([9], [9], large), group([9], [9], BIG)])
    assert days(result) == [large, BIG]


def test_days_of_the_only_group_hide_those_over_all_groups() -> None:
    result = suppress([group([9], [9], (400, 3.0, 200))])
    assert days(result) == [None]
    assert not result.top_days_shown
    assert result.complete


@pytest.mark.parametrize(("clocks", "shown"), [(4, False), (5, True)])
def test_few_clocks_in_all_hide_the_days_over_all_groups(clocks: int, shown: bool) -> None:
    assert suppress([group([clocks], [clocks])]).top_days_shown is shown


def test_a_large_report() -> None:
    # 300 groups of six classes and six bins, all sorts of numbers from a fixed row of remainders.
    numbers = [n * n * 7 % 31 * (n % 3 > 0) for n in range(1, 1801)]
    figures = []
    for g in range(300):
        counts = numbers[6 * g : 6 * g + 6]
        figures.append(group(counts, [sum(counts) - 3 * (g % 2), 3 * (g % 2), 0, 0, 0, 0]))
    result = suppress(figures)
    assert result.complete
    hidden = sum(n is None for shown in result.groups for n in shown.counts + shown.bins)
    small = len(list(small_cells(figures)))
    assert small > 0
    assert small <= hidden <= 2 * small
