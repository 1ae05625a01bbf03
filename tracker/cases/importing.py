"""How does a file of avvikelser, lex Sarah-rapporter or synpunkter become rows to save? Reading and checking only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracker.cases.texts import LONGEST_WORDS
from tracker.exchange.columns import LEAVE
from tracker.exchange.errors import Collector
from tracker.exchange.rows import RowCells, Text, column_places
from tracker.exchange.table import Table
from tracker.rules.case_workflow import Assessment

LONGEST_CASE_REF, LONGEST_NAME, LONGEST_OUTCOME = 60, 120, 200
LAW_AREAS = {name: name for name in ("SoL", "LSS", "HSL")}
LAWS = {name: name for name in ("SoL", "LSS")}
EVENT_KINDS = {name: name for name in ("händelse", "tillbud")}
COMPLAINT_KINDS = {name: name for name in ("synpunkt", "klagomål", "beröm")}
ASSESSMENTS = {
    "inget": Assessment.NONE.value,
    "risk": Assessment.RISK.value,
    "missförhållande": Assessment.IRREGULARITY.value,
    "risk_allvarligt": Assessment.SERIOUS_RISK.value,
    "allvarligt": Assessment.SERIOUS.value,
}
DEVIATION_COLUMNS = {
    "ref": True, "enhet": False, "lagomrade": False, "typ": False, "handelsedatum": False, "rapporterad": True,
    "kategori": False, "beskrivning": False, "allvarlighet": False, "avslutad": False,
}  # fmt: skip
LEX_SARAH_COLUMNS = {
    "ref": True, "enhet": False, "lagrum": False, "handelsedatum": False, "rapporterad": False, "mottagen": True,
    "beskrivning": False, "bedomning": False, "beslutad": False, "ivo_anmald": False, "ivo_utredning_sand": False,
    "ivo_beslut": False, "ivo_utfall": False, "avslutad": False,
}  # fmt: skip
COMPLAINT_COLUMNS = {
    "ref": True, "enhet": False, "typ": False, "mottagen": True, "beskrivning": False, "besvarad": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One row of a file: its place, its ref, the unit's and (of an avvikelse) the category's name, what happened in
    words, and what else it says by the register's own columns.
    """

    number: int
    ref: str
    unit: Text
    category: Text
    words: Text
    said: Mapping[str, object]


def parse_deviations(table: Table, collector: Collector) -> list[CaseLine]:
    """The rows of a file of avvikelser; every bad cell is noted. Raises ImportRefused when the columns are wrong."""
    return _lines(table, DEVIATION_COLUMNS, collector, _deviation)


def parse_lex_sarah(table: Table, collector: Collector) -> list[CaseLine]:
    """The rows of a file of lex Sarah-rapporter, as above."""
    return _lines(table, LEX_SARAH_COLUMNS, collector, _lex_sarah)


def parse_complaints(table: Table, collector: Collector) -> list[CaseLine]:
    """The rows of a file of synpunkter, as above."""
    return _lines(table, COMPLAINT_COLUMNS, collector, _complaint)


def _lines(
    table: Table, columns: Mapping[str, bool], collector: Collector, said: Callable[[RowCells], Mapping[str, object]]
) -> list[CaseLine]:
    places = column_places(table, columns, collector)
    lines: list[CaseLine] = []
    seen: dict[str, int] = {}
    for number, row in table.rows:
        cells = RowCells(number, row, places, collector)
        ref = cells.key("ref", LONGEST_CASE_REF, "Skriv ärendets eget nummer, som A-2026-17.")
        unit = cells.kept("enhet", cells.text("enhet", LONGEST_NAME))
        category = cells.text("kategori", LONGEST_OUTCOME) if "kategori" in columns else LEAVE
        words, rest = cells.text("beskrivning", LONGEST_WORDS), said(cells)
        if ref is None:
            continue
        if (earlier := seen.setdefault(ref, number)) != number:
            cells.bad("ref", f"{ref} står redan på rad {earlier}. Ta bort en av dem.")
            continue
        lines.append(CaseLine(number, ref, unit, category, words, rest))
    return lines


def _deviation(cells: RowCells) -> dict[str, object]:
    return {
        "law_area": cells.choice("lagomrade", LAW_AREAS),
        "kind": cells.choice("typ", EVENT_KINDS),
        "happened_on": cells.day("handelsedatum"),
        "reported_on": cells.kept("rapporterad", cells.day("rapporterad")),
        "severity": cells.number("allvarlighet", 1, 4),
        "closed_on": cells.day("avslutad"),
    }


def _lex_sarah(cells: RowCells) -> dict[str, object]:
    return {
        "law": cells.choice("lagrum", LAWS),
        "happened_on": cells.day("handelsedatum"),
        "reported_on": cells.day("rapporterad"),
        "received_on": cells.kept("mottagen", cells.day("mottagen")),
        "assessment": cells.choice("bedomning", ASSESSMENTS),
        "decided_on": cells.day("beslutad"),
        "ivo_notified_on": cells.day("ivo_anmald"),
        "ivo_investigation_sent_on": cells.day("ivo_utredning_sand"),
        "ivo_decided_on": cells.day("ivo_beslut"),
        "ivo_outcome": cells.text("ivo_utfall", LONGEST_OUTCOME),
        "closed_on": cells.day("avslutad"),
    }


def _complaint(cells: RowCells) -> dict[str, object]:
    return {
        "kind": cells.kept("typ", cells.choice("typ", COMPLAINT_KINDS)),
        "received_on": cells.kept("mottagen", cells.day("mottagen")),
        "answered_on": cells.day("besvarad"),
    }
