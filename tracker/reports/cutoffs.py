"""Which days have the locked quarterly reports looked at?"""

from datetime import date

from tracker.frozen.queries import list_newest
from tracker.rules.quarters import Quarter

KIND = "quarter"  # what the quarterly report is among all that can be locked


def locked_cutoffs() -> dict[Quarter, date]:
    """The cut-off of each quarter's locked report that counts."""
    return {Quarter(one.key.year, one.key.number): one.cutoff_on for one in list_newest(KIND)}
