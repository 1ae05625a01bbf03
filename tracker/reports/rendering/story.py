"""What stands in the kvalitetsberättelse on paper? The headings under which anything stands, in their order."""

from functools import cache
from pathlib import Path

from tracker.reports.rendering.control import Cover
from tracker.reports.rendering.docx import render_docx
from tracker.reports.rendering.paper import Paper
from tracker.reports.rendering.pdf import render_pdf
from tracker.reports.story import Story
from tracker.rules.calendar import in_words
from tracker.rules.control_texts import paragraphs_of

TEMPLATE = Path(__file__).parent / "story.docx"
LAYOUT = "story.typ"
STORY_FORMATS = ("docx", "pdf")
SMALL = "Små tal som skulle kunna peka ut någon visas inte, eller är sammanräknade med andra."


def story_paper(found: Story, cover: Cover) -> Paper:
    """The kvalitetsberättelse as texts ready to be set."""
    return {
        **cover.heading(found.title, f"Avstämningsdatum {in_words(found.cutoff_on)}"),
        "ar": str(found.year),
        "anmarkning": SMALL,
        "delar": [
            {
                "rubrik": part.heading,
                "stycken": paragraphs_of(part.text),
                "meningar": list(part.sentences),
                "tabeller": [
                    {
                        "rubrik": table.heading,
                        "huvud": table.head,
                        "rader": [{"uppgift": words, "tal": shown} for words, shown in table.rows],
                    }
                    for table in part.tables
                ],
            }
            for part in found.parts
            if not part.empty
        ],
    }


def render_story(found: Story, shape: str, cover: Cover) -> bytes:
    """The kvalitetsberättelse in one of STORY_FORMATS.

    Raises tracker.printing.faults.WordError or tracker.printing.process.WorkFailed when a paper cannot be made.
    """
    return set_story(story_paper(found, cover), shape)


def set_story(paper: Paper, shape: str) -> bytes:
    """A paper of headings, texts and tables, in one of STORY_FORMATS."""
    return render_pdf(paper, LAYOUT) if shape == "pdf" else render_docx(paper, _template())


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
