"""What do the pages of activities show? Status in words, colour and shape, and whether it is late."""

from tracker.activity.queries import ActivityRow
from tracker.activity.words import STATUS_LABELS
from tracker.rules.activities import ActivityStatus
from tracker.web.marks import StateMark

MARKS = {
    ActivityStatus.NOT_STARTED: StateMark(STATUS_LABELS[ActivityStatus.NOT_STARTED], "○", "closed"),
    ActivityStatus.ONGOING: StateMark(STATUS_LABELS[ActivityStatus.ONGOING], "◆", "soon"),
    ActivityStatus.DONE: StateMark(STATUS_LABELS[ActivityStatus.DONE], "●", "done"),
    ActivityStatus.STOPPED: StateMark(STATUS_LABELS[ActivityStatus.STOPPED], "—", "closed"),
}
LATE = "försenad"


def mark_of(row: ActivityRow) -> StateMark:
    """The mark of an activity: `■ Pågår, försenad` when the day to report back by has passed."""
    mark = MARKS[row.status]
    return StateMark(f"{mark.word}, {LATE}", "■", "late") if row.late else mark


def activity_lines(rows: list[ActivityRow]) -> list[tuple[ActivityRow, StateMark]]:
    """Each activity with its mark."""
    return [(row, mark_of(row)) for row in rows]
