"""Which Swedish words do stored values carry on screen and in files? A test sees that every value has one."""

from tracker.rules.permissions import Permission
from tracker.rules.unexecuted import ClockKind, ClockState, ReportClass

CLOCK_LABELS = {ClockKind.DECISION: "Beslut", ClockKind.INTERRUPTION: "Avbrott"}
SEX_LABELS = {"kvinna": "Kvinna", "man": "Man", None: "Ej angivet"}
STATE_LABELS = {
    ClockState.OPEN: "Ej verkställt",
    ClockState.EXECUTED: "Verkställt",
    ClockState.CLOSED: "Avslutat",
}
CLASS_LABELS = {
    ReportClass.EXECUTED: "Verkställt",
    ReportClass.CLOSED: "Avslutat utan verkställighet",
    ReportClass.STILL_UNEXECUTED: "Ännu inte verkställt",
    ReportClass.NEW: "Ny rapportering",
    ReportClass.LATE_EXECUTED: "Sent verkställt, ej tidigare rapporterat",
    ReportClass.LATE_CLOSED: "Sent avslutat, ej tidigare rapporterat",
}
PERMISSION_LABELS = {
    Permission.READ_DECISIONS: "läser ej verkställda beslut (utan identiteter)",
    Permission.IMPORT_DECISIONS: "läser in beslut",
    Permission.IMPORT_IDENTITIES: "läser in personnummer",
    Permission.READ_QUARTER_DRAFT: "läser och exporterar kvartalsrapportens utkast",
    Permission.READ_LOCKED_REPORTS: "läser låsta rapporter",
    Permission.READ_ADMINISTRATION: "läser administrationen",
    Permission.MANAGE_USERS: "lägger upp användare och ger roller, aldrig sina egna",
}
