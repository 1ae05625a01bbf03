"""What would a file change, row by row? The first some hundred are kept to be shown, the rest are counted, and all of
them go into a digest that tells whether a plan made later would do the same.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.decisions.importing import ParsedRow
from tracker.decisions.saving import PLAIN_CLOCK_COLUMNS, PLAIN_DECISION_COLUMNS, Stored
from tracker.rules.unexecuted import ClockKind

MOST_KEPT = 200
_DECISION_FIELDS = {column: name for name, column in PLAIN_DECISION_COLUMNS.items()} | {
    "intervention_id": "insats",
    "unit_id": "enhet",
    "handler_name": "handlaggare",
    "case_number": "diarienummer",
}
_CLOCK_FIELDS = {column: name for name, column in PLAIN_CLOCK_COLUMNS.items()}
Touched = Iterable[tuple[Stored | None, Stored]]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, by the import's name, with what stands and what will; None is nothing. Units, insatser and reasons are
    numbers of theirs, or a text where there is none yet. Of `person` there is only whether a number comes or goes.
    """

    name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is new (`fields` is empty) or that changes something."""

    row: int
    record_id: int
    ref: str
    interrupted_on: date | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(slots=True)
class Differences:
    """The rows of a plan that are new or change something; `cleared`: how many of them empty a field."""

    new: list[RowChange] = field(default_factory=list)
    changed: list[RowChange] = field(default_factory=list)
    cleared: int = 0
    by_field: Counter[str] = field(default_factory=Counter)
    digests: list[bytes] = field(default_factory=list)

    def note(
        self, rows: list[ParsedRow], before: Stored | None, after: Stored, clocks: Touched, names: Mapping[int, str]
    ) -> None:
        """What one ref's rows change. `before`: None for a new decision; `names`: insatser that are new, by number."""
        of_clock = {_key(new): (old, new) for old, new in clocks}
        of_decision = () if before is None else tuple(_decision_changes(before, after, names))
        hashes = None if before is None else (before["person_hash"], after["person_hash"])
        for place, row in enumerate(rows):
            old, new = of_clock.get(row.interrupted_on, (None, None))
            fields = of_decision if place == 0 else ()
            if old is not None and new is not None:
                fields += tuple(_clock_changes(old, new))
            change = RowChange(row.number, after["record_id"], after["ref"], row.interrupted_on, fields)
            is_new = new is not None and old is None
            if is_new or fields:
                self._keep(change, is_new, hashes if place == 0 else None)

    def _keep(self, change: RowChange, is_new: bool, hashes: object) -> None:
        kept = self.new if is_new and not change.fields else self.changed
        if len(kept) < MOST_KEPT:
            kept.append(change)
        said = (is_new, change.ref, change.interrupted_on, change.fields, hashes)
        self.digests.append(hashlib.sha256(repr(said).encode()).digest())
        self.by_field.update(change_.name for change_ in change.fields)
        self.cleared += any(change_.new is None and change_.old is not None for change_ in change.fields)

    def __iadd__(self, other: "Differences") -> "Differences":
        """Takes over another's, in order."""
        self.new += other.new[: MOST_KEPT - len(self.new)]
        self.changed += other.changed[: MOST_KEPT - len(self.changed)]
        self.cleared += other.cleared
        self.by_field.update(other.by_field)
        self.digests += other.digests
        return self

    @property
    def digest(self) -> str:
        """Equal for two plans that make the same rows new and change the same fields in the same way."""
        return hashlib.sha256(b"".join(self.digests)).hexdigest()


def _key(clock: Stored) -> date | None:
    found: date | None = clock["started_on"] if clock["kind"] == ClockKind.INTERRUPTION else None
    return found


def _decision_changes(before: Stored, after: Stored, names: Mapping[int, str]) -> Iterator[FieldChange]:
    for column, name in _DECISION_FIELDS.items():
        if before[column] != after[column]:
            new = after[column]
            yield FieldChange(name, before[column], names.get(new, new) if name == "insats" else new)
    if before["person_hash"] != after["person_hash"]:
        yield FieldChange("person", before["person_hash"] and True, after["person_hash"] and True)


def _clock_changes(before: Stored, after: Stored) -> Iterator[FieldChange]:
    for column, name in _CLOCK_FIELDS.items():
        if before[column] != after[column]:
            yield FieldChange(name, before[column], after[column])
    old, new = _reason(before), _reason(after)
    if old != new:
        yield FieldChange("skal", old, new)


def _reason(clock: Stored) -> object:
    """The reason's number, or the clock's own words."""
    return clock["delay_note"] if clock["delay_reason_id"] is None else clock["delay_reason_id"]
