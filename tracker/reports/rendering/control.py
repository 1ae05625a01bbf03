"""What stands in the follow-up of the internal control plan on paper? Every text and number of it, and its files."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tracker.activity.pages import mark_of
from tracker.activity.queries import ActivityRow
from tracker.control.pages import MARKS
from tracker.control.queries import MomentRow, grades_of
from tracker.reports.rendering.control_parts import (
    ControlLine,
    Texts,
    cover_sections,
    grade_parts,
    lines_of,
    risk_parts,
    told,
)
from tracker.reports.rendering.docx import render_docx
from tracker.reports.rendering.paper import MOST_ROWS, NOTHING, Paper
from tracker.reports.rendering.pdf import render_pdf
from tracker.risk.importing import HANDLING_LABELS
from tracker.risk.pages import matrix_lines, motivation_of
from tracker.risk.queries import Plan, RiskRow
from tracker.rules.calendar import in_words
from tracker.rules.control_grading import sentence
from tracker.rules.control_texts import (
    BEFORE_FIGURES,
    SECTION_LABELS,
    TextSection,
    paragraphs_of,
)
from tracker.rules.risk_scoring import Scale
from tracker.web.filters import whole_number
from tracker.web.marks import StateMark

TEMPLATE = Path(__file__).parent / "control.docx"
LAYOUT = "control.typ"
DRAFT = "UTKAST"
LEFT_OUT = "De första {} visas här. Alla står i Excelfilen."
NOT_NET = "Matrisen räknar alla risker på bruttolistan. Av dem är {} inte med på nettolistan."
NO_MOMENTS = "Inga kontrollmoment."


class Cover(NamedTuple):
    """What heads a paper: from whom it is, its day (the same day gives the same bytes), and what it is: a draft, or
    which version.
    """

    municipality: str
    committee: str
    day: date
    standing: str = DRAFT

    def heading(self, title: str, said: str) -> Paper:
        """What heads a paper that is called so; `said`: of which days it is."""
        return {
            "rubrik": title,
            "namnd": self.committee,
            "kommun": self.municipality,
            "avstamning": self.day.isoformat(),
            "avstamning_i_ord": said,
            "lage": self.standing,
        }


def control_paper(
    plan: Plan,
    moments: list[MomentRow],
    risks: list[RiskRow],
    matrix: list[list[int]],
    texts: Texts,
    *,
    title: str,
    cover: Cover,
) -> Paper:
    """The paper of a year, as its reader may see it; a section that nobody has written is not in it."""
    written = {section: paragraphs_of(texts.get(section, "")) for section in TextSection}
    net = [risk for risk in risks if risk.in_net]
    grades = grades_of(moments)
    headline, rest = sentence(grades)
    lines = lines_of(moments)
    rows = {one.line.record_id: _moment(one) for one in lines}
    return {
        **cover.heading(title, in_words(cover.day)),
        "ar": str(plan.year),
        "sammanfattning": [f"{headline}. {rest}", *written[TextSection.SUMMARY]],
        "forsattsblad": [
            {"rubrik": SECTION_LABELS[section], "stycken": paragraphs}
            for section, paragraphs in cover_sections(plan.year, moments, texts, cover.committee).items()
            if paragraphs
        ],
        "antal": [
            {"bedomning": in_shape(MARKS[grade]), "antal": whole_number(count)} for grade, count in grades.items()
        ],
        "alla": whole_number(len(moments)),
        "ar_rubriker": [str(year) for year in range(plan.year - 2, plan.year + 1)],
        "trend": [
            {"moment": f"{line.ref} {line.name}", "ar": [in_shape(mark) for _, mark in line.past]}
            for _, line, _ in lines
        ],
        "delar": [
            {"rubrik": SECTION_LABELS[section], "stycken": written[section]}
            for section in BEFORE_FIGURES
            if written[section]
        ],
        "risker": [
            risk_on_paper(plan.scale, risk.ref, risk.text, risk.likelihood, risk.consequence, risk.handling)
            | {"motivering": motivation_of(risk) or NOTHING}
            for risk in net[:MOST_ROWS]
        ],
        "risker_not": LEFT_OUT.format(whole_number(MOST_ROWS)) if len(net) > MOST_ROWS else "",
        "brutto_not": NOT_NET.format(whole_number(len(risks) - len(net))) if len(net) < len(risks) else "",
        **matrix_on_paper(plan, matrix),
        "moment": [rows[one.line.record_id] for one in lines],
        "kontroller": [
            {
                "rubrik": part.heading,
                "stycken": paragraphs_of(part.risk.text) if part.risk else [],
                "moment": [rows[one.line.record_id] for one in part.lines],
            }
            for part in risk_parts(plan.scale, risks, lines)
        ],
        "analys": [
            {
                "rubrik": part.heading,
                "moment": [f"{one.line.ref} {one.line.name}: {one.line.note or one.line.percent}" for one in part.lines]
                or [NO_MOMENTS],
                "stycken": written[part.section],
            }
            for part in grade_parts(lines)
        ],
        "slutlig": written[TextSection.FINAL],
    }


def activities_paper(activities: list[ActivityRow]) -> Paper:
    """What stands on the paper of a year's activities."""
    return {
        "aktiviteter": [_activity(row) for row in activities[:MOST_ROWS]],
        "aktiviteter_not": LEFT_OUT.format(whole_number(MOST_ROWS)) if len(activities) > MOST_ROWS else "",
    }


