"""What are the report's classes called as headings, on the page and on paper? In the committee's own order."""

from tracker.rules.unexecuted import ReportClass

CLASS_HEADINGS = {
    ReportClass.EXECUTED: "Återrapportering, verkställda",
    ReportClass.CLOSED: "Återrapportering, avslutade utan verkställighet",
    ReportClass.STILL_UNEXECUTED: "Återrapportering, ännu inte verkställda",
    ReportClass.NEW: "Nya att rapportera",
    ReportClass.LATE_EXECUTED: "Sent verkställda, ej tidigare rapporterade",
    ReportClass.LATE_CLOSED: "Sent avslutade, ej tidigare rapporterade",
}
FOUR_HEADINGS = (ReportClass.EXECUTED, ReportClass.CLOSED, ReportClass.STILL_UNEXECUTED, ReportClass.NEW)
