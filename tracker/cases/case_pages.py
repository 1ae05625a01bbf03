"""What does the page of one case show? Its facts, its timeline, and the steps that lead on."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.cases.addresses import step_path
from tracker.cases.pages import COMPLAINT_LABELS, WORDS, choice_words, state_mark
from tracker.cases.register import CHOICE, DUE
from tracker.cases.registers import CaseRegister, Stored, days_of
from tracker.cases.single import Reporter, StepTaken
from tracker.cases.texts import Words
from tracker.cases.words import ASSESSMENT_LABELS, IVO_LABELS, STATE_LABELS, STEP_LABELS, TAKEN_LABELS
from tracker.records.models import CodeList, RecordKind
from tracker.records.queries import kept_label
from tracker.rules.calendar import in_words
from tracker.rules.case_workflow import Assessment, CaseState, CaseStep, StepRow
from tracker.rules.guarantees import PRAISE
from tracker.rules.lex_sarah import IvoState, Law, ivo_state, paragraphs, supplement_day
from tracker.web.marks import StateMark

COMMENT_WORDS = {
    CaseStep.ANSWER: "Svaret",
    CaseStep.FOLLOW_UP: "Vad visar uppföljningen?",
    CaseStep.CLOSE_UNANSWERED: "Varför kan den inte besvaras?",
    CaseStep.HAND_OVER: "Varför överlämnas den?",
    CaseStep.RECEIVER_ANSWERS: "Vad svarade mottagaren?",
    CaseStep.MAKE_LEX_SARAH: "Vad talar för ett missförhållande?",
    CaseStep.SEND_BACK: "Vad behöver göras om?",
    CaseStep.REOPEN: "Varför öppnas ärendet igen?",
    CaseStep.NOTIFY_IVO: "Diarienummer hos IVO, om det finns",
    CaseStep.IVO_ANSWERS: "Vad blev IVO:s beslut?",
    CaseStep.INFORM_PERSON: "Hur informerades den enskilde, eller varför går det inte?",
    CaseStep.TELL_REPORTER: "Vad fick den som rapporterade veta?",
}
STEP_NOTES = {
    CaseStep.MAKE_LEX_SARAH: "Avvikelsen avslutas och blir en lex Sarah-rapport med samma nummer och samma historik. "
    "Det går inte att göra ogjort.",
    CaseStep.NOTIFY_IVO: "Anmälan kan göras innan utredningen är klar. Utredningen skickas då inom två månader.",
    CaseStep.CLOSE: "Ett avslutat ärende kan öppnas igen, med ett skäl.",
}


def comment_words(step: StepRow) -> str:
    """What the text of a step is called on its page, empty where it has none."""
    if step.step is CaseStep.CLOSE and step.comment:
        return "Vad ska den som rapporterade få veta?"
    return COMMENT_WORDS.get(step.step, "Varför?" if step.comment else "")


class Fact(NamedTuple):
    """A line of what is known of a case."""

    label: str
    value: str


class StepLink(NamedTuple):
    """A step that can be taken, and where; `main`: it leads the case on; `beside`: it leads nowhere, and is noted."""

    label: str
    path: str
    main: bool
    beside: bool


class TimelineLine(NamedTuple):
    """A step as the timeline tells it."""

    day: date
    what: str
    who: str
    comment: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that the page of a case shows to its reader."""

    row: Stored
    facts: list[Fact]
    words: list[Words]
    timeline: list[TimelineLine]
    persons: list[str]
    reporter: Reporter | None
    reported: bool = False  # somebody is noted as the one who reported, whoever may know it

    def mark(self, register: CaseRegister, today: date) -> StateMark:
        """How the case stands today."""
        praise = register.kind is RecordKind.COMPLAINT and self.row["kind"] == PRAISE
        due = self.row[DUE[register.kind]] if register.kind in DUE and not praise else None
        met = self.row.get("decided_on") or self.row.get("answered_on")
        return state_mark(CaseState(self.row["state"]), due, met, today)


def facts_list(register: CaseRegister, row: Stored, *, whole: bool) -> list[Fact]:
    """What is known of a case; in short its day and no more."""
    waits = row["state"] == CaseState.REPORTED and register.kind is RecordKind.LEX_SARAH  # nobody has received it
    found = [Fact("Rapporterad" if waits else WORDS[register.kind].listed, in_words(row["listed_on"]))]
    if not whole:
        return found
    if waits:
        found = []  # its day stands below
    if row["happened_on"]:
        found.append(Fact("Hände", in_words(row["happened_on"])))
    own = {
        RecordKind.DEVIATION: _of_deviation, RecordKind.LEX_SARAH: _of_lex_sarah, RecordKind.COMPLAINT: _of_complaint,
    }[register.kind]  # fmt: skip
    found += own(row)
    if register.kind is RecordKind.DEVIATION:
        if row[CHOICE[register.kind]] is not None:
            found.append(Fact("Kategori", choice_words(register, row[CHOICE[register.kind]])))
        if row["cause_id"] is not None:
            found.append(Fact("Orsaksområde", kept_label(CodeList.DEVIATION_CAUSE, row["cause_id"])))
    if row["closed_on"]:
        found.append(Fact("Avslutad", in_words(row["closed_on"])))
    return found


