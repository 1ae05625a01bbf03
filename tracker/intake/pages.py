"""What do the pages of the steps show? Rows ready for the templates, with nothing in them that points at a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from tracker.decisions.differences import FieldChange, RowChange
from tracker.decisions.unmentioned import UnmentionedRow
from tracker.exchange.foreign import HEAD_LOOKED_FOR, Survey, heads_of, propose_head_row
from tracker.exchange.sheets import OpenFile, RawRow, SheetName, filled
from tracker.intake.choices import Choices
from tracker.intake.fields import WORDS
from tracker.intake.mappings import names_of, shape_of
from tracker.intake.questions import shown
from tracker.intake.services import Names
from tracker.labels import CLOCK_LABELS, STATE_LABELS
from tracker.rules.unexecuted import ClockKind, ClockState

ROWS_SHOWN = 20
CELLS_SHOWN = 12
STEPS = ("Fil", "Tabell", "Kolumner", "Datum och värden", "Granska och spara")
PERSON_WORDS = {(False, True): "läggs till", (True, True): "byts", (True, False): "tas bort"}


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A sheet as its page shows it: the first rows as (number, text), the head row proposed, and what to know."""

    sheet: int
    rows: list[tuple[int, str]]
    proposed: int
    remarks: list[str]


def first_sheet(file: OpenFile, known: Mapping[str, str]) -> int:
    """The sheet to begin with: one whose name is remembered, else the first that is not hidden."""
    names = {name for name in known.values() if name}
    visible = [sheet for sheet in file.sheets if not sheet.hidden] or list(file.sheets)
    return next((sheet.place for sheet in visible if sheet.name in names), visible[0].place if visible else 0)


def sheet_page(file: OpenFile, sheet: int, known: Mapping[str, str]) -> SheetPage:
    """The first rows of a sheet. A head that has been read before is proposed, else what looks most like one."""
    first: list[RawRow] = list(islice(file.rows(sheet), HEAD_LOOKED_FOR))
    rows = [(number, cells) for number, cells in first if filled(cells)]
    remembered = next((number for number, cells in rows if shape_of(names_of(heads_of(cells))) in known), None)
    return SheetPage(
        sheet,
        [(number, _line(cells)) for number, cells in rows[:ROWS_SHOWN]],
        remembered or propose_head_row(first, WORDS),
        _remarks(file, sheet),
    )


def _line(cells: list[object] | list[str | date]) -> str:
    texts = [shown(str(cell).strip(), 40) for cell in cells if str(cell).strip()]
    more = f" | … och {len(texts) - CELLS_SHOWN} till" if len(texts) > CELLS_SHOWN else ""
    return " | ".join(texts[:CELLS_SHOWN]) + more


def _remarks(file: OpenFile, sheet: int) -> list[str]:
    facts, found = file.facts(sheet), []
    if facts.hidden_columns:
        found.append("Bladet har dolda kolumner. De läses som de andra; hoppa över dem som inte ska med.")
    if facts.formulas:
        found.append("Bladet har formler. Det värde som de visade när filen sparades är det som läses.")
    if file.merged(sheet):
        found.append(
            "Bladet har sammanfogade celler. Är de sammanfogade nedåt räknas värdet för alla rader de täcker, åt sidan "
            "för den första kolumnen."
        )
    if file.is_workbook:
        found.append("Rader som är dolda eller bortfiltrerade i Excel läses också.")
    return found


def sheet_label(sheet: SheetName) -> str:
    """A sheet's name, and that it is hidden."""
    return f"{sheet.name} (dolt i Excel)" if sheet.hidden else sheet.name


def table_notes(survey: Survey) -> str:
    """Which rows under the table are left out; empty when none are."""
    if not survey.notes:
        return ""
    rows = ", ".join(map(str, survey.notes))
    word = "Rad" if len(survey.notes) == 1 else "Raderna"
    return f"{word} {rows} under tabellen läses inte: bara en cell är ifylld, och det ser ut som en anteckning."


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A row that changes something: where it stands, and (head, old, new) of each field."""

    row: int
    ref: str
    record_id: int
    clock: str
    fields: list[tuple[str, str, str]]


def change_lines(changes: list[RowChange], names: Names, choices: Choices) -> Iterator[ChangeLine]:
    """Changed rows in words."""
    for change in changes:
        clock = f"Avbrott {change.interrupted_on}" if change.interrupted_on else ""
        fields = [(choices.heads.get(one.name, one.name), *_sides(one, names)) for one in change.fields]
        yield ChangeLine(change.row, change.ref, change.record_id, clock, fields)


def _sides(change: FieldChange, names: Names) -> tuple[str, str]:
    if change.name == "person":
        return "", PERSON_WORDS[bool(change.old), bool(change.new)]
    return _text(change.name, change.old, names), _text(change.name, change.new, names)


def _text(name: str, value: object, names: Names) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "dom" if value else "beslut"
    if isinstance(value, int):
        of = {"enhet": names.units, "insats": names.interventions, "skal": names.reasons}[name]
        return of.get(value, "")
    return str(value)


def unmentioned_lines(rows: list[UnmentionedRow]) -> list[tuple[int, str, str, str, str]]:
    """(record id, ref, clock, start, state) of what the file does not hold."""
    return [
        (
            row.record_id,
            row.ref,
            CLOCK_LABELS[ClockKind(row.kind)],
            row.started_on.isoformat(),
            STATE_LABELS[ClockState(row.state)],
        )
        for row in rows
    ]
