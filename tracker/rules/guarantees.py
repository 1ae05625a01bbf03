"""When does a promise or a limit end, and was it kept?

A guarantee runs from a day for a number of days, working days, weeks or months. The day it starts on is not counted:
14 days from 2026-03-02 end on 2026-03-16. Months end on the day with the same number or the month's last (lag
(1930:173) om beräkning av lagstadgad tid, 1 §). The law has a förhandsbedömning within 14 days (20 kap. 2 § SoL), a
barnutredning within four months (20 kap. 3 §) and an övervägande at least every six months (22 kap. 13 §). The ten days
of a synpunkt and the seven working days of a first contact are local promises.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from tracker.rules.calendar import add_months
from tracker.rules.working_days import is_working_day, next_working_day

PRAISE = "beröm"  # the kind of synpunkt that is promised no answer, and so is never late


class LimitUnit(StrEnum):
    """What a limit is counted in."""

    DAYS = "dagar"
    WORKING_DAYS = "arbetsdagar"
    WEEKS = "veckor"
    MONTHS = "månader"


class GuaranteeKind(StrEnum):
    """The limits that the program knows from the start."""

    COMPLAINT_ANSWER = "complaint_answer"
    FIRST_CONTACT = "first_contact"
    PRELIMINARY_ASSESSMENT = "preliminary_assessment"
    CHILD_INVESTIGATION = "child_investigation"
    CARE_CONSIDERATION = "care_consideration"
    LEX_SARAH = "lex_sarah"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take. `roll`: what ends on a day off ends on the next working day instead; what the law
    limits is not rolled unless the committee says so. `target`: the share, in per cent, that is to be kept.
    """

    number: int
    unit: LimitUnit
    target: int = 100
    roll: bool = False


DEFAULTS = {
    GuaranteeKind.COMPLAINT_ANSWER: Limit(10, LimitUnit.DAYS),
    GuaranteeKind.FIRST_CONTACT: Limit(7, LimitUnit.WORKING_DAYS, target=95),
    GuaranteeKind.PRELIMINARY_ASSESSMENT: Limit(14, LimitUnit.DAYS),
    GuaranteeKind.CHILD_INVESTIGATION: Limit(4, LimitUnit.MONTHS),
    GuaranteeKind.CARE_CONSIDERATION: Limit(6, LimitUnit.MONTHS),
    GuaranteeKind.LEX_SARAH: Limit(2, LimitUnit.MONTHS),
}


def due_day(start: date, limit: Limit) -> date:
    """The last day in time.

    10 days from 2026-12-22 is 2027-01-01, rolled 2027-01-04; 7 working days from 2026-12-22 is 2027-01-07 (the 24th to
    the 27th, the 31st to the 3rd and the 6th are none).
    """
    match limit.unit:
        case LimitUnit.DAYS:
            day = start + timedelta(days=limit.number)
        case LimitUnit.WEEKS:
            day = start + timedelta(weeks=limit.number)
        case LimitUnit.MONTHS:
            day = add_months(start, limit.number)
        case LimitUnit.WORKING_DAYS:
            day = start
            for _ in range(limit.number):
                day = next_working_day(day + timedelta(days=1))
    return next_working_day(day) if limit.roll else day


def excess(start: date, end: date, limit: Limit) -> int:
    """By how much the limit was exceeded, as `exceeded_by`: 0 when it was kept, else at least 1."""
    return exceeded_by(due_day(start, limit), end, limit.unit)


def exceeded_by(due: date, end: date, unit: LimitUnit) -> int:
    """How far a day lies after the last day in time: in working days where the limit is counted in them, else in days;
    0 when it does not. A day off that lies after the last day is late like any other, by no less than one: after Friday
    2026-05-15 the Saturday and the Monday are late by one working day, the Tuesday by two.
    """
    if end <= due:
        return 0
    if unit is not LimitUnit.WORKING_DAYS:
        return (end - due).days
    return max(1, sum(is_working_day(due + timedelta(days=days)) for days in range(1, (end - due).days + 1)))


@dataclass(frozen=True, slots=True)
class Kept:
    """How many ended in a period, and how many of them in time."""

    ended: int
    in_time: int

    @property
    def share(self) -> Fraction | None:
        """The exact share; None when nothing ended."""
        return Fraction(self.in_time, self.ended) if self.ended else None

    def meets(self, limit: Limit) -> bool:
        """Whether the share reaches the target; nothing ended counts as reached."""
        return self.share is None or self.share * 100 >= limit.target
