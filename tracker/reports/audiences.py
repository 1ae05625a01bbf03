"""What may each reader of the quarterly report see? One document per audience, in the shape of its JSON."""

from enum import StrEnum
from typing import Any

from tracker.reports.quarter import Figures, Group, ReportRow
from tracker.rules.suppression import GroupFigures, ShownGroup, suppress
from tracker.rules.unexecuted import BINS, ReportClass

SUPPRESSED_BELOW = 5
Document = dict[str, Any]


class Audience(StrEnum):
    """For whom the report is made."""

    INTERNAL = "intern"
    COMMITTEE = "namnd"
    AUDITORS = "revisor"
    COUNCIL = "fullmaktige"


def title_of(figures: Figures) -> str:
    """The report's heading."""
    quarter = figures.period.quarter
    return f"Ej verkställda beslut, kvartal {quarter.number} {quarter.year}"


def document(figures: Figures, rows: list[ReportRow], audience: Audience) -> Document:
    """The report for an audience, as contracts say it; `rows` are ignored for the council."""
    period = figures.period
    days: Document = {"sum": figures.days.sum, "median": figures.days.median, "max": figures.days.max}
    result: Document = {
        "report": "quarter",
        "year": period.quarter.year,
        "quarter": period.quarter.number,
        "title": title_of(figures),
        "audience": audience.value,
        "cutoff": period.cutoff_on.isoformat(),
        "previous_cutoff": period.previous_on.isoformat(),
        "locked": False,
        "counts": {**_by_class(figures.counts), "missed": figures.missed},
    }
    if audience is Audience.COUNCIL:
        return result | _suppressed(figures, days)
    internal = audience is Audience.INTERNAL
    return result | {
        "groups": [_group(group) for group in figures.groups],
        "days": days,
        "rows": [_row(row, internal) for row in rows if internal or not row.protected],
    }


def _by_class(values: tuple[int | None, ...] | tuple[int, ...] | list[int]) -> Document:
    return {report_class.value: value for report_class, value in zip(ReportClass, values, strict=True)}


def _by_bin(values: tuple[int | None, ...] | list[int]) -> Document:
    return dict(zip(BINS, values, strict=True))


def _group(group: Group) -> Document:
    days = group.days
    return {
        "insats": group.intervention,
        "clock": group.kind,
        "kon": group.sex,
        "counts": _by_class(group.counts),
        "bins": _by_bin(group.bins),
        "days": {"sum": days.sum, "median": days.median, "max": days.max},
    }


def _suppressed(figures: Figures, days: Document) -> Document:
    """The council's groups: small numbers and whatever would give them away are None."""
    longest = max((index for index, count in enumerate(figures.bins) if count), default=-1)
    shown = suppress(
        [
            GroupFigures(tuple(group.counts), tuple(group.bins), (group.days.sum, group.days.median, group.days.max))
            for group in figures.groups
        ],
        below=SUPPRESSED_BELOW,
        # A reader knows that these are empty: next to nothing is reported before three months, and the longest wait
        # over all groups is published.
        always_empty=[
            index for index, count in enumerate(figures.bins) if not count and (index == 0 or index > longest)
        ],
    )
    return {
        "suppressed_below": SUPPRESSED_BELOW,
        "groups": [_shown_group(group, of) for group, of in zip(figures.groups, shown.groups, strict=True)],
        "days": days if shown.top_days_shown else dict.fromkeys(days),
        "rows": [],
    }


def _shown_group(group: Group, shown: ShownGroup) -> Document:
    total, middle, longest = shown.days or (None, None, None)
    return {
        "insats": group.intervention,
        "clock": group.kind,
        "kon": group.sex,
        "counts": _by_class(shown.counts),
        "bins": _by_bin(list(shown.bins)),  # type: ignore[arg-type]
        "days": {"sum": total, "median": middle, "max": longest},
    }


def _row(row: ReportRow, internal: bool) -> Document:
    shown: Document = {"ref": row.ref} if internal else {}
    shown |= {
        "clock": row.kind,
        "insats": row.intervention,
        "kon": row.sex,
        "class": row.report_class.value,
        "decided_on": row.decided_on,
        "interrupted_on": row.interrupted_on,
        "due_on": row.due_on,
        "executed_on": row.executed_on,
        "closed_on": row.closed_on,
        "days": row.days,
        "reason": row.reason if internal else row.reason_code,
    }
    return shown