def _of_deviation(row: Stored) -> list[Fact]:
    found = [Fact("Område", row["law_area"])] if row["law_area"] else []
    if row["kind"]:
        found.append(Fact("Slag", row["kind"].capitalize()))
    if row["severity"]:
        found.append(Fact("Allvarlighet", f"{row['severity']} av 4"))
    if row["likelihood"]:
        found.append(Fact("Sannolikhet", f"{row['likelihood']} av 4"))
    return found


def _of_lex_sarah(row: Stored) -> list[Fact]:
    assessment = Assessment(row["assessment"]) if row["assessment"] else None
    found = []
    if row["law"] and row["happened_on"]:
        law = paragraphs(Law(row["law"]), row["happened_on"])
        found.append(Fact("Lagrum", f"{law.report}, {law.investigate}"))
    days = (("Rapporterad", "reported_on"), ("Eget mål", "target_on"), ("Utredning klar", "completed_on"),
            ("Beslutad", "decided_on"))  # fmt: skip
    found += [Fact(label, in_words(row[name])) for label, name in days if row[name]]
    if assessment:
        found.append(Fact("Bedömning", ASSESSMENT_LABELS[assessment]))
    found.append(Fact("IVO", IVO_LABELS[ivo_state(assessment, days_of(row).ivo)]))
    ivo = (("Anmäld till IVO", "ivo_notified_on"), ("Utredningen till IVO", "ivo_investigation_sent_on"),
           ("IVO:s beslut", "ivo_decided_on"))  # fmt: skip
    found += [Fact(label, in_words(row[name])) for label, name in ivo if row[name]]
    if (notified := row["ivo_notified_on"]) and row["ivo_investigation_sent_on"] is None:
        found.append(Fact("Utredningen till IVO senast", in_words(supplement_day(notified))))
    if row["ivo_case_number"]:
        found.append(Fact("Diarienummer hos IVO", row["ivo_case_number"]))
    return found + ([Fact("Utfall hos IVO", row["ivo_outcome"])] if row["ivo_outcome"] else [])


def _of_complaint(row: Stored) -> list[Fact]:
    found = [Fact("Typ", COMPLAINT_LABELS[row["kind"]])]
    if row["kind"] != PRAISE:
        found.append(Fact("Svar senast", in_words(row["due_on"])))
    return found + ([Fact("Besvarad", in_words(row["answered_on"]))] if row["answered_on"] else [])


def timeline(steps: list[StepTaken]) -> list[TimelineLine]:
    """What has been done with a case, day by day."""
    return [TimelineLine(step.on_day, _step_words(step), step.taken_by or "", step.comment) for step in steps]


def _step_words(step: StepTaken) -> str:
    tells = step.step in {CaseStep.SEND_BACK, CaseStep.REOPEN}  # where it came is not said by the step itself
    moved = f" ({STATE_LABELS[step.to_state]})" if tells else ""
    return f"{TAKEN_LABELS[step.step]}{moved}"


def step_links(register: CaseRegister, row: Stored, steps: list[StepRow]) -> list[StepLink]:
    """A link for each step; the first that leads on is the main one."""
    path = WORDS[register.kind].path
    due = _due(row)
    forward = [step for step in steps if step.end not in {None, row["state"]} and step.step not in BACKWARDS]
    main = forward[0].step if forward else None
    return [
        StepLink(
            STEP_LABELS[step.step], f"{path}/{row['record_id']}/{step_path(step.step)}", step.step is main,
            step.end is None and step.step is not due,
        )
        for step in steps
    ]  # fmt: skip


def _due(row: Stored) -> CaseStep | None:
    """What is to be done towards IVO now; None when nothing is."""
    if "ivo_notified_on" not in row:
        return None
    assessment = Assessment(row["assessment"]) if row["assessment"] else None
    return {
        IvoState.TO_NOTIFY: CaseStep.NOTIFY_IVO, IvoState.WITHOUT_INVESTIGATION: CaseStep.SUPPLEMENT_IVO,
    }.get(ivo_state(assessment, days_of(row).ivo))  # fmt: skip


BACKWARDS = frozenset({
    CaseStep.SEND_BACK, CaseStep.REOPEN, CaseStep.HAND_OVER, CaseStep.MAKE_LEX_SARAH, CaseStep.CLOSE_UNANSWERED,
})  # fmt: skip
