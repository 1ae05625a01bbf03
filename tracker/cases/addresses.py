"""Which Swedish words stand in the addresses of a case's steps and of its investigation's headings?"""

from tracker.cases.texts import Section
from tracker.rules.case_workflow import CaseStep

STEP_SLUGS = {
    CaseStep.RECEIVE: "ta-emot",
    CaseStep.ASSESS: "bedom",
    CaseStep.REASSESS: "andra-bedomning",
    CaseStep.ASSIGN: "ge-till-utredare",
    CaseStep.INVESTIGATE: "borja-utreda",
    CaseStep.COMPLETE: "utredning-klar",
    CaseStep.SEND_BACK: "skicka-tillbaka",
    CaseStep.DECIDE: "besluta",
    CaseStep.ACT: "borja-med-atgarder",
    CaseStep.FOLLOW_UP: "folj-upp",
    CaseStep.ANSWER: "besvara",
    CaseStep.CLOSE: "avsluta",
    CaseStep.CLOSE_UNANSWERED: "avsluta-utan-svar",
    CaseStep.REOPEN: "oppna-igen",
    CaseStep.HAND_OVER: "overlamna",
    CaseStep.RECEIVER_ANSWERS: "svar-fran-mottagaren",
    CaseStep.MAKE_LEX_SARAH: "gor-till-lex-sarah",
    CaseStep.NOTIFY_IVO: "anmald-till-ivo",
    CaseStep.SUPPLEMENT_IVO: "utredning-till-ivo",
    CaseStep.IVO_ANSWERS: "svar-fran-ivo",
    CaseStep.INFORM_PERSON: "enskild-informerad",
    CaseStep.TELL_REPORTER: "aterkoppling",
    CaseStep.CORRECT: "ratta",
}
HEADING_SLUGS = {
    Section.RECEIVED: "mottagen",
    Section.EVENT: "handelsen",
    Section.NOTICED: "uppmarksammad",
    Section.CONSEQUENCES: "konsekvenser",
    Section.MEASURES_AT_ONCE: "omedelbara-atgarder",
    Section.CAUSES: "orsaker",
    Section.EARLIER: "tidigare",
    Section.AGAIN: "igen",
    Section.MEASURES: "atgarder",
    Section.PERSON: "den-enskilde",
    Section.HEARD: "horda",
    Section.ASSESSMENT: "bedomning",
}
_STEPS = {slug: step for step, slug in STEP_SLUGS.items()}
_HEADINGS = {slug: section for section, slug in HEADING_SLUGS.items()}


def step_path(step: CaseStep) -> str:
    """The end of the address of a step's page; what puts a case right has a form of its own."""
    slug = STEP_SLUGS[step]
    return slug if step is CaseStep.CORRECT else f"steg/{slug}"


def step_of(slug: str) -> CaseStep | None:
    """The step of an address; None when none is called so."""
    return _STEPS.get(slug)


def heading_of(slug: str) -> Section | None:
    """The heading of an address; None when none is called so."""
    return _HEADINGS.get(slug)
