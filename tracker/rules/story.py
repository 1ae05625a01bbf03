"""Which headings does the sammanhållna kvalitetsberättelsen have, and in which order?

Source: allmänt råd till 7 kap. 1 § SOSFS 2011:9 (how the work was carried out, which measures, which results), and the
headings that municipalities use.
"""

from enum import StrEnum

LONGEST_STORY_TEXT = 20_000


class StorySection(StrEnum):
    """The headings, in the order of the paper."""

    GOALS = "goals"
    RESPONSIBILITY = "responsibility"
    STRUCTURE = "structure"
    RISK_ANALYSES = "risk_analyses"
    SELF_CHECKS = "self_checks"
    DEVIATIONS = "deviations"
    LEX_SARAH = "lex_sarah"
    COMPLAINTS = "complaints"
    UNEXECUTED = "unexecuted"
    INTERNAL_CONTROL = "internal_control"
    ACTIONS = "actions"
    TRAINING = "training"
    SURVEYS = "surveys"
    RESULTS = "results"
    RISKS = "risks"
    NEXT_YEAR = "next_year"


STORY_LABELS = {
    StorySection.GOALS: "Mål och strategier",
    StorySection.RESPONSIBILITY: "Ansvar och organisation",
    StorySection.STRUCTURE: "Struktur för uppföljning",
    StorySection.RISK_ANALYSES: "Riskanalyser",
    StorySection.SELF_CHECKS: "Egenkontroller",
    StorySection.DEVIATIONS: "Avvikelser",
    StorySection.LEX_SARAH: "Lex Sarah",
    StorySection.COMPLAINTS: "Klagomål och synpunkter",
    StorySection.UNEXECUTED: "Ej verkställda beslut",
    StorySection.INTERNAL_CONTROL: "Intern kontroll",
    StorySection.ACTIONS: "Åtgärder",
    StorySection.TRAINING: "Utbildningar",
    StorySection.SURVEYS: "Brukarundersökningar",
    StorySection.RESULTS: "Resultat och analys",
    StorySection.RISKS: "Risker",
    StorySection.NEXT_YEAR: "Mål för kommande år",
}
