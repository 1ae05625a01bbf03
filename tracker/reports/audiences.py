"""What may each reader of the quarterly report see? One document per audience, in the shape of its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.accounts.reader import Reach
from tracker.reports.quarter import Figures, Group, ReportRow
from tracker.rules.closing import NAMING
from tracker.rules.closing import Audience as Audience  # noqa: PLC0414 - those who make reports find it here
from tracker.rules.errors import RuleViolation
from tracker.rules.suppression import GroupFigures, ShownGroup, suppress
from tracker.rules.trail import Purpose
from tracker.rules.unexecuted import BINS, ReportClass

SUPPRESSED_BELOW = 5
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lock:
    """What a locked document says of itself."""

    version: int
    local_title: str | None
    reason: str | None


PURPOSES = {
    Audience.INTERNAL: Purpose.OWN_WORK,
    Audience.IVO: Purpose.SUPERVISION,
    Audience.COMMITTEE: Purpose.COMMITTEE,
    Audience.AUDITORS: Purpose.AUDIT,
    Audience.COUNCIL: Purpose.COUNCIL,
}


def title_of(figures: Figures, place: str = "") -> str:
    """The report's heading; `place` names the part of the organisation it holds, when it is not all of it."""
    quarter = figures.period.quarter
    part = f", {place}" if place else ""
    return f"Ej verkställda beslut, kvartal {quarter.number} {quarter.year}{part}"


def check_whole(audience: Audience, reach: Reach) -> None:
    """Raises RuleViolation when a report that leaves the house would hold only a part of it."""
    if audience is not Audience.INTERNAL and not reach.everything:
        raise RuleViolation(
            "part_only",
            "Rapporten till IVO, nämnd, revisorer och fullmäktige gäller hela förvaltningen. Din roll når bara en del: "
            "ta ut den för eget arbete, eller be den som håller hela registret.",
            "mottagare",
        )


def document(
    figures: Figures,
    rows: list[ReportRow],
    audience: Audience,
    place: str = "",
    persons: Mapping[int, str] | None = None,
    lock: Lock | None = None,
) -> Document:
    """The report for an audience, as contracts say it; `rows` are ignored for the council. `persons`: record → number,
    for IVO. `lock`: the document is that of a locked version, and says which.

    Persons with a protected identity are counted; they are listed only for a reader to whom they are given by name, and
    never in what leaves the house. `rows_left_out` tells how many are not listed, where there are any.
    """
    period = figures.period
    days: Document = {"sum": figures.days.sum, "median": figures.days.median, "max": figures.days.max}
    result: Document = {
        "report": "quarter",
        "year": period.quarter.year,
        "quarter": period.quarter.number,
        "title": title_of(figures, place),
        "audience": audience.value,
        "cutoff": period.cutoff_on.isoformat(),
        "previous_cutoff": period.previous_on.isoformat(),
        "locked": lock is not None,
        "counts": {**_by_class(figures.counts), "missed": figures.missed},
    }
    if lock is not None:
        reason = lock.reason if audience in NAMING else None  # in own words, that may point at somebody
        result |= {"version": lock.version, "local_title": lock.local_title, "reason": reason}
    if audience is Audience.COUNCIL:
        return result | _suppressed(figures, days)
    if audience is Audience.INTERNAL:
        shown = [_row(row) for row in rows if not row.hidden]
    elif audience is Audience.IVO:
        numbers = persons or {}
        shown = [{"person": numbers.get(row.record_id)} | _row(row) for row in rows if not row.hidden]
    else:
        shown = [_row_without_ref(row, row.reason_code) for row in rows if not (row.hidden or row.protected)]
    if len(shown) < len(rows):
        result["rows_left_out"] = len(rows) - len(shown)
    return result | {
        "groups": [_group(group) for group in figures.groups],
        "days": days,
        "rows": shown,
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
    shown = suppress(
        [
            GroupFigures(tuple(group.counts), tuple(group.bins), (group.days.sum, group.days.median, group.days.max))
            for group in figures.groups
        ],
        below=SUPPRESSED_BELOW,
        always_empty=(0,),  # next to nothing is reported before three months, so a 0 there hides nothing
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


def _row(row: ReportRow) -> Document:
    """A row as those see it who keep the register."""
    return {"ref": row.ref} | _row_without_ref(row, row.reason_code or row.reason_note)


def _row_without_ref(row: ReportRow, reason: str | None) -> Document:
    return {
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
        "reason": reason,
    }
