"""What may follow from a kontrollmoment: a failed control asks for more than its grade."""

from enum import StrEnum

from tracker.rules.control_grading import Grade
from tracker.rules.errors import RuleViolation
from tracker.rules.sample_work import check_text

LONGEST_WORDS = 1_000


class LinkKind(StrEnum):
    """What one record asks for in another register."""

    DEVIATION = "deviation"
    ASSESSMENT = "assessment"


def offered(grade: Grade, *, has_risk: bool) -> list[LinkKind]:
    """What a kontrollmoment with this grade can ask for: nothing unless it failed, no assessment without a risk."""
    if grade is not Grade.FAILED:
        return []
    return [LinkKind.DEVIATION, *([LinkKind.ASSESSMENT] if has_risk else [])]


def check_words(words: str, field: str) -> str:
    """What is asked for, or came of it, without the space around. Raises RuleViolation when it lacks, is longer than
    1 000 signs, or holds the number of a person.
    """
    words = words.strip()
    if not words:
        raise RuleViolation("words", "Skriv vad som gäller, så att nästa person förstår.", field)
    if len(words) > LONGEST_WORDS:
        raise RuleViolation("words_long", f"Skriv högst {LONGEST_WORDS} tecken.", field)
    check_text(words, field)
    return words
