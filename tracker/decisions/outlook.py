"""Where does a decision stand now, and what comes next? What its page begins with."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.decisions.life import ClockLife
from tracker.decisions.models import DecisionClock
from tracker.decisions.pages import state_mark
from tracker.rules.calendar import in_words
from tracker.rules.life import ClockDays, wrong_interruption
from tracker.rules.unexecuted import ClockKind, ClockState
from tracker.web.filters import counted
from tracker.web.marks import StateMark

STEP_WORDS = {
    "verkstall": "Verkställt",
    "delvis": "Delvis verkställt",
    "erbjudande": "Erbjudande",
    "kontakt": "Kontakt eller uppföljning",
    "planera": "Planera",
    "under-tiden": "Under tiden",
    "skal": "Skäl till dröjsmålet",
    "avsluta": "Avsluta utan verkställighet",
    "avbrott": "Avbrott",
}
WHILE_RUNNING = ("verkstall", "delvis", "erbjudande", "kontakt", "planera", "under-tiden", "skal", "avsluta")
AFTERWARDS = ("kontakt", "under-tiden", "skal")


@dataclass(frozen=True, slots=True)
class Next:
    """Something to do or to wait for; `step` is the page where it is done, `offer_id` the offer that it answers."""

    text: str
    step: str = ""
    offer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """How one clock stands now, and what comes next on it."""

    clock: DecisionClock
    mark: StateMark
    now: str
    next: tuple[Next, ...]


def outlooks(clocks: list[DecisionClock], lives: Mapping[int, ClockLife], judgment: bool, today: date) -> list[Outlook]:
    """The clocks that run, or else the last one, each with what comes next."""
    running = [clock for clock in clocks if clock.state == ClockState.OPEN]
    shown = running or sorted(clocks, key=lambda clock: clock.started_on)[-1:]
    return [
        Outlook(
            clock,
            state_mark(clock.state, clock.due_on, today),
            _now(clock, today),
            tuple(_next(clock, lives[clock.id], judgment, today)),
        )
        for clock in shown
    ]


def steps_of(clock: DecisionClock, life: ClockLife, clocks: Iterable[DecisionClock], today: date) -> tuple[str, ...]:
    """What can be noted of a clock as it stands."""
    steps = WHILE_RUNNING if clock.state == ClockState.OPEN else AFTERWARDS
    of = ClockDays(clock.started_on, clock.executed_on, clock.closed_on, life.partly_on)
    others = [
        ClockDays(other.started_on, other.executed_on, other.closed_on)
        for other in clocks
        if other.kind == ClockKind.INTERRUPTION
    ]
    can_stop = not any(wrong_interruption(today, of, others, today, ""))
    return (*steps, "avbrott") if can_stop else steps


def _now(clock: DecisionClock, today: date) -> str:
    again = " igen" if clock.kind == ClockKind.INTERRUPTION else ""
    days = ((clock.executed_on or clock.closed_on or today) - clock.started_on).days
    if clock.executed_on:
        return f"Verkställt{again} {in_words(clock.executed_on)} efter {_days(days)}."
    if clock.closed_on:
        return f"Avslutat {in_words(clock.closed_on)} efter {_days(days)}, utan att ha verkställts{again}."
    what = f"Avbrutet sedan {in_words(clock.started_on)}" if again else "Ej verkställt"
    return f"{what}, {_days(days)} hittills."


def _next(clock: DecisionClock, life: ClockLife, judgment: bool, today: date) -> Iterator[Next]:
    if clock.state != ClockState.OPEN:
        if clock.first_reported_on and not clock.final_reported_on and not judgment:
            yield Next("Slutet ska stå i nästa kvartalsrapport, eller rapporteras till IVO redan nu.")
        return
    if not judgment:
        yield _until_due(clock, today)
    for offer in life.offers:
        if offer.answer is None:
            yield Next(f"Erbjudandet {in_words(offer.offered_on)} har inget svar än.", "erbjudande", offer.id)
    if life.planned_on is None:
        yield Next("Ingen dag är planerad för verkställigheten.", "planera")
    elif life.planned_on < today:
        yield Next(
            f"Den planerade dagen {in_words(life.planned_on)} har passerat. Notera verkställigheten, eller planera om.",
            "planera",
        )
    else:
        yield Next(f"Planerat att verkställas {in_words(life.planned_on)}, {_ahead(life.planned_on, today)}.")
    if clock.due_on < today and clock.delay_reason_id is None and clock.delay_note is None:
        yield Next("Skäl till dröjsmålet saknas. Det behövs när beslutet rapporteras.", "skal")


def _until_due(clock: DecisionClock, today: date) -> Next:
    if clock.due_on < today:
        return Next(
            f"Tre månader gick ut {in_words(clock.due_on)}, för {_days((today - clock.due_on).days)} sedan. "
            "Det rapporteras till IVO."
        )
    return Next(
        f"Tre månader går ut {in_words(clock.due_on)}, {_ahead(clock.due_on, today)}. "
        "Är det inte verkställt då rapporteras det."
    )


def _ahead(day: date, today: date) -> str:
    return f"om {_days((day - today).days)}" if day > today else "i dag"


def _days(count: int) -> str:
    return counted(count, "dag", "dagar")
