"""What does the follow-up of the internal control plan say? The document, and its files.

Its fields and their order are those that other systems read (the contract of `report control`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import current_app

from tracker import clock
from tracker.activity.pages import mark_of
from tracker.activity.queries import ActivityRow, list_activities
from tracker.control.pages import moment_line
from tracker.control.queries import MomentRow, grades_of, list_moments
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.labels import GRADE_LABELS
from tracker.records.queries import committee_name
from tracker.records.scope import Scope
from tracker.reports.control_texts import read_texts
from tracker.reports.queries import find_control_template
from tracker.reports.rendering.control import (
    Cover,
    activities_paper,
    control_docx,
    control_paper,
    control_pdf,
    in_shape,
)
from tracker.reports.rendering.control_parts import Texts
from tracker.reports.rendering.paper import Paper
from tracker.risk.queries import Plan, RiskRow, list_risks, matrix_of, plan_of
from tracker.rules.control_grading import MILLION, Grade, sentence

Document = dict[str, Any]
FORMATS = ("json", "csv", "xlsx", "docx", "pdf")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a reader may see of a year: its plan, kontrollmoment, risks and matrix, activities, and its report's texts.

    The texts tell of the whole house: a reader of a part of it gets a report without them.
    """

    plan: Plan
    moments: list[MomentRow]
    risks: list[RiskRow]
    matrix: list[list[int]]
    texts: Texts
    activities: list[ActivityRow]

    @property
    def title(self) -> str:
        """What the report is called."""
        return f"Uppföljning av internkontrollplan {self.plan.year}"

    @property
    def told(self) -> str:
        """What a file of it holds, in a line."""
        return f"{self.title}, {len(self.moments)} kontrollmoment, {len(self.risks)} risker"


def follow_up(year: int, scope: Scope) -> FollowUp:
    """The follow-up of a year, as the reader may see it."""
    plan = plan_of(year)
    texts = {section: one.text for section, one in read_texts(year).items()} if scope.reach.everything else {}
    return FollowUp(
        plan, list_moments(year, scope), list_risks(year, scope), matrix_of(year, plan.scale.size, scope), texts,
        list_activities(year, scope, clock.today()),
    )  # fmt: skip


def render_draft(found: FollowUp, shape: str) -> bytes:
    """The follow-up as it is now, in Word with the template in use. Raises as `render_control` does."""
    template = find_control_template() if shape == "docx" else None
    return render_control(found, shape, template=template.content if template else None)


def control_document(found: FollowUp) -> Document:
    """What other systems read of it."""
    scale = found.plan.scale
    return {
        "report": "control",
        "year": found.plan.year,
        "grades": {grade.value: count for grade, count in grades_of(found.moments).items()},
        "moments_total": len(found.moments),
        "moments": [_moment(moment) for moment in found.moments],
        "risks": [
            {
                "ref": risk.ref, "likelihood": risk.likelihood, "consequence": risk.consequence, "score": risk.score,
                "level": scale.level(risk.likelihood, risk.consequence).key,
            }
            for risk in found.risks
        ],
        "matrix": found.matrix,
    }  # fmt: skip


def _moment(moment: MomentRow) -> Document:
    outcome, graded = moment.outcome, moment.graded
    share = moment.result.millionths
    return {
        "ref": moment.ref, "name": moment.name, "risk_ref": moment.risk_ref, "checked": outcome.checked,
        "approved": outcome.approved, "compliance": None if share is None else share / MILLION,
        "percent": moment.result.percent, "grade": graded.grade.value,
        "history": {str(year): grade and grade.value for year, grade in moment.history.items()},
        "flags": list(graded.flags),
    }  # fmt: skip


def render_control(found: FollowUp, shape: str, cover: Cover | None = None, template: bytes | None = None) -> bytes:
    """The follow-up as JSON, CSV (its moments), a workbook, or on paper; `cover`: what heads it, a draft's by default;
    `template`: the municipality's own Word template.

    Raises tracker.printing.faults.WordError or tracker.printing.process.WorkFailed when a paper cannot be made.
    """
    cover = cover or draft_cover()
    if shape == "pdf":
        return control_pdf(_paper(found, cover))
    if shape == "docx":
        return control_docx(_paper(found, cover), template)
    document = control_document(found)
    if shape == "json":
        return (json.dumps(document, ensure_ascii=False) + "\n").encode()
    if shape == "csv":
        return "".join(write_csv(_moment_columns(document), _moment_cells(document, found.moments))).encode()
    file = BytesIO()
    sheets = [
        Sheet("Sammanställning", SUMMARY_COLUMNS, _summary(document, found.title, cover.standing)),
        Sheet("Kontrollmoment", _moment_columns(document), _moment_cells(document, found.moments)),
        Sheet("Risker", RISK_COLUMNS, _risk_cells(document, found.plan)),
        Sheet("Riskmatris", _matrix_columns(found), _matrix_cells(found)),
        Sheet("Tre år", _trend_columns(document), _trend_cells(found)),
    ]
    if found.activities:
        sheets.append(Sheet("Aktiviteter", ACTIVITY_COLUMNS, _activity_cells(found.activities)))
    write_xlsx(file, sheets, title=found.title, made_on=cover.day)
    return file.getvalue()


