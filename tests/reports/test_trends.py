"""Eight quarters at once are the figures of each quarter alone, and what was worked out by hand from a list."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from tests.decisions.lists import protect
from tests.decisions.running import run
from tests.decisions.test_classes_in_sql import as_row, random_clock
from tests.factories import make_decisions, make_unit
from tests.records.granting import void
from tests.reports.test_published_figures import PUBLISHED
from tests.rules.by_hand import classes_by_hand
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.reports.audiences import Audience
from tracker.reports.quarter import quarter_figures
from tracker.reports.trends import Trend, TrendSeries, gathered, quarter_trend, trend_for, trend_periods
from tracker.rules.quarters import Period, Quarter

INTERVENTIONS = ("Boendestöd", "Kontaktperson", "Ledsagning", "Öppenvård")
UNITS = ("Barn 1", "Vuxen 1", "Vuxen 2")
LOCKED = {
    Quarter(2024, 4): date(2025, 1, 31),
    Quarter(2025, 1): date(2025, 4, 1),  # right after its quarter, as some of the clocks' own days
    Quarter(2025, 3): date(2025, 9, 29),
}
ASKED = [
    (Period.of(Quarter(2026, 1)), None),
    (Period.of(Quarter(2025, 4)), LOCKED),
    (Period.of(Quarter(2025, 4), date(2026, 1, 31), date(2025, 10, 31)), LOCKED),
    (Period.of(Quarter(2025, 2), date(2025, 6, 30), date(2024, 9, 30)), None),
    (Period.of(Quarter(2027, 3)), None),
    (Period.of(Quarter(2024, 2)), None),
]
EIGHT = tuple(Quarter(year, number) for year in (2020, 2021) for number in (1, 2, 3, 4))
OF_2021 = Period.of(Quarter(2021, 4), date(2022, 1, 31), date(2021, 10, 31))


def by_insats(trend: Trend) -> dict[str, tuple[int | None, ...]]:
    return {series.insats: series.counts for series in trend.series}


@pytest.fixture
def clocks(app):
    """Six hundred clocks of four insatser in three units; some are protected, some voided, which count nowhere."""
    chance = random.Random(20260421)  # noqa: S311 - the same clocks every time
    made = {f"R-{number:03}": random_clock(chance) for number in range(600)}
    rows = [
        as_row(ref, clock, enhet=UNITS[n % 3], insats=INTERVENTIONS[n % 7 % 4])
        for n, (ref, clock) in enumerate(made.items())
    ]
    make_decisions(rows, today=date(2030, 1, 1))
    protect(*(f"R-{number:03}" for number in range(0, 600, 20)))
    for number in range(10, 600, 60):
        void(f"R-{number:03}")
        made[f"R-{number:03}"] = replace(made[f"R-{number:03}"], voided=True)
    return made


def test_eight_quarters_at_once_are_the_figures_of_each_quarter_alone(clocks):
    units = [make_unit(name) for name in UNITS]
    reaches = [
        EVERYTHING,
        Reach(intervals=((units[0].tree_from, units[0].tree_to),), only_unit_id=units[0].id),
        Reach(intervals=tuple((unit.tree_from, unit.tree_to) for unit in units[1:])),
        Reach(),
    ]
    for (asked, cutoffs), reach in product(ASKED, reaches):
        periods = trend_periods(asked, cutoffs)
        alone = [quarter_figures(period, reach) for period in periods]
        expected: dict[str, list[int]] = {}
        for place, figures in enumerate(alone):
            for group in figures.groups:
                expected.setdefault(group.intervention, [0] * len(periods))[place] += sum(group.counts)
        trend = quarter_trend(asked, reach, cutoffs)
        assert trend.quarters == tuple(period.quarter for period in periods)
        assert trend.total == tuple(figures.total for figures in alone)
        assert by_insats(trend) == {insats: tuple(counts) for insats, counts in expected.items()}
        assert (sum(trend.total) > 0) is (reach != Reach())


def test_eight_quarters_at_once_are_the_contract_read_by_hand(clocks):
    seen = Counter()
    for asked, cutoffs in ASKED:
        expected = Counter()
        for number, clock in enumerate(clocks.values()):
            for place, period in enumerate(trend_periods(asked, cutoffs)):
                if not clock.voided and classes_by_hand(clock, period.cutoff_on, period.previous_on)[0]:
                    expected[INTERVENTIONS[number % 7 % 4], place] += 1
        trend = quarter_trend(asked, EVERYTHING, cutoffs)
        assert {
            (series.insats, place): count
            for series in trend.series
            for place, count in enumerate(series.counts)
            if count
        } == expected
        seen += expected
    assert len(seen) == len(INTERVENTIONS) * 8, "every insats has something in every place"


class TestPublished:
    """The list that a committee has published, at the cut-offs before the published one too."""

    @pytest.fixture(autouse=True)
    def published(self, app):
        assert run(app, "import", "decisions", PUBLISHED).last == "33 nya, 0 ändrade, 0 oförändrade"

    def test_each_quarter_holds_what_was_worked_out_by_hand(self):
        """At the last day of each quarter, and at 31 January 2022 for the asked one, where all 33 stand:

        - 2021-03-31: B-13 has been reported in January; B-01 and B-14 are past their 23 February and 10 March: 3.
          B-02 is due on 7 April.
        - 2021-06-30: B-01, B-02, B-13, B-14 have been reported in April or before. Past their day are B-03 (16 May),
          B-04 (16 June), B-15, B-16, B-17 (23 May, 9 and 23 June): 9. B-05 and B-18 are due on the very 30 June.
        - 2021-09-30: the 18 reported in July or before, B-01–B-08 and B-13–B-22, and past their day B-09 (6 August),
          B-10 (24 September), B-11, B-23 (25 and 28 August), B-24, B-25 (17 and 29 September): 24.
        """
        trend = quarter_trend(OF_2021, EVERYTHING)
        assert trend.quarters == EIGHT
        assert trend.total == (0, 0, 0, 0, 3, 9, 24, 33)
        assert trend.series == (
            TrendSeries("Träningslägenhet", (0, 0, 0, 0, 0, 4, 12, 15)),
            TrendSeries("Kontaktperson", (0, 0, 0, 0, 3, 4, 8, 9)),
            TrendSeries("Kontaktfamilj", (0, 0, 0, 0, 0, 0, 0, 3)),
            TrendSeries("Sysselsättning", (0, 0, 0, 0, 0, 1, 2, 2)),
            TrendSeries("Öppenvård", (0, 0, 0, 0, 0, 0, 1, 2)),
            TrendSeries("Bostad med särskild service", (0, 0, 0, 0, 0, 0, 1, 1)),
            TrendSeries("Boendestöd", (0, 0, 0, 0, 0, 0, 0, 1)),
        )

    def test_a_locked_report_is_looked_at_on_its_own_cutoff(self):
        """By 31 July the four reported before it and B-03–B-08, B-15–B-22, due from 16 May to 29 July: 18. By
        31 October the 18 reported in July or before and the ten first reported that day, B-09–B-12, B-23–B-28: 28.
        """
        locked = {Quarter(2021, 2): date(2021, 7, 31), Quarter(2021, 3): date(2021, 10, 31)}
        assert quarter_trend(OF_2021, EVERYTHING, locked).total == (0, 0, 0, 0, 3, 18, 28, 33)

    def test_the_council_gets_no_insats_and_no_total_from_one_to_four(self):
        trend = quarter_trend(OF_2021, EVERYTHING)
        assert trend_for(Audience.COUNCIL, trend) == Trend(EIGHT, (), (0, 0, 0, 0, None, 9, 24, 33))
        for audience in (Audience.INTERNAL, Audience.COMMITTEE, Audience.AUDITORS):
            assert trend_for(audience, trend) == trend


def test_the_council_gets_five_and_nothing_below_it_but_zero():
    counts = (0, 1, 2, 3, 4, 5, 6, 100)
    trend = Trend(EIGHT, (TrendSeries("Boendestöd", counts),), counts)
    assert trend_for(Audience.COUNCIL, trend).total == (0, None, None, None, None, 5, 6, 100)


def test_an_empty_register_has_eight_zeros(app):
    assert quarter_trend(OF_2021, EVERYTHING) == Trend(EIGHT, (), (0,) * 8)


def ended_late(cutoffs: dict[Quarter, date]) -> tuple[int | None, ...]:
    """A clock that was due on 10 May and executed on 3 July, asked for at the end of 2025."""
    return quarter_trend(Period.of(Quarter(2025, 4)), EVERYTHING, cutoffs).total


def test_what_ended_late_stands_in_the_first_report_after_it_alone(app):
    make_decisions([{"ref": "A-1", "beslutsdatum": "2025-02-10", "verkstalld": "2025-07-03"}], today=date(2026, 1, 2))
    assert ended_late({}) == (0, 0, 0, 0, 0, 1, 1, 0)  # new on 30 June, late executed on 30 September
    # Where the second quarter was looked at on 31 July, it had ended late by then, and stood in that report.
    assert ended_late({Quarter(2025, 2): date(2025, 7, 31)}) == (0, 0, 0, 0, 0, 1, 0, 0)


@pytest.mark.parametrize(
    ("cutoffs", "days"),
    [
        ({}, ["2020-12-31 2020-09-30", "2021-03-31 2020-12-31", "2021-06-30 2021-03-31", "2021-09-30 2021-06-30"]),
        (
            {Quarter(2021, 2): date(2021, 7, 31), Quarter(2020, 4): date(2021, 2, 1)},
            ["2021-02-01 2020-09-30", "2021-03-31 2021-02-01", "2021-07-31 2021-02-01", "2021-09-30 2021-07-31"],
        ),
        # One that was locked before its quarter had ended, or had begun.
        ({Quarter(2021, 1): date(2021, 3, 15)}, ["2020-12-31 2020-09-30", "2021-03-15 2020-12-31",
                                                 "2021-06-30 2021-03-15", "2021-09-30 2021-03-15"]),
        ({Quarter(2021, 1): date(2020, 12, 31)}, ["2020-12-31 2020-09-30", "2020-12-31 2020-09-30",
                                                  "2021-06-30 2020-12-31", "2021-09-30 2020-12-31"]),
        # The asked quarter's own day is the one that is asked for; a quarter that is not drawn counts as before.
        ({Quarter(2021, 4): date(2022, 1, 10), Quarter(2018, 1): date(2018, 3, 31)},
         ["2020-12-31 2018-03-31", "2021-03-31 2018-03-31", "2021-06-30 2018-03-31", "2021-09-30 2018-03-31"]),
    ],
)  # fmt: skip
def test_each_quarter_has_the_cutoff_it_was_locked_with_or_its_last_day(cutoffs, days):
    periods = trend_periods(OF_2021, cutoffs)
    assert [period.quarter for period in periods] == list(EIGHT)
    assert [f"{period.cutoff_on} {period.previous_on}" for period in periods[3:7]] == days
    assert periods[7] == OF_2021


@pytest.mark.parametrize(
    ("asked", "first", "count"),
    [
        (Quarter(2000, 1), Quarter(2000, 1), 1),
        (Quarter(2001, 3), Quarter(2000, 1), 7),
        (Quarter(2001, 4), Quarter(2000, 1), 8),
        (Quarter(2002, 1), Quarter(2000, 2), 8),
        (Quarter(2100, 4), Quarter(2099, 1), 8),
    ],
)
def test_before_the_first_year_served_there_are_no_quarters(app, asked, first, count):
    trend = quarter_trend(Period.of(asked), EVERYTHING)
    assert (trend.quarters[0], trend.quarters[-1], len(trend.quarters)) == (first, asked, count)
    assert trend.total == (0,) * count


class TestGathered:
    """The largest insatser stand by themselves, the rest as one."""

    NAMES = "ABCDEFGHIJ"

    def trend(self, count: int) -> Trend:
        series = tuple(TrendSeries(self.NAMES[n], (n, 20 - n)) for n in range(count))
        return Trend(EIGHT[:2], series, tuple(sum(column) for column in zip(*(s.counts for s in series), strict=True)))

    @pytest.mark.parametrize("count", [0, 1, 7, 8])
    def test_as_many_as_can_be_shown_are_shown(self, count):
        series = tuple(TrendSeries(self.NAMES[n], (n, 20 - n)) for n in range(count))
        trend = Trend(EIGHT[:2], series, (1, 2))
        assert gathered(trend) == trend

    def test_two_that_are_left_are_added_up(self):
        found = gathered(self.trend(9))
        assert [series.insats for series in found.series] == [*"ABCDEFG", "Övriga"]
        assert found.series[-1].counts == (7 + 8, 13 + 12)

    @pytest.mark.parametrize("shown", [0, 1, 2, 7, 9])
    def test_the_sums_are_those_of_all(self, shown):
        found = gathered(self.trend(10), shown)
        assert tuple(sum(column) for column in zip(*(s.counts for s in found.series), strict=True)) == found.total
        assert found.total == self.trend(10).total

    def test_a_sum_of_what_is_not_shown_is_not_shown(self):
        series = (TrendSeries("A", (9, 9)), TrendSeries("B", (None, 1)), TrendSeries("C", (1, 1)))
        assert gathered(Trend(EIGHT[:2], series, (10, 11)), 1).series[1] == TrendSeries("Övriga", (None, 2))


def test_the_series_stand_by_their_last_number_then_by_all_of_them_then_by_name(app):
    new = {"beslutsdatum": "2021-08-01"}  # due on 1 November
    older = {"beslutsdatum": "2021-05-01"}  # due on 1 August
    rows = [("Ö", new), ("Ö", new), ("Z", new), ("A", new), ("B", older)]
    make_decisions([{"ref": f"S-{n}", "insats": insats} | days for n, (insats, days) in enumerate(rows)])
    trend = quarter_trend(Period.of(Quarter(2021, 4)), EVERYTHING)
    assert [(series.insats, series.counts[-2:]) for series in trend.series] == [
        ("Ö", (0, 2)), ("B", (1, 1)), ("A", (0, 1)), ("Z", (0, 1))
    ]  # fmt: skip
