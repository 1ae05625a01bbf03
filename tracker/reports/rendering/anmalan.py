"""The anmälan of a lex Sarah case as files that IVO's e-service takes: PDF and a workbook."""

from datetime import date
from io import BytesIO

from tracker.cases.anmalan import Anmalan
from tracker.exchange.writing import Column, Sheet, write_xlsx
from tracker.reports.rendering.paper import NOTHING, Paper
from tracker.reports.rendering.pdf import render_pdf
from tracker.rules.calendar import in_words
from tracker.rules.control_texts import paragraphs_of
from tracker.web.filters import counted

LAYOUT = "anmalan.typ"
NOT_GIVEN = "Saknas"


def title_of(anmalan: Anmalan) -> str:
    """What the anmälan is called."""
    return f"Anmälan enligt lex Sarah, {anmalan.number}"


def anmalan_paper(anmalan: Anmalan, municipality: str, committee: str, today: date) -> Paper:
    """The paper of an anmälan as it stands today."""
    lacking = len(anmalan.lacking)
    return {
        "rubrik": title_of(anmalan), "namnd": committee, "kommun": municipality, "avstamning": today.isoformat(),
        "avstamning_i_ord": in_words(today),
        "lage": f"{counted(lacking, 'uppgift', 'uppgifter')} saknas" if lacking else "Alla uppgifter finns",
        "delar": [
            {
                "rubrik": part.heading,
                "falt": [
                    {"namn": field.label, "stycken": paragraphs_of(field.value) or [_empty(field.lacks)]}
                    for field in part.fields
                ],
            }
            for part in anmalan.parts
        ],
    }  # fmt: skip


def _empty(lacks: str) -> str:
    return NOT_GIVEN if lacks else NOTHING


def anmalan_pdf(anmalan: Anmalan, municipality: str, committee: str, today: date) -> bytes:
    """The anmälan as a tagged PDF. Raises WorkFailed when it cannot be set."""
    return render_pdf(anmalan_paper(anmalan, municipality, committee, today), LAYOUT)


def anmalan_xlsx(anmalan: Anmalan, municipality: str, committee: str, today: date) -> bytes:
    """The anmälan as a workbook of one sheet: part, field, value."""
    columns = (Column("del", "del", 24), Column("uppgift", "uppgift", 40), Column("varde", "värde", 100, "paragraph"))
    head = [["", "kommun", municipality], ["", "nämnd", committee], ["", "dag", today.isoformat()]]
    rows = [
        [part.heading, field.label, field.value or _empty(field.lacks)]
        for part in anmalan.parts
        for field in part.fields
    ]
    buffer = BytesIO()
    write_xlsx(buffer, [Sheet("Anmälan", columns, head + rows)], title=title_of(anmalan), made_on=today)
    return buffer.getvalue()
