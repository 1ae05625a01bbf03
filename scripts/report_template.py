"""Writes the program's own Word template of the quarterly report. `python -m scripts.report_template`; a test compares.

What stands in it is what a municipality's own template may hold: fields, loops, conditions, and pictures whose
alternative text names the picture that takes their place.
"""

import io
import struct
import zlib

from docx.document import Document as DocxDocument
from docx.shared import Mm

from scripts.template_parts import (
    LANDSCAPE_WIDTH,
    PORTRAIT_WIDTH,
    across_table,
    begun,
    each,
    finished,
    landscape,
    lead,
    quiet,
    spacer,
    table,
)
from tracker.reports.rendering.docx import DEFAULT_TEMPLATE
from tracker.reports.rendering.paper import COUNT_FIELDS, MONTH_FIELDS

ROW_FIELDS = (
    ("{{ klass.nr }}", "rad.nr", 15), ("Insats", "rad.insats", 36), ("Klocka", "rad.klocka", 17),
    ("Kön", "rad.kon", 19), ("Beslutsdatum", "rad.beslutsdatum", 26), ("Avbrottsdatum", "rad.avbrottsdatum", 28),
    ("Tre månader", "rad.tre_manader", 25), ("{{ klass.slut }}", "rad.slut", 25), ("Dagar", "rad.dagar", 14),
    ("Skäl till dröjsmålet", "rad.skal", 56),
)  # fmt: skip
SOFT = "\u00ad"  # where a long word may be cut
GROUP_HEADS = (f"Verk{SOFT}ställda", f"Av{SOFT}slutade", "Ännu inte", "Nya", f"Sent verk{SOFT}ställda",
               f"Sent av{SOFT}slutade")  # fmt: skip
MONTH_HEADS = ("0–2 mån", "3–6 mån", "7–9 mån", "10–12 mån", "13–17 mån", "18+ mån")
DAY_HEADS = ("Dagar, summa", "Dagar, median", "Dagar, längst")


def template() -> bytes:
    """The whole file, the same bytes each time."""
    document = begun("Ej verkställda beslut")
    _first_part(document)
    landscape(document)
    _rows(document)
    _groups(document)
    _explanations(document)
    return finished(document)


def _first_part(document: DocxDocument) -> None:
    document.add_paragraph("{%p if namnd %}")
    document.add_paragraph("{{ namnd }}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{ rubrik }}", style="Title")
    quiet(document.add_paragraph(), "{{ mottagare }} · avstämningsdatum {{ avstamning_i_ord }} · "
                                     "föregående {{ foregaende_i_ord }} · {{ lage|lower }}")  # fmt: skip
    each(document, "stycke", "inledning", "{{ stycke }}")
    document.add_heading("Sammanställning", 1)
    table(document, (100, 24), ("Klass", "Antal"), ("rad", "antal"), ("rad.klass", "rad.antal"), ("Alla", "{{ alla }}"))
    spacer(document)
    document.add_paragraph("{%p if saknas_text %}")
    document.add_paragraph("{{ saknas_text }}")
    document.add_paragraph("{%p endif %}")
    document.add_heading("Väntetid", 1)
    lead(document, "Väntetiden är {{ vantetid.median }} dagar i median och {{ vantetid.langst }} dagar som längst. "
                    "Sammanlagt är den {{ vantetid.summa }} dagar.")  # fmt: skip
    _picture(document, "stapeldiagram.text", 200)
    table(document, (100, 24), ("Hela månader", "Klockor"), ("stapel", "stapeldiagram.staplar"),
           ("stapel.manader", "stapel.antal"))  # fmt: skip
    document.add_paragraph("{%p if trend.kvartal %}")
    document.add_heading("De senaste åtta kvartalen", 1)
    lead(document, "Så många klockor stod i rapporten på varje kvartals avstämningsdatum.")
    _picture(document, "trend.text", 210)
    across_table(document, (62, *[16] * 7), ("Insats", "trend.kvartal"), ("serie", "trend.serier"),
                 ("serie.insats", "serie.antal"), ("Alla", "trend.alla"))  # fmt: skip
    document.add_paragraph("{%p endif %}")


def _rows(document: DocxDocument) -> None:
    document.add_paragraph("{%p if visar_beslut %}")
    document.add_heading("Besluten", 1)
    document.add_paragraph("{%p for klass in klasser %}")
    document.add_heading("{{ klass.rubrik }}, {{ klass.antal }}", 2)
    lead(document, "{{ klass.forklaring }}")
    each(document, "notis", "klass.noter", "{{ notis }}")
    document.add_paragraph("{%p if klass.rader %}")
    heads, fields, widths = zip(*ROW_FIELDS, strict=True)
    table(document, widths, heads, ("rad", "klass.rader"), fields, numbers=frozenset({8}), size=8)
    document.add_paragraph("{%p else %}")
    document.add_paragraph("Inga.")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endif %}")


def _groups(document: DocxDocument) -> None:
    document.add_heading("Per insats, klocka och kön", 1)
    document.add_paragraph("{%p if grupper %}")
    heads = ("Insats", "Klocka", "Kön", *GROUP_HEADS, *MONTH_HEADS, *DAY_HEADS)
    widths = (36, 16, 18, *[14] * 6, *[11] * 6, 14, 14, 13)
    fields = ("grupp.insats", "grupp.klocka", "grupp.kon", *(f"grupp.{name}" for name in COUNT_FIELDS),
              *(f"grupp.{name}" for name in MONTH_FIELDS), "grupp.summa", "grupp.median", "grupp.langst")  # fmt: skip
    table(document, widths, heads, ("grupp", "grupper"), fields, numbers=frozenset(range(3, 18)), size=8)
    document.add_paragraph("{%p else %}")
    document.add_paragraph("Inga klockor i någon klass. Noll är också en rapport.")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if dolda_text %}")
    document.add_paragraph("{{ dolda_text }}")
    document.add_paragraph("{%p endif %}")


def _explanations(document: DocxDocument) -> None:
    document.add_heading("Så är det räknat", 1)
    table(document, (55, LANDSCAPE_WIDTH - 55), ("Ord", "Förklaring"), ("rad", "forklaringar"),
           ("rad.ord", "rad.text"), numbers=frozenset())  # fmt: skip


def _picture(document: DocxDocument, field: str, shade: int) -> None:
    """A grey square that the picture with this alternative text takes the place of."""
    shape = document.add_picture(io.BytesIO(_square(shade)), width=Mm(PORTRAIT_WIDTH))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    described = shape._inline.docPr
    described.set("name", field)
    described.set("descr", f"{{{{ {field} }}}}")


def _square(shade: int) -> bytes:
    """A PNG of 8 × 2 grey points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + bytes([shade]) * 8 for _ in range(2))
    head = struct.pack(">IIBBBBB", 8, 2, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


if __name__ == "__main__":
    DEFAULT_TEMPLATE.write_bytes(template())
