"""Which texts does the follow-up of the internal control plan hold that somebody writes, and where do they stand?"""

from enum import StrEnum

from tracker.rules.control_grading import Grade

LONGEST_TEXT = 20_000


class TextSection(StrEnum):
    """The sections that are written by hand, in the order of the paper."""

    DECISION = "cover_decision"
    SUMMARY = "summary"
    MATTER = "cover_matter"
    ECONOMY = "cover_economy"
    ATTACHMENTS = "cover_attachments"
    RECIPIENTS = "cover_recipients"
    INTRODUCTION = "introduction"
    GENERAL = "general"
    BOARD = "board"
    COMMITTEE = "committee"
    ASSESSMENT = "assessment"
    GOOD = "analysis_good"
    ACCEPTABLE = "analysis_acceptable"
    FAILED = "analysis_failed"
    NOT_DONE = "analysis_not_done"
    FINAL = "final"


SECTION_LABELS = {
    TextSection.DECISION: "Beslut",
    TextSection.SUMMARY: "Sammanfattning",
    TextSection.MATTER: "Ärendet",
    TextSection.ECONOMY: "Ekonomiska konsekvenser",
    TextSection.ATTACHMENTS: "Bilagor",
    TextSection.RECIPIENTS: "Expedieras till",
    TextSection.INTRODUCTION: "Inledning",
    TextSection.GENERAL: "Generellt om intern kontroll",
    TextSection.BOARD: "Kommunstyrelsens ansvar",
    TextSection.COMMITTEE: "Nämndens ansvar",
    TextSection.ASSESSMENT: "Sammantagen bedömning",
    TextSection.GOOD: "Analys, god följsamhet",
    TextSection.ACCEPTABLE: "Analys, godtagbar följsamhet",
    TextSection.FAILED: "Analys, ej godkänd följsamhet",
    TextSection.NOT_DONE: "Analys, ej genomförda kontroller",
    TextSection.FINAL: "Slutlig analys",
}


# The cover, with which the report goes to the committee.
COVER = (
    TextSection.DECISION,
    TextSection.SUMMARY,
    TextSection.MATTER,
    TextSection.ECONOMY,
    TextSection.ATTACHMENTS,
    TextSection.RECIPIENTS,
)
# These begin with what is generated, and are there when nobody has written.
GENERATED = (TextSection.DECISION, TextSection.SUMMARY)
# What whoever writes is offered where nobody has written. It stands on paper once it has been saved, not before.
SUGGESTIONS = {
    TextSection.ECONOMY: "Beslutet har inga ekonomiska konsekvenser.",
    TextSection.RECIPIENTS: "Kommunstyrelsen\nRevisorerna",
}
# These stand between the summary and the figures, and are left out while nobody has written them.
BEFORE_FIGURES = (
    TextSection.INTRODUCTION,
    TextSection.GENERAL,
    TextSection.BOARD,
    TextSection.COMMITTEE,
    TextSection.ASSESSMENT,
)
ANALYSES = {
    Grade.GOOD: TextSection.GOOD,
    Grade.ACCEPTABLE: TextSection.ACCEPTABLE,
    Grade.FAILED: TextSection.FAILED,
    Grade.NOT_DONE: TextSection.NOT_DONE,
}


def decision_text(committee: str, year: int) -> str:
    """What the committee decides; `committee`: its name, empty where it has none."""
    return f"{committee or 'Nämnden'} godkänner uppföljning av internkontrollplan {year}."


def paragraphs_of(text: str) -> list[str]:
    """The text line by line, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
