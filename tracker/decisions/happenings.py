"""Noting what happens: ordinary events, that need no reason.

Every service takes the version that the person saw and raises StaleVersion when somebody has changed the decision
since, CorrectionRefused when a rule refuses; the rules of a clock's days and their writer are those of the import.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.accounts.reader import Reach
from tracker.audit import trail
from tracker.decisions.correcting import DERIVED, CorrectionRefused, differences, load_to_change, lookups_for
from tracker.decisions.importing import CLOCK_FIELDS, ParsedRow, Value
from tracker.decisions.life import ClockLife, lives
from tracker.decisions.living import add_event, put_answer, put_life
from tracker.decisions.models import DecisionClock
from tracker.decisions.saving import Stored, merge_clock, new_clock
from tracker.decisions.trailing import personal_among
from tracker.decisions.writing import Changes
from tracker.exchange.columns import LEAVE
from tracker.rules.clock_facts import contradictions
from tracker.rules.errors import RuleViolation
from tracker.rules.life import (
    ClockDays,
    EventKind,
    OfferAnswer,
    wrong_answer,
    wrong_day,
    wrong_end,
    wrong_interruption,
    wrong_offer,
    wrong_partly,
    wrong_plan,
)
from tracker.rules.trail import Action
from tracker.rules.unexecuted import ClockKind

UNCHANGED = "Det står redan så. Ändra något, eller gå tillbaka."
Wrong = Callable[[ClockDays], Iterable[RuleViolation]]


@dataclass(frozen=True, slots=True)
class Happening:
    """Where something happens: the clock, the version of its record that was seen, and how far the person reaches."""

    record_id: int
    clock_id: int
    seen: int
    reach: Reach
    today: date


def execute(at: Happening, on: Value) -> None:
    """The whole of the insats has been executed, or executed again."""
    _end(at, {"verkstalld": on}, "verkstalld", on)


def close(at: Happening, on: Value, cause: Value) -> None:
    """The decision is closed without execution, for a cause of the code list."""
    _end(at, {"avslutad": on, "avslutsorsak": cause}, "avslutad", on)


def give_reason(at: Happening, reason: Value) -> None:
    """Why it takes time: a code's text, own words, or CLEAR."""
    _change_clock(at, {"skal": reason}, lambda _: ())


def interrupt(at: Happening, on: date) -> int:
    """What had begun on the clock has stopped: a clock of its own begins. Gives its number."""
    decision, clocks = load_to_change(at.record_id, at.seen, at.reach)
    of, life = _of(at, clocks)
    interruptions = [clock for clock in clocks if clock["kind"] == ClockKind.INTERRUPTION]
    _refuse(wrong_interruption(on, _days(of, life), map(_days, interruptions), at.today, "avbrottsdatum"))
    after, facts = merge_clock(new_clock(on), None, decision, lookups_for({}, decision["unit_id"]))
    _refuse(RuleViolation("contradiction", message, column)
            for column, message in contradictions(facts, decision["decided_on"], at.today))  # fmt: skip
    after["decision_id"] = at.record_id
    writer = Changes()
    writer.insert(DecisionClock, after)
    writer.write(raise_versions=False)
    number: int = after["id"]
    _note(at.record_id, number, {"started_on": (None, on)})
    return number


def execute_partly(at: Happening, on: date, what: str) -> None:
    """A part has been executed; the clock runs on until the whole is."""
    _put(at, {"partly_on": on, "partly": what}, lambda days: wrong_partly(on, days, at.today, "dag"))


def plan(at: Happening, on: date | None) -> None:
    """The day for which the execution is planned, None when there is no plan any more."""
    _put(at, {"planned_on": on}, lambda days: () if on is None else wrong_plan(on, days, at.today, "planerat"))


def tell(at: Happening, meanwhile: str, consequences: str) -> None:
    """What the person has while they wait, and what the wait leads to."""
    _put(at, {"meanwhile": meanwhile, "consequences": consequences}, lambda _: ())


def offer(at: Happening, on: date, what: str, answer: OfferAnswer | None, answered_on: date | None) -> None:
    """An insats has been offered; whatever the answer, the clock runs on."""
    _, life = _begin(at, lambda days: wrong_offer(on, answer, answered_on, days, at.today))
    add_event(life.clock_id, EventKind.OFFER, on, what, answer, answered_on)
    changes: dict[str, tuple[object, object]] = {"offered_on": (None, on), "what": (None, what)}
    if answer is not None:
        changes |= {"answer": (None, answer.value), "answered_on": (None, answered_on)}
    _note(at.record_id, at.clock_id, changes)


