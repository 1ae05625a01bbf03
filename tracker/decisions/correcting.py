"""Correcting and voiding decisions: what was wrong is set right with its reason, and what stood before is kept.

Every service takes the version that the person saw and raises StaleVersion when somebody has changed the decision
since; the rules of days and the writer are those of the import.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from tracker.accounts.models import Unit
from tracker.accounts.queries import users_by_name
from tracker.accounts.reader import Reach
from tracker.audit import trail
from tracker.database import db
from tracker.decisions.importing import CLOCK_FIELDS, ParsedRow, Value
from tracker.decisions.living import take_away_life
from tracker.decisions.lookups import delay_reason_ids
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.saving import Lookups, Stored, merge_clock, merge_decision
from tracker.decisions.trailing import personal_among
from tracker.decisions.writing import (
    Changes,
    keep_marks,
    lock_decisions,
    person_of,
    put_person,
    stored_clocks,
    stored_decision,
)
from tracker.exchange.columns import CLEAR, LEAVE
from tracker.labels import CLOCK_LABELS
from tracker.records.models import CodeList, Mark, Record
from tracker.records.queries import other_names
from tracker.records.services import add_codes, code_ids
from tracker.records.versions import raise_version
from tracker.rules.clock_facts import contradictions
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.trail import Action
from tracker.rules.unexecuted import ClockKind

SEALED = frozenset({"person_encrypted", "person_hash"})
# What follows from other columns, or only tells where a row stands.
DERIVED = frozenset(
    {"noted", "state", "due_on", "ended_on", "ended_value", "alive_until", "relevant_until", "id", "decision_id",
     "mark", "unit_id", "ref", "decided_on", "intervention_id", "sex", "kind"}
)  # fmt: skip
OTHER_UNIT = "Din roll får inte rätta beslut i den enheten. Välj en enhet som du arbetar med."
UNCHANGED = "Inget är ändrat. Ändra det som är fel, eller gå tillbaka."


class CorrectionRefused(Exception):
    """Nothing is to be kept of the correction; each violation names the field it belongs beside."""

    def __init__(self, violations: Iterable[RuleViolation]) -> None:
        self.violations = tuple(violations)
        super().__init__(*(violation.code for violation in self.violations))


@dataclass(frozen=True, slots=True)
class Correction:
    """What every correction is made with: the record, the version that was seen, why, and how far its maker reaches."""

    record_id: int
    seen: int
    reason: str
    reach: Reach
    identity_reach: Reach
    today: date


def correct_decision(correction: Correction, said: Mapping[str, Value]) -> None:
    """Sets a decision's columns right; `said` holds the fields that differ, by the import's names, and `ref`.

    Raises CorrectionRefused when the rules refuse it.
    """
    lock_decisions(alone="ref" in said)
    raise_version(correction.record_id, correction.seen)
    before = stored_decision(correction.record_id)
    lookups = lookups_for(said, before["unit_id"])
    after = merge_decision(before, said, lookups)
    if "ref" in said:
        after["ref"] = _new_ref(said["ref"])
    if "diarienummer" in said:
        after["case_number"] = None if said["diarienummer"] is CLEAR else said["diarienummer"]
    places = [lookups.tree_places[unit_id] for unit_id in (before["unit_id"], after["unit_id"])]
    if not all(map(correction.reach.covers, places)):
        raise CorrectionRefused([RuleViolation("unit", OTHER_UNIT, "enhet")])
    if "person" in said:
        if not all(map(correction.identity_reach.covers, places)):
            raise CorrectionRefused([RuleViolation("person", "Din roll får inte ändra personnumret där.", "person")])
        put_person(after, said["person"])
    changes = differences(before, after, SEALED)
    if before["person_hash"] != after["person_hash"]:
        changes["person"] = (person_of(before), person_of(after))
    if not changes:
        raise CorrectionRefused([RuleViolation("unchanged", UNCHANGED)])
    _write(correction, after, lookups)
    _note(correction, changes)


def correct_clock(
    correction: Correction, clock_id: int, said: Mapping[str, Value], started_on: date | None = None
) -> None:
    """Sets a clock right; `said` as above, `started_on` the day of its interruption when that was wrong.

    Raises CorrectionRefused when the rules refuse it.
    """
    decision, clocks = load_to_change(correction.record_id, correction.seen, correction.reach)
    before = next(clock for clock in clocks if clock["id"] == clock_id)
    lookups = lookups_for(said, decision["unit_id"])
    moved = dict(before)
    if started_on is not None and before["kind"] == ClockKind.INTERRUPTION:
        same = [clock for clock in clocks if clock["kind"] == before["kind"] and clock["started_on"] == started_on]
        if any(clock["id"] != clock_id for clock in same):
            message = "Beslutet har redan ett avbrott den dagen. Rätta det i stället, eller skriv en annan dag."
            raise CorrectionRefused([RuleViolation("same_day", message, "avbrottsdatum")])
        moved["started_on"] = started_on
    row = ParsedRow(0, decision["ref"], None, (), tuple(said.get(field.name, LEAVE) for field in CLOCK_FIELDS))
    after, facts = merge_clock(moved, row, decision, lookups)
    wrong = contradictions(facts, decision["decided_on"], correction.today)
    refused = [RuleViolation("contradiction", message, column) for column, message in wrong]
    changes = differences(before, after, DERIVED)
    if not changes:
        refused.append(RuleViolation("unchanged", UNCHANGED))
    if refused:
        raise CorrectionRefused(refused)
    writer = Changes()
    writer.update(DecisionClock, after)
    writer.write(raise_versions=False)
    _note(correction, {"clock_id": (clock_id, clock_id)} | changes)


def remove_clock(correction: Correction, clock_id: int) -> None:
    """Takes away a clock that never ran; the trail keeps what stood in it. CorrectionRefused for the only one."""
    _, clocks = load_to_change(correction.record_id, correction.seen, correction.reach)
    if len(clocks) == 1:
        message = "Ett beslut har minst en klocka. Makulera beslutet om det inte ska finnas."
        raise CorrectionRefused([RuleViolation("only_clock", message, "ta_bort")])
    gone = next(clock for clock in clocks if clock["id"] == clock_id)
    happened = take_away_life(clock_id)
    db.session.execute(
        delete(DecisionClock).where(DecisionClock.id == clock_id), execution_options={"synchronize_session": False}
    )
    changes = {name: (value, None) for name, value in gone.items() if value is not None and name not in DERIVED}
    _note(correction, {"clock_id": (clock_id, None), "kind": (gone["kind"], None)} | changes | happened)


def void_decision(record_id: int, seen: int, reason: str, now: datetime) -> None:
    """Takes a decision out of lists, figures and files for good; it stays in the trail and in the list of voided."""
    lock_decisions()
    raise_version(record_id, seen)
    statement = update(Record).where(Record.id == record_id).values(voided_at=now)
    db.session.execute(statement, execution_options={"synchronize_session": False})
    keep_marks(record_id, Mark.VOIDED)
    trail.record(Action.RECORD_VOIDED, record_id=record_id, changes={"voided_at": (None, now)}, reason=reason)


def load_to_change(record_id: int, seen: int, reach: Reach, *, alone: bool = False) -> tuple[Stored, list[Stored]]:
    """A decision's columns and its clocks', for whoever changes them on the version that they saw; takes the locks.

    Raises StaleVersion when somebody has changed it since, CorrectionRefused when it lies beyond reach.
    """
    lock_decisions(alone=alone)
    raise_version(record_id, seen)
    decision = stored_decision(record_id)
    place = db.session.scalar(select(Unit.tree_from).where(Unit.id == decision["unit_id"]))
    if place is None or not reach.covers(place):
        raise CorrectionRefused([RuleViolation("unit", OTHER_UNIT)])
    return decision, stored_clocks([record_id])


def lookups_for(said: Mapping[str, Value], home_unit_id: int) -> Lookups:
    """What the names in a correction stand for; an insats that is new joins its list."""
    label, handler = said.get("insats"), said.get("handlaggare")
    interventions = code_ids(CodeList.INTERVENTION) if label else {}
    if isinstance(label, str) and label not in interventions:
        if holds_person_number(label):
            message = "Ser ut som ett personnummer. Skriv insatsens namn."
            raise CorrectionRefused([RuleViolation("person_number", message, "insats")])
        interventions = add_codes(CodeList.INTERVENTION, [label])
    units = db.session.execute(select(Unit.id, Unit.name, Unit.tree_from)).all()
    return Lookups(
        units={name: unit_id for unit_id, name, _ in units},
        users=users_by_name({handler}) if isinstance(handler, str) else {},
        interventions=interventions,
        delay_reasons=delay_reason_ids() if "skal" in said else {},
        close_reasons=other_names(CodeList.CLOSE_REASON) if "avslutsorsak" in said else {},
        home_unit_id=home_unit_id,
        tree_places={unit_id: place for unit_id, _, place in units},
    )


def _new_ref(ref: Value) -> str:
    text = str(ref)
    if holds_person_number(text):
        message = "Ser ut som ett personnummer. Skriv en referens som inte pekar ut någon."
        raise CorrectionRefused([RuleViolation("person_number", message, "ref")])
    if db.session.scalar(select(Decision.record_id).where(Decision.ref == text)) is not None:
        message = "Referensen används redan. Skriv en som inget annat beslut har."
        raise CorrectionRefused([RuleViolation("taken", message, "ref")])
    return text


def differences(before: Stored, after: Stored, but: frozenset[str]) -> dict[str, tuple[object, object]]:
    """Old and new value of each column that differs, but for some."""
    return {name: (before[name], after[name]) for name in after if name not in but and before[name] != after[name]}


def _write(correction: Correction, after: Stored, lookups: Lookups) -> None:
    """Writes the decision with its record and clocks; a day that one of its clocks contradicts refuses it all."""
    writer, refused = Changes(), []
    shared = {name: after[name] for name in ("unit_id", "case_number")}
    named = {"number": after["ref"], "title": f"Beslut {after['ref']}"}
    writer.update(Record, {"id": after["record_id"]} | shared | named)
    writer.update(Decision, {name: value for name, value in after.items() if name != "case_number"})
    for clock in stored_clocks([after["record_id"]]):
        merged, facts = merge_clock(clock, None, after, lookups)
        writer.update(DecisionClock, merged)
        for column, message in contradictions(facts, after["decided_on"], correction.today):
            which = f"{CLOCK_LABELS[ClockKind(clock['kind'])]} {clock['started_on']}"
            told = message if column == "beslutsdatum" else f"{which}, {column}: {message}"
            refused.append(RuleViolation("contradiction", told, "beslutsdatum"))
    if refused:
        raise CorrectionRefused(refused)
    writer.write(raise_versions=False)


def _note(correction: Correction, changes: Mapping[str, Any]) -> None:
    trail.record(
        Action.RECORD_CORRECTED,
        record_id=correction.record_id,
        changes=changes,
        personal=personal_among(changes),
        reason=correction.reason,
    )
