"""For how long has somebody waited in all, when a decision replaces another on the same need?

A new decision must not set the wait to nothing unseen: it is counted from the first decision whose wait has not been
broken. What breaks it is an execution; that the earlier decision was closed as replaced does not. The report's clocks
are not touched by this. Source: ours, on 34 kap. 1 § socialtjänstlagen (2025:400), which counts from each decision.

Worked example: B-01 of 2021-01-07, closed 2021-06-01 as replaced by B-02 of 2021-06-01. On 2021-09-01 the wait is 237
days in all, 92 of them on B-02.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rules.errors import RuleViolation

LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True)
class ChainClock:
    """One clock of an earlier decision; `own`: the decision's, not an interruption's."""

    started_on: date
    executed_on: date | None = None
    own: bool = True


@dataclass(frozen=True, slots=True)
class TotalWait:
    """From which day somebody has waited in all, to which day, and over how many decisions."""

    from_on: date
    to_on: date
    decisions: int

    @property
    def days(self) -> int:
        """Whole days."""
        return (self.to_on - self.from_on).days


def total_wait(
    decided_on: date, ended_on: date | None, earlier: Sequence[Sequence[ChainClock]], today: date
) -> TotalWait:
    """The wait over a chain: the newest decision's own clock (`ended_on` None while it runs), and those it replaces.

    `earlier` holds each earlier decision's clocks, the latest replaced first.
    """
    from_on, decisions = decided_on, 1
    for clocks in earlier:
        waiting = [clock for clock in clocks if clock.executed_on is None]
        if not waiting:
            break
        first = min(waiting, key=lambda clock: clock.started_on)
        from_on, decisions = min(from_on, first.started_on), decisions + 1
        if not first.own:
            break  # it had been executed before that, and interrupted
    return TotalWait(from_on, ended_on or today, decisions)


def check_replacement(
    record_id: int, replaced_id: int, above: Sequence[int], decided_on: date, replaced_on: date
) -> None:
    """Whether one decision can replace another; `above`: what the other replaces in its turn, by record.

    Raises RuleViolation for the decision itself, a circle, a chain that is too long, or a later decision.
    """
    if record_id == replaced_id:
        raise RuleViolation(
            "itself", "Ett beslut kan inte ersätta sig självt. Skriv det tidigare beslutets ref.", "ersatter"
        )
    if record_id in above:
        raise RuleViolation(
            "circle", "Det beslutet ersätter redan det här, direkt eller i flera led. Kontrollera ref.", "ersatter"
        )
    if len(above) + 1 >= LONGEST_CHAIN:
        raise RuleViolation(
            "too_long", f"Kedjan av beslut är för lång. Den kan ha högst {LONGEST_CHAIN} beslut.", "ersatter"
        )
    if replaced_on > decided_on:
        raise RuleViolation(
            "later",
            f"Det beslutet fattades {replaced_on}, efter det här. Ett beslut ersätter ett tidigare.",
            "ersatter",
        )
