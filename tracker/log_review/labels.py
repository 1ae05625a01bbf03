"""Which Swedish words do the values of log checks carry?"""

from tracker.log_review.queries import Tab
from tracker.rules.log_checks import CheckState, Grade, Result, SampleBy

SAMPLE_LABELS = {SampleBy.NUMBER: "Ett antal läsningar", SampleBy.SHARE: "En andel i procent"}
GRADE_LABELS = {
    Grade.AUTHORISED: "Behörig",
    Grade.UNCLEAR: "Oklar",
    Grade.UNAUTHORISED: "Obehörig",
}
RESULT_LABELS = {
    Result.WITHOUT_REMARK: "Utan anmärkning",
    Result.FOLLOWED_UP: "Oklarheter följs upp",
    Result.UNAUTHORISED_ACCESS: "Obehörig åtkomst",
}
CHECK_STATE_LABELS = {
    CheckState.PLANNED: "Planerad",
    CheckState.TO_DO: "Att göra",
    CheckState.LATE: "Försenad",
    CheckState.DONE: "Klar",
}
TAB_LABELS = {
    Tab.ALL: "Allt",
    Tab.CHANGES: "Händelser",
    Tab.READS: "Läsningar",
    Tab.EXPORTS: "Exporter som kan ha innehållit posten",
}
