"""How does a period become a file for a reader? Rows, document and rendering in one go."""

from tracker.audit import reads
from tracker.memory import collector_resting
from tracker.records.queries import committee_name
from tracker.records.scope import Scope
from tracker.reports.audiences import PURPOSES, Audience, document
from tracker.reports.place import place_of
from tracker.reports.quarter import Figures, quarter_rows
from tracker.reports.queries import find_template_in_use
from tracker.reports.rendering import ReportFormat, render
from tracker.reports.rendering.paper import TrendFigures
from tracker.rules.trail import ReadKind


def report_file(
    figures: Figures,
    scope: Scope,
    audience: Audience,
    report_format: ReportFormat,
    trend: TrendFigures | None = None,
) -> bytes:
    """The file of a report whose figures are worked out; its rows are read now, and that it leaves is noted.

    Word is filled in with the municipality's own template where there is one; `trend` is the last eight quarters as the
    audience may see them. Raises WordError when the template cannot be filled in.
    """
    with collector_resting():
        rows = [] if audience is Audience.COUNCIL else quarter_rows(figures.period, scope)
        made = document(figures, rows, audience, place_of(scope.reach))
        committee = "" if audience is Audience.INTERNAL else committee_name()
        template = find_template_in_use(audience) if report_format is ReportFormat.DOCX else None
        data = render(made, report_format, committee, trend=trend, template=template)
    note_report(figures, audience, len(made["rows"]), report_format.value)
    return data


def note_report(figures: Figures, audience: Audience, rows: int, shape: str) -> None:
    """Writes down that a report's rows have been read: which, how many, and for whom."""
    period = figures.period
    selection = f"{period.quarter.year}-K{period.quarter.number} {period.cutoff_on} {period.previous_on} {shape}"
    reads.note_read(ReadKind.REPORT, what="kvartal", selection=selection, row_count=rows, purpose=PURPOSES[audience])
