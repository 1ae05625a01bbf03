"""How are eight quarters drawn? Bars ready for the template: a wide picture of all, and a small one for each part."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.reports.trends import Trend
from tracker.rules.quarters import Quarter


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


Counts = tuple[int | None, ...]
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
    return wide_picture("Alla insatser", trend.quarters, trend.total)


def series_pictures(trend: Trend) -> list[Picture]:
    """One small picture for each series, all of them to one scale."""
    return small_pictures(trend.quarters, [(series.insats, series.counts) for series in trend.series])


def wide_picture(name: str, quarters: Sequence[Quarter], counts: Counts) -> Picture:
    """One wide picture, its highest bar as high as there is room."""
    return _picture(name, quarters, counts, _largest([counts]), WIDE)


def small_pictures(
    quarters: Sequence[Quarter], series: Sequence[tuple[str, Counts]], largest: int | None = None
) -> list[Picture]:
    """One small picture for each (name, counts), all of them to one scale, that of `largest` where it is given."""
    scale = largest or _largest([counts for _, counts in series])
    return [_picture(name, quarters, counts, scale, SMALL) for name, counts in series]


def bar_height(count: int | None, largest: int, frame: Frame) -> int:
    """How high a bar is: what is not nothing is seen."""
    return max(round(_drawn(count) / largest * frame.height), 2) if count else 0


def _largest(series: Sequence[Counts]) -> int:
    return max((_drawn(count) for counts in series for count in counts), default=0)


def _drawn(count: int | None) -> int:
    return count or 0


def _picture(name: str, quarters: Sequence[Quarter], counts: Counts, largest: int, frame: Frame) -> Picture:
    bars = []
    for place, (quarter, count) in enumerate(zip(quarters, counts, strict=True)):
        height = bar_height(count, largest, frame)
        x = place * frame.step + frame.inset
        last = place == len(counts) - 1
        bars.append(TrendBar(f"K{quarter.number}", quarter.year, count, x, frame.ground - height, height, last))
    return Picture(name, tuple(bars))
