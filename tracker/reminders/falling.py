"""What can fall due in each register? A statement or two for each; whom it concerns is asked later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from tracker.accounts.queries import users_by_name
from tracker.actions.models import ActionItem
from tracker.cases.models import CaseInvestigator, Complaint, LexSarahReport
from tracker.control.models import ControlMoment
from tracker.control.queries import list_standings
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.windows import kept_windows
from tracker.records.models import Mark
from tracker.records.scope import EVERY_RECORD
from tracker.risk.models import ControlPlan
from tracker.rules.actions import Stage
from tracker.rules.case_workflow import CaseState
from tracker.rules.control_grading import Limits
from tracker.rules.control_occasions import OccasionState, read_frequency, states_of
from tracker.rules.guarantees import PRAISE
from tracker.rules.lex_sarah import supplement_day
from tracker.rules.plan_workflow import PlanState
from tracker.rules.reminders import (
    LONGEST_AHEAD,
    Point,
    Reason,
    Subject,
    action_points,
    clock_points,
    complaint_points,
    moment_points,
    start_points,
    supplement_points,
    target_points,
)
from tracker.rules.unexecuted import ClockState
from tracker.rules.warnings import window_warning

NEVER = date(1, 1, 1)  # `alive_until` of a clock that no report will hold
NOT_BEGUN = frozenset({CaseState.REPORTED.value, CaseState.RECEIVED.value})
GOING_ON = frozenset({PlanState.DRAFT.value, PlanState.PROPOSED.value, PlanState.ADOPTED.value})


@dataclass(frozen=True, slots=True)
class Thing:
    """What may fall due: its points, its last day (None: it has none), its number and page, and whose it is.

    `name` tells it from other things of its subject. Without a record it concerns all who prepare the quarter.
    """

    subject: Subject
    name: str
    number: str
    path: str
    points: tuple[Point, ...]
    last_day: date | None = None
    record_id: int | None = None
    unit_id: int = 0
    mark: int = 0
    own: tuple[int, ...] = ()


def list_things(today: date, since: date, ahead: int = LONGEST_AHEAD) -> Iterator[Thing]:
    """What has a point from `since` on, or a last day within `ahead` days; a little more may come, never less."""
    until = today + timedelta(days=ahead)
    yield from _clocks(since, until)
    yield from _window(today)
    yield from _lex_sarah()
    yield from _moments(today, since, until)
    yield from _complaints(since, until)
    yield from _actions(today, until)


def _clocks(since: date, until: date) -> Iterator[Thing]:
    c = DecisionClock
    statement = (
        select(c.decision_id, c.id, c.ref, c.due_on, c.alive_until, c.unit_id, c.mark, Decision.handler_id)
        .join(Decision, Decision.record_id == c.decision_id)
        .where(
            c.state == ClockState.OPEN.value, c.mark != Mark.VOIDED.value,
            c.due_on.between(since - timedelta(days=1), until),
        )
    )  # fmt: skip
    for record_id, clock_id, ref, due_on, alive_until, unit_id, mark, handler_id in db.session.execute(statement):
        points = tuple(clock_points(due_on))
        yield Thing(
            Subject.CLOCK, str(clock_id), ref, f"/beslut/{record_id}", points[:-1] if alive_until == NEVER else points,
            due_on, record_id, unit_id, mark, (handler_id,) if handler_id else (),
        )  # fmt: skip


def _window(today: date) -> Iterator[Thing]:
    warning = window_warning(today, kept_windows())
    if warning is None:
        return
    quarter = warning.window.quarter
    yield Thing(
        Subject.WINDOW, f"{quarter.year}-K{quarter.number}", f"Kvartal {quarter.number} {quarter.year}",
        f"/rapporter/kvartal/{quarter.year}/{quarter.number}",
        (Point(Reason(warning.kind.value), warning.day, today),), warning.window.closes_on,
    )  # fmt: skip


def _lex_sarah() -> Iterator[Thing]:
    c = LexSarahReport
    statement = select(
        c.record_id, c.ref, c.unit_id, c.mark, c.state, c.listed_on, c.received_on, c.target_on, c.decided_on,
        c.ivo_notified_on, c.ivo_investigation_sent_on,
    ).where(c.is_open.is_(True), c.mark != Mark.VOIDED.value)  # fmt: skip
    given = select(CaseInvestigator.record_id, CaseInvestigator.user_id).join(
        c, c.record_id == CaseInvestigator.record_id
    )
    investigators = dict[int, tuple[int, ...]]()
    for record_id, user_id in db.session.execute(given.where(c.is_open.is_(True))):
        investigators[record_id] = (*investigators.get(record_id, ()), user_id)
    for (
        record_id,
        ref,
        unit_id,
        mark,
        state,
        listed_on,
        received_on,
        target_on,
        decided_on,
        notified_on,
        sent_on,
    ) in db.session.execute(statement):
        own = investigators.get(record_id, ())
        parts = list[tuple[str, list[Point], date | None]]()
        if state in NOT_BEGUN:
            parts.append(("borja", start_points(received_on or listed_on, received=received_on is not None), None))
        if target_on is not None and decided_on is None:
            parts.append(("beslut", target_points(target_on), target_on))
        if notified_on is not None and sent_on is None:
            due_on = supplement_day(notified_on)
            parts.append(("ivo", supplement_points(due_on), due_on))
        for part, points, last_day in parts:
            yield Thing(
                Subject.LEX_SARAH, f"{record_id}-{part}", ref, f"/lex-sarah/{record_id}", tuple(points), last_day,
                record_id, unit_id, mark, own,
            )  # fmt: skip


def _moments(today: date, since: date, until: date) -> Iterator[Thing]:
    m = ControlMoment
    for year in range(today.year - 1, until.year + 1):
        plan = db.session.get(ControlPlan, year)
        if plan is None or plan.state not in GOING_ON:
            continue
        rows = db.session.execute(select(m.record_id, m.unit_id, m.mark, m.responsible).where(m.year == year)).all()
        people = users_by_name({name for *_, name in rows if name})
        of = {row[0]: row for row in rows}
        for moment in list_standings(year, EVERY_RECORD, Limits(plan.good_limit, plan.acceptable_limit)):
            frequency = None if moment.dropped else read_frequency(moment.frequency)
            if frequency is None:
                continue
            _, unit_id, mark, name = of[moment.record_id]
            for occasion, state in states_of(frequency, year, moment.periods, today, dropped=False):
                late_from = occasion.due_on + timedelta(days=7)
                if state is OccasionState.DONE or late_from < since or occasion.due_on > until:
                    continue
                yield Thing(
                    Subject.MOMENT, f"{moment.record_id}-{occasion.period}", f"{year}/{moment.ref}",
                    f"/internkontroll/moment/{moment.record_id}", tuple(moment_points(occasion.due_on)),
                    occasion.due_on, moment.record_id, unit_id, mark, (people[name],) if name in people else (),
                )  # fmt: skip


def _complaints(since: date, until: date) -> Iterator[Thing]:
    c = Complaint
    statement = select(c.record_id, c.ref, c.unit_id, c.mark, c.due_on).where(
        c.is_open.is_(True), c.answered_on.is_(None), c.kind != PRAISE, c.mark != Mark.VOIDED.value,
        c.due_on.between(since, until),
    )  # fmt: skip
    for record_id, ref, unit_id, mark, due_on in db.session.execute(statement):
        yield Thing(
            Subject.COMPLAINT, str(record_id), ref, f"/synpunkter/{record_id}", tuple(complaint_points(due_on)),
            due_on, record_id, unit_id, mark,
        )  # fmt: skip


def _actions(today: date, until: date) -> Iterator[Thing]:
    a = ActionItem
    statement = select(a.record_id, a.ref, a.unit_id, a.mark, a.due_on, a.responsible_id).where(
        a.stage == Stage.TO_DO.value, a.decided_on.is_not(None), a.mark != Mark.VOIDED.value, a.listed_on <= until
    )
    for record_id, ref, unit_id, mark, due_on, responsible_id in db.session.execute(statement):
        if due_on is None:
            continue
        yield Thing(
            Subject.ACTION, str(record_id), ref, f"/atgarder/{record_id}", tuple(action_points(due_on, today)), due_on,
            record_id, unit_id, mark, (responsible_id,) if responsible_id else (),
        )  # fmt: skip
