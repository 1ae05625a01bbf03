"""The words of an activity's status."""

from tracker.rules.activities import ActivityStatus

STATUS_LABELS = {
    ActivityStatus.NOT_STARTED: "Ej påbörjad",
    ActivityStatus.ONGOING: "Pågår",
    ActivityStatus.DONE: "Genomförd",
    ActivityStatus.STOPPED: "Avbruten",
}
