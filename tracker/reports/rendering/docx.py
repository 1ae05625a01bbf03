"""How does a report become a Word file? The paper fills in a template: the municipality's own, or the program's."""

from datetime import date
from functools import cache
from pathlib import Path

from tracker.printing.word import Contents, fill
from tracker.reports.rendering.paper import Paper, charts_of
from tracker.reports.rendering.pdf import render_pictures

DEFAULT_TEMPLATE = Path(__file__).parent / "report.docx"


def render_docx(paper: Paper, template: bytes | None = None) -> bytes:
    """The Word file. Raises WordError when the template cannot be filled in."""
    return fill(template or default_template(), contents_of(paper))


@cache
def default_template() -> bytes:
    """The program's own template (made by `python -m scripts.report_template`)."""
    return DEFAULT_TEMPLATE.read_bytes()


def contents_of(paper: Paper) -> Contents:
    """The paper as a template is filled in with it, its pictures drawn."""
    charts = charts_of(paper)
    return Contents(
        values=paper,
        title=paper["rubrik"],
        author=paper["namnd"],
        made_on=date.fromisoformat(paper["avstamning"]),
        pictures={chart.text: png for chart, png in zip(charts, render_pictures(charts), strict=True)},
    )
