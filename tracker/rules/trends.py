"""Eight quarters side by side: what came, what went and what was open, and how much was kept in time.

Worked example: two cases were open as 2025 began, three came in its first quarter and one was closed: four were open on
31 March. What was open at first, and came, less what went, is what is open at the end, each quarter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from tracker.rules.quarters import FIRST_YEAR, Quarter

QUARTERS = 8
FIRST = Quarter(FIRST_YEAR, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """A quarter as it is counted on a day: `until` is its last day, or that day while it still runs.

    `past` is the last day that is over: a promise whose day is today can still be kept.
    """

    quarter: Quarter
    until: date
    past: date

    @property
    def running(self) -> bool:
        """Whether the quarter is not over yet."""
        return self.past < self.quarter.last_day


def spans_up_to(last: Quarter, today: date) -> tuple[Span, ...]:
    """The eight quarters that end with `last`, in order, as they stand today; what has not begun is not among them.

    There are fewer at the beginning of the years served.
    """
    quarter = min(last, Quarter.holding(today))
    found = [quarter]
    while len(found) < QUARTERS and quarter > FIRST:
        quarter = quarter.before
        found.append(quarter)
    yesterday = today - timedelta(days=1)
    return tuple(Span(one, min(one.last_day, today), min(one.last_day, yesterday)) for one in reversed(found))


@dataclass(frozen=True, slots=True)
class Flow:
    """What came and went in each quarter, and how many were open before the first."""

    opening: int
    came: tuple[int, ...]
    went: tuple[int, ...]

    @classmethod
    def of(cls, cells: Mapping[tuple[int, int], int], quarters: int) -> "Flow":
        """From how many came and went when: (place of the quarter, place of the quarter) → how many.

        Places begin with 1; 0 is before the first quarter, and `quarters` + 1 not by the end of the last.
        """
        places = range(1, quarters + 1)
        return cls(
            sum(count for (came, _), count in cells.items() if came == 0),
            tuple(sum(count for (came, _), count in cells.items() if came == place) for place in places),
            tuple(sum(count for (_, went), count in cells.items() if went == place) for place in places),
        )

    @property
    def open(self) -> tuple[int, ...]:
        """How many were open as each quarter ended."""
        changes = (came - went for came, went in zip(self.came, self.went, strict=True))
        return tuple(accumulate(changes, initial=self.opening))[1:]

    @property
    def open_before(self) -> tuple[int, ...]:
        """How many were open as each quarter began."""
        return (self.opening, *self.open)[:-1]

    @property
    def shown(self) -> tuple[int | None, ...]:
        """The number that its picture shows: what was open."""
        return self.open

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it at all."""
        return not (self.opening or any(self.came))

    def __add__(self, other: "Flow") -> "Flow":
        return Flow(self.opening + other.opening, _sums(self.came, other.came), _sums(self.went, other.went))


@dataclass(frozen=True, slots=True)
class Goal:
    """How many had their last day in each quarter, and how many of them were done by it."""

    due: tuple[int, ...]
    kept: tuple[int, ...]

    @property
    def percents(self) -> tuple[int | None, ...]:
        """The share in whole per cent, rounded half up: 2 of 3 is 67, 1 of 8 is 13; None for none of none."""
        pairs = zip(self.kept, self.due, strict=True)
        return tuple((200 * kept + due) // (2 * due) if due else None for kept, due in pairs)

    @property
    def shown(self) -> tuple[int | None, ...]:
        """The number that its picture shows: the share."""
        return self.percents

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it at all."""
        return not any(self.due)

    def __add__(self, other: "Goal") -> "Goal":
        return Goal(_sums(self.due, other.due), _sums(self.kept, other.kept))


def _sums(ours: Iterable[int], others: Iterable[int]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(ours, others, strict=True))
