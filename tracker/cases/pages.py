"""What do the pages of cases show? Rows and sentences ready for the templates."""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.cases.asked import CHOICE_NAMES
from tracker.cases.filtering import STATUS_LABELS, STATUSES, TELLS_OF_IVO
from tracker.cases.importing import COMPLAINT_COLUMNS, COMPLAINT_KINDS, DEVIATION_COLUMNS, LEX_SARAH_COLUMNS
from tracker.cases.registers import CaseRegister
from tracker.cases.words import ASSESSMENT_LABELS, STATE_LABELS
from tracker.records.models import CodeList, RecordKind
from tracker.records.queries import kept_codes, kept_label
from tracker.rules.case_workflow import ENDED, Assessment, CaseState
from tracker.web.marks import StateMark

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RegisterWords:
    """What the pages of a register say: `path` is its address, `command` its import, `columns` those of its files."""

    title: str
    path: str
    one: str
    many: str
    listed: str
    due: str
    choice: str
    empty: str
    command: str
    columns: tuple[str, ...]


WORDS = {
    RecordKind.DEVIATION: RegisterWords(
        "Avvikelser", "/avvikelser", "avvikelse", "avvikelser", "Rapporterad", "", "Kategori",
        "Här står det som inte blev som det skulle, från rapporten till att åtgärderna är uppföljda.",
        "deviations", tuple(DEVIATION_COLUMNS),
    ),
    RecordKind.LEX_SARAH: RegisterWords(
        "Lex Sarah", "/lex-sarah", "rapport", "rapporter", "Mottagen", "Eget mål", "Bedömning",
        "Här står rapporter om missförhållanden och risker för sådana, med utredning, beslut och anmälan till IVO.",
        "lex-sarah", tuple(LEX_SARAH_COLUMNS),
    ),
    RecordKind.COMPLAINT: RegisterWords(
        "Synpunkter", "/synpunkter", "synpunkt", "synpunkter", "Mottagen", "Svar senast", "Typ",
        "Här står synpunkter, klagomål och beröm från dem som inte arbetar här, med den dag då de ska ha fått svar.",
        "complaints", tuple(COMPLAINT_COLUMNS),
    ),
}  # fmt: skip
_ENDED_MARKS = {
    CaseState.CLOSED: StateMark(STATE_LABELS[CaseState.CLOSED], "✓", "done"),
    CaseState.ANSWERED: StateMark(STATE_LABELS[CaseState.ANSWERED], "✓", "done"),
    CaseState.HANDED_OVER: StateMark(STATE_LABELS[CaseState.HANDED_OVER], "—", "closed"),
    CaseState.BECAME_LEX_SARAH: StateMark(STATE_LABELS[CaseState.BECAME_LEX_SARAH], "—", "closed"),
}
TO_RECEIVE = StateMark(STATE_LABELS[CaseState.REPORTED], "●", "open")
COMPLAINT_LABELS = {name: name.capitalize() for name in COMPLAINT_KINDS}


def state_mark(state: CaseState, due_on: date | None, met_on: date | None, today: date) -> StateMark:
    """How a case stands today: late once the last day has passed, soon in the week before it."""
    if state in ENDED:
        return _ENDED_MARKS[state]
    word = STATE_LABELS[state]
    if due_on is not None and met_on is None:
        days = (today - due_on).days
        if days > 0:
            return StateMark(f"{word}, {days} {'dag' if days == 1 else 'dagar'} försenad", "■", "late")
        if due_on - today <= SOON:
            return StateMark(f"{word}, snart", "◆", "soon")
    return TO_RECEIVE if state is CaseState.REPORTED else StateMark(word, "○", "closed")


def choice_words(register: CaseRegister, choice: str | int | None) -> str:
    """What a case is filtered by, in words."""
    if choice is None:
        return ""
    if register.kind is RecordKind.DEVIATION:
        return kept_label(CodeList.DEVIATION_CATEGORY, int(choice))
    if register.kind is RecordKind.LEX_SARAH:
        return ASSESSMENT_LABELS[Assessment(str(choice))]
    return COMPLAINT_LABELS[str(choice)]


def status_choices(register: CaseRegister, *, tells: bool) -> list[tuple[object, str]]:
    """What the register's status filter offers; what is never told of a case in short is left out unless it `tells`."""
    offered = [status for status in STATUSES[register.kind] if tells or status not in TELLS_OF_IVO]
    return [(status.value, STATUS_LABELS[status]) for status in offered]


def filter_choices(register: CaseRegister) -> list[tuple[object, str]]:
    """What the register's own filter (category, assessment or kind) offers."""
    if register.kind is RecordKind.DEVIATION:
        return [(choice.id, choice.label) for choice in kept_codes(CodeList.DEVIATION_CATEGORY)]
    if register.kind is RecordKind.LEX_SARAH:
        return [(degree.value, ASSESSMENT_LABELS[degree]) for degree in Assessment]
    return list(COMPLAINT_LABELS.items())


def cause_choices() -> list[tuple[object, str]]:
    """What the filter by cause offers."""
    return [(choice.id, choice.label) for choice in kept_codes(CodeList.DEVIATION_CAUSE)]


def choice_name(register: CaseRegister) -> str:
    """The name of the register's own filter in an address."""
    return CHOICE_NAMES[register.kind]


def exported_row(register: CaseRegister, row: dict[str, object]) -> tuple[object, ...]:
    """A case as a row of a file that the import takes."""
    values = {"enhet": row["unit"], "kategori": row.get("category"), "beskrivning": row["what"]}
    names = FILE_NAMES[register.kind]
    return tuple(values[name] if name in values else row[names[name]] for name in WORDS[register.kind].columns)


_COMMON = {"ref": "ref", "handelsedatum": "happened_on", "avslutad": "closed_on"}
FILE_NAMES = {
    RecordKind.DEVIATION: _COMMON | {
        "lagomrade": "law_area", "typ": "kind", "rapporterad": "reported_on", "allvarlighet": "severity",
    },
    RecordKind.LEX_SARAH: _COMMON | {
        "lagrum": "law", "rapporterad": "reported_on", "mottagen": "received_on", "bedomning": "assessment",
        "beslutad": "decided_on", "ivo_anmald": "ivo_notified_on", "ivo_utredning_sand": "ivo_investigation_sent_on",
        "ivo_beslut": "ivo_decided_on", "ivo_utfall": "ivo_outcome",
    },
    RecordKind.COMPLAINT: _COMMON | {"typ": "kind", "mottagen": "received_on", "besvarad": "answered_on"},
}  # fmt: skip
DATE_COLUMNS = frozenset({
    "handelsedatum", "rapporterad", "mottagen", "beslutad", "ivo_anmald", "ivo_utredning_sand", "ivo_beslut",
    "avslutad", "besvarad",
})  # fmt: skip