def answer_offer(at: Happening, offer_id: int, answer: OfferAnswer | None, answered_on: date | None) -> None:
    """The answer to an offer that had none."""
    _, life = _begin(at, lambda _: ())
    asked = next(offer for offer in life.offers if offer.id == offer_id)
    if asked.answer is not None:
        _refuse([RuleViolation("answered", "Erbjudandet har redan ett svar.", "svar")])
    _refuse(wrong_answer(asked.offered_on, answer, answered_on, at.today))
    if answer is None or answered_on is None:
        raise CorrectionRefused([RuleViolation("no_answer", "Välj vad svaret var.", "svar")])
    put_answer(offer_id, answer, answered_on)
    changes = {"answer": (None, answer.value), "answered_on": (None, answered_on)}
    _note(at.record_id, at.clock_id, changes)


def contact(at: Happening, kind: EventKind, on: date, how: str) -> None:
    """The person has been in contact, or what they need has been followed up."""
    _, life = _begin(at, lambda days: wrong_day(on, days, at.today, "dag"))
    add_event(life.clock_id, kind, on, how)
    day = "followed_up_on" if kind is EventKind.FOLLOW_UP else "contacted_on"
    _note(at.record_id, at.clock_id, {day: (None, on), "how": (None, how)})


def _end(at: Happening, said: Mapping[str, Value], field: str, on: Value) -> None:
    def wrong(days: ClockDays) -> Iterable[RuleViolation]:
        if not isinstance(on, date):
            return [RuleViolation("no_day", "Skriv vilken dag det var, som 2026-03-31.", field)]
        return wrong_end(on, days, field)

    _change_clock(at, said, wrong)


def _change_clock(at: Happening, said: Mapping[str, Value], wrong: Wrong) -> None:
    """Changes a clock's own columns, as a file's row would."""
    decision, clocks = load_to_change(at.record_id, at.seen, at.reach)
    before, life = _of(at, clocks)
    _refuse(wrong(_days(before, life)))
    row = ParsedRow(0, decision["ref"], None, (), tuple(said.get(field.name, LEAVE) for field in CLOCK_FIELDS))
    after, facts = merge_clock(dict(before), row, decision, lookups_for(said, decision["unit_id"]))
    _refuse(RuleViolation("contradiction", message, column)
            for column, message in contradictions(facts, decision["decided_on"], at.today))  # fmt: skip
    changes = differences(before, after, DERIVED)
    if not changes:
        _refuse([RuleViolation("unchanged", UNCHANGED)])
    writer = Changes()
    writer.update(DecisionClock, after)
    writer.write(raise_versions=False)
    _note(at.record_id, at.clock_id, changes)


def _put(at: Happening, said: Mapping[str, date | str | None], wrong: Wrong) -> None:
    """Puts what is said beside a clock's days."""
    _, life = _begin(at, wrong)
    changes = {
        name: (old or None, value or None) for name, value in said.items() if (old := getattr(life, name)) != value
    }
    if not any(old != new for old, new in changes.values()):
        _refuse([RuleViolation("unchanged", UNCHANGED)])
    put_life(at.clock_id, said)
    _note(at.record_id, at.clock_id, changes)


def _begin(at: Happening, wrong: Wrong) -> tuple[Stored, ClockLife]:
    _, clocks = load_to_change(at.record_id, at.seen, at.reach)
    stored, life = _of(at, clocks)
    _refuse(wrong(_days(stored, life)))
    return stored, life


def _of(at: Happening, clocks: list[Stored]) -> tuple[Stored, ClockLife]:
    stored = next(clock for clock in clocks if clock["id"] == at.clock_id)
    return stored, lives([at.clock_id], with_texts=True)[at.clock_id]


def _days(clock: Stored, life: ClockLife | None = None) -> ClockDays:
    partly_on = life.partly_on if life else None
    return ClockDays(clock["started_on"], clock["executed_on"], clock["closed_on"], partly_on)


def _refuse(violations: Iterable[RuleViolation]) -> None:
    found = list(violations)
    if found:
        raise CorrectionRefused(found)


def _note(record_id: int, clock_id: int, changes: Mapping[str, tuple[object, object]]) -> None:
    trail.record(
        Action.RECORD_CHANGED,
        record_id=record_id,
        changes={"clock_id": (clock_id, clock_id)} | dict(changes),
        personal=personal_among(changes),
    )
