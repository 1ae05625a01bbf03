"""Which Swedish words do guarantees and their occasions carry on screen and in files?"""

from tracker.rules.guarantee_occasions import OccasionState
from tracker.rules.guarantees import Limit, LimitUnit

STATE_LABELS = {
    OccasionState.RUNNING: "Pågår",
    OccasionState.LATE: "Sista dagen har passerat",
    OccasionState.IN_TIME: "Klart i tid",
    OccasionState.MISSED: "Klart för sent",
    OccasionState.CANCELLED: "Avbrutet",
}
ONE_OF = {LimitUnit.DAYS: "dag", LimitUnit.WORKING_DAYS: "arbetsdag", LimitUnit.WEEKS: "vecka",
          LimitUnit.MONTHS: "månad"}  # fmt: skip


def limit_words(limit: Limit) -> str:
    """14 dagar, 1 månad."""
    return f"{limit.number} {ONE_OF[limit.unit] if limit.number == 1 else limit.unit.value}"


def excess_words(excess: int, limit: Limit) -> str:
    """How much too late: 3 arbetsdagar where the limit is counted in them, else in days."""
    unit = limit.unit if limit.unit is LimitUnit.WORKING_DAYS else LimitUnit.DAYS
    return f"{excess} {ONE_OF[unit] if excess == 1 else unit.value}"


def excess_unit(limit: Limit) -> str:
    """What an excess is counted in: dagar, or arbetsdagar."""
    return LimitUnit.WORKING_DAYS.value if limit.unit is LimitUnit.WORKING_DAYS else LimitUnit.DAYS.value
