"""What do the pages of activities show? Status in words, colour and shape, and whether it is late."""

from typing import NamedTuple

from tracker.activity.queries import ActivityRow
from tracker.activity.words import STATUS_LABELS
from tracker.rules.activities import ActivityStatus


class StatusMark(NamedTuple):
    """A status as word, shape and colour."""

    word: str
    shape: str
    css: str


MARKS = {
    ActivityStatus.NOT_STARTED: StatusMark(STATUS_LABELS[ActivityStatus.NOT_STARTED], "○", "closed"),
    ActivityStatus.ONGOING: StatusMark(STATUS_LABELS[ActivityStatus.ONGOING], "◆", "soon"),
    ActivityStatus.DONE: StatusMark(STATUS_LABELS[ActivityStatus.DONE], "●", "done"),
    ActivityStatus.STOPPED: StatusMark(STATUS_LABELS[ActivityStatus.STOPPED], "—", "closed"),
}
LATE = "försenad"


def mark_of(row: ActivityRow) -> StatusMark:
    """The mark of an activity: `■ Pågår, försenad` when the day to report back by has passed."""
    mark = MARKS[row.status]
    return StatusMark(f"{mark.word}, {LATE}", "■", "late") if row.late else mark


def activity_lines(rows: list[ActivityRow]) -> list[tuple[ActivityRow, StatusMark]]:
    """Each activity with its mark."""
    return [(row, mark_of(row)) for row in rows]
