"""The year of quality in figures: lex Sarah, avvikelser, åtgärder and synpunkter, as other systems read them.

The fields and their order are those of the contract of `report quality`.
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from tracker.actions.queries import ActionYear, action_year
from tracker.cases.figures import (
    ComplaintYear,
    DeviationYear,
    LexSarahYear,
    complaint_year,
    deviation_year,
    lex_sarah_year,
)
from tracker.records.scope import Scope
from tracker.rules.closing import Audience
from tracker.rules.errors import RuleViolation
from tracker.rules.folding import SMALLEST_TOLD, folded

Document = dict[str, Any]
MILLION = 1_000_000
OTHER_UNITS, ALL_UNITS = "Övriga enheter", "Alla enheter"


@dataclass(frozen=True, slots=True)
class QualityYear:
    """A year up to and with a cut-off day."""

    year: int
    cutoff_on: date
    lex_sarah: LexSarahYear
    deviations: DeviationYear
    actions: ActionYear
    complaints: ComplaintYear
    audience: Audience = Audience.INTERNAL

    @property
    def title(self) -> str:
        """What the report is called."""
        return f"Kvalitet {self.year} i siffror"


def check_cutoff(year: int, cutoff: date | None) -> date:
    """The cut-off day: 31 December where none is given. Raises RuleViolation for one outside the year."""
    if cutoff is None:
        return date(year, 12, 31)
    if cutoff.year != year:
        raise RuleViolation(
            "cutoff", f"Avstämningsdatum {cutoff} ligger inte i {year}. Välj en dag i det året.", "avstamning"
        )
    return cutoff


def quality_year(year: int, cutoff: date | None, scope: Scope) -> QualityYear:
    """The figures of a year within the reader's reach. Raises RuleViolation for a cut-off outside the year."""
    day = check_cutoff(year, cutoff)
    return QualityYear(
        year, day, lex_sarah_year(year, day, scope), deviation_year(year, day, scope),
        action_year(year, day, scope), complaint_year(year, day, scope),
    )  # fmt: skip


def for_the_public(found: QualityYear, audience: Audience = Audience.COMMITTEE) -> QualityYear:
    """The year as it may leave the house: small numbers by unit are told together, those by degree not at all (None).

    What is counted of the whole house stays whole.
    """
    lex = found.lex_sarah
    units = folded([count for _, count in lex.by_unit])
    degrees = folded([count or 0 for _, count in lex.by_assessment])
    by_unit = [row for place, row in enumerate(lex.by_unit) if place not in units]
    if units:
        by_unit.append((OTHER_UNITS if by_unit else ALL_UNITS, sum(lex.by_unit[place][1] for place in units)))
    by_degree = [
        (degree, None if place in degrees else count) for place, (degree, count) in enumerate(lex.by_assessment)
    ]
    told = replace(lex, by_unit=tuple(by_unit), by_assessment=tuple(by_degree))
    return replace(found, lex_sarah=told, audience=audience)


def quality_document(found: QualityYear) -> Document:
    """What other systems read of it."""
    lex, dev, act, com = found.lex_sarah, found.deviations, found.actions, found.complaints
    leaves = {"audience": found.audience.value, "suppressed_below": SMALLEST_TOLD}
    return {
        "report": "quality",
        "year": found.year,
        "cutoff": found.cutoff_on.isoformat(),
        "lex_sarah": {
            "received": lex.received, "decided": lex.decided, "in_time": lex.in_time, "open": lex.open,
            "ivo_notified": lex.ivo_notified,
            "by_unit": [{"unit": name, "received": count} for name, count in lex.by_unit],
            "by_assessment": {degree.value: count for degree, count in lex.by_assessment},
        },
        "deviations": {
            "opening": dev.opening, "received": dev.received, "closed": dev.closed,
            "closed_received_this_year": dev.closed_received_this_year, "closing": dev.closing,
        },
        "actions": {"completed": act.completed, "open": act.open, "overdue": act.overdue},
        "complaints": {
            "received": com.received, "answered": com.answered, "in_time": com.in_time,
            "share_of_all": _share(com.share_of_all), "share_of_due": _share(com.share_of_due),
        },
    } | ({} if found.audience is Audience.INTERNAL else leaves)  # fmt: skip


def _share(share: Fraction | None) -> float | None:
    """Six decimals, half up."""
    if share is None:
        return None
    return int(share * MILLION + Fraction(1, 2)) / MILLION
