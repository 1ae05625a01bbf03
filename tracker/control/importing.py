"""How do files of kontrollmoment and of stickprov become rows to save? Reading only: nothing asks the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tracker.exchange.columns import LEAVE
from tracker.exchange.errors import Collector
from tracker.exchange.rows import RowCells, column_places
from tracker.exchange.table import Table
from tracker.records.natural import LONGEST_REF
from tracker.records.yearly import Line, read_lines, ref_of, year_of

CONTROL_COLUMNS: Final = {
    "ar": True, "ref": True, "risk_ref": False, "kontrollmoment": True, "metod": False, "frekvens": False,
    "ansvarig": False, "god_grans": False, "godtagbar_grans": False, "ej_genomford": False, "kommentar": False,
}  # fmt: skip
SAMPLE_COLUMNS: Final = {
    "ar": True, "kontroll_ref": True, "ref": True, "period": False, "population": False, "utvalda": True,
    "bortfall": False, "avvikelser": True, "kommentar": False,
}  # fmt: skip
LONGEST_NAME, LONGEST_WORD, LONGEST_PERSON, LONGEST_TEXT = 300, 60, 120, 2_000
PERIOD = re.compile(r"(\d{4})(-K[1-4]|-T[1-3]|-H[12]|-(0[1-9]|1[0-2]))?", re.ASCII)
MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One row of a file of stickprov: its place, of which moment, and what it says by the register's columns."""

    number: int
    year: int
    moment_ref: str
    ref: str
    said: Mapping[str, object]


def parse_controls(table: Table, collector: Collector) -> list[Line]:
    """The rows of a file of kontrollmoment; every bad cell is noted. Raises ImportRefused when the columns are wrong.

    `risk_ref` stands in `said` as it is written; whoever saves the rows finds the risk.
    """
    return read_lines(table, column_places(table, CONTROL_COLUMNS, collector), collector, _said_of_control)


def _said_of_control(cells: RowCells) -> dict[str, object]:
    return {
        "risk_ref": cells.text("risk_ref", LONGEST_REF),
        "name": cells.kept("kontrollmoment", cells.text("kontrollmoment", LONGEST_NAME)),
        "method": cells.text("metod", LONGEST_WORD),
        "frequency": cells.text("frekvens", LONGEST_WORD),
        "responsible": cells.text("ansvarig", LONGEST_PERSON),
        "good_limit": cells.number("god_grans", 0, 100),
        "acceptable_limit": cells.number("godtagbar_grans", 0, 100),
        "not_done": cells.text("ej_genomford", LONGEST_TEXT),
        "comment": cells.text("kommentar", LONGEST_TEXT),
    }


def parse_samples(table: Table, collector: Collector) -> list[SampleLine]:
    """The rows of a file of stickprov; every bad cell is noted. Raises ImportRefused when the columns are wrong."""
    places = column_places(table, SAMPLE_COLUMNS, collector)
    lines: list[SampleLine] = []
    seen: dict[tuple[int, str, str], int] = {}
    for number, row in table.rows:
        cells = RowCells(number, row, places, collector)
        year, moment_ref, ref = year_of(cells), ref_of(cells, "kontroll_ref"), ref_of(cells)
        said = _said_of_sample(cells, year)
        if year is None or moment_ref is None or ref is None:
            continue
        if (earlier := seen.setdefault((year, moment_ref, ref), number)) != number:
            cells.bad("ref", f"{ref} av {year}/{moment_ref} står redan på rad {earlier}. Ta bort en av dem.")
            continue
        lines.append(SampleLine(number, year, moment_ref, ref, said))
    return lines


def _said_of_sample(cells: RowCells, year: int | None) -> dict[str, object]:
    period = cells.text("period", LONGEST_REF)
    if isinstance(period, str):
        found = PERIOD.fullmatch(period)
        if found is None:
            cells.bad("period", "går inte att läsa. Skriv som 2021, 2021-K2 eller 2021-05.")
            period = LEAVE
        elif year is not None and int(found[1]) != year:
            cells.bad("period", f"ligger inte i {year}. Rätta perioden eller året.")
            period = LEAVE
    return {
        "period": period,
        "population": cells.number("population", 0, MOST),
        "selected": cells.kept("utvalda", cells.number("utvalda", 0, MOST)),
        "dropouts": cells.number("bortfall", 0, MOST),
        "deviations": cells.kept("avvikelser", cells.number("avvikelser", 0, MOST)),
        "comment": cells.text("kommentar", LONGEST_TEXT),
    }
