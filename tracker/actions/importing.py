"""How does a file of actions become rows to save? Reading and checking only."""

from dataclasses import dataclass

from tracker.actions.models import LONGEST_NAME
from tracker.exchange.columns import LEAVE, Mark
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Day, RowCells, Text, column_places
from tracker.exchange.table import Table
from tracker.records.models import RecordKind
from tracker.rules.actions import Effect

LONGEST_ACTION_REF, LONGEST_TEXT = 60, 2_000
SOURCES = {
    "risk": RecordKind.RISK,
    "kontroll": RecordKind.CONTROL,
    "avvikelse": RecordKind.DEVIATION,
    "lex-sarah": RecordKind.LEX_SARAH,
    "beslut": RecordKind.DECISION,
    "synpunkt": RecordKind.COMPLAINT,
}
SOURCE_WORDS = {kind: word for word, kind in SOURCES.items()}
EFFECTS = {effect.value: effect for effect in Effect}
ACTION_COLUMNS = {
    "ref": True, "kalla": True, "kalla_ref": True, "beskrivning": True, "ansvarig": False, "beslutad": False,
    "senast": False, "genomford": False, "effekt": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One row of a file: its place, its ref, what it belongs to (kind and number), and what else it says."""

    number: int
    ref: str
    kind: RecordKind | Mark
    source: Text
    words: Text
    responsible: Text
    decided_on: Day
    due_on: Day
    done_on: Day
    effect: Effect | Mark


def parse_actions(table: Table, collector: Collector) -> list[ActionLine]:
    """The rows of a file of actions; every bad cell is noted. Raises ImportRefused when the columns are wrong."""
    places = column_places(table, ACTION_COLUMNS, collector)
    lines: list[ActionLine] = []
    seen: dict[str, int] = {}
    for number, row in table.rows:
        cells = RowCells(number, row, places, collector)
        ref = cells.key("ref", LONGEST_ACTION_REF, "Skriv åtgärdens eget nummer, som Å-17.")
        line = _line(number, ref or "", cells)
        if ref is None:
            continue
        if (earlier := seen.setdefault(ref, number)) != number:
            cells.bad("ref", f"{ref} står redan på rad {earlier}. Ta bort en av dem.")
            continue
        lines.append(line)
    return lines


def _line(number: int, ref: str, cells: RowCells) -> ActionLine:
    return ActionLine(
        number, ref, cells.kept("kalla", cells.choice("kalla", SOURCES)),
        cells.kept("kalla_ref", cells.text("kalla_ref", LONGEST_ACTION_REF)),
        cells.kept("beskrivning", cells.text("beskrivning", LONGEST_TEXT)), cells.text("ansvarig", LONGEST_NAME),
        cells.day("beslutad"), cells.day("senast"), cells.day("genomford"), cells.choice("effekt", EFFECTS),
    )  # fmt: skip


def says_source(line: ActionLine) -> bool:
    """Whether a row tells anything of what its action belongs to."""
    return line.kind is not LEAVE or line.source is not LEAVE
