"""How does a file of risks become rows to save? Reading only: nothing here asks the database."""

from typing import Final

from tracker.exchange.errors import Collector
from tracker.exchange.rows import RowCells, column_places
from tracker.exchange.table import Table
from tracker.records.yearly import Line, read_lines

COLUMNS: Final = {
    "ar": True, "ref": True, "omrade": False, "niva": False, "risk": True, "sannolikhet": True, "konsekvens": True,
    "motivering": False, "hantering": False,
}  # fmt: skip
LEVELS = {name: name for name in ("kommunövergripande", "nämnd", "enhet")}
RISK_LEVEL_LABELS = {"kommunövergripande": "Kommunövergripande", "nämnd": "Nämnd", "enhet": "Enhet"}
HANDLING_LABELS = {"acceptera": "Acceptera", "bevaka": "Bevaka", "kontrollera": "Kontrollera", "åtgärda": "Åtgärda"}
HANDLINGS = {name: name for name in ("acceptera", "bevaka", "kontrollera", "åtgärda")}
LONGEST_AREA, LONGEST_TEXT = 120, 2_000


def parse_risks(table: Table, collector: Collector) -> list[Line]:
    """The rows of a file of risks; every bad cell is noted. Raises ImportRefused when the columns are wrong."""
    return read_lines(table, column_places(table, COLUMNS, collector), collector, _said)


def _said(cells: RowCells) -> dict[str, object]:
    return {
        "area": cells.text("omrade", LONGEST_AREA),
        "level": cells.choice("niva", LEVELS),
        "text": cells.kept("risk", cells.text("risk", LONGEST_TEXT)),
        "likelihood": cells.kept("sannolikhet", cells.number("sannolikhet", 1)),
        "consequence": cells.kept("konsekvens", cells.number("konsekvens", 1)),
        "motivation": cells.text("motivering", LONGEST_TEXT),
        "handling": cells.choice("hantering", HANDLINGS),
    }
