"""What is a Word template tried on? A made-up report in which every field holds something, and an empty one."""

from dataclasses import dataclass
from datetime import date

from tracker.reports.audiences import Audience, Document
from tracker.reports.rendering.paper import Paper, paper_of
from tracker.rules.quarters import Period, Quarter
from tracker.rules.unexecuted import BINS, Clock, ClockKind, ReportClass, bin_index

PERIOD = Period.of(Quarter(2026, 1))
COMMITTEE = "Socialnämnden i Exempelstad"
_DECIDED = date(2025, 9, 1)
_ENDED = date(2026, 2, 10)
_NOT_LISTED = 1


@dataclass(frozen=True, slots=True)
class _Series:
    insats: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class _Trend:
    quarters: tuple[Quarter, ...]
    series: tuple[_Series, ...]
    total: tuple[int | None, ...]


def full_paper() -> Paper:
    """Every class, an interruption, a protected person, something missed, and the quarters before."""
    rows = [_row(number, item) for number, item in enumerate(ReportClass, start=1)]
    counts = {item.value: 1 for item in ReportClass} | {ReportClass.EXECUTED.value: 1 + _NOT_LISTED}
    waits = [row["days"] for row in rows]
    bins = dict.fromkeys(BINS, 0)
    for _ in range(len(rows) + _NOT_LISTED):
        bins[BINS[bin_index(_DECIDED, _ENDED)]] += 1
    days = {"sum": sum(waits) + waits[0], "median": float(sorted(waits)[len(waits) // 2]), "max": max(waits)}
    group = {
        "insats": "Kontaktperson",
        "clock": "beslut",
        "kon": "kvinna",
        "counts": counts,
        "bins": bins,
        "days": days,
    }
    found = _document(Audience.INTERNAL, counts | {"missed": 2}, [group], rows, days)
    quarters = [PERIOD.quarter]
    while len(quarters) < 8:
        quarters.insert(0, quarters[0].before)
    numbers = tuple(range(3, 11))
    trend = _Trend(tuple(quarters), (_Series("Kontaktperson", numbers),), numbers)
    return paper_of(found | {"rows_left_out": _NOT_LISTED}, COMMITTEE, trend)


def bare_paper() -> Paper:
    """A report of zeros for the council: nothing in any list, neither name nor quarters before."""
    counts = dict.fromkeys((*(item.value for item in ReportClass), "missed"), 0)
    return paper_of(_document(Audience.COUNCIL, counts, [], [], {"sum": 0, "median": 0.0, "max": 0}))


def _document(
    audience: Audience, counts: dict[str, int], groups: list[Document], rows: list[Document], days: Document
) -> Document:
    quarter = PERIOD.quarter
    return {
        "report": "quarter",
        "year": quarter.year,
        "quarter": quarter.number,
        "title": f"Ej verkställda beslut, kvartal {quarter.number} {quarter.year} (exempel)",
        "audience": audience.value,
        "cutoff": PERIOD.cutoff_on.isoformat(),
        "previous_cutoff": PERIOD.previous_on.isoformat(),
        "locked": False,
        "counts": counts,
        "groups": groups,
        "days": days,
        "rows": rows,
    }


def _row(number: int, item: ReportClass) -> Document:
    executed = item in {ReportClass.EXECUTED, ReportClass.LATE_EXECUTED}
    closed = item in {ReportClass.CLOSED, ReportClass.LATE_CLOSED}
    interrupted = item is ReportClass.STILL_UNEXECUTED
    end = _ENDED if executed or closed else PERIOD.cutoff_on
    kind = ClockKind.INTERRUPTION if interrupted else ClockKind.DECISION
    return {
        "ref": f"B-{number:02}",
        "clock": kind.value,
        "insats": "Kontaktperson",
        "kon": "kvinna",
        "class": item.value,
        "decided_on": _DECIDED.isoformat(),
        "interrupted_on": _DECIDED.isoformat() if interrupted else None,
        "due_on": Clock(kind, _DECIDED).due_on.isoformat(),
        "executed_on": end.isoformat() if executed else None,
        "closed_on": end.isoformat() if closed else None,
        "days": (end - _DECIDED).days,
        "reason": "Resursbrist: utförare saknas",
    }
