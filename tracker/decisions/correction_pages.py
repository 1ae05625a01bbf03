"""What stands now in a decision and a clock, as the texts that their forms hold?"""

from datetime import date

from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.notes import open_note
from tracker.labels import CLOCK_LABELS
from tracker.records.models import Record
from tracker.rules.unexecuted import ClockKind


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def decision_texts(decision: Decision, record: Record, unit: str, intervention: str) -> dict[str, str]:
    """The decision's fields by the import's names."""
    return {
        "ref": decision.ref,
        "enhet": unit,
        "insats": intervention,
        "beslutsdatum": _day(decision.decided_on),
        "lagrum": decision.legal_basis or "",
        "grund": "dom" if decision.judgment else "beslut",
        "omrade": decision.area or "",
        "kon": decision.sex or "",
        "handlaggare": decision.handler_name or "",
        "utforare": decision.provider or "",
        "diarienummer": record.case_number or "",
    }


def clock_texts(clock: DecisionClock, reason: str) -> dict[str, str]:
    """The clock's fields by the import's names; `reason` is the label of its reason's code."""
    return {
        "avbrottsdatum": _day(clock.started_on) if clock.kind == ClockKind.INTERRUPTION else "",
        "verkstalld": _day(clock.executed_on),
        "avslutad": _day(clock.closed_on),
        "avslutsorsak": clock.close_reason or "",
        "skal": reason,
        "eget_skal": open_note(clock.delay_note, clock.id) or "",
        "forst_rapporterad": _day(clock.first_reported_on),
        "slutrapporterad": _day(clock.final_reported_on),
    }


def clock_heading(clock: DecisionClock) -> str:
    """What a clock is called: what it runs from, and the day."""
    return f"{CLOCK_LABELS[ClockKind(clock.kind)]} {clock.started_on}"
