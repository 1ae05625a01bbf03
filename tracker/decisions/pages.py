"""What do the register's pages say of a clock? Rows and sentences ready for the templates."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.accounts.queries import UnitRow
from tracker.decisions.ivo_matters import Matter
from tracker.decisions.life import ClockLife
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.notes import open_note
from tracker.decisions.queries import RegisterRow
from tracker.decisions.rounds import ClockLine
from tracker.decisions.saving import clock_facts
from tracker.labels import CLOCK_LABELS, STATE_LABELS
from tracker.records.models import CodeList
from tracker.records.queries import kept_codes, kept_label
from tracker.rules.quarters import Period
from tracker.rules.unexecuted import Clock, ClockKind, ClockState, Verdict, classify
from tracker.rules.warnings import SOON_DAYS
from tracker.web.marks import StateMark

OVERDUE = StateMark("Över tre månader", "■", "late")
SOON = StateMark("Snart tre månader", "◆", "soon")
WAITING = StateMark(STATE_LABELS[ClockState.OPEN], "●", "open")
EXECUTED = StateMark(STATE_LABELS[ClockState.EXECUTED], "✓", "done")
CLOSED = StateMark(STATE_LABELS[ClockState.CLOSED], "—", "closed")
ANSWERED = StateMark("Besvarat", "✓", "done")
NO_ANSWER = StateMark("Inget svar begärs", "—", "closed")
ANSWER_SOON_DAYS = 7


def state_mark(state: str, due_on: date, today: date) -> StateMark:
    """How a clock stands today."""
    if state == ClockState.EXECUTED:
        return EXECUTED
    if state == ClockState.CLOSED:
        return CLOSED
    if due_on < today:
        return OVERDUE
    return SOON if due_on <= today + timedelta(days=SOON_DAYS) else WAITING


def matter_mark(matter: Matter, today: date) -> StateMark:
    """How something that has come from IVO stands today."""
    if matter.answered_on is not None:
        return ANSWERED
    return NO_ANSWER if matter.answer_by is None else answer_mark((matter.answer_by - today).days)


def answer_mark(days_left: int) -> StateMark:
    """How an answer stands that is due in so many days; below 0 it is late."""
    late = "dag" if days_left == -1 else "dagar"
    if days_left < 0:
        return StateMark(f"{-days_left} {late} försenat", "■", "late")
    if days_left == 0:
        return StateMark("Svara i dag", "◆", "soon")
    word = f"{days_left} {'dag' if days_left == 1 else 'dagar'} kvar"
    return StateMark(word, "◆", "soon") if days_left <= ANSWER_SOON_DAYS else StateMark(word, "●", "open")


def register_lines(rows: Iterable[RegisterRow], units: list[UnitRow], today: date) -> list[tuple[object, ...]]:
    """(record id, ref, insats, clock, unit, start, due day, days, mark) for each row, as plain tuples."""
    interventions = {choice.id: choice.label for choice in kept_codes(CodeList.INTERVENTION)}
    names = {unit.id: unit.name for unit in units}
    return [
        (
            row.record_id,
            row.ref,
            interventions.get(row.intervention_id) or kept_label(CodeList.INTERVENTION, row.intervention_id),
            "Avbrott" if row.kind == ClockKind.INTERRUPTION else "Beslut",
            names.get(row.unit_id, ""),
            row.started_on.isoformat(),
            row.due_on.isoformat(),
            ((row.ended_on or today) - row.started_on).days,
            state_mark(row.state, row.due_on, today),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ClockPage:
    """One clock on its decision's page."""

    clock: DecisionClock
    heading: str
    mark: StateMark
    days: int
    verdict: Verdict
    delay_reason: str | None
    life: ClockLife
    steps: tuple[str, ...]


def clock_pages(
    decision: Decision,
    clocks: list[DecisionClock],
    lives: Mapping[int, ClockLife],
    steps: Mapping[int, tuple[str, ...]],
    period: Period,
    today: date,
) -> list[ClockPage]:
    """Each clock with how it stands today, why it stands as it does in the period's report, and what can happen."""
    reasons = {choice.id: choice.label for choice in kept_codes(CodeList.DELAY_REASON)}
    pages = []
    for clock in clocks:
        facts = facts_of(clock, decision)
        ended_on = facts.ended_on
        pages.append(
            ClockPage(
                clock,
                f"{CLOCK_LABELS[ClockKind(clock.kind)]} {clock.started_on}",
                state_mark(clock.state, clock.due_on, today),
                ((ended_on or today) - clock.started_on).days,
                classify(facts, period.cutoff_on, period.previous_on),
                reasons.get(clock.delay_reason_id or 0) or open_note(clock.delay_note, clock.id),
                lives[clock.id],
                steps[clock.id],
            )
        )
    return pages


def facts_of(clock: DecisionClock, decision: Decision) -> Clock:
    """The facts that the rules ask for, of a clock as it is stored."""
    basis = {"judgment": decision.judgment, "legal_basis": decision.legal_basis, "mark": decision.mark}
    columns = {name: getattr(clock, name) for name in DecisionClock.__table__.columns.keys()}  # noqa: SIM118
    return clock_facts(columns, basis)


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One row of an update round, as whoever is asked sees it; `value` is what its tick sends."""

    value: str
    record_id: int
    ref: str
    clock: str
    started_on: date
    intervention: str
    due_on: date
    ended_on: date | None
    mark: StateMark
    days: int
    reason: str
    changed: bool


def round_lines(lines: Iterable[ClockLine], changed: Collection[int], today: date) -> list[RoundLine]:
    """The rows ready for the template; `changed`: those that were changed after the reader had seen them."""
    interventions = {choice.id: choice.label for choice in kept_codes(CodeList.INTERVENTION)}
    reasons = {choice.id: choice.label for choice in kept_codes(CodeList.DELAY_REASON)}
    found = []
    for line in lines:
        ended_on = line.executed_on or line.closed_on
        found.append(
            RoundLine(
                f"{line.item_id}.{line.version}",
                line.record_id,
                line.ref,
                CLOCK_LABELS[ClockKind(line.kind)],
                line.started_on,
                interventions.get(line.intervention_id) or kept_label(CodeList.INTERVENTION, line.intervention_id),
                line.due_on,
                ended_on,
                state_mark(line.state, line.due_on, today),
                ((ended_on or today) - line.started_on).days,
                reasons.get(line.delay_reason_id or 0) or line.note or "",
                line.item_id in changed,
            )
        )
    return found
