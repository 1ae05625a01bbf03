"""Hide small numbers in the council's report, and whatever would give them away.

The report has one group per kind of help, clock and sex. A group holds its clocks counted by class
(`counts`), the same clocks counted by waiting time (`bins`) and three figures about days. The totals of the
classes over all groups are always published. A number from 1 to 4 tells too much about single persons, so it
is hidden. That is seldom enough, for the reader can reckon with

* the column totals: the cells of one class, over the groups, add up to a known number;
* the groups: the classes and the bins of a group add up to the same number, which is at least 1;
* every number being a whole number, not below 0.

A hidden number is *given away* if it is the same in every table that agrees with what is shown. Example:

            counts      bins                      counts      bins
    A       2    6      8    0            A       -    6      -    0
    B       7    9     16    0            B       -    9     16    -
    total   9   15                        total   9   15

Hiding the 2 alone is no use: 9 - 7 = 2. Hiding the 7 too is no use: group A is 8 clocks, and 8 - 6 = 2. To
the right the reader cannot tell a 2 and a 7 from a 1 and an 8 (A's hidden bin is then 7, and B's is 1).

What differs there is a *round*: one clock less in A, so one more in the same class of B, so one more in a bin
of B, so one less in a bin of A. Think of each clock as running through a net of pipes: from its class through
its group (in, then out) and its bin to one sink. Another table that agrees with what is shown is another flow
that differs only in hidden cells, and two flows differ by rounds. So a hidden cell is safe exactly when a
round of hidden cells goes through it that uses no pipe twice, where a step may always add a clock to a cell,
may take one only from a cell that is not 0, and may make a group smaller only if it has more than one clock.
(That is all "at least 1" means, whatever is hidden: the net stays the same, hiding only makes steps free.)

For each small cell in turn we therefore look for the cheapest round (Dijkstra), where hidden cells are free
and shown cells cost more the larger they are, and hide the cells on it. More hidden never makes a safe cell
unsafe, so once through is enough. If a cell has no round even when everything may be hidden (as with a single
group), the totals alone give it away: then all numbers in all groups are hidden and `complete` is false.

What the top figures of days say about the bins (none can be over the maximum) is not part of the net; the
caller passes bins that must be empty as `always_empty`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

Days = tuple[int, float, int]  # sum, median, max


@dataclass(frozen=True)
class GroupFigures:
    """The true numbers of one group; `counts` and `bins` have the same sum, at least 1."""

    counts: tuple[int, ...]
    bins: tuple[int, ...]
    days: Days


@dataclass(frozen=True)
class ShownGroup:
    """What is published of one group; None is a hidden number (for `days`: all three of them)."""

    counts: tuple[int | None, ...]
    bins: tuple[int | None, ...]
    days: Days | None


@dataclass(frozen=True)
class Suppressed:
    """The groups in the order they were given.

    `top_days_shown` says if the days over all groups may be published. `complete` is false if some small
    number follows from the column totals whatever is hidden.
    """

    groups: tuple[ShownGroup, ...]
    top_days_shown: bool
    complete: bool


def suppress(groups: Sequence[GroupFigures], below: int = 5, always_empty: Collection[int] = ()) -> Suppressed:
    """Hide the numbers from 1 up to, not including, `below`, and the numbers that would give them away.

    `always_empty` lists bins (by position) where a reader knows that a 0 must stand, by law or from other
    published figures: hiding such a 0 protects nothing, so it is never used for it.
    """
    _check(groups)
    net = _Net(groups, below, always_empty)
    complete = net.protect()
    counts: list[tuple[int | None, ...]] = []
    bins: list[tuple[int | None, ...]] = []
    for g, group in enumerate(groups):
        hide = net.hidden_in[g]
        everything = not complete
        counts.append(tuple(None if everything or (0, i) in hide else n for i, n in enumerate(group.counts)))
        bins.append(tuple(None if everything or (1, i) in hide else n for i, n in enumerate(group.bins)))
    whole = [None not in counts[g] and None not in bins[g] for g in range(len(groups))]
    days_shown, top_days_shown = _days(groups, whole, below)
    shown = tuple(
        ShownGroup(counts[g], bins[g], group.days if days_shown[g] else None) for g, group in enumerate(groups)
    )
    return Suppressed(shown, top_days_shown, complete)


def _check(groups: Sequence[GroupFigures]) -> None:
    """Refuse figures the reasoning does not hold for."""
    for group in groups:
        if min((*group.counts, *group.bins), default=0) < 0 or not sum(group.counts) == sum(group.bins) >= 1:
            raise ValueError("counts and bins of a group must have the same sum, at least 1, and no negatives")
        if (len(group.counts), len(group.bins)) != (len(groups[0].counts), len(groups[0].bins)):
            raise ValueError("all groups must have the same classes and the same bins")


def _days(groups: Sequence[GroupFigures], whole: Sequence[bool], below: int) -> tuple[list[bool], bool]:
    """Say for each group if its days may be shown, and if the days over all groups may.

    Days are only shown for a group with nothing hidden, as they tell of single persons and of which bins are
    empty. The days over all groups would tell the same of what is left, so they are shown only if every group's are.
    """
    shown = [whole[g] and not any(1 <= figure <= below - 1 for figure in group.days) for g, group in enumerate(groups)]
    return shown, all(shown) and not 1 <= sum(sum(group.counts) for group in groups) < below


class _Net:
    """The net of pipes; its nodes are the sink (0), the classes, and two for each group (in, out).

    Pipes are numbered: first the cells, and as the last number the inside of a group, which is always free.
    """

    def __init__(self, groups: Sequence[GroupFigures], below: int, always_empty: Collection[int]) -> None:
        self.hidden_in: list[set[tuple[int, int]]] = [set() for _ in groups]  # (0, class) or (1, bin)
        self.cells: list[tuple[int, int, int, int]] = []  # group, 0 or 1, class or bin, value
        self.ends: list[tuple[int, int]] = []  # the nodes a cell runs from and to
        self.of_group: list[list[int]] = [[] for _ in groups]
        width = len(groups[0].counts) if groups else 0
        self.classes = range(1, 1 + width)
        self.steps: list[list[tuple[int, int]]] = [[] for _ in range(1 + width + 2 * len(groups))]
        insides: list[tuple[int, int, bool]] = []
        for g, group in enumerate(groups):
            inner, outer = 1 + width + 2 * g, 2 + width + 2 * g
            for i, value in enumerate(group.counts):
                self._add(g, 0, i, value, (1 + i, inner))
            for i, value in enumerate(group.bins):
                if value or i not in always_empty:
                    self._add(g, 1, i, value, (outer, 0))
            insides.append((inner, outer, sum(group.counts) > 1))
        inside = len(self.cells)
        for inner, outer, may_shrink in insides:
            self.steps[inner].append((outer, inside))
            if may_shrink:
                self.steps[outer].append((inner, inside))
        # A first number hidden in a group takes its three figures of days with it: hence the 3.
        self.price = [value + 1 + 3 for _, _, _, value in self.cells] + [0]
        self.small = [cell for cell, (_, _, _, value) in enumerate(self.cells) if 1 <= value < below]

    def _add(self, group: int, side: int, index: int, value: int, ends: tuple[int, int]) -> None:
        """Add a cell: a clock more can always run through it, a clock less only if there is one."""
        cell = len(self.cells)
        self.cells.append((group, side, index, value))
        self.ends.append(ends)
        self.of_group[group].append(cell)
        self.steps[ends[0]].append((ends[1], cell))
        if value:
            self.steps[ends[1]].append((ends[0], cell))

    def hide(self, cell: int) -> None:
        """Hide a cell; from now on it costs nothing, and its group's others no longer cost the days."""
        group, side, index, _ = self.cells[cell]
        if not self.hidden_in[group]:
            for other in self.of_group[group]:
                self.price[other] -= 3
        self.hidden_in[group].add((side, index))
        self.price[cell] = 0

    def protect(self) -> bool:
        """Hide the small cells and, for each, the cheapest round through it; false if one has no round."""
        for cell in self.small:
            self.hide(cell)
        safe: set[int] = set()
        for cell in self.small:
            if cell in safe:
                continue
            # Both directions, the one that starts at the group first: it has few ways out, so it is quick.
            tail, head = self.ends[cell]
            group, other_end = (head, tail) if tail in self.classes else (tail, head)
            one = self.cheapest(group, other_end, cell)
            two = None if one and one[0] == 0 else self.cheapest(other_end, group, cell)
            rounds = [found for found in (one, two) if found]
            if not rounds:
                return False
            around = min(rounds)[1]
            for other in around:
                if self.price[other]:
                    self.hide(other)
            safe.update(around)
        return True

    def cheapest(self, start: int, goal: int, without: int) -> tuple[int, list[int]] | None:
        """Find the cheapest way from one node to another that does not use the cell `without`."""
        best = {start: 0}
        came: dict[int, tuple[int, int]] = {}
        # Of equally cheap nodes the goal goes first, then the last found: that is much the quickest.
        queue = [(0, True, 0, start)]
        while queue:
            cost, _, _, node = heappop(queue)
            if node == goal:
                break
            if cost > best[node]:
                continue
            for target, pipe in self.steps[node]:
                price = cost + self.price[pipe]
                if pipe != without and (target not in best or price < best[target]):
                    best[target] = price
                    came[target] = (node, pipe)
                    heappush(queue, (price, target != goal, -len(came), target))
        if goal not in came:
            return None
        way: list[int] = []
        node = goal
        while node != start:
            node, pipe = came[node]
            if pipe < len(self.cells):
                way.append(pipe)
        return best[goal], way
