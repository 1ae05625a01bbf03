"""How does a report become PDF? Set from `sheet.typ` and its own layout, tagged for screen readers (PDF/UA-1).

The paper goes in as JSON and its texts are only ever shown as they are: nothing in them is read as markup. The fonts
are those that the typst package brings; no font of the machine and no network is used.
"""

import json
from functools import cache
from pathlib import Path

from tracker.exchange.texts import legal_throughout
from tracker.printing.typesetting import set_pdf, set_pictures
from tracker.reports.rendering.paper import Chart, Paper

_FOLDER = Path(__file__).parent
QUARTER = "report.typ"
_ALONE = b"// A picture alone"


def render_pdf(paper: Paper, layout: str = QUARTER) -> bytes:
    """The paper as a PDF whose days are the cut-off's, so that the same paper gives the same bytes."""
    return set_pdf(_source(layout), {"paper": json.dumps(legal_throughout(paper), ensure_ascii=False)})


def render_pictures(charts: list[Chart]) -> list[bytes]:
    """Bar charts as PNG."""
    inputs = [{"bars": json.dumps(chart.bars, ensure_ascii=False), "title": chart.title} for chart in charts]
    return set_pictures(_pictures(), inputs) if inputs else []


@cache
def _source(layout: str) -> bytes:
    parts = _FOLDER / "sheet.typ", _FOLDER / layout
    return b"\n".join((_pictures().partition(_ALONE)[0], *(part.read_bytes() for part in parts)))


@cache
def _pictures() -> bytes:
    return (_FOLDER / "picture.typ").read_bytes()
