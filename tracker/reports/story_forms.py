"""The forms of the kvalitetsberättelse: its texts, and what is locked."""

from wtforms import BooleanField, HiddenField, TextAreaField

from tracker.records.forms import LONGEST_REASON, at_most
from tracker.reports.text_forms import YearTextsForm, add_texts
from tracker.rules.name_like import name_like
from tracker.rules.story import LONGEST_STORY_TEXT, STORY_LABELS, StorySection
from tracker.web.forms import Form, required, trimmed


class StoryTextsForm(YearTextsForm):
    """The texts of the kvalitetsberättelse."""

    SECTIONS = StorySection
    HINTS = {  # noqa: RUF012 - typed by the base
        StorySection.GOALS: "Vilka mål gällde för året, och hur skulle de nås?",
        StorySection.RESPONSIBILITY: "Vem ansvarar för kvaliteten på varje nivå?",
        StorySection.STRUCTURE: "Hur har arbetet följts upp under året?",
        StorySection.TRAINING: "Vilka har utbildats i vad?",
        StorySection.SURVEYS: "Vad har brukarna svarat, och vad har ni gjort av det?",
        StorySection.RESULTS: "Vilka resultat har nåtts? Vad visar siffrorna tillsammans?",
        StorySection.RISKS: "Vilka risker följer med in i nästa år?",
        StorySection.NEXT_YEAR: "Vad ska nås nästa år?",
    }

    def names(self) -> list[str]:
        """What in the texts looks like somebody's name, each with its heading."""
        found = ((section, name_like(one.text)) for section, one in self.typed().items())
        return [f"{STORY_LABELS[section]}: {name}" for section, name in found if name]


class QualityLockForm(Form):
    """What is locked; `reason` is asked for when it replaces a locked version; `digest`: what the person saw."""

    digest = HiddenField()
    reviewed = BooleanField(
        "Jag har läst texterna och tabellerna, och prövat att de inte pekar ut någon",
        [required("Läs texterna och tabellerna och kryssa i att du har prövat dem.")],
    )
    reason = TextAreaField(
        "Varför rättas rapporten?", [at_most(LONGEST_REASON)], filters=[trimmed],
        description="Skälet står vid den nya versionen och läses av dem som arbetar med kvalitet.",
    )  # fmt: skip


add_texts(StoryTextsForm, STORY_LABELS, LONGEST_STORY_TEXT)
