"""Which Swedish words do cases carry on screen and in files?"""

from tracker.rules.case_workflow import Assessment, CaseKind, CaseState, CaseStep
from tracker.rules.guarantees import GuaranteeKind, LimitUnit
from tracker.rules.lex_sarah import IvoAnswer, IvoState, Law
from tracker.rules.nearness import Nearness

KIND_LABELS = {
    CaseKind.DEVIATION: "Avvikelse",
    CaseKind.LEX_SARAH: "Lex Sarah-rapport",
    CaseKind.COMPLAINT: "Synpunkt",
}
STATE_LABELS = {
    CaseState.REPORTED: "Att ta emot",
    CaseState.RECEIVED: "Mottagen",
    CaseState.ASSESSED: "Först bedömd",
    CaseState.INVESTIGATING: "Utreds",
    CaseState.INVESTIGATED: "Utredning klar",
    CaseState.DECIDED: "Beslutad",
    CaseState.ACTING: "Åtgärder pågår",
    CaseState.FOLLOWED_UP: "Uppföljd",
    CaseState.ANSWERED: "Besvarad",
    CaseState.CLOSED: "Avslutad",
    CaseState.HANDED_OVER: "Överlämnad",
    CaseState.BECAME_LEX_SARAH: "Blev lex Sarah",
}
STEP_LABELS = {
    CaseStep.RECEIVE: "Ta emot",
    CaseStep.ASSESS: "Gör en första bedömning",
    CaseStep.REASSESS: "Ändra bedömningen",
    CaseStep.ASSIGN: "Ge till utredare",
    CaseStep.INVESTIGATE: "Börja utreda",
    CaseStep.COMPLETE: "Markera utredningen klar",
    CaseStep.SEND_BACK: "Skicka tillbaka",
    CaseStep.DECIDE: "Besluta",
    CaseStep.ACT: "Börja med åtgärderna",
    CaseStep.FOLLOW_UP: "Skriv uppföljningen",
    CaseStep.ANSWER: "Besvara",
    CaseStep.CLOSE: "Avsluta",
    CaseStep.CLOSE_UNANSWERED: "Avsluta utan svar",
    CaseStep.REOPEN: "Öppna igen",
    CaseStep.HAND_OVER: "Överlämna till annan nämnd eller utförare",
    CaseStep.RECEIVER_ANSWERS: "Skriv in svar från mottagaren",
    CaseStep.MAKE_LEX_SARAH: "Gör till lex Sarah-rapport",
    CaseStep.NOTIFY_IVO: "Skriv in anmälan till IVO",
    CaseStep.SUPPLEMENT_IVO: "Skriv in att utredningen är skickad till IVO",
    CaseStep.IVO_ANSWERS: "Skriv in svar från IVO",
    CaseStep.INFORM_PERSON: "Skriv in att den enskilde är informerad",
    CaseStep.TELL_REPORTER: "Skriv in återkopplingen till den som rapporterade",
    CaseStep.CORRECT: "Rätta uppgifter",
}
TAKEN_LABELS = {
    CaseStep.RECEIVE: "Togs emot",
    CaseStep.ASSESS: "Första bedömning gjord",
    CaseStep.REASSESS: "Bedömningen ändrades",
    CaseStep.ASSIGN: "Gavs till utredare",
    CaseStep.INVESTIGATE: "Utredningen började",
    CaseStep.COMPLETE: "Utredningen klar",
    CaseStep.SEND_BACK: "Skickades tillbaka",
    CaseStep.DECIDE: "Beslutades",
    CaseStep.ACT: "Åtgärderna började",
    CaseStep.FOLLOW_UP: "Följdes upp",
    CaseStep.ANSWER: "Besvarades",
    CaseStep.CLOSE: "Avslutades",
    CaseStep.CLOSE_UNANSWERED: "Avslutades utan svar",
    CaseStep.REOPEN: "Öppnades igen",
    CaseStep.HAND_OVER: "Överlämnades",
    CaseStep.RECEIVER_ANSWERS: "Mottagaren svarade",
    CaseStep.MAKE_LEX_SARAH: "Blev en lex Sarah-rapport",
    CaseStep.NOTIFY_IVO: "Anmäldes till IVO",
    CaseStep.SUPPLEMENT_IVO: "Utredningen skickades till IVO",
    CaseStep.IVO_ANSWERS: "IVO svarade",
    CaseStep.INFORM_PERSON: "Den enskilde informerades",
    CaseStep.TELL_REPORTER: "Den som rapporterade fick återkoppling",
    CaseStep.CORRECT: "Uppgifter rättades",
}
ASSESSMENT_LABELS = {
    Assessment.NONE: "Inget missförhållande",
    Assessment.RISK: "Påtaglig risk för missförhållande",
    Assessment.IRREGULARITY: "Missförhållande",
    Assessment.SERIOUS_RISK: "Påtaglig risk för allvarligt missförhållande",
    Assessment.SERIOUS: "Allvarligt missförhållande",
}
IVO_LABELS = {
    IvoState.NOT_ASKED: "Ingen anmälan",
    IvoState.TO_NOTIFY: "Ska anmälas till IVO",
    IvoState.WITHOUT_INVESTIGATION: "Anmäld, utredning pågår",
    IvoState.COMPLETE: "Anmäld",
    IvoState.ENDED: "IVO har avslutat",
}
ANSWER_LABELS = {
    IvoAnswer.CLOSED: "IVO avslutar ärendet",
    IvoAnswer.SUPPLEMENT: "IVO begär komplettering",
    IvoAnswer.INVESTIGATES: "IVO utreder vidare",
}
LAW_LABELS = {Law.SOL: "SoL", Law.LSS: "LSS"}
UNIT_LABELS = {
    LimitUnit.DAYS: "dagar",
    LimitUnit.WORKING_DAYS: "arbetsdagar",
    LimitUnit.WEEKS: "veckor",
    LimitUnit.MONTHS: "månader",
}
GUARANTEE_LABELS = {
    GuaranteeKind.COMPLAINT_ANSWER: "Svar på synpunkt eller klagomål",
    GuaranteeKind.FIRST_CONTACT: "Kontakt efter beslut att inleda utredning",
    GuaranteeKind.PRELIMINARY_ASSESSMENT: "Förhandsbedömning",
    GuaranteeKind.CHILD_INVESTIGATION: "Barnutredning",
    GuaranteeKind.CARE_CONSIDERATION: "Övervägande om vård",
    GuaranteeKind.LEX_SARAH: "Lex Sarah utredd (eget mål)",
}
NEARNESS_LABELS = {
    Nearness.MANAGES: "chef för enheten",
    Nearness.CONCERNED: "ärendet är eller har varit stängt för personen",
    Nearness.INVESTIGATED: "har utrett ärendet",
    Nearness.REPORTED: "har rapporterat",
}
