"""What does the follow-up of the internal control plan say? The document, and its files.

Its fields and their order are those that other systems read (the contract of `report control`).
"""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from tracker.control.queries import MomentRow, grades_of, list_moments
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.labels import GRADE_LABELS
from tracker.records.scope import Scope
from tracker.risk.queries import list_risks, matrix_of, plan_of
from tracker.rules.control_grading import MILLION, Grade, sentence

Document = dict[str, Any]
FORMATS = ("json", "csv", "xlsx")


def control_document(year: int, scope: Scope) -> Document:
    """The follow-up of a year, as the reader may see it."""
    plan = plan_of(year)
    moments, scale = list_moments(year, scope), plan.scale
    return {
        "report": "control",
        "year": year,
        "grades": {grade.value: count for grade, count in grades_of(moments).items()},
        "moments_total": len(moments),
        "moments": [_moment(moment) for moment in moments],
        "risks": [
            {
                "ref": risk.ref, "likelihood": risk.likelihood, "consequence": risk.consequence, "score": risk.score,
                "level": scale.level(risk.likelihood, risk.consequence).key,
            }
            for risk in list_risks(year, scope)
        ],
        "matrix": matrix_of(year, scale.size, scope),
    }  # fmt: skip


def _moment(moment: MomentRow) -> Document:
    outcome, graded = moment.outcome, moment.graded
    share = outcome.millionths
    return {
        "ref": moment.ref, "name": moment.name, "risk_ref": moment.risk_ref, "checked": outcome.checked,
        "approved": outcome.approved, "compliance": None if share is None else share / MILLION,
        "percent": outcome.percent, "grade": graded.grade.value,
        "history": {str(year): grade and grade.value for year, grade in moment.history.items()},
        "flags": list(graded.flags),
    }  # fmt: skip


def render_control(document: Document, shape: str) -> bytes:
    """The document as JSON, CSV (its moments) or a workbook."""
    if shape == "json":
        return (json.dumps(document, ensure_ascii=False) + "\n").encode()
    if shape == "csv":
        return "".join(write_csv(_moment_columns(document), _moment_cells(document))).encode()
    file = BytesIO()
    sheets = [
        Sheet("Sammanställning", SUMMARY_COLUMNS, _summary(document)),
        Sheet("Kontrollmoment", _moment_columns(document), _moment_cells(document)),
        Sheet("Risker", RISK_COLUMNS, (tuple(risk.values()) for risk in document["risks"])),
    ]
    write_xlsx(file, sheets, title=title_of(document))
    return file.getvalue()


def title_of(document: Document) -> str:
    """What the report is called."""
    return f"Uppföljning av internkontrollplan {document['year']}"


SUMMARY_COLUMNS = (Column("uppgift", "uppgift", 46), Column("antal", "antal", 14, "number"))
RISK_COLUMNS = (
    Column("ref", "ref", 12), Column("sannolikhet", "sannolikhet", 12, "number"),
    Column("konsekvens", "konsekvens", 12, "number"), Column("riskvarde", "riskvärde", 12, "number"),
    Column("niva", "nivå", 12),
)  # fmt: skip


def _summary(document: Document) -> Iterator[tuple[object, ...]]:
    grades = {Grade(name): count for name, count in document["grades"].items()}
    for text in (title_of(document), *sentence(grades)):
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
    )  # fmt: skip


def _moment_cells(document: Document) -> Iterator[tuple[object, ...]]:
    for row in document["moments"]:
        percent = "–" if row["percent"] is None else row["percent"]
        past = (GRADE_LABELS[Grade(name)] if name else "–" for name in row["history"].values())
        yield (
            row["ref"], row["name"], row["risk_ref"] or "", row["checked"], row["approved"], percent,
            GRADE_LABELS[Grade(row["grade"])], *past,
        )  # fmt: skip
