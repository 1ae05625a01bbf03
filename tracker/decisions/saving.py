"""What does a row of the file change in what is stored? Merging only: `services` loads before and writes after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.decisions.importing import BAD, CLOCK_FIELDS, ParsedRow, Value
from tracker.exchange.columns import CLEAR, LEAVE, fold
from tracker.records.models import Mark
from tracker.rules.legal_basis import law_of
from tracker.rules.unexecuted import Clock, ClockKind, stored_figures

Stored = dict[str, Any]  # a table's row by column name

PLAIN_DECISION_COLUMNS = {
    "lagrum": "legal_basis",
    "grund": "judgment",
    "omrade": "area",
    "kon": "sex",
    "utforare": "provider",
    "beslutsdatum": "decided_on",
}
PLAIN_CLOCK_COLUMNS = {
    "verkstalld": "executed_on",
    "avslutad": "closed_on",
    "avslutsorsak": "close_reason",
    "forst_rapporterad": "first_reported_on",
    "slutrapporterad": "final_reported_on",
}
FROM_DECISION = ("ref", "decided_on", "unit_id", "intervention_id", "sex", "mark")
NEW_DECISION: Stored = {
    "legal_basis": None,
    "judgment": False,
    "area": None,
    "sex": None,
    "person_encrypted": None,
    "person_hash": None,
    "mark": Mark.ORDINARY.value,
    "handler_id": None,
    "handler_name": None,
    "provider": None,
}
NEW_CLOCK: Stored = {
    "executed_on": None,
    "closed_on": None,
    "close_reason": None,
    "delay_reason_id": None,
    "delay_note": None,
    "noted": False,
    "first_reported_on": None,
    "final_reported_on": None,
}


@dataclass(frozen=True, slots=True)
class Lookups:
    """What names in the file stand for: units, users, interventions by exact name; delay reasons by folded name;
    closing reasons that count as another by exact name.

    `tree_places` tells where in the tree each unit begins.
    """

    units: Mapping[str, int]
    users: Mapping[str, int]
    interventions: Mapping[str, int]
    delay_reasons: Mapping[str, int]
    close_reasons: Mapping[str, str]
    home_unit_id: int
    tree_places: Mapping[int, int]


NO_LOOKUPS = Lookups({}, {}, {}, {}, {}, 0, {})  # where only days are said


def merge_decision(stored: Stored, said: Mapping[str, Value], lookups: Lookups) -> Stored:
    """The decision's columns after what the file says; `person` and `diarienummer` are left to the caller."""
    merged = dict(stored)
    for name, value in said.items():
        if value is BAD:
            continue
        if name in PLAIN_DECISION_COLUMNS:
            empty = False if name == "grund" else None
            merged[PLAIN_DECISION_COLUMNS[name]] = empty if value is CLEAR else value
        elif name == "insats":
            merged["intervention_id"] = lookups.interventions[str(value)]
        elif name == "enhet":
            merged["unit_id"] = lookups.home_unit_id if value is CLEAR else lookups.units[str(value)]
        elif name == "handlaggare":
            merged["handler_name"] = None if value is CLEAR else value
            merged["handler_id"] = None if value is CLEAR else lookups.users.get(str(value))
    return merged


def merge_clock(stored: Stored, row: ParsedRow | None, decision: Stored, lookups: Lookups) -> tuple[Stored, Clock]:
    """A clock's columns after what its row says (None: its decision alone has changed), and the facts they make.

    Figures are made anew every time: whether the decision is a judgment changes them although no column here does.
    """
    merged = dict(stored)
    if row is not None:
        for field, value in zip(CLOCK_FIELDS, row.clock, strict=True):
            if value is LEAVE or value is BAD:
                continue
            if field.name == "skal":
                reason_id = None if value is CLEAR else lookups.delay_reasons.get(fold(str(value)))
                merged["delay_reason_id"] = reason_id
                merged["delay_note"] = None if value is CLEAR or reason_id is not None else value
                merged["noted"] = merged["delay_note"] is not None
            elif field.name == "avslutsorsak" and value is not CLEAR:
                merged["close_reason"] = lookups.close_reasons.get(str(value), value)
            else:
                merged[PLAIN_CLOCK_COLUMNS[field.name]] = None if value is CLEAR else value
    if merged["kind"] == ClockKind.DECISION:
        merged["started_on"] = decision["decided_on"]
    for column in FROM_DECISION:
        merged[column] = decision[column]
    facts = clock_facts(merged, decision)
    _add_figures(merged, facts)
    return merged, facts


def _add_figures(clock: Stored, facts: Clock) -> None:
    """Puts the figures that the table holds beside a clock in their columns; they depend on the decision too."""
    figures = stored_figures(facts)
    clock["state"] = figures.state.value
    clock["due_on"] = figures.due_on
    clock["ended_on"] = figures.ended_on
    clock["ended_value"] = figures.ended_value
    clock["alive_until"] = figures.alive_until
    clock["relevant_until"] = figures.relevant_until


def clock_facts(clock: Mapping[str, Any], decision: Mapping[str, Any]) -> Clock:
    """The facts that the rules ask for, from the two tables' columns."""
    return Clock(
        kind=ClockKind(clock["kind"]),
        started_on=clock["started_on"],
        executed_on=clock["executed_on"],
        closed_on=clock["closed_on"],
        first_reported_on=clock["first_reported_on"],
        final_reported_on=clock["final_reported_on"],
        judgment=decision["judgment"],
        law=law_of(decision["legal_basis"]),
        voided=decision["mark"] == Mark.VOIDED,
    )


def new_clock(interrupted_on: date | None) -> Stored:
    """An empty clock from an interruption, or (None) from the decision."""
    kind = ClockKind.INTERRUPTION if interrupted_on else ClockKind.DECISION
    return {**NEW_CLOCK, "kind": kind.value, "started_on": interrupted_on}
