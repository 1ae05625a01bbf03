"""How is a trend drawn? Bars ready for the template, one picture for all clocks and a small one for each insats."""

from dataclasses import dataclass

from tracker.reports.trends import Trend


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's measures, in its own coordinates: bars stand on `ground`, the highest is `height`."""

    step: int
    bar: int
    ground: int
    height: int

    @property
    def inset(self) -> int:
        """The room on each side of a bar."""
        return (self.step - self.bar) // 2


WIDE = Frame(step=99, bar=75, ground=190, height=150)
SMALL = Frame(step=30, bar=22, ground=78, height=56)


@dataclass(frozen=True, slots=True)
class TrendBar:
    """One quarter's bar; `count` is None where the number is not shown, and then nothing is drawn."""

    quarter: str
    year: int
    count: int | None
    x: int
    y: int
    height: int
    last: bool

    @property
    def begins_year(self) -> bool:
        """Whether the quarter is the first of its year."""
        return self.quarter == "K1"


@dataclass(frozen=True, slots=True)
class Picture:
    """One series: its name, and a bar for each quarter."""

    name: str
    bars: tuple[TrendBar, ...]


def total_picture(trend: Trend) -> Picture:
    """All clocks, quarter by quarter."""
    return _picture("Alla insatser", trend, trend.total, max(map(_drawn, trend.total), default=0), WIDE)


def series_pictures(trend: Trend) -> list[Picture]:
    """One small picture for each series, all of them to one scale."""
    largest = max((_drawn(count) for series in trend.series for count in series.counts), default=0)
    return [_picture(series.insats, trend, series.counts, largest, SMALL) for series in trend.series]


def _drawn(count: int | None) -> int:
    return count or 0


def _picture(name: str, trend: Trend, counts: tuple[int | None, ...], largest: int, frame: Frame) -> Picture:
    bars = []
    for place, (quarter, count) in enumerate(zip(trend.quarters, counts, strict=True)):
        height = max(round(_drawn(count) / largest * frame.height), 2) if count else 0  # what is not nothing is seen
        x = place * frame.step + frame.inset
        last = place == len(counts) - 1
        bars.append(TrendBar(f"K{quarter.number}", quarter.year, count, x, frame.ground - height, height, last))
    return Picture(name, tuple(bars))
