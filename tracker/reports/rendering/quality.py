"""What stands in the year of quality, on its page, on paper and in its files? The same parts everywhere."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path

from tracker.cases.words import ASSESSMENT_LABELS
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.reports.quality import QualityYear, quality_document
from tracker.reports.rendering.control import Cover
from tracker.reports.rendering.docx import render_docx
from tracker.reports.rendering.paper import Paper
from tracker.reports.rendering.pdf import render_pdf
from tracker.rules.calendar import in_words
from tracker.web.filters import whole_number

TEMPLATE = Path(__file__).parent / "quality.docx"
LAYOUT = "quality.typ"
FORMATS = ("json", "csv", "xlsx", "docx", "pdf")
NOTHING = "–"
HIDDEN = "visas inte"
COLUMNS = (
    Column("del", "del", 26),
    Column("uppgift", "uppgift", 52),
    Column("antal", "antal", 12, "number"),
    Column("andel", "andel", 12),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with its words; a share is told in per cent with one decimal, None where there is nothing to share.

    `hidden`: it is counted, but so small that it, or another, could point at somebody.
    """

    words: str
    number: int | None = None
    share: Fraction | None = None
    is_share: bool = False
    hidden: bool = False

    @property
    def shown(self) -> str:
        """The figure as it is read."""
        if self.hidden:
            return HIDDEN
        if self.is_share:
            return percent(self.share)
        return whole_number(self.number or 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report: its heading, its sentence and its figures."""

    heading: str
    sentence: str
    lines: tuple[Line, ...]


def percent(share: Fraction | None) -> str:
    """A share in per cent with one decimal, rounded half up: 129 of 131 is 98,5 %."""
    if share is None:
        return NOTHING
    tenths = int(share * 1000 + Fraction(1, 2))
    return f"{tenths // 10},{tenths % 10} %"


def parts_of(found: QualityYear) -> list[Part]:
    """The report's parts, in their order."""
    lex, dev, act, com = found.lex_sarah, found.deviations, found.actions, found.complaints
    in_time = Fraction(lex.in_time, lex.decided) if lex.decided else None
    return [
        Part(
            "Lex Sarah",
            f"{whole_number(lex.received)} rapporter kom in. {whole_number(lex.in_time)} av "
            f"{whole_number(lex.decided)} beslutade utreddes inom två månader (eget mål).",
            (
                Line("Inkomna", lex.received), Line("Beslutade", lex.decided),
                Line("Utredda inom två månader (eget mål)", lex.in_time),
                Line("Andel av de beslutade inom två månader", share=in_time, is_share=True),
                Line("Öppna vid avstämningsdatum, oavsett år", lex.open), Line("Anmälda till IVO", lex.ivo_notified),
            ),
        ),
        Part(
            "Lex Sarah, efter bedömning", "",
            tuple(
                Line(ASSESSMENT_LABELS[degree], count, hidden=count is None) for degree, count in lex.by_assessment
            ),
        ),
        Part("Lex Sarah, efter enhet", "", tuple(Line(unit, count) for unit, count in lex.by_unit)),
        Part(
            "Avvikelser",
            f"{whole_number(dev.opening)} ingående + {whole_number(dev.received)} inkomna − "
            f"{whole_number(dev.closed)} avslutade = {whole_number(dev.closing)} utgående.",
            (
                Line("Öppna när året började", dev.opening), Line("Inkomna", dev.received),
                Line("Avslutade", dev.closed), Line("Varav inkomna i år", dev.closed_received_this_year),
                Line("Öppna vid avstämningsdatum", dev.closing),
            ),
        ),
        Part(
            "Åtgärder", "",
            (
                Line("Genomförda under året", act.completed), Line("Beslutade och inte genomförda", act.open),
                Line("Varav försenade", act.overdue),
            ),
        ),
        Part(
            "Synpunkter och klagomål",
            f"{whole_number(com.in_time)} av {whole_number(com.received)} besvarades inom tio dagar. Beröm räknas ej.",
            (
                Line("Inkomna", com.received), Line("Besvarade", com.answered),
                Line("Besvarade inom tio dagar", com.in_time),
                Line("Andel av alla", share=com.share_of_all, is_share=True),
                Line("Andel av dem vars tionde dag har passerat, eller som är besvarade", share=com.share_of_due,
                     is_share=True),
            ),
        ),
    ]  # fmt: skip


def render_quality(found: QualityYear, shape: str, cover: Cover) -> bytes:
    """The report in one of FORMATS; `cover`: what heads its papers.

    Raises tracker.printing.faults.WordError or tracker.printing.process.WorkFailed when a paper cannot be made.
    """
    if shape == "json":
        return (json.dumps(quality_document(found), ensure_ascii=False) + "\n").encode()
    if shape == "csv":
        return "".join(write_csv(COLUMNS, _cells(found))).encode()
    if shape == "xlsx":
        file = BytesIO()
        write_xlsx(file, [Sheet("Kvalitet", COLUMNS, _cells(found))], title=found.title, made_on=cover.day)
        return file.getvalue()
    paper = quality_paper(found, cover)
    return render_pdf(paper, LAYOUT) if shape == "pdf" else render_docx(paper, _template())


def quality_paper(found: QualityYear, cover: Cover) -> Paper:
    """The report as texts ready to be set."""
    return {
        **cover.heading(found.title, f"Avstämningsdatum {in_words(found.cutoff_on)}"),
        "ar": str(found.year),
        "delar": [
            {
                "rubrik": part.heading,
                "stycken": [part.sentence] if part.sentence else [],
                "rader": [{"uppgift": line.words, "tal": line.shown} for line in part.lines],
            }
            for part in parts_of(found)
        ],
    }


def _cells(found: QualityYear) -> Iterator[tuple[object, ...]]:
    for part in parts_of(found):
        for line in part.lines:
            number: object = "" if line.is_share or line.hidden else line.number
            yield (part.heading, line.words, number, line.shown if line.is_share or line.hidden else "")


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()
