"""What does an import leave in the trail? One entry, with a part for each record that it made or changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.audit import trail
from tracker.audit.keys import keys_of
from tracker.audit.trail import Part
from tracker.decisions.notes import LIFE_TEXTS
from tracker.decisions.writing import person_of
from tracker.rules.trail import Action

PERSONAL = frozenset(
    {
        "person", "ref", "case_number", "handler_name", "delay_note", "close_reason", *LIFE_TEXTS, "what", "how",
        "replaces",
    }
)  # fmt: skip
# Made from other columns, or told by another name.
LEFT_OUT = frozenset(
    {
        "id", "record_id", "decision_id", "handler_id", "noted", "state", "due_on", "ended_on", "ended_value",
        "alive_until", "relevant_until", "person_hash", "person_encrypted", "kind",
    }
)  # fmt: skip
OF_DECISION = frozenset({"ref", "decided_on", "unit_id", "intervention_id", "sex", "mark"})
Row = Mapping[str, Any]


def personal_among(changes: Iterable[str]) -> set[str]:
    """Those of an entry's fields that can point at a person; a field may have the clock's place before its name."""
    return {name for name in changes if name.rpartition(" ")[2] in PERSONAL}


class ImportTrail:
    """Gathers the parts while rows are merged; all are noted together when the rows are written."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._fields: set[str] = set()
        self._changed: list[tuple[int, trail.Changes, set[str]]] = []

    def created(self, decision: Row, clocks: Iterable[Row]) -> None:
        """A record that did not exist: the digest of what the register holds of it, the person as it lies sealed."""
        values = [value for name, value in decision.items() if name != "person_hash"]
        for clock in clocks:
            values.extend(clock.values())
        self._parts.append(trail.created_part(decision["record_id"], values))

    def changed(self, before: Row, after: Row, clocks: Iterable[tuple[Row | None, Row]]) -> None:
        """A record that was there: old and new values of what differs."""
        changes = dict(_differences(before, after))
        if before["person_hash"] != after["person_hash"]:
            changes["person"] = (person_of(dict(before)), person_of(dict(after)))
        for old, new in clocks:
            changes |= _of_clock(old, new)
        if changes:
            self._changed.append((after["record_id"], changes, personal_among(changes)))
            self._fields |= {name.rpartition(" ")[2] for name in changes}

    def seal(self) -> None:
        """Seals what has been gathered of changes so far; the records' keys are asked for in one go."""
        needing = [record_id for record_id, _, personal in self._changed if personal]
        keys = keys_of(needing) if needing else {}
        for record_id, changes, personal in self._changed:
            self._parts.append(trail.changed_part(record_id, changes, personal, key=keys.get(record_id)))
        self._changed.clear()

    def __iadd__(self, other: "ImportTrail") -> "ImportTrail":
        """Takes over what another has gathered and sealed."""
        self._parts += other._parts
        self._fields |= other._fields
        return self

    def note(self) -> None:
        """One entry for all of them; none when nothing has changed."""
        if self._parts:
            trail.record_bulk(Action.RECORDS_IMPORTED, self._parts, self._fields)


class Differences:
    """Old and new of clocks' columns, by the record they belong to."""

    def __init__(self) -> None:
        self.by_record: dict[int, dict[str, tuple[object, object]]] = {}

    def of_clock(self, before: Row, after: Row) -> None:
        """What differs in one clock."""
        self.by_record.setdefault(after["decision_id"], {}).update(_of_clock(before, after))


def _of_clock(before: Row | None, after: Row) -> dict[str, tuple[object, object]]:
    place = "" if after["kind"] == "beslut" else f"avbrott {after['started_on']} "
    return {f"{place}{name}": pair for name, pair in _differences(before or {}, after, OF_DECISION)}


def _differences(
    before: Row, after: Row, but: frozenset[str] = frozenset()
) -> Iterable[tuple[str, tuple[object, object]]]:
    for name, value in after.items():
        if name not in LEFT_OUT and name not in but and before.get(name) != value:
            yield name, (before.get(name), value)
