"""How does a report become a file? One document, five formats: a number is worked out once, in the document."""

from enum import StrEnum

from tracker.reports.audiences import Document
from tracker.reports.rendering.csv import render_csv
from tracker.reports.rendering.docx import render_docx
from tracker.reports.rendering.json import render_json
from tracker.reports.rendering.paper import TrendFigures, paper_of
from tracker.reports.rendering.pdf import render_pdf
from tracker.reports.rendering.xlsx import render_xlsx


class ReportFormat(StrEnum):
    """The formats a report can be had in."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"


FORMAT_LABELS = {
    ReportFormat.JSON: "JSON",
    ReportFormat.CSV: "CSV",
    ReportFormat.XLSX: "Excel",
    ReportFormat.DOCX: "Word",
    ReportFormat.PDF: "PDF",
}
MIME = {
    ReportFormat.JSON: "application/json",
    ReportFormat.CSV: "text/csv; charset=utf-8",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ReportFormat.PDF: "application/pdf",
}


def render(
    document: Document,
    report_format: ReportFormat,
    committee: str = "",
    *,
    trend: TrendFigures | None = None,
    template: bytes | None = None,
) -> bytes:
    """The report's file, the same bytes for the same document.

    `committee` heads what leaves the house; `trend` is the last eight quarters, as the document's reader may see them
    (not in JSON and CSV); `template` is the municipality's own Word template, which the program's stands in for.
    Raises tracker.printing.faults.WordError when the template cannot be filled in.
    """
    if report_format is ReportFormat.JSON:
        return render_json(document)
    if report_format is ReportFormat.CSV:
        return render_csv(document)
    if report_format is ReportFormat.XLSX:
        return render_xlsx(document, committee, trend)
    paper = paper_of(document, committee, trend)
    return render_pdf(paper) if report_format is ReportFormat.PDF else render_docx(paper, template)
