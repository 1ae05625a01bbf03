"""The texts that somebody writes for the kvalitetsberättelse of a year."""

from tracker.reports.story_models import StoryText
from tracker.reports.year_texts import YearTexts
from tracker.rules.story import StorySection
from tracker.rules.trail import Action, TargetKind

TEXTS = YearTexts(StoryText, StorySection, Action.STORY_TEXTS_CHANGED, TargetKind.STORY)


def words_of(year: int) -> dict[StorySection, str]:
    """What is written under each heading of a year; empty where nothing is."""
    return {section: one.text for section, one in TEXTS.read(year).items()}