def _paper(found: FollowUp, cover: Cover) -> Paper:
    paper = control_paper(
        found.plan, found.moments, found.risks, found.matrix, found.texts,
        title=found.title, cover=cover,
    )  # fmt: skip
    return paper | activities_paper(found.activities)


def draft_cover() -> Cover:
    """What heads a paper that is made today and is no version of anything."""
    return Cover(current_app.config["MUNICIPALITY_NAME"] or "", committee_name(), clock.today())


SUMMARY_COLUMNS = (Column("uppgift", "uppgift", 46), Column("antal", "antal", 14, "number"))
RISK_COLUMNS = (
    Column("ref", "ref", 12), Column("sannolikhet", "sannolikhet", 12, "number"),
    Column("konsekvens", "konsekvens", 12, "number"), Column("riskvarde", "riskvärde", 12, "number"),
    Column("niva", "nivå", 12), Column("ord", "nivå i ord", 22),
)  # fmt: skip

ACTIVITY_COLUMNS = (
    Column("ref", "ref", 10), Column("aktivitet", "aktivitet", 60, "paragraph"), Column("risk", "risk", 10),
    Column("kontrollmoment", "följer av kontrollmoment", 14), Column("ansvarig", "ansvarig", 26),
    Column("senast", "återrapporteras senast", 14, "date"), Column("status", "status", 22),
    Column("genomford", "genomförd den", 14, "date"), Column("analys", "analys", 60, "paragraph"),
)  # fmt: skip


def _risk_cells(document: Document, plan: Plan) -> Iterator[tuple[object, ...]]:
    words = {level.key: level.label for level in plan.scale.levels}
    for risk in document["risks"]:
        yield (*risk.values(), words[risk["level"]])


def _activity_cells(rows: list[ActivityRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (
            row.ref, row.text, row.risk_ref or "", row.moment_ref or "", row.responsible or "", row.due_on,
            mark_of(row).word, row.done_on, row.analysis or "",
        )  # fmt: skip


def _summary(document: Document, title: str, standing: str) -> Iterator[tuple[object, ...]]:
    grades = {Grade(name): count for name, count in document["grades"].items()}
    for text in (title, standing, *sentence(grades)):
        yield (text, "")
    for grade, count in grades.items():
        yield (GRADE_LABELS[grade], count)
    yield ("kontrollmoment", document["moments_total"])
    yield ("risker", len(document["risks"]))


def _moment_columns(document: Document) -> tuple[Column, ...]:
    years = range(document["year"] - 2, document["year"] + 1)
    return (
        Column("ref", "ref", 10), Column("kontrollmoment", "kontrollmoment", 60), Column("risk", "risk", 10),
        Column("granskade", "granskade", 12, "number"), Column("godkanda", "godkända", 12, "number"),
        Column("procent", "procent", 10, "number"), Column("bedomning", "bedömning", 18),
        *(Column(str(year), str(year), 18) for year in years),
        Column("beraknad", "beräknad bedömning", 18), Column("motivering", "varför den är ändrad", 40),
        Column("ej_genomford", "varför ej genomförd", 40), Column("harnast", "vad som händer nu", 40),
    )  # fmt: skip


def _moment_cells(document: Document, moments: list[MomentRow]) -> Iterator[tuple[object, ...]]:
    for row, moment in zip(document["moments"], moments, strict=True):
        computed = moment.graded.computed
        percent = "–" if row["percent"] is None else row["percent"]
        past = (GRADE_LABELS[Grade(name)] if name else "–" for name in row["history"].values())
        yield (
            row["ref"], row["name"], row["risk_ref"] or "", row["checked"], row["approved"], percent,
            GRADE_LABELS[Grade(row["grade"])], *past, GRADE_LABELS[computed] if computed else "",
            moment.motivation or "", moment.not_done or "", moment.not_done_next or "",
        )  # fmt: skip


def _matrix_columns(found: FollowUp) -> tuple[Column, ...]:
    labels = enumerate(found.plan.scale.consequences, start=1)
    return (
        Column("sannolikhet", "sannolikhet \\ konsekvens", 26),
        *(Column(f"k{step}", f"{step} {label}", 16, "number") for step, label in labels),
    )


def _matrix_cells(found: FollowUp) -> Iterator[tuple[object, ...]]:
    """From the most likely down, as the matrix is drawn."""
    for step, label in reversed(list(enumerate(found.plan.scale.likelihoods, start=1))):
        yield (f"{step} {label}", *found.matrix[step - 1])


def _trend_columns(document: Document) -> tuple[Column, ...]:
    years = range(document["year"] - 2, document["year"] + 1)
    return (Column("moment", "kontrollmoment", 66), *(Column(str(year), str(year), 22) for year in years))


def _trend_cells(found: FollowUp) -> Iterator[tuple[object, ...]]:
    """Three years by shape and word, as on paper."""
    for moment in found.moments:
        yield (f"{moment.ref} {moment.name}", *(in_shape(mark) for _, mark in moment_line(moment).past))
