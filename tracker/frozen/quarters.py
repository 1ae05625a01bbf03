"""The quarterly report among all that can be locked: its key, its days, the version that counts."""

from datetime import date, timedelta

from tracker.frozen.queries import LockedVersion, ReportKey, latest_cutoff_before, list_newest, list_versions
from tracker.rules.quarters import Quarter

KIND = "quarter"


def key_of(quarter: Quarter) -> ReportKey:
    """The quarter's report among all that can be locked."""
    return ReportKey(KIND, quarter.year, quarter.number)


def newest_version(quarter: Quarter) -> LockedVersion | None:
    """The locked version of the quarter that counts, None while it is not locked."""
    versions = list_versions(key_of(quarter))
    return versions[0] if versions else None


def locked_cutoffs() -> dict[Quarter, date]:
    """The cut-off of each quarter's locked report that counts."""
    return {Quarter(one.key.year, one.key.number): one.cutoff_on for one in list_newest(KIND)}


def previous_cutoff(quarter: Quarter, cutoff_on: date) -> date:
    """The cut-off of the latest locked report before this one, else the last day of the quarter before."""
    return latest_cutoff_before(KIND, cutoff_on) or quarter.first_day - timedelta(days=1)
