"""Reading what has happened while clocks ran: offers, contacts, plans, and what is said beside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from sqlalchemy import BindParameter, bindparam, select

from tracker.database import db
from tracker.decisions.models import ClockEvent
from tracker.decisions.models import ClockLife as LifeRow
from tracker.decisions.notes import EVENT_FIELD, LIFE_TEXTS, life_field, open_text
from tracker.rules.life import EventKind, OfferAnswer

ASKED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Offer:
    """An insats that the person has been offered; `answer` None: none yet."""

    id: int
    offered_on: date
    answered_on: date | None
    answer: OfferAnswer | None
    what: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact with the person, or (`follow_up`) a follow-up of what they need; `how` it was made."""

    id: int
    on: date
    how: str
    follow_up: bool = False


@dataclass(frozen=True, slots=True)
class ClockLife:
    """What has happened while one clock ran, offers and contacts by day; texts are empty unless they were asked for."""

    clock_id: int
    planned_on: date | None = None
    partly_on: date | None = None
    partly: str = ""
    meanwhile: str = ""
    consequences: str = ""
    offers: tuple[Offer, ...] = ()
    contacts: tuple[Contact, ...] = ()


_LIFE = (LifeRow.clock_id, LifeRow.planned_on, LifeRow.partly_on, *(getattr(LifeRow, name) for name in LIFE_TEXTS))
_EVENT = (
    ClockEvent.id, ClockEvent.clock_id, ClockEvent.kind, ClockEvent.happened_on, ClockEvent.answered_on,
    ClockEvent.answer, ClockEvent.what,
)  # fmt: skip
_CLOCK_IDS: BindParameter[Sequence[int]] = bindparam("clock_ids", expanding=True)
_LIVES = select(*_LIFE).where(LifeRow.clock_id.in_(_CLOCK_IDS))
_EVENTS = select(*_EVENT).where(ClockEvent.clock_id.in_(_CLOCK_IDS)).order_by(ClockEvent.happened_on, ClockEvent.id)


def lives(clock_ids: Sequence[int], *, with_texts: bool) -> dict[int, ClockLife]:
    """What has happened while these clocks ran, by clock; two statements for each 5 000 clocks.

    Every clock asked for has its life, an empty one where nothing has been said. Who may read it, the caller says.
    """
    found = {clock_id: ClockLife(clock_id) for clock_id in clock_ids}
    for some in _batches(found):
        for row in db.session.execute(_LIVES, {"clock_ids": some}):
            clock_id, planned_on, partly_on, *sealed = row
            partly, meanwhile, consequences = (
                open_text(value if with_texts else None, clock_id, life_field(name))
                for name, value in zip(LIFE_TEXTS, sealed, strict=True)
            )
            found[clock_id] = ClockLife(clock_id, planned_on, partly_on, partly, meanwhile, consequences)
        offers: dict[int, list[Offer]] = {}
        contacts: dict[int, list[Contact]] = {}
        for event_id, clock_id, kind, on, answered_on, answer, value in db.session.execute(
            _EVENTS, {"clock_ids": some}
        ):
            text = open_text(value if with_texts else None, event_id, EVENT_FIELD)
            if kind == EventKind.OFFER:
                given = OfferAnswer(answer) if answer else None
                offers.setdefault(clock_id, []).append(Offer(event_id, on, answered_on, given, text))
            else:
                contacts.setdefault(clock_id, []).append(Contact(event_id, on, text, kind == EventKind.FOLLOW_UP))
        for clock_id in {*offers, *contacts}:
            made, had = tuple(offers.get(clock_id, ())), tuple(contacts.get(clock_id, ()))
            found[clock_id] = replace(found[clock_id], offers=made, contacts=had)
    return found


def _batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(list(numbers))
    while some := list(islice(rest, ASKED_AT_ONCE)):
        yield some
