"""How has the number of clocks in the report changed? The last eight quarters, each at its own cut-off, per insats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.accounts.reader import Reach
from tracker.decisions.trends import count_in_classes
from tracker.records.models import CodeList
from tracker.records.queries import code_labels
from tracker.reports.audiences import SUPPRESSED_BELOW, Audience
from tracker.rules.quarters import FIRST_YEAR, Period, Quarter

QUARTERS = 8
SHOWN = 7
OTHERS = "Övriga"
FIRST = Quarter(FIRST_YEAR, 1)


@dataclass(frozen=True)
class TrendSeries:
    """How many clocks of one insats stood in a class, quarter by quarter; None is a number that is not shown."""

    insats: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Trend:
    """The quarters in order, the last being the asked one; the numbers of each series and of all follow them.

    The series stand by their last number, largest first; together they make the total.
    """

    quarters: tuple[Quarter, ...]
    series: tuple[TrendSeries, ...]
    total: tuple[int | None, ...]


def trend_periods(period: Period, cutoffs: Mapping[Quarter, date] | None = None) -> tuple[Period, ...]:
    """The seven quarters before the asked one with their days, in order, and the asked one as it is given.

    `cutoffs` are the cut-offs of reports that have been locked: such a quarter is looked at on that day, any other on
    its last; the previous cut-off is the latest of them before it, else the last day of the quarter before. There are
    fewer quarters at the beginning of the years served.
    """
    given = cutoffs or {}
    periods, quarter = [period], period.quarter
    while len(periods) < QUARTERS and quarter > FIRST:
        quarter = quarter.before
        cutoff = given.get(quarter, quarter.last_day)
        ended = min(quarter, Quarter.holding(cutoff)).first_day - timedelta(days=1)  # a quarter that is over by then
        periods.append(Period.of(quarter, cutoff, max((day for day in given.values() if day < cutoff), default=ended)))
    return tuple(reversed(periods))


def quarter_trend(period: Period, reach: Reach, cutoffs: Mapping[Quarter, date] | None = None) -> Trend:
    """How many clocks within reach stand in a class in the asked quarter's report and in those of the seven before.

    `cutoffs`: as in `trend_periods`. One statement for all of it, and one for the names.
    """
    periods = trend_periods(period, cutoffs)
    counted = count_in_classes(periods, reach)
    labels = code_labels(CodeList.INTERVENTION) if counted else {}
    ordered = sorted(
        ((labels[intervention_id], counts) for intervention_id, counts in counted.items()),
        key=lambda found: (-found[1][-1], -sum(found[1]), found[0]),
    )
    return Trend(
        tuple(of.quarter for of in periods),
        tuple(TrendSeries(insats, counts) for insats, counts in ordered),
        tuple(sum(counts[place] for _, counts in ordered) for place in range(len(periods))),
    )


def gathered(trend: Trend, shown: int = SHOWN) -> Trend:
    """The `shown` largest insatser, and the rest added up as one; a single one that is left keeps its name."""
    rest = trend.series[shown:]
    if len(rest) < 2:
        return trend
    counts = tuple(_sum(values) for values in zip(*(series.counts for series in rest), strict=True))
    return Trend(trend.quarters, (*trend.series[:shown], TrendSeries(OTHERS, counts)), trend.total)


def trend_for(audience: Audience, trend: Trend) -> Trend:
    """What a reader of the report may see of it.

    The council: the totals alone, and of them none from 1 to 4, since each insats' small numbers could be worked out
    from the others. Everybody else: all of it; no person can be told from it.
    """
    if audience is not Audience.COUNCIL:
        return trend
    total = tuple(None if count is None or 0 < count < SUPPRESSED_BELOW else count for count in trend.total)
    return Trend(trend.quarters, (), total)


def _sum(values: tuple[int | None, ...]) -> int | None:
    """The sum; not shown when one of them is not."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
