"""What has happened to a decision, and what is to come, day by day? One list for its page and for print."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.decisions.life import ClockLife, Offer
from tracker.decisions.models import DecisionClock
from tracker.decisions.pages import CLOSED, EXECUTED
from tracker.labels import ANSWER_LABELS, EVENT_LABELS
from tracker.rules.calendar import in_words
from tracker.rules.life import EventKind, OfferAnswer
from tracker.rules.unexecuted import ClockKind, ClockState
from tracker.web.marks import StateMark

DECIDED = StateMark("Beslut", "●", "open")
INTERRUPTED = StateMark("Avbrott", "▲", "soon")
DUE = StateMark("Tre månader", "◆", "soon")
OFFERED = StateMark(EVENT_LABELS[EventKind.OFFER], "○", "closed")
ACCEPTED = StateMark(ANSWER_LABELS[OfferAnswer.ACCEPTED], "✓", "closed")
DECLINED = StateMark(ANSWER_LABELS[OfferAnswer.DECLINED], "✕", "closed")
CONTACTED = StateMark(EVENT_LABELS[EventKind.CONTACT], "▪", "closed")
FOLLOWED_UP = StateMark(EVENT_LABELS[EventKind.FOLLOW_UP], "▫", "closed")
PARTLY = StateMark("Delvis verkställt", "◐", "open")
PLANNED = StateMark("Planerad verkställighet", "◇", "open")
REPORTED = StateMark("Rapporterat", "▸", "closed")
FINISHED = StateMark("Slutrapporterat", "▸", "closed")
# Of what lies on one day: first what starts a clock, last what a report says of it.
ORDER = (
    DECIDED, INTERRUPTED, CONTACTED, FOLLOWED_UP, OFFERED, DECLINED, ACCEPTED, PARTLY, PLANNED, EXECUTED, CLOSED, DUE,
    REPORTED, FINISHED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing on one day; `to_come`: the day lies ahead."""

    on: date
    mark: StateMark
    text: str
    to_come: bool


def timeline(clocks: Iterable[DecisionClock], lives: Mapping[int, ClockLife], today: date) -> list[Moment]:
    """Every day of a decision's clocks in order; what is told of an interruption says which.

    The three months stand there while they mean something: not when the clock stopped in time.
    """
    found = []
    for clock in clocks:
        interrupted = clock.kind == ClockKind.INTERRUPTION
        for on, mark, text in _of_clock(clock, lives[clock.id], today):
            words = [text] if text else []
            if interrupted and mark is not INTERRUPTED:
                words.append(f"gäller avbrottet {in_words(clock.started_on)}")
            found.append(Moment(on, mark, ", ".join(words), on > today))
    return sorted(found, key=lambda moment: (moment.on, ORDER.index(moment.mark)))


def _of_clock(clock: DecisionClock, life: ClockLife, today: date) -> Iterator[tuple[date, StateMark, str]]:
    running = clock.state == ClockState.OPEN
    ended_on = clock.executed_on or clock.closed_on
    yield clock.started_on, INTERRUPTED if clock.kind == ClockKind.INTERRUPTION else DECIDED, ""
    if ended_on is None or ended_on > clock.due_on:
        yield clock.due_on, DUE, "gick ut" if clock.due_on < today else "går ut"
    for offer in life.offers:
        yield from _of_offer(offer)
    for contact in life.contacts:
        yield contact.on, FOLLOWED_UP if contact.follow_up else CONTACTED, contact.how
    if life.partly_on:
        yield life.partly_on, PARTLY, life.partly
    if life.planned_on and running:
        yield life.planned_on, PLANNED, "har passerat" if life.planned_on < today else ""
    if clock.executed_on:
        yield clock.executed_on, EXECUTED, "igen" if clock.kind == ClockKind.INTERRUPTION else ""
    if clock.closed_on:
        yield clock.closed_on, CLOSED, clock.close_reason or ""
    if clock.first_reported_on:
        yield clock.first_reported_on, REPORTED, "för första gången"
    if clock.final_reported_on:
        yield clock.final_reported_on, FINISHED, ""


def _of_offer(offer: Offer) -> Iterator[tuple[date, StateMark, str]]:
    yield offer.offered_on, OFFERED, offer.what if offer.answer else f"{offer.what}, inget svar än".removeprefix(", ")
    if offer.answer and offer.answered_on:
        mark = ACCEPTED if offer.answer is OfferAnswer.ACCEPTED else DECLINED
        yield offer.answered_on, mark, f"till erbjudandet {in_words(offer.offered_on)}"
