"""What does the quarterly report on ej verkställda beslut say? Figures and rows, before any audience is thought of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from statistics import median
from typing import Any, NamedTuple

from tracker.accounts.reader import Reach
from tracker.decisions.quarter import CLASSES, NOTED, class_notes, count_classes, list_class_facts, list_class_rows
from tracker.records.grants import granted_in
from tracker.records.models import CodeList, Mark
from tracker.records.queries import code_labels
from tracker.records.scope import Scope
from tracker.rules.quarters import Period
from tracker.rules.unexecuted import BINS, ClockKind, ReportClass, bin_index, ended_bin, ended_days


@dataclass(frozen=True, slots=True)
class Days:
    """Waiting times: their sum, median and longest, in whole days; zeros when there are none."""

    sum: int
    median: float
    max: int

    @classmethod
    def of(cls, values: Iterable[int]) -> "Days":
        """The summary of some waiting times."""
        days = list(values)
        return cls(sum(days), float(median(days)), max(days)) if days else cls(0, 0.0, 0)


@dataclass(slots=True)
class Group:
    """The clocks of one insats, kind and sex: how many in each class and bin, and their waiting times in days."""

    intervention: str
    kind: str
    sex: str | None
    counts: list[int] = field(default_factory=lambda: [0] * len(CLASSES))
    bins: list[int] = field(default_factory=lambda: [0] * len(BINS))
    waits: list[int] = field(default_factory=list)

    @property
    def days(self) -> Days:
        """The group's waiting times, summed up."""
        return Days.of(self.waits)


class ClassCounts(NamedTuple):
    """How many clocks stand in each class of a report, in the order of ReportClass, and how many it misses."""

    period: Period
    counts: tuple[int, ...]
    missed: int

    @property
    def total(self) -> int:
        """How many clocks stand in a class."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Figures:
    """The report in numbers. `counts` and `bins` follow the order of ReportClass and BINS."""

    period: Period
    counts: tuple[int, ...]
    missed: int
    groups: tuple[Group, ...]
    bins: tuple[int, ...]
    days: Days

    @property
    def total(self) -> int:
        """How many clocks stand in a class."""
        return sum(self.counts)


class ReportRow(NamedTuple):
    """One clock in a class; days as ÅÅÅÅ-MM-DD. Those after the cut-off are None: they do not exist yet for the report.

    `reason_code` is the text of a code from the list, `reason_note` what was written instead. `hidden`: it is counted,
    but protected and not given to the reader by name, or closed to them.
    """

    record_id: int
    ref: str
    kind: str
    intervention: str
    sex: str | None
    report_class: ReportClass
    decided_on: str
    started_on: str
    due_on: str
    executed_on: str | None
    closed_on: str | None
    days: int
    reason_code: str | None
    reason_note: str | None
    protected: bool
    hidden: bool
    clock_id: int = 0

    @property
    def interrupted_on(self) -> str | None:
        """The day of the interruption, for a clock that runs from one."""
        return self.started_on if self.kind == ClockKind.INTERRUPTION else None

    @property
    def ended_on(self) -> str | None:
        """The day the clock stopped, None while it ran at the cut-off."""
        return self.executed_on or self.closed_on

    @property
    def reason(self) -> str | None:
        """The reason as the register has it: the code's text, or what was written."""
        return self.reason_code or self.reason_note


def quarter_counts(periods: Sequence[Period], reach: Reach) -> list[ClassCounts]:
    """The clocks in each class over the units within reach, for each of some periods, counted by the database:
    `quarter_figures` in short.
    """
    found = zip(periods, count_classes(periods, reach), strict=True)
    return [ClassCounts(period, counts, missed) for period, (counts, missed) in found]


def quarter_figures(period: Period, reach: Reach) -> Figures:
    """The report's figures over the units within reach."""
    facts, missed = list_class_facts(period, reach)
    labels = code_labels(CodeList.INTERVENTION)
    cutoff = period.cutoff_on

    @cache
    def to_cutoff(started_on: date) -> tuple[int, int]:
        return (cutoff - started_on).days, bin_index(started_on, cutoff)

    groups: dict[tuple[int, str, str | None], Group] = {}
    for class_index, intervention_id, kind, sex, ended_value, started_on in facts:
        key = (intervention_id, kind, sex)
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group(labels[intervention_id], kind, sex)
        if ended_value:
            days, bin_number = ended_days(ended_value), ended_bin(ended_value)
        else:
            days, bin_number = to_cutoff(started_on)
        group.counts[class_index] += 1
        group.bins[bin_number] += 1
        group.waits.append(days)
    ordered = sorted(groups.values(), key=lambda g: (g.intervention, g.kind, g.sex is None, g.sex or ""))
    return Figures(
        period,
        tuple(map(sum, zip(*(g.counts for g in ordered), strict=True))) or (0,) * len(CLASSES),
        missed,
        tuple(ordered),
        tuple(map(sum, zip(*(g.bins for g in ordered), strict=True))) or (0,) * len(BINS),
        Days.of(wait for group in ordered for wait in group.waits),
    )


def quarter_rows(period: Period, scope: Scope) -> list[ReportRow]:
    """The report's rows over the units within reach: by class, then start, then ref; those to be left out are told."""
    found = list_class_rows(period, scope.reach)  # before the labels: a row committed between the two has its label
    labels = code_labels(CodeList.INTERVENTION, CodeList.DELAY_REASON)
    notes = class_notes(period, scope.reach) if any(row[NOTED] for row in found) else {}
    return report_rows(found, labels, notes, period, scope)


def report_rows(
    found: Iterable[Sequence[Any]], labels: Mapping[int, str], notes: Mapping[int, str], period: Period, scope: Scope
) -> list[ReportRow]:
    """Rows of `list_class_rows` as a report has them; `labels` of the code lists' entries, `notes`: clock → what was
    written as its reason.
    """
    cutoff = period.cutoff_on
    granted = granted_in(scope)

    @cache
    def to_cutoff(started_on: str) -> int:
        return (cutoff - date.fromisoformat(started_on)).days

    return [
        ReportRow(
            record_id, ref, kind, labels[intervention_id], sex, CLASSES[class_index], decided_on, started_on,
            due_on, executed_on, closed_on,
            to_cutoff(started_on) if days is None else days,
            labels[reason_id] if reason_id else None,
            notes[clock_id] if noted else None,
            mark == Mark.PROTECTED,
            granted.hides(record_id, mark),
            clock_id,
        )
        for (
            class_index, started_on, ref, kind, record_id, intervention_id, sex, decided_on, due_on, executed_on,
            closed_on, days, reason_id, noted, mark, clock_id,
        ) in found
    ]  # fmt: skip
