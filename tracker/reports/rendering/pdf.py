"""How does a report become PDF? Set from `report.typ`, tagged for screen readers (PDF/UA-1).

The paper goes in as JSON and its texts are only ever shown as they are: nothing in them is read as markup. The fonts
are those that the typst package brings; no font of the machine and no network is used.
"""

import json
from functools import cache
from pathlib import Path

from tracker.exchange.texts import legal_throughout
from tracker.printing.typesetting import set_pdf, set_pictures
from tracker.reports.rendering.paper import Chart, Paper

_LAYOUT = Path(__file__).parent / "report.typ"
_PICTURES = Path(__file__).parent / "picture.typ"
_ALONE = b"// A picture alone"


def render_pdf(paper: Paper) -> bytes:
    """The paper as a PDF whose days are the cut-off's, so that the same paper gives the same bytes."""
    return set_pdf(_layout(), {"paper": json.dumps(legal_throughout(paper), ensure_ascii=False)})


def render_pictures(charts: list[Chart]) -> list[bytes]:
    """Bar charts as PNG."""
    inputs = [{"bars": json.dumps(chart.bars, ensure_ascii=False), "title": chart.title} for chart in charts]
    return set_pictures(_pictures(), inputs)


@cache
def _layout() -> bytes:
    return _pictures().partition(_ALONE)[0] + _LAYOUT.read_bytes()


@cache
def _pictures() -> bytes:
    return _PICTURES.read_bytes()