def control_pdf(paper: Paper) -> bytes:
    """The paper as a tagged PDF."""
    return render_pdf(paper, LAYOUT)


def control_docx(paper: Paper, template: bytes | None = None) -> bytes:
    """The paper as a Word file, in the municipality's own template or the program's.

    Raises WordError when it cannot be filled in.
    """
    return render_docx(paper, template or control_template())


@cache
def control_template() -> bytes:
    """The program's own template (made by `python -m scripts.control_template`)."""
    return TEMPLATE.read_bytes()


def in_shape(mark: StateMark) -> str:
    """`● God`: never the shape alone."""
    return f"{mark.shape} {told(mark).word}"


def _moment(one: ControlLine) -> Paper:
    line, outcome = one.line, one.moment.outcome
    return {
        "ref": line.ref,
        "moment": line.name,
        "risk": line.risk_ref,
        "granskade": whole_number(outcome.checked),
        "godkanda": whole_number(outcome.approved),
        "procent": line.percent,
        "bedomning": in_shape(line.mark),
        "noter": one.remarks or NOTHING,
    }


def _activity(row: ActivityRow) -> Paper:
    mark = mark_of(row)
    return {
        "ref": row.ref,
        "aktivitet": row.text,
        "risk": row.risk_ref or NOTHING,
        "ansvarig": row.responsible or NOTHING,
        "senast": row.due_on.isoformat(),
        "status": f"{mark.shape} {mark.word}",
        "analys": row.analysis or NOTHING,
    }


def matrix_on_paper(plan: Plan, matrix: list[list[int]]) -> Paper:
    """`konsekvenser`, the heads, and `matris`, the rows from the most likely down."""
    return {
        "konsekvenser": [f"{step} {label}" for step, label in enumerate(plan.scale.consequences, start=1)],
        "matris": [
            {
                "sannolikhet": f"{line.likelihood} {line.label}",
                "celler": [f"{whole_number(cell.number)} · {cell.level}" for cell in line.cells],
            }
            for line in matrix_lines(plan, matrix, lambda _likelihood, _consequence: "")
        ],
    }


def risk_on_paper(scale: Scale, ref: str, text: str, s: int, k: int, handling: str | None) -> Paper:
    """A risk as a row, with its value and level."""
    return {
        "ref": ref,
        "risk": text,
        "s": str(s),
        "k": str(k),
        "varde": str(s * k),
        "niva": scale.level(s, k).label,
        "hantering": HANDLING_LABELS.get(handling or "", NOTHING),
    }
