"""Working on individrapporter: who takes one, its words, that it is sent, and that it was not after all.

Nobody writes over what they have not seen: each takes the version that the person saw, 0 while nothing was kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError

from tracker.audit import trail
from tracker.database import db
from tracker.decisions.ivo_models import IndividualReport
from tracker.decisions.ivo_sealing import SENT_AS, TEXTS, open_fields, seal_fields
from tracker.decisions.writing import lock_decisions
from tracker.records.numbers import Numbers
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.sending import FREE_TEXTS, check_sent_on
from tracker.rules.trail import Action
from tracker.sending.sheet import Place, Sheet, snapshot

R = IndividualReport
SENT_ALREADY = "Rapporten är redan markerad som sänd. Ångra det först om något i den ska ändras."
TEXT_NAMES = frozenset(field.value for field in FREE_TEXTS)


@dataclass(frozen=True, slots=True)
class Act:
    """Who works on an individrapport, as they saw it."""

    sheet: Sheet
    seen: int
    actor_id: int


def take(act: Act) -> None:
    """The actor works on it from now on; others see that, and may still do so."""
    _put(act, {"taken_by": act.actor_id})
    _note(Action.IVO_REPORT_CHANGED, act.sheet.place, {"taken_by": (act.sheet.taken_by, act.actor_id)})


def release(act: Act) -> None:
    """Nobody in particular works on it."""
    _put(act, {"taken_by": None})
    _note(Action.IVO_REPORT_CHANGED, act.sheet.place, {"taken_by": (act.sheet.taken_by, None)})


def save_texts(act: Act, texts: Mapping[str, str]) -> None:
    """Keeps the words written for it. Raises RuleViolation when it is sent, StaleVersion as all here do."""
    _refuse_sent(act.sheet)
    _put(act, {"taken_by": act.sheet.taken_by or act.actor_id}, texts=texts)
    _note(Action.IVO_REPORT_CHANGED, act.sheet.place, _changed(act.sheet.texts, texts), texts)


def mark_sent(act: Act, texts: Mapping[str, str], sent_on: date, today: date) -> None:
    """It has been sent to IVO with these words, on this day. Raises RuleViolation for a day that cannot be."""
    _refuse_sent(act.sheet)
    check_sent_on(sent_on, act.sheet.earliest, today)
    values = {"taken_by": act.sheet.taken_by or act.actor_id, "sent_on": sent_on, "sent_by": act.actor_id}
    _put(act, values, texts=texts, sent_as=snapshot(act.sheet.register, texts))
    changes = {"sent_on": (None, sent_on)} | _changed(act.sheet.texts, texts)
    _note(Action.IVO_REPORT_SENT, act.sheet.place, changes, texts)


def undo_sent(act: Act, reason: str) -> None:
    """It was not sent after all; its words stay. Raises RuleViolation when it is not marked as sent."""
    if act.sheet.sent_on is None:
        raise RuleViolation("not_sent", "Rapporten är inte markerad som sänd, så det finns inget att ångra.")
    _put(act, {"sent_on": None, "sent_by": None, "sent_as": None})
    _note(Action.IVO_REPORT_NOT_SENT, act.sheet.place, {"sent_on": (act.sheet.sent_on, None)}, reason=reason)


def _refuse_sent(sheet: Sheet) -> None:
    if sheet.sent_on is not None:
        raise RuleViolation("sent", SENT_ALREADY)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[object, object]]:
    return {name: (before.get(name, ""), words) for name, words in after.items() if before.get(name, "") != words}


def _put(
    act: Act,
    values: Mapping[str, Any],
    *,
    texts: Mapping[str, str] | None = None,
    sent_as: Mapping[str, str] | None = None,
) -> None:
    """Writes the row on top of the version that was seen; makes it when nothing was kept. Raises StaleVersion."""
    lock_decisions()
    place = act.sheet.place
    row_id, kept = _row_of(place, act.seen)
    sealed = dict(values)
    if texts is not None:
        others = {name: words for name, words in (kept or {}).items() if name not in TEXT_NAMES}
        sealed["texts"] = seal_fields(others | dict(texts), row_id, TEXTS)
    if sent_as is not None:
        sealed["sent_as"] = seal_fields(sent_as, row_id, SENT_AS)
    if act.seen:
        statement = update(R).where(R.id == row_id, R.version == act.seen).values(version=act.seen + 1, **sealed)
        result = db.session.execute(statement, execution_options={"synchronize_session": False})
        if not isinstance(result, CursorResult) or result.rowcount != 1:
            raise StaleVersion
        return
    made = R(
        id=row_id, clock_id=place.clock_id, record_id=place.record_id, year=place.quarter.year,
        number=place.quarter.number, ivo_type=place.ivo_type.value, afterwards=False, version=1, **sealed,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # somebody else has begun it meanwhile
        raise StaleVersion from None


def _row_of(place: Place, seen: int) -> tuple[int, dict[str, str] | None]:
    """The row's number with the words in it; a free number while there is none."""
    if not seen:
        return Numbers().take(R), None
    statement = select(R.id, R.texts).where(
        R.clock_id == place.clock_id, R.year == place.quarter.year, R.number == place.quarter.number,
        R.ivo_type == place.ivo_type.value, R.version == seen,
    )  # fmt: skip
    row = db.session.execute(statement).first()
    if row is None:
        raise StaleVersion
    return row.id, open_fields(row.texts, row.id, TEXTS)


def _note(
    action: Action,
    place: Place,
    changes: Mapping[str, tuple[object, object]],
    personal: Mapping[str, str] | None = None,
    reason: str = "",
) -> None:
    about: dict[str, tuple[object, object]] = {
        "clock_id": (place.clock_id, place.clock_id),
        "report_type": (None, place.ivo_type.value),
        "quarter": (None, f"{place.quarter.year}-K{place.quarter.number}"),
    }
    trail.record(
        action, record_id=place.record_id, changes=about | dict(changes), personal=set(personal or ()) & set(changes),
        reason=reason,
    )  # fmt: skip
