"""Which days may an occasion of a guarantee have, how does it stand, and what has the law settled of its limit?

The law limits a förhandsbedömning to 14 days, longer only for *synnerliga skäl* (20 kap. 2 § SoL), a barnutredning to
four months, longer for a certain time for *särskilda skäl* (20 kap. 3 §), and asks for an övervägande at least every
six months (22 kap. 13 §). A committee may promise more in a guarantee of its own; it cannot loosen these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tracker.rules.calendar import add_months, in_words
from tracker.rules.errors import RuleViolation
from tracker.rules.guarantees import GuaranteeKind

STATUTORY = frozenset({
    GuaranteeKind.PRELIMINARY_ASSESSMENT, GuaranteeKind.CHILD_INVESTIGATION, GuaranteeKind.CARE_CONSIDERATION,
})  # fmt: skip
PROLONGED_FOR = {
    GuaranteeKind.PRELIMINARY_ASSESSMENT: "synnerliga skäl",
    GuaranteeKind.CHILD_INVESTIGATION: "särskilda skäl",
}
EARLIEST, MOST_YEARS_AHEAD = date(1990, 1, 1), 10
TOO_EARLY = f"Skriv en dag från {EARLIEST}. Tidigare tillfällen hör inte hit."
RECURS = frozenset({GuaranteeKind.CARE_CONSIDERATION})


class OccasionState(StrEnum):
    """How an occasion stands, by the names in addresses."""

    RUNNING = "pagar"
    LATE = "forsenade"
    IN_TIME = "i-tid"
    MISSED = "missade"
    CANCELLED = "avbrutna"


@dataclass(frozen=True, slots=True)
class OccasionDays:
    """The days of an occasion. `limit_on`: the last day by the limit; `prolonged_to`: the last day by a decision made
    on `prolonged_on`.
    """

    started_on: date
    limit_on: date
    prolonged_to: date | None = None
    prolonged_on: date | None = None
    ended_on: date | None = None
    cancelled_on: date | None = None

    @property
    def due_on(self) -> date:
        """The last day in time: the prolonged one where there is one."""
        return self.prolonged_to or self.limit_on


def state_of(days: OccasionDays, today: date) -> OccasionState:
    """How it stands today. One that ends on its last day is in time; one that runs is late from the day after."""
    if days.cancelled_on is not None:
        return OccasionState.CANCELLED
    if days.ended_on is None:
        return OccasionState.LATE if today > days.due_on else OccasionState.RUNNING
    return OccasionState.MISSED if days.ended_on > days.due_on else OccasionState.IN_TIME


def is_missed(days: OccasionDays, today: date) -> bool:
    """Whether its last day has passed without it being done: ended too late, or still running."""
    return state_of(days, today) in {OccasionState.LATE, OccasionState.MISSED}


def wrong_start(started_on: date, today: date) -> list[RuleViolation]:
    """What is wrong with the first day of an occasion: told before its last day is worked out."""
    if started_on > today:
        return [_wrong("startdatum", f"{in_words(started_on)} ligger i framtiden. Rätta dagen.")]
    return [] if started_on >= EARLIEST else [_wrong("startdatum", TOO_EARLY)]


def wrong_occasion(days: OccasionDays, today: date) -> list[RuleViolation]:
    """What contradicts itself in the days, each at its field; empty when they are right."""
    found = wrong_start(days.started_on, today)
    for field, day, what in (("slutdatum", days.ended_on, "Slutdagen"), ("avbruten", days.cancelled_on, "Dagen")):
        if day is None:
            continue
        if day > today:
            found.append(_wrong(field, f"{in_words(day)} ligger i framtiden. Rätta dagen."))
        elif day < days.started_on:
            found.append(_wrong(field, f"{what} ligger före startdagen, {in_words(days.started_on)}. Rätta en av dem."))
    return found


def wrong_prolonging(days: OccasionDays, today: date) -> list[RuleViolation]:
    """What is wrong with how it is prolonged: to a day after the limit and at most ten years from today; decided while
    the limit still ran.
    """
    to, decided = days.prolonged_to, days.prolonged_on
    found = []
    if to is not None and to <= days.limit_on:
        found.append(_wrong("forlangd_till", f"Skriv en dag efter {in_words(days.limit_on)}, då tiden annars går ut."))
    latest = add_months(today, MOST_YEARS_AHEAD * 12)
    if to is not None and to > latest:
        found.append(_wrong("forlangd_till", f"Skriv en dag till och med {in_words(latest)}."))
    if decided is None:
        return found
    if decided > today:
        found.append(_wrong("beslutad", f"{in_words(decided)} ligger i framtiden. Rätta dagen."))
    elif not days.started_on <= decided <= days.limit_on:
        said = f"Beslutet behöver ligga mellan startdagen och {in_words(days.limit_on)}, då tiden går ut."
        found.append(_wrong("beslutad", said))
    return found


def _wrong(field: str, message: str) -> RuleViolation:
    return RuleViolation(f"guarantee_{field}", message, field)


def mean(excesses: Sequence[int]) -> Fraction | None:
    """The exact mean of by how much some were exceeded; None of none."""
    return Fraction(sum(excesses), len(excesses)) if excesses else None


def median(excesses: Sequence[int]) -> Fraction | None:
    """The middle one in order, or halfway between the two in the middle; None of none."""
    if not excesses:
        return None
    ordered, middle = sorted(excesses), len(excesses) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)
