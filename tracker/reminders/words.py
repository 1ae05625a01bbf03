"""What is shown of reminders: how often, of what, and why."""

from tracker.rules.reminders import Often, Reason, Subject

OFTEN_LABELS = {
    Often.AT_ONCE: "Så fort det finns något",
    Often.DAILY: "Högst ett brev om dagen",
    Often.WEEKLY: "Högst ett brev i veckan",
    Often.NEVER: "Inga brev",
}
SUBJECT_LABELS = {
    Subject.CLOCK: "Beslut",
    Subject.WINDOW: "Rapportering till IVO",
    Subject.LEX_SARAH: "Lex Sarah",
    Subject.MOMENT: "Kontrollmoment",
    Subject.COMPLAINT: "Synpunkt",
    Subject.ACTION: "Åtgärd",
}
REASON_LABELS = {
    Reason.CLOCK_30: "Högst 30 dagar kvar av tre månader",
    Reason.CLOCK_7: "Högst sju dagar kvar av tre månader",
    Reason.REPORTABLE: "Rapporteringspliktigt",
    Reason.WINDOW_OPENS: "Rapporteringsperioden har öppnat",
    Reason.WINDOW_CLOSES: "Rapporteringsperioden stänger inom en vecka",
    Reason.WINDOW_LAST_DAY: "Rapporteringsperioden stänger i morgon eller i dag",
    Reason.REPORT_CAME: "En rapport har kommit in",
    Reason.NOT_BEGUN_1: "Utredningen har inte börjat efter en dag",
    Reason.NOT_BEGUN_3: "Utredningen har inte börjat efter tre dagar",
    Reason.TARGET_14: "Beslut ska fattas inom 14 dagar",
    Reason.TARGET_3: "Beslut ska fattas inom tre dagar",
    Reason.SUPPLEMENT_14: "Utredningen ska till IVO inom 14 dagar",
    Reason.SUPPLEMENT_3: "Utredningen ska till IVO inom tre dagar",
    Reason.MOMENT_14: "Ska göras inom 14 dagar",
    Reason.MOMENT_DUE: "Ska göras i dag",
    Reason.MOMENT_LATE: "Har inte gjorts, en vecka efter sista dagen",
    Reason.ANSWER_3: "Ska besvaras inom tre dagar",
    Reason.ANSWER_DUE: "Ska besvaras i dag",
    Reason.ACTION_14: "Ska genomföras inom 14 dagar",
    Reason.ACTION_LATE: "Försenad",
}
