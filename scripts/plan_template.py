"""Writes the program's own Word template of the internal control plan. `python -m scripts.plan_template`."""

from docx.document import Document as DocxDocument

from scripts.control_template import matrix_part
from scripts.template_parts import (
    LANDSCAPE_WIDTH,
    PORTRAIT_WIDTH,
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
    table,
    when,
)
from tracker.reports.rendering.plan import TEMPLATE

RISK_FIELDS = (
    ("Ref", "rad.ref", 14), ("Risk", "rad.risk", 76), ("Område", "rad.omrade", 36), ("S", "rad.s", 9),
    ("K", "rad.k", 9), ("Riskvärde", "rad.varde", 21), ("Nivå", "rad.niva", 20), ("Hantering", "rad.hantering", 24),
    ("Motivering", "rad.motivering", LANDSCAPE_WIDTH - 209),
)  # fmt: skip
MOMENT_FIELDS = (
    ("Ref", "rad.ref", 14), ("Kontrollmoment", "rad.moment", 60), ("Så går det till", "rad.hur", PORTRAIT_WIDTH - 106),
    ("God / godtagbar från", "rad.granser", 32),
)  # fmt: skip


def template() -> bytes:
    """The whole file, the same bytes each time."""
    document = begun("Internkontrollplan")
    cover(document)
    each(document, "rad", "beslut", "{{ rad }}")
    when(document, "utelamnat")
    document.add_paragraph("{{ utelamnat }}")
    end(document)
    document.add_paragraph("Planen har {{ antal_risker }} risker och {{ antal_moment }} kontrollmoment.")
    document.add_heading("Skalor och gränser", 1)
    document.add_paragraph("{{ granser }}")
    table(document, (20, 77, 77), ("Steg", "Sannolikhet", "Konsekvens"), ("rad", "skala"),
          ("rad.steg", "rad.sannolikhet", "rad.konsekvens"), numbers=frozenset({0}))  # fmt: skip
    _risks(document)
    matrix_part(document)
    _moments(document)
    return finished(document)


def _risks(document: DocxDocument) -> None:
    landscape(document)
    document.add_heading("Risker", 1)
    when(document, "risker")
    when(document, "risker_not")
    lead(document, "{{ risker_not }}")
    end(document)
    heads, fields, widths = zip(*RISK_FIELDS, strict=True)
    table(document, widths, heads, ("rad", "risker"), fields, numbers=frozenset({3, 4, 5}), size=9)
    quiet(document.add_paragraph(), "S är sannolikhet, K är konsekvens. Riskvärdet är S × K.")
    document.add_paragraph("{%p else %}")
    document.add_paragraph("Inga risker.")
    end(document)
    portrait(document)


def _moments(document: DocxDocument) -> None:
    document.add_heading("Kontrollmoment", 1)
    document.add_paragraph("{%p if not kontroller %}")
    document.add_paragraph("Inga kontrollmoment.")
    end(document)
    by_risk(document, MOMENT_FIELDS, frozenset({3}))


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
