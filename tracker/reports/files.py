"""How does a period become a file for a reader? Rows, document and rendering in one go."""

from tracker.memory import collector_resting
from tracker.records.scope import Scope
from tracker.reports.audiences import Audience, document
from tracker.reports.place import place_of
from tracker.reports.quarter import Figures, quarter_rows
from tracker.reports.rendering import ReportFormat, render


def report_file(figures: Figures, scope: Scope, audience: Audience, report_format: ReportFormat) -> bytes:
    """The file of a report whose figures are worked out; its rows are read now."""
    with collector_resting():
        rows = [] if audience is Audience.COUNCIL else quarter_rows(figures.period, scope)
        return render(document(figures, rows, audience, place_of(scope.reach)), report_format)
