"""How does a file of risks become rows to save? Reading only: nothing here asks the database."""

from typing import Final

from tracker.exchange.errors import Collector
from tracker.exchange.rows import RowCells, column_places
from tracker.exchange.table import Table
from tracker.records.yearly import Line, read_lines

COLUMNS: Final = {
    "ar": True, "ref": True, "omrade": False, "niva": False, "risk": True, "sannolikhet": True, "konsekvens": True,
    "motivering": False, "hantering": False, "process": False, "orsak": False, "leder_till": False,
    "motivering_sannolikhet": False, "motivering_konsekvens": False, "befintliga_kontroller": False,
    "riskagare": False, "sannolikhet_fore": False, "konsekvens_fore": False, "nettolista": False,
    "nettolista_skal": False,
}  # fmt: skip
REGISTER_NAMES: Final = {
    "omrade": "area", "niva": "level", "risk": "text", "sannolikhet": "likelihood", "konsekvens": "consequence",
    "motivering": "motivation", "hantering": "handling", "process": "process", "orsak": "cause",
    "leder_till": "effect", "motivering_sannolikhet": "likelihood_motivation",
    "motivering_konsekvens": "consequence_motivation", "befintliga_kontroller": "existing_controls",
    "riskagare": "owner", "sannolikhet_fore": "gross_likelihood", "konsekvens_fore": "gross_consequence",
    "nettolista": "in_net", "nettolista_skal": "net_reason",
}  # fmt: skip
LEVELS = {name: name for name in ("kommunövergripande", "nämnd", "enhet")}
RISK_LEVEL_LABELS = {"kommunövergripande": "Kommunövergripande", "nämnd": "Nämnd", "enhet": "Enhet"}
HANDLING_LABELS = {
    "acceptera": "Acceptera", "bevaka": "Bevaka", "kontrollera": "Kontrollera", "åtgärda": "Åtgärda",
    "överföra": "Överföra", "undvika": "Undvika",
}  # fmt: skip
HANDLINGS = {name: name for name in HANDLING_LABELS}
YES_OR_NO = {"ja": True, "nej": False}
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
        "process": cells.text("process", LONGEST_AREA),
        "cause": cells.text("orsak", LONGEST_TEXT),
        "effect": cells.text("leder_till", LONGEST_TEXT),
        "likelihood_motivation": cells.text("motivering_sannolikhet", LONGEST_TEXT),
        "consequence_motivation": cells.text("motivering_konsekvens", LONGEST_TEXT),
        "existing_controls": cells.text("befintliga_kontroller", LONGEST_TEXT),
        "owner": cells.text("riskagare", LONGEST_AREA),
        "gross_likelihood": cells.number("sannolikhet_fore", 1),
        "gross_consequence": cells.number("konsekvens_fore", 1),
        "in_net": cells.kept("nettolista", cells.choice("nettolista", YES_OR_NO)),
        "net_reason": cells.text("nettolista_skal", LONGEST_TEXT),
    }
