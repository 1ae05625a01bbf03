"""How is the follow-up of internal control divided? Its cover, its kontrollmoment by risk and by grade; page and paper
are made of the same parts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple, TypeVar

from tracker.control.pages import NEVER, MomentLine, moment_line
from tracker.control.queries import MomentRow, grades_of
from tracker.labels import GRADE_LABELS
from tracker.risk.queries import RiskRow
from tracker.rules.control_grading import Grade, sentence
from tracker.rules.control_texts import ANALYSES, COVER, TextSection, decision_text, paragraphs_of
from tracker.rules.risk_scoring import Level, Scale
from tracker.web.filters import whole_number
from tracker.web.marks import StateMark

R = TypeVar("R")
M = TypeVar("M")
NO_RESULT = "inget resultat"  # there was no such moment, or nothing came of it
Texts = Mapping[TextSection, str]
# Also where the reader may not see the risk: the words hold for both.
WITHOUT_RISK = "Kontrollmoment utan angiven risk"


class ControlLine(NamedTuple):
    """A kontrollmoment with its row, and all that is said of it in words: reason, what is next, comment."""

    moment: MomentRow
    line: MomentLine
    remarks: str


class RiskPart(NamedTuple):
    """The kontrollmoment of a risk, or those without one: then there is neither `risk` nor `level`."""

    heading: str
    risk: RiskRow | None
    level: Level | None
    lines: list[ControlLine]


class GradePart(NamedTuple):
    """The kontrollmoment of a grade, and in which section it is analysed."""

    heading: str
    section: TextSection
    lines: list[ControlLine]


def told(mark: StateMark) -> StateMark:
    """The mark as the report tells it: short where a year had no result."""
    return replace(mark, word=NO_RESULT) if mark is NEVER else mark


def cover_sections(year: int, moments: list[MomentRow], texts: Texts, committee: str) -> dict[TextSection, list[str]]:
    """The paragraphs of each section of the cover, what is generated first; `committee`: its name, or empty."""
    headline, rest = sentence(grades_of(moments))
    generated = {
        TextSection.DECISION: decision_text(committee, year),
        TextSection.SUMMARY: f"{headline}. {rest}",
    }
    return {
        section: [*filter(None, [generated.get(section)]), *paragraphs_of(texts.get(section, ""))] for section in COVER
    }


def lines_of(moments: Iterable[MomentRow]) -> list[ControlLine]:
    """The kontrollmoment as they are shown, in the same order."""
    return [_line(moment) for moment in moments]


def _line(moment: MomentRow) -> ControlLine:
    line = moment_line(moment)
    remarks = ". ".join(text.rstrip(".") for text in (line.note, moment.comment) if text)
    return ControlLine(moment, line, remarks)


def by_risk(
    risks: Iterable[R], risk_ref: Callable[[R], str], moments: Iterable[M], moment_ref: Callable[[M], str | None]
) -> Iterator[tuple[R | None, list[M]]]:
    """Each risk that has kontrollmoment, with them; last (None, those whose risk is not among the risks)."""
    risks = list(risks)
    known = {risk_ref(risk) for risk in risks}
    found: dict[str | None, list[M]] = {}
    for moment in moments:
        ref = moment_ref(moment)
        found.setdefault(ref if ref in known else None, []).append(moment)
    for risk in risks:
        if of_risk := found.get(risk_ref(risk)):
            yield risk, of_risk
    if rest := found.get(None):
        yield None, rest


def risk_heading(scale: Scale, ref: str, likelihood: int, consequence: int) -> str:
    """`R1, riskvärde 12 (3 × 4), Hög`."""
    label = scale.level(likelihood, consequence).label
    return f"{ref}, riskvärde {likelihood * consequence} ({likelihood} × {consequence}), {label}"


def risk_parts(scale: Scale, risks: list[RiskRow], lines: list[ControlLine]) -> list[RiskPart]:
    """The year's kontrollmoment risk by risk, in the natural order of both."""
    parts = []
    for risk, of_risk in by_risk(risks, lambda one: one.ref, lines, lambda one: one.moment.risk_ref):
        if risk is None:
            parts.append(RiskPart(WITHOUT_RISK, None, None, of_risk))
        else:
            heading = risk_heading(scale, risk.ref, risk.likelihood, risk.consequence)
            parts.append(RiskPart(heading, risk, scale.level(risk.likelihood, risk.consequence), of_risk))
    return parts


def grade_parts(lines: list[ControlLine]) -> list[GradePart]:
    """The year's kontrollmoment grade by grade, the best first; a grade that nothing has is there too."""
    found: dict[Grade, list[ControlLine]] = {grade: [] for grade in ANALYSES}
    for one in lines:
        found[one.moment.graded.grade].append(one)
    return [
        GradePart(f"{GRADE_LABELS[grade]}, {whole_number(len(found[grade]))}", section, found[grade])
        for grade, section in ANALYSES.items()
    ]
