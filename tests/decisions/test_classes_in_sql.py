"""The database tells every clock's class as the rules do, through indexes that hide none."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from tests.factories import make_decisions, make_unit
from tests.rules.by_hand import bin_of, classes_by_hand, counted_to_by_hand, months_between
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.decisions.quarter import list_missed
from tracker.records.scope import EVERY_RECORD, Scope
from tracker.reports.quarter import quarter_counts, quarter_figures, quarter_rows
from tracker.rules.quarters import Period, Quarter
from tracker.rules.unexecuted import Clock, ClockKind, ReportClass, classify

CLASSES = [item.value for item in ReportClass]
PERIODS = [
    (date(2025, 3, 31), date(2024, 12, 31)),
    (date(2025, 6, 30), date(2025, 3, 31)),
    (date(2025, 6, 30), date(2024, 9, 30)),
    (date(2025, 9, 30), date(2025, 9, 29)),
    (date(2026, 1, 31), date(2025, 10, 31)),
    (date(2026, 3, 31), date(2025, 12, 31)),
    (date(2024, 1, 1), date(2023, 12, 31)),
    (date(2030, 12, 31), date(2026, 12, 31)),
]


def random_clock(chance: random.Random) -> Clock:
    """A clock as a register may hold it, with facts on and beside the days that decide."""
    start = date(2024, 3, 1) + timedelta(days=chance.randrange(720))
    report_days = [day for period in PERIODS[:6] for day in period]
    candidates = [start, start + timedelta(days=chance.randrange(1, 500))]
    candidates += [start + timedelta(days=days) for days in (88, 89, 90, 91, 92, 93)]
    candidates += [day + timedelta(days=beside) for day in report_days for beside in (-1, 0, 1)]
    candidates = [day for day in candidates if day >= start]

    def maybe(share: float) -> date | None:
        return chance.choice(candidates) if chance.random() < share else None

    executed = maybe(0.5)
    return Clock(
        kind=chance.choice([ClockKind.DECISION, ClockKind.DECISION, ClockKind.INTERRUPTION]),
        started_on=start,
        executed_on=executed,
        closed_on=None if executed else maybe(0.3),
        first_reported_on=maybe(0.5),
        final_reported_on=maybe(0.25),
        judgment=chance.random() < 0.05,
    )


def as_row(ref: str, clock: Clock, **more: object) -> dict[str, object]:
    interruption = clock.kind is ClockKind.INTERRUPTION
    return {
        "ref": ref,
        "insats": "Boendestöd",
        "beslutsdatum": date(2024, 1, 1) if interruption else clock.started_on,
        "avbrottsdatum": clock.started_on if interruption else None,
        "verkstalld": clock.executed_on,
        "avslutad": clock.closed_on,
        "forst_rapporterad": clock.first_reported_on,
        "slutrapporterad": clock.final_reported_on,
        "grund": "dom" if clock.judgment else "beslut",
        **more,
    }


def period(cutoff: date, previous: date) -> Period:
    return Period.of(Quarter.holding(cutoff), cutoff, previous)


@pytest.fixture
def two_thousand(app) -> dict[str, Clock]:
    chance = random.Random(20260331)  # noqa: S311 - the same clocks every time
    clocks = {f"R-{number:04}": random_clock(chance) for number in range(2_000)}
    units = ["Vuxen 1", "Vuxen 2", "Barn 1"]
    rows = [as_row(ref, clock, enhet=units[number % 3]) for number, (ref, clock) in enumerate(clocks.items())]
    make_decisions(rows, today=date(2030, 1, 1))
    return clocks


def test_sql_tells_the_same_classes_as_the_rules_and_as_the_contract_read_by_hand(two_thousand):
    seen: Counter[str] = Counter()
    told: list[tuple[Period, tuple[int, ...], int]] = []
    for cutoff, previous in PERIODS:
        expected, missed = {}, set()
        for ref, clock in two_thousand.items():
            by_hand, is_missed = classes_by_hand(clock, cutoff, previous)
            verdict = classify(clock, cutoff, previous)
            assert ({verdict.report_class} - {None}, verdict.missed) == (by_hand, is_missed)
            if by_hand:
                expected[ref] = (next(iter(by_hand)), verdict.days)
            if is_missed:
                missed.add(ref)
        of = period(cutoff, previous)
        rows, figures = quarter_rows(of, EVERY_RECORD), quarter_figures(of, EVERYTHING)
        assert {row.ref: (row.report_class.value, row.days) for row in rows} == expected
        assert len(rows) == len(expected)
        counts = Counter(name for name, _ in expected.values())
        assert figures.counts == tuple(counts[name] for name in CLASSES)
        assert figures.missed == len(missed)
        told.append((of, tuple(counts[name] for name in CLASSES), len(missed)))
        assert quarter_counts([of], EVERYTHING) == [told[-1]]
        assert {row.ref for row in list_missed(of, EVERYTHING, 2_000)} == missed
        seen += counts
        seen["missed"] += len(missed)
    assert quarter_counts([of for of, *_ in told], EVERYTHING) == told
    assert min(seen[name] for name in [*CLASSES, "missed"]) > 50, f"every class is put to the test: {seen}"


def test_bins_and_days_of_the_figures_are_those_of_the_clocks(two_thousand):
    for cutoff, previous in PERIODS:
        waits, bins = [], Counter()
        for clock in two_thousand.values():
            for name in classes_by_hand(clock, cutoff, previous)[0]:
                end = counted_to_by_hand(name, clock, cutoff)
                waits.append((end - clock.started_on).days)
                bins[bin_of(months_between(clock.started_on, end))] += 1
        figures = quarter_figures(period(cutoff, previous), EVERYTHING)
        assert figures.bins == tuple(bins[name] for name in ("0-2", "3-6", "7-9", "10-12", "13-17", "18+"))
        assert (figures.days.sum, figures.days.max) == (sum(waits), max(waits, default=0))


def test_rows_figures_and_groups_add_up_to_each_other(two_thousand):
    for cutoff, previous in PERIODS:
        of = period(cutoff, previous)
        rows, figures = quarter_rows(of, EVERY_RECORD), quarter_figures(of, EVERYTHING)
        assert len(rows) == figures.total == sum(figures.bins) == sum(sum(group.counts) for group in figures.groups)
        assert sum(row.days for row in rows) == figures.days.sum == sum(group.days.sum for group in figures.groups)
        assert all(sum(group.counts) == sum(group.bins) == len(group.waits) > 0 for group in figures.groups)
        kinds = Counter(row.kind for row in rows)
        assert kinds == Counter({group.kind: sum(group.counts) for group in figures.groups})


def test_a_part_of_the_tree_counts_its_own_clocks_and_the_parts_make_the_whole(two_thousand):
    units = [make_unit(name) for name in ("Barn 1", "Vuxen 1", "Vuxen 2")]
    one = [Reach(intervals=((unit.tree_from, unit.tree_to),), only_unit_id=unit.id) for unit in units]
    two = Reach(intervals=tuple((unit.tree_from, unit.tree_to) for unit in units[:2]))
    for cutoff, previous in PERIODS[:6]:
        of = period(cutoff, previous)
        parts = [quarter_figures(of, reach) for reach in one]
        both, whole = quarter_figures(of, two), quarter_figures(of, EVERYTHING)
        assert tuple(map(sum, zip(*(part.counts for part in parts), strict=True))) == whole.counts
        assert tuple(map(sum, zip(*(part.counts for part in parts[:2]), strict=True))) == both.counts
        assert (sum(part.missed for part in parts), parts[0].missed + parts[1].missed) == (whole.missed, both.missed)
        for reach, part in ((one[0], parts[0]), (one[1], parts[1]), (one[2], parts[2]), (two, both), (Reach(), None)):
            told = (part.counts, part.missed) if part else ((0,) * len(CLASSES), 0)
            assert quarter_counts([of], reach) == [(of, *told)]
        refs = [{row.ref for row in quarter_rows(of, Scope(reach))} for reach in one]
        assert [int(ref[2:]) % 3 for found in refs for ref in found] == [2] * len(refs[0]) + [0] * len(refs[1]) + [
            1
        ] * len(refs[2])
        assert len(quarter_rows(of, Scope(two))) == both.total
    nothing = Reach()
    assert quarter_figures(period(*PERIODS[0]), nothing).total == 0
    assert quarter_rows(period(*PERIODS[0]), Scope(nothing)) == []


def test_stored_figures_follow_every_change_of_a_clock(app, tmp_path):
    """One clock is brought through its life by imports; at each step the report says what the rules say."""
    steps = [
        {},
        {"forst_rapporterad": "2025-06-30"},
        {"verkstalld": "2025-08-01"},
        {"slutrapporterad": "2025-09-30"},
        {"slutrapporterad": "-"},
        {"verkstalld": "-", "avslutad": "2025-04-10"},
        {"forst_rapporterad": "-"},
        {"avslutad": "2025-04-16"},
        {"grund": "dom"},
        {"grund": "-", "beslutsdatum": "2024-11-01"},
    ]
    facts = {"beslutsdatum": "2025-01-15", "grund": "beslut"}
    names = {"verkstalld": "executed_on", "avslutad": "closed_on", "forst_rapporterad": "first_reported_on",
             "slutrapporterad": "final_reported_on"}  # fmt: skip
    for step in steps:
        facts |= step
        make_decisions([{"ref": "A-1", "beslutsdatum": ""} | step if step else {"ref": "A-1", **facts}])
        clock = Clock(
            ClockKind.DECISION,
            date.fromisoformat(facts["beslutsdatum"]),
            judgment=facts["grund"] == "dom",
            **{
                names[name]: date.fromisoformat(value)
                for name, value in facts.items()
                if name in names and value != "-"
            },
        )
        for cutoff, previous in PERIODS:
            expected, missed = classes_by_hand(clock, cutoff, previous)
            figures = quarter_figures(period(cutoff, previous), EVERYTHING)
            assert {name for name, n in zip(CLASSES, figures.counts, strict=True) if n} == expected
            assert figures.missed == missed


@pytest.mark.parametrize("column", ["verkstalld", "avslutad"])
def test_an_end_on_the_very_day_of_the_start_counts_no_days_in_rows_and_figures_alike(app, column):
    make_decisions(
        [{"ref": "A-1", "beslutsdatum": "2025-01-15", column: "2025-01-15", "forst_rapporterad": "2025-04-30"}]
    )
    of = period(date(2025, 6, 30), date(2025, 3, 31))
    (row,), figures = quarter_rows(of, EVERY_RECORD), quarter_figures(of, EVERYTHING)
    assert (row.days, figures.days.sum, figures.days.max, figures.bins[0]) == (0, 0, 0, 1)
