"""What do the pages of the plan show? Its kontrollmoment with grade and history, ready for the templates."""

from typing import NamedTuple

from tracker.control.models import ControlMoment
from tracker.control.moment_services import WHO
from tracker.control.queries import MomentRow
from tracker.control.register import Came
from tracker.labels import GRADE_LABELS
from tracker.rules.control_grading import Grade
from tracker.rules.control_occasions import Frequency, OccasionState
from tracker.rules.control_parties import controlling_themselves
from tracker.web.marks import StateMark

SHAPES = {Grade.GOOD: "●", Grade.ACCEPTABLE: "◆", Grade.FAILED: "■", Grade.NOT_DONE: "—"}
COLOURS = {Grade.GOOD: "done", Grade.ACCEPTABLE: "soon", Grade.FAILED: "late", Grade.NOT_DONE: "closed"}
NOTHING = "—"


MARKS = {grade: StateMark(GRADE_LABELS[grade], SHAPES[grade], COLOURS[grade]) for grade in Grade}
CAME_LABELS = {Came(grade.value): GRADE_LABELS[grade] for grade in Grade} | {
    Came.NO_RESULT: "Inget resultat än", Came.LATE: "Försenat",
}  # fmt: skip
CAME_MARKS = {Came(grade.value): mark for grade, mark in MARKS.items()} | {
    Came.NO_RESULT: StateMark(CAME_LABELS[Came.NO_RESULT], "○", "closed"),
}  # fmt: skip
OCCASION_LABELS = {
    OccasionState.DONE: "Gjord", OccasionState.LATE: "Sen", OccasionState.COMING: "Kommande",
    OccasionState.DROPPED: "Utgår",
}  # fmt: skip
OCCASION_SHAPES = {
    OccasionState.DONE: ("●", "done"), OccasionState.LATE: ("■", "late"), OccasionState.COMING: ("○", "closed"),
    OccasionState.DROPPED: (NOTHING, "closed"),
}  # fmt: skip
OCCASION_MARKS = {state: StateMark(OCCASION_LABELS[state], *OCCASION_SHAPES[state]) for state in OccasionState}
FREQUENCY_LABELS = {
    Frequency.CONTINUOUS: "Löpande, följs upp när året är slut", Frequency.MONTH: "Varje månad",
    Frequency.QUARTER: "Varje kvartal", Frequency.TERTIAL: "Varje tertial", Frequency.HALF_YEAR: "Varje halvår",
    Frequency.YEAR: "En gång om året",
}  # fmt: skip
NEVER = StateMark("inget resultat", NOTHING, "closed")


class MomentLine(NamedTuple):
    """A kontrollmoment as a row: its percent as text, its grade, and (year, mark) of three years."""

    record_id: int
    ref: str
    name: str
    risk_id: int | None
    risk_ref: str
    checked: int
    percent: str
    mark: StateMark
    note: str
    past: list[tuple[int, StateMark]]


def moment_line(moment: MomentRow) -> MomentLine:
    """The row of a kontrollmoment."""
    percent = moment.result.percent
    shown = "–" if percent is None else f"{percent} %"
    past = [(year, MARKS[grade] if grade else NEVER) for year, grade in moment.history.items()]
    return MomentLine(
        moment.record_id, moment.ref, moment.name, moment.risk_id, moment.risk_ref or "–", moment.outcome.checked,
        shown, MARKS[moment.graded.grade], note_of(moment), past,
    )  # fmt: skip


def note_of(moment: MomentRow) -> str:
    """What a reader must know of how a kontrollmoment came out: why nothing came of it and what happens next, or what
    was computed and why another grade stands.
    """
    if moment.not_done:
        return f"{moment.not_done.rstrip('.')}. {moment.not_done_next}" if moment.not_done_next else moment.not_done
    if moment.graded.computed:
        was, now = (GRADE_LABELS[grade] for grade in (moment.graded.computed, moment.graded.grade))
        return f"Beräknad: {was} {moment.outcome.percent} %; ändrad till {now}: {moment.motivation}"
    return "Inget är granskat än" if moment.graded.no_result else ""


def same_party(moment: ControlMoment) -> str:
    """Who of a kontrollmoment controls themselves, in words; empty when nobody does."""
    same = controlling_themselves(moment.controlled_party, moment.performer, moment.responsible)
    return " och ".join(WHO[name] if place == 0 else WHO[name].lower() for place, name in enumerate(same))
