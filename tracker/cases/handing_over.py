"""To whom a case was handed over, as it is written with the step and told on the case's page."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import insert

from tracker.cases.provider_models import CaseHandover
from tracker.database import db
from tracker.rules.calendar import in_words
from tracker.rules.errors import RuleViolation
from tracker.rules.handing_over import (
    RECEIVER_LABELS,
    SENT_LABELS,
    ReceiverKind,
    SentBy,
    check_answer_day,
    check_receiver,
)
from tracker.rules.identity import holds_person_number

NAMES = ("receiver_kind", "receiver", "sent_by")
PERSON_NUMBER = "Texten ser ut att innehålla ett personnummer. Skriv utan det."


def hand_over(record_id: int, given: Mapping[str, str], day: date) -> dict[str, tuple[object, object]]:
    """Writes to whom, within the caller's transaction; gives what the trail is to tell. RuleViolation: not said."""
    receiver = given.get("receiver", "")
    check_receiver(receiver)
    if holds_person_number(receiver):
        raise RuleViolation("person_number", PERSON_NUMBER, "receiver")
    row = {
        "receiver_kind": ReceiverKind(given.get("receiver_kind", "")).value, "receiver": receiver.strip(),
        "sent_by": SentBy(given.get("sent_by", "")).value, "handed_on": day,
    }  # fmt: skip
    db.session.execute(insert(CaseHandover).values(row | {"record_id": record_id}))
    return {name: (None, value) for name, value in row.items()}


def note_answer(record_id: int, day: date) -> dict[str, tuple[object, object]]:
    """Writes when the receiver answered, as above; a case that was handed over before this was kept has no row."""
    row = db.session.get(CaseHandover, record_id)
    if row is None:
        return {}
    check_answer_day(day, row.handed_on)
    before, row.answered_on = row.answered_on, day
    db.session.flush()
    return {"answered_on": (before, day)}


def handover_facts(record_id: int) -> list[tuple[str, str]]:
    """(label, value) of what the page of a case tells; nothing of one that has not been handed over."""
    row = db.session.get(CaseHandover, record_id)
    if row is None:
        return []
    kind, sent = RECEIVER_LABELS[ReceiverKind(row.receiver_kind)], SENT_LABELS[SentBy(row.sent_by)]
    told = f"{row.receiver} ({kind[:1].lower()}{kind[1:]})" if row.receiver else kind  # a gallrad one names nobody
    answered = in_words(row.answered_on) if row.answered_on else "Inget svar än"
    return [
        ("Överlämnad till", told),
        ("Överlämnad", f"{in_words(row.handed_on)}, {sent[:1].lower()}{sent[1:]}"), ("Mottagarens svar", answered),
    ]  # fmt: skip
