"""How does what happens while a clock runs reach its tables? Rows only: `happenings` checks before and notes after."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, insert, select, update

from tracker.database import db
from tracker.decisions.life import lives
from tracker.decisions.models import ClockEvent
from tracker.decisions.models import ClockLife as LifeRow
from tracker.decisions.notes import EVENT_FIELD, LIFE_TEXTS, life_field, seal_text
from tracker.labels import EVENT_LABELS
from tracker.records.services import reserve_ids
from tracker.rules.life import EventKind, OfferAnswer

QUIET = {"synchronize_session": False}
Changes = dict[str, tuple[object, object]]


def put_life(clock_id: int, said: Mapping[str, date | str | None]) -> None:
    """Puts some columns of a clock's life: days as they are, texts sealed; its row is made when it is the first."""
    values = {
        name: seal_text(str(value or ""), clock_id, life_field(name)) if name in LIFE_TEXTS else value
        for name, value in said.items()
    }
    if db.session.scalar(select(LifeRow.clock_id).where(LifeRow.clock_id == clock_id)) is None:
        db.session.execute(insert(LifeRow).values(clock_id=clock_id, **values))
    else:
        statement = update(LifeRow).where(LifeRow.clock_id == clock_id).values(values)
        db.session.execute(statement, execution_options=QUIET)


def add_event(
    clock_id: int,
    kind: EventKind,
    on: date,
    what: str,
    answer: OfferAnswer | None = None,
    answered_on: date | None = None,
) -> None:
    """Adds an offer, a contact or a follow-up to a clock."""
    (number,) = reserve_ids(ClockEvent, 1)
    row = ClockEvent(
        id=number, clock_id=clock_id, kind=kind.value, happened_on=on, answered_on=answered_on,
        answer=answer.value if answer else None, what=seal_text(what, number, EVENT_FIELD),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()


def put_answer(event_id: int, answer: OfferAnswer, answered_on: date) -> None:
    """Puts the answer to an offer."""
    statement = update(ClockEvent).where(ClockEvent.id == event_id)
    db.session.execute(statement.values(answer=answer.value, answered_on=answered_on), execution_options=QUIET)


def take_away_life(clock_id: int) -> Changes:
    """Removes all that has happened while a clock ran; gives what stood there, as an entry of the trail has it."""
    life = lives([clock_id], with_texts=True)[clock_id]
    gone: Changes = {
        name: (value, None)
        for name in ("planned_on", "partly_on", *LIFE_TEXTS)
        if (value := getattr(life, name)) not in {None, ""}
    }
    for offer in life.offers:
        place = f"{EVENT_LABELS[EventKind.OFFER].lower()} {offer.offered_on} ({offer.id})"
        gone |= {f"{place} what": (offer.what, None), f"{place} answer": (offer.answer, None)}
    for contact in life.contacts:
        kind = EventKind.FOLLOW_UP if contact.follow_up else EventKind.CONTACT
        gone[f"{EVENT_LABELS[kind].lower()} {contact.on} ({contact.id}) how"] = (contact.how, None)
    for model in (ClockEvent, LifeRow):
        db.session.execute(delete(model).where(model.clock_id == clock_id), execution_options=QUIET)
    return gone
