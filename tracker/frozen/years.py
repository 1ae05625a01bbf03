"""The reports over a year among all that can be locked: their keys, their days, the version that counts."""

from datetime import date

from tracker.frozen.models import WHOLE_YEAR
from tracker.frozen.queries import LockedVersion, ReportKey, list_versions

CONTROL, QUALITY = "control", "quality"


def control_key(year: int) -> ReportKey:
    """The year's follow-up among all that can be locked."""
    return ReportKey(CONTROL, year, WHOLE_YEAR)


def quality_key(year: int) -> ReportKey:
    """The year of quality, figures and kvalitetsberättelse, among all that can be locked."""
    return ReportKey(QUALITY, year, WHOLE_YEAR)


def control_days(year: int) -> tuple[date, date]:
    """What stands for its cut-off and the one before: the last day of the year, and of the year before."""
    return date(year, 12, 31), date(year - 1, 12, 31)


def newest_control(year: int) -> LockedVersion | None:
    """The locked version of the year's follow-up that counts, None while it is not locked."""
    return next(iter(list_versions(control_key(year))), None)
