"""Which texts does the follow-up of the internal control plan hold that somebody writes, and where do they stand?"""

from enum import StrEnum

from tracker.rules.control_grading import Grade

LONGEST_TEXT = 20_000


class TextSection(StrEnum):
    """The sections that are written by hand, in the order of the paper."""

    SUMMARY = "summary"
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
    TextSection.SUMMARY: "Sammanfattning",
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


def paragraphs_of(text: str) -> list[str]:
    """The text line by line, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
