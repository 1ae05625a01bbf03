"""The lines of a picture: all of it, and what it is divided into, each line with its eight quarters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from tracker.accounts.queries import UnitRow
from tracker.accounts.reader import Reader
from tracker.actions.queries import READ_SOURCE
from tracker.actions.words import SOURCE_NAMES
from tracker.pictures.measures import GOALS, WORDS, Division, Measure
from tracker.pictures.queries import OTHER, SEVERAL, Key, Seen, count_flows, count_goals
from tracker.records.models import CodeList
from tracker.records.queries import kept_label
from tracker.records.scope import Scope, scope_of
from tracker.rules.permissions import Permission
from tracker.rules.trends import Flow, Goal, Span

REST = "Övriga"
ALL = "Alla"
CODE_LISTS = {Measure.DEVIATIONS: CodeList.DEVIATION_CATEGORY, Measure.DECISIONS: CodeList.INTERVENTION}
SOURCES = {kind.value: name for kind, name in SOURCE_NAMES.items()} | {SEVERAL: "Flera register", OTHER: "Annat"}
NO_SOURCE = "Inget register"
OF_ACTIONS = frozenset({Measure.ACTIONS, Measure.ACTIONS_GOAL})
Counts = Flow | Goal


class Line(NamedTuple):
    """What one unit or category, or all of them, has of each quarter; `unit_id`: of a unit that can be divided further
    or looked at alone.
    """

    name: str
    counts: Any  # a Flow or a Goal
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class EightQuarters:
    """A measure over its quarters: the lines that it is divided into (none: undivided), and all of them together."""

    measure: Measure
    spans: tuple[Span, ...]
    lines: tuple[Line, ...]
    total: Line


def seen_of(reader: Reader, scope: Scope) -> Seen:
    """What the reader sees of what is counted within a scope."""
    sources = {kind: scope_of(reader, one) for kind, one in READ_SOURCE.items() if reader.allows(one)}
    return Seen(scope, reader.reach(Permission.READ_QUALITY), sources)


def count_quarters(
    measure: Measure, spans: tuple[Span, ...], seen: Seen, division: Division | None, units: Sequence[UnitRow]
) -> EightQuarters:
    """The measure counted; `units`: those within the scope, in the order of the tree. One statement, and the names."""
    count = count_goals if measure in GOALS else count_flows
    found: Mapping[Key, Any] = count(measure, spans, seen, division)
    zeros = (0,) * len(spans)
    nothing = Goal(zeros, zeros) if measure in GOALS else Flow(0, zeros, zeros)
    total = Line(ALL, _sum(found.values(), nothing))
    if division is None:
        return EightQuarters(measure, spans, (), total)
    lines = _unit_lines(found, units, nothing) if division is Division.UNIT else _category_lines(found, measure)
    return EightQuarters(measure, spans, tuple(line for line in lines if not line.counts.empty), total)


def _sum(counts: Iterable[Counts], nothing: Counts) -> Counts:
    return reduce(add, counts, nothing)


def _unit_lines(found: Mapping[Key, Any], units: Sequence[UnitRow], nothing: Counts) -> list[Line]:
    """A line for each unit right below the one that is asked for, and for what lies on that one itself; where several
    are asked for, a line for each. What lies below a unit counts there.
    """
    groups = _groups(units)
    told = {unit_id for _, _, members in groups for unit_id in members}
    lines = [
        Line(name, _sum((found[one] for one in members if one in found), nothing), unit_id)
        for name, unit_id, members in groups
    ]
    rest = [counts for key, counts in found.items() if key not in told]  # of a unit younger than what is remembered
    return [*lines, Line(REST, _sum(rest, nothing))]


def _groups(units: Sequence[UnitRow]) -> list[tuple[str, int | None, list[int]]]:
    """(name, the unit to go to, the units that it counts) for each line."""
    tops = [one for one in units if not any(_lies_below(one, other) for other in units)]
    if len(tops) != 1 or len(units) == 1:
        return [_with_all_below(top, units) for top in tops]
    top = tops[0]
    below = [one for one in units if one.depth == top.depth + 1]
    return [(f"{top.name}, direkt", None, [top.id]), *(_with_all_below(one, units) for one in below)]


def _lies_below(unit: UnitRow, other: UnitRow) -> bool:
    return other.tree_from < unit.tree_from <= other.tree_to


def _with_all_below(top: UnitRow, units: Sequence[UnitRow]) -> tuple[str, int | None, list[int]]:
    return (
        top.name,
        top.id if len(units) > 1 else None,
        [one.id for one in units if one.id == top.id or _lies_below(one, top)],
    )


def _category_lines(found: Mapping[Key, Any], measure: Measure) -> list[Line]:
    """The most of what the picture shows first; what is not said last."""
    named = [Line(_label(key, measure), counts) for key, counts in found.items() if key is not None]
    ordered = sorted(named, key=lambda line: (-(line.counts.shown[-1] or 0), line.name))
    unsaid = NO_SOURCE if measure in OF_ACTIONS else f"Utan {WORDS[measure].category.lower()}"
    return [*ordered, *(Line(unsaid, counts) for key, counts in found.items() if key is None)]


def _label(key: Key, measure: Measure) -> str:
    if measure in CODE_LISTS:
        return kept_label(CODE_LISTS[measure], int(key or 0))
    return SOURCES.get(str(key), str(key).capitalize())
