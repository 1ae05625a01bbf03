"""Writes the program's own Word template of the follow-up of internal control. `python -m scripts.control_template`."""

from docx.document import Document as DocxDocument

from scripts.template_parts import (
    LANDSCAPE_WIDTH,
    PORTRAIT_WIDTH,
    across_table,
    begun,
    by_risk,
    cover,
    each,
    end,
    finished,
    landscape,
    lead,
    portrait,
    quiet,
    spacer,
    table,
    when,
)
from tracker.reports.rendering.control import TEMPLATE

MOMENT_FIELDS = (
    ("Ref", "rad.ref", 18), ("Kontrollmoment", "rad.moment", 66), ("Bedömning", "rad.bedomning", 33),
    ("Granskade", "rad.granskade", 23), ("Godkända", "rad.godkanda", 23), ("Följsamhet", "rad.procent", 24),
    ("Kommentar", "rad.noter", LANDSCAPE_WIDTH - 187),
)  # fmt: skip
RISK_FIELDS = (
    ("Ref", "rad.ref", 12), ("Risk", "rad.risk", PORTRAIT_WIDTH - 130), ("S", "rad.s", 8), ("K", "rad.k", 8),
    ("Riskvärde", "rad.varde", 19), ("Nivå", "rad.niva", 19), ("Hantering", "rad.hantering", 24),
    ("Motivering", "rad.motivering", 40),
)  # fmt: skip
ACTIVITY_FIELDS = (
    ("Ref", "rad.ref", 14), ("Aktivitet", "rad.aktivitet", 66), ("Risk", "rad.risk", 14),
    ("Ansvarig", "rad.ansvarig", 38), ("Återrapporteras senast", "rad.senast", 30), ("Status", "rad.status", 33),
    ("Analys", "rad.analys", LANDSCAPE_WIDTH - 195),
)  # fmt: skip


def template() -> bytes:
    """The whole file, the same bytes each time."""
    document = begun("Uppföljning av internkontrollplan")
    _summary(document)
    _risks(document)
    _moments(document)
    _analysis(document)
    return finished(document)


def _summary(document: DocxDocument) -> None:
    cover(document)
    document.add_paragraph("{%p for del in forsattsblad %}")
    document.add_heading("{{ del.rubrik }}", 1)
    each(document, "stycke", "del.stycken", "{{ stycke }}")
    document.add_paragraph("{%p endfor %}")
    document.add_heading("Sammanfattning i siffror", 1).paragraph_format.page_break_before = True
    table(document, (100, 34), ("Bedömning", "Kontrollmoment"), ("rad", "antal"), ("rad.bedomning", "rad.antal"),
          ("Alla", "{{ alla }}"))  # fmt: skip
    spacer(document)
    when(document, "trend")
    document.add_heading("Tre år", 2)
    across_table(document, (66, 36, 36, 36), ("Kontrollmoment", "ar_rubriker"), ("rad", "trend"),
                 ("rad.moment", "rad.ar"), right=False)  # fmt: skip
    end(document)
    document.add_paragraph("{%p for del in delar %}")
    document.add_heading("{{ del.rubrik }}", 1)
    each(document, "stycke", "del.stycken", "{{ stycke }}")
    document.add_paragraph("{%p endfor %}")


def _risks(document: DocxDocument) -> None:
    document.add_heading("Nettolista risker", 1)
    when(document, "risker")
    when(document, "risker_not")
    lead(document, "{{ risker_not }}")
    end(document)
    heads, fields, widths = zip(*RISK_FIELDS, strict=True)
    table(document, widths, heads, ("rad", "risker"), fields, numbers=frozenset({2, 3, 4}), size=9)
    quiet(document.add_paragraph(), "S är sannolikhet, K är konsekvens. Riskvärdet är S × K.")
    document.add_paragraph("{%p else %}")
    document.add_paragraph("Inga risker.")
    end(document)
    matrix_part(document, "brutto_not")


def matrix_part(document: DocxDocument, note: str = "") -> None:
    """The matrix as a table, with the level of each cell in words; `note`: the field of a line above it."""
    document.add_heading("Riskmatris", 1)
    lead(document, "Så många risker har varje sannolikhet och konsekvens, med nivån i ord.")
    if note:
        when(document, note)
        lead(document, f"{{{{ {note} }}}}")
        end(document)
    across_table(document, (46, 32, 32, 32), ("Sannolikhet \\ konsekvens", "konsekvenser"), ("rad", "matris"),
                 ("rad.sannolikhet", "rad.celler"), right=False)  # fmt: skip


def _moments(document: DocxDocument) -> None:
    landscape(document)
    document.add_heading("Årets kontroller", 1)
    document.add_paragraph("{%p if not kontroller %}")
    document.add_paragraph("Inga kontrollmoment.")
    end(document)
    by_risk(document, MOMENT_FIELDS, frozenset({3, 4, 5}))
    when(document, "aktiviteter")
    document.add_heading("Årets aktiviteter", 1)
    when(document, "aktiviteter_not")
    lead(document, "{{ aktiviteter_not }}")
    end(document)
    heads, fields, widths = zip(*ACTIVITY_FIELDS, strict=True)
    table(document, widths, heads, ("rad", "aktiviteter"), fields, numbers=frozenset(), size=9)
    end(document)
    portrait(document)


def _analysis(document: DocxDocument) -> None:
    document.add_heading("Analys", 1)
    document.add_paragraph("{%p for del in analys %}")
    document.add_heading("{{ del.rubrik }}", 2)
    each(document, "rad", "del.moment", "{{ rad }}", style="List Bullet")
    each(document, "stycke", "del.stycken", "{{ stycke }}")
    document.add_paragraph("{%p endfor %}")
    when(document, "slutlig")
    document.add_heading("Slutlig analys", 1)
    each(document, "stycke", "slutlig", "{{ stycke }}")
    end(document)


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
