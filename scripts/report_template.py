"""Writes the program's own Word template of the quarterly report. `python -m scripts.report_template`; a test compares.

What stands in it is what a municipality's own template may hold: fields, loops, conditions, and pictures whose
alternative text names the picture that takes their place.
"""

import io
import struct
import zlib
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from tracker.printing.document import packed_anew
from tracker.reports.rendering.docx import DEFAULT_TEMPLATE
from tracker.reports.rendering.paper import COUNT_FIELDS, MONTH_FIELDS

FONT = "Calibri"
PORTRAIT_WIDTH, LANDSCAPE_WIDTH, SIDE = 174, 261, 18
MADE_ON = datetime(2026, 1, 1, tzinfo=UTC)
QUIET = RGBColor(0x4A, 0x55, 0x60)
LINE = "C5CBD1"
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
    document = Document()
    _look(document)
    _first_part(document)
    _landscape(document)
    _rows(document)
    _groups(document)
    _explanations(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return packed_anew(buffer)


def _look(document: DocxDocument) -> None:
    properties = document.core_properties
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.title, properties.language = "Ej verkställda beslut", "sv-SE"
    properties.created = properties.modified = MADE_ON
    for relation in [r.rId for r in document.part.package.rels.values() if r.reltype.endswith("thumbnail")]:
        document.part.package.rels.pop(relation)
    for name, size, before, after in (("Normal", 10.5, 0, 5), ("Title", 20, 0, 4), ("Heading 1", 14, 16, 5),
                                      ("Heading 2", 11.5, 12, 3)):  # fmt: skip
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        if name != "Normal":
            style.font.color.rgb, style.font.bold = RGBColor(0, 0, 0), True
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "sv-SE")
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(SIDE)
    section.top_margin = section.bottom_margin = Mm(SIDE)
    footer = section.footer.paragraphs[0]
    _quiet(footer, "{{ rubrik }}{% if namnd %} · {{ namnd }}{% endif %} · {{ lage }} · Sida ")
    _page_number(footer, "PAGE")
    _quiet(footer, " av ")
    _page_number(footer, "NUMPAGES")


def _first_part(document: DocxDocument) -> None:
    document.add_paragraph("{%p if namnd %}")
    document.add_paragraph("{{ namnd }}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{ rubrik }}", style="Title")
    _quiet(document.add_paragraph(), "{{ mottagare }} · avstämningsdatum {{ avstamning_i_ord }} · "
                                     "föregående {{ foregaende_i_ord }} · {{ lage|lower }}")  # fmt: skip
    _each(document, "stycke", "inledning", "{{ stycke }}")
    document.add_heading("Sammanställning", 1)
    _table(
        document, (100, 24), ("Klass", "Antal"), ("rad", "antal"), ("rad.klass", "rad.antal"), ("Alla", "{{ alla }}")
    )
    _spacer(document)
    document.add_paragraph("{%p if saknas_text %}")
    document.add_paragraph("{{ saknas_text }}")
    document.add_paragraph("{%p endif %}")
    document.add_heading("Väntetid", 1)
    _lead(document, "Väntetiden är {{ vantetid.median }} dagar i median och {{ vantetid.langst }} dagar som längst. "
                    "Sammanlagt är den {{ vantetid.summa }} dagar.")  # fmt: skip
    _picture(document, "stapeldiagram.text", 200)
    _table(document, (100, 24), ("Hela månader", "Klockor"), ("stapel", "stapeldiagram.staplar"),
           ("stapel.manader", "stapel.antal"))  # fmt: skip
    document.add_paragraph("{%p if trend.kvartal %}")
    document.add_heading("De senaste åtta kvartalen", 1)
    _lead(document, "Så många klockor stod i rapporten på varje kvartals avstämningsdatum.")
    _picture(document, "trend.text", 210)
    _trend_table(document)
    document.add_paragraph("{%p endif %}")


def _rows(document: DocxDocument) -> None:
    document.add_paragraph("{%p if visar_beslut %}")
    document.add_heading("Besluten", 1)
    document.add_paragraph("{%p for klass in klasser %}")
    document.add_heading("{{ klass.rubrik }}, {{ klass.antal }}", 2)
    _lead(document, "{{ klass.forklaring }}")
    _each(document, "notis", "klass.noter", "{{ notis }}")
    document.add_paragraph("{%p if klass.rader %}")
    heads, fields, widths = zip(*ROW_FIELDS, strict=True)
    _table(document, widths, heads, ("rad", "klass.rader"), fields, numbers=frozenset({8}), size=8)
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
    _table(document, widths, heads, ("grupp", "grupper"), fields, numbers=frozenset(range(3, 18)), size=8)
    document.add_paragraph("{%p else %}")
    document.add_paragraph("Inga klockor i någon klass. Noll är också en rapport.")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if dolda_text %}")
    document.add_paragraph("{{ dolda_text }}")
    document.add_paragraph("{%p endif %}")


