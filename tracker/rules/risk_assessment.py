"""What belongs together in a risk's assessment: before and after existing controls, and its place on the net list.

The gross list holds every risk that was found, the net list those that go into the plan; who leaves one out says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from tracker.rules.errors import RuleViolation
from tracker.rules.risk_scoring import Scale


class RiskList(StrEnum):
    """Which of a year's risks: all that were found, those that go into the plan, those that were left out of it."""

    GROSS = "brutto"
    NET = "netto"
    LEFT_OUT = "utanfor"


NO_REASON = "Skriv varför risken inte är med på nettolistan."
HALF = "Välj både sannolikhet och konsekvens före kontroller, eller ingen av dem."
OUTSIDE = "Skalan för {year} har {size} steg. Utanför den ligger {refs}. Ändra skalan, eller skriv de riskerna på nytt."
MOST_TOLD = 20
NO_STEP = "{value} finns inte i planens skala. Skriv 1–{size}."


def wrong_before_controls(scale: Scale, likelihood: int | None, consequence: int | None) -> Iterator[RuleViolation]:
    """What is wrong with the assessment before existing controls: steps of the scale, both or none."""
    given = {"sannolikhet_fore": likelihood, "konsekvens_fore": consequence}
    for field, value in given.items():
        if value is not None and not 1 <= value <= scale.size:
            yield RuleViolation("no_step", NO_STEP.format(value=value, size=scale.size), field)
    missing = [field for field, value in given.items() if value is None]
    if len(missing) == 1:
        yield RuleViolation("half_assessed", HALF, missing[0])


def wrong_on_net_list(in_net: bool, reason: str | None) -> Iterator[RuleViolation]:
    """That a risk is left out of the net list, and nobody says why."""
    if not in_net and not (reason or "").strip():
        yield RuleViolation("net_reason", NO_REASON, "nettolista_skal")


def check_fit(scale: Scale, year: int, weighed: Mapping[str, Iterable[int | None]]) -> None:
    """Raises RuleViolation when risks that come from another year have steps that this year's scale has not; `weighed`:
    ref → its steps, before and after controls.
    """
    outside = [ref for ref, steps in weighed.items() if any(step is not None and step > scale.size for step in steps)]
    if outside:
        more = f" och {len(outside) - MOST_TOLD} till" if len(outside) > MOST_TOLD else ""
        shown = ", ".join(outside[:MOST_TOLD]) + more
        raise RuleViolation("outside_scale", OUTSIDE.format(year=year, size=scale.size, refs=shown))
