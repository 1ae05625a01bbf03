"""What do the pages of the log checks say? Marks, lines of the year, and the readings that were drawn."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.accounts.reader import Reach
from tracker.clock import STOCKHOLM, as_utc
from tracker.labels import READ_LABELS
from tracker.log_review.checks import CheckRow, PlanRow, list_checks, list_items, list_plans
from tracker.log_review.labels import CHECK_STATE_LABELS, GRADE_LABELS
from tracker.log_review.models import LogDraw, LogDrawItem
from tracker.log_review.names import people
from tracker.log_review.pages import Line, lines
from tracker.log_review.queries import list_reads
from tracker.rules.log_checks import CheckState, Grade, SampleBy, check_state
from tracker.rules.trail import ReadKind


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as word, shape and colour."""

    word: str
    shape: str
    css: str


_STATES = {
    CheckState.PLANNED: ("—", "closed"),
    CheckState.TO_DO: ("●", "open"),
    CheckState.LATE: ("■", "late"),
    CheckState.DONE: ("✓", "done"),
}
_GRADES = {Grade.AUTHORISED: ("●", "done"), Grade.UNCLEAR: ("◆", "soon"), Grade.UNAUTHORISED: ("■", "late")}
NOT_GRADED = Mark("Inte bedömd", "—", "closed")


def state_of(row: CheckRow, today: date) -> CheckState:
    """How a check stands today."""
    return check_state(row.check.to_on, row.check.due_on, row.signed_on, today)


def state_mark(state: CheckState) -> Mark:
    """A check's state as a mark."""
    return Mark(CHECK_STATE_LABELS[state], *_STATES[state])


def grade_mark(grade: str | None) -> Mark:
    """A grade as a mark."""
    return Mark(GRADE_LABELS[Grade(grade)], *_GRADES[Grade(grade)]) if grade else NOT_GRADED


def moment(at: datetime | None) -> str:
    """A moment in Sweden, to the minute; an en dash for None."""
    return as_utc(at).astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M") if at else "–"


def size_in_words(plan: PlanRow | CheckRow) -> str:
    """25 läsningar, or 5 procent av läsningarna."""
    amount = plan.plan.amount
    if plan.plan.sample_by == SampleBy.SHARE:
        return f"{amount} procent av läsningarna"
    return "1 läsning" if amount == 1 else f"{amount} läsningar"


def kinds_in_words(kinds: str) -> str:
    """The kinds of reading, as a list."""
    return ", ".join(READ_LABELS[ReadKind(kind)].lower() for kind in kinds.split())


@dataclass(frozen=True, slots=True)
class YearPage:
    """A year's plans, each check with its state, and how many stand in each."""

    plans: list[PlanRow]
    checks: list[tuple[CheckRow, Mark]]
    counts: dict[CheckState, int]


def year_page(year: int, reach: Reach, today: date) -> YearPage:
    """The year as planned, done and late."""
    plans = list_plans(year, reach)
    by_id = {row.plan.id: row for row in plans}
    found = []
    counts = dict.fromkeys(CheckState, 0)
    for check in list_checks(list(by_id)):
        plan = by_id[check.plan_id]
        row = CheckRow(check, plan.plan, plan.unit, plan.reviewer, "")
        state = state_of(row, today)
        counts[state] += 1
        found.append((row, state_mark(state)))
    return YearPage(plans, found, counts)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One reading that was drawn: the line of the log, what was found, and whether it is the reader's own."""

    item: LogDrawItem
    line: Line
    mark: Mark
    grader: str
    own: bool


def drawn(draw: LogDraw, reach: Reach, reader: int) -> list[Drawn]:
    """The readings of a draw in its order."""
    items = list_items(draw.id)
    reads = list_reads([item.read_id for item in items])
    events = [reads[item.read_id] for item in items]
    graders = people({item.graded_by for item in items if item.graded_by})
    return [
        Drawn(
            item,
            line,
            grade_mark(item.grade),
            graders[item.graded_by].name if item.graded_by in graders else "",
            event.actor_id == reader,
        )
        for item, event, line in zip(items, events, lines(events, reach), strict=True)
    ]