def _explanations(document: DocxDocument) -> None:
    document.add_heading("Så är det räknat", 1)
    _table(document, (55, LANDSCAPE_WIDTH - 55), ("Ord", "Förklaring"), ("rad", "forklaringar"),
           ("rad.ord", "rad.text"), numbers=frozenset())  # fmt: skip


def _trend_table(document: DocxDocument) -> None:
    """A column for each quarter, however many there are."""
    table = _plain_table(document, (62, *[16] * 7))
    last = len(table.columns) - 1
    for row, first, over in ((table.rows[0], "Insats", "trend.kvartal"),):
        _write(row.cells[0], first, bold=True)
        _across(row.cells, over, last, bold=True)
    _repeat_head(table)
    _code_row(table, "{%tr for serie in trend.serier %}")
    row = table.add_row()
    _write(row.cells[0], "{{ serie.insats }}")
    _across(row.cells, "serie.antal", last)
    _code_row(table, "{%tr endfor %}")
    row = table.add_row()
    _write(row.cells[0], "Alla", bold=True)
    _across(row.cells, "trend.alla", last, bold=True)
    _spacer(document)


def _across(cells: tuple[_Cell, ...], over: str, last: int, *, bold: bool = False) -> None:
    """Three cells that become one for each entry; the others are taken out."""
    _write(cells[1], f"{{%tc for tal in {over} %}}")
    _write(cells[2], "{{ tal }}", bold=bold, right=True, size=8.5)
    _write(cells[3], "{%tc endfor %}")
    for cell in cells[4 : last + 1]:
        cell._tc.getparent().remove(cell._tc)


def _landscape(document: DocxDocument) -> None:
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)


def _quiet(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(9), QUIET


def _page_number(paragraph: Paragraph, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = paragraph.add_run("1")
    run.font.size, run.font.color.rgb = Pt(9), QUIET
    field.append(run._r)
    paragraph._p.append(field)


def _each(document: DocxDocument, name: str, over: str, text: str) -> None:
    document.add_paragraph(f"{{%p for {name} in {over} %}}")
    document.add_paragraph(text)
    document.add_paragraph("{%p endfor %}")


def _lead(document: DocxDocument, text: str) -> None:
    """A paragraph that stays with what follows it."""
    document.add_paragraph(text).paragraph_format.keep_with_next = True


def _spacer(document: DocxDocument) -> None:
    """Air below a table."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)


def _plain_table(document: DocxDocument, widths: tuple[int, ...]) -> Table:
    """An empty table of one row with hairlines between rows."""
    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    return table


def _table(document: DocxDocument, widths: tuple[int, ...], heads: tuple[str, ...], over: tuple[str, str],
           fields: tuple[str, ...], last: tuple[str, ...] = (), *, numbers: frozenset[int] = frozenset({1}),
           size: float = 9.5) -> None:  # fmt: skip
    """A table with a head that is repeated and a row for each entry of a list."""
    table = _plain_table(document, widths)
    for index, (cell, text) in enumerate(zip(table.rows[0].cells, heads, strict=True)):
        _write(cell, text, bold=True, right=index in numbers, size=size)
    _repeat_head(table)
    _code_row(table, "{%tr for " + " in ".join(over) + " %}")
    for index, (cell, field) in enumerate(zip(table.add_row().cells, fields, strict=True)):
        _write(cell, f"{{{{ {field} }}}}", right=index in numbers, size=size)
    _code_row(table, "{%tr endfor %}")
    if last:
        for index, (cell, text) in enumerate(zip(table.add_row().cells, last, strict=True)):
            _write(cell, text, bold=True, right=index in numbers, size=size)
    for row in table.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _repeat_head(table: Table) -> None:
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _code_row(table: Table, code: str) -> None:
    table.add_row().cells[0].text = code


def _write(cell: _Cell, text: str, *, bold: bool = False, right: bool = False, size: float = 9.5) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold or None
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.space_before = Pt(1)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


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
