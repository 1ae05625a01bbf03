"""The parts that the program's own Word templates are made of: their look, their tables, their loops."""

import io
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

FONT = "Calibri"
PORTRAIT_WIDTH, LANDSCAPE_WIDTH, SIDE = 174, 261, 18
MADE_ON = datetime(2026, 1, 1, tzinfo=UTC)
QUIET = RGBColor(0x4A, 0x55, 0x60)
LINE = "C5CBD1"


def begun(title: str) -> DocxDocument:
    """An empty template that is called so, with its styles, its page and its foot."""
    document = Document()
    look(document, title)
    return document


def finished(document: DocxDocument) -> bytes:
    """The template as a file, the same bytes each time."""
    buffer = io.BytesIO()
    document.save(buffer)
    return packed_anew(buffer)


def look(document: DocxDocument, title: str) -> None:
    """The styles, the page and the foot."""
    properties = document.core_properties
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.title, properties.language = title, "sv-SE"
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
    quiet(footer, "{{ rubrik }}{% if namnd %} · {{ namnd }}{% endif %} · {{ lage }} · Sida ")
    _page_number(footer, "PAGE")
    quiet(footer, " av ")
    _page_number(footer, "NUMPAGES")


def across_table(
    document: DocxDocument,
    widths: tuple[int, ...],
    heads: tuple[str, str],
    over: tuple[str, str],
    fields: tuple[str, str],
    last: tuple[str, str] | None = None,
    *,
    right: bool = True,
) -> None:
    """A table with a column for each entry of a list, however many there are, and a row for each of another.

    Each pair is what stands in the first column, and the list that goes across.
    """
    made = plain_table(document, widths)
    across(made.rows[0].cells, *heads, bold=True, right=right)
    repeat_head(made)
    code_row(made, "{%tr for " + " in ".join(over) + " %}")
    across(made.add_row().cells, f"{{{{ {fields[0]} }}}}", fields[1], right=right)
    code_row(made, "{%tr endfor %}")
    if last:
        across(made.add_row().cells, *last, bold=True, right=right)
    spacer(document)


def across(cells: tuple[_Cell, ...], first: str, over: str, *, bold: bool = False, right: bool = True) -> None:
    """A first cell, and three that become one for each entry; the others are taken out."""
    write(cells[0], first, bold=bold)
    write(cells[1], f"{{%tc for tal in {over} %}}")
    write(cells[2], "{{ tal }}", bold=bold, right=right, size=8.5)
    write(cells[3], "{%tc endfor %}")
    for cell in cells[4:]:
        cell._tc.getparent().remove(cell._tc)


def landscape(document: DocxDocument) -> None:
    """What follows lies across the page."""
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)


def portrait(document: DocxDocument) -> None:
    """What follows stands upright again."""
    section = document.add_section()
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)


def quiet(paragraph: Paragraph, text: str) -> None:
    """Adds small grey text."""
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(9), QUIET


def _page_number(paragraph: Paragraph, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = paragraph.add_run("1")
    run.font.size, run.font.color.rgb = Pt(9), QUIET
    field.append(run._r)
    paragraph._p.append(field)


def cover(document: DocxDocument) -> None:
    """Who the paper is from, what it is called, its day and its standing."""
    for name in ("kommun", "namnd"):
        when(document, name)
        document.add_paragraph(f"{{{{ {name} }}}}")
        end(document)
    document.add_paragraph("{{ rubrik }}", style="Title")
    quiet(document.add_paragraph(), "{{ avstamning_i_ord }} · {{ lage }}")


def when(document: DocxDocument, field: str) -> None:
    """What follows stands only where the field says something."""
    document.add_paragraph(f"{{%p if {field} %}}")


def end(document: DocxDocument) -> None:
    """The end of `when`."""
    document.add_paragraph("{%p endif %}")


def each(document: DocxDocument, name: str, over: str, text: str, style: str | None = None) -> None:
    """A paragraph for each entry of a list."""
    document.add_paragraph(f"{{%p for {name} in {over} %}}")
    document.add_paragraph(text, style)
    document.add_paragraph("{%p endfor %}")


def lead(document: DocxDocument, text: str) -> None:
    """A paragraph that stays with what follows it."""
    document.add_paragraph(text).paragraph_format.keep_with_next = True


def spacer(document: DocxDocument) -> None:
    """Air below a table."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)


def plain_table(document: DocxDocument, widths: tuple[int, ...]) -> Table:
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


def table(document: DocxDocument, widths: tuple[int, ...], heads: tuple[str, ...], over: tuple[str, str],
           fields: tuple[str, ...], last: tuple[str, ...] = (), *, numbers: frozenset[int] = frozenset({1}),
           size: float = 9.5) -> None:  # fmt: skip
    """A table with a head that is repeated and a row for each entry of a list."""
    made = plain_table(document, widths)
    for index, (cell, text) in enumerate(zip(made.rows[0].cells, heads, strict=True)):
        write(cell, text, bold=True, right=index in numbers, size=size)
    repeat_head(made)
    code_row(made, "{%tr for " + " in ".join(over) + " %}")
    for index, (cell, field) in enumerate(zip(made.add_row().cells, fields, strict=True)):
        write(cell, f"{{{{ {field} }}}}", right=index in numbers, size=size)
    code_row(made, "{%tr endfor %}")
    if last:
        for index, (cell, text) in enumerate(zip(made.add_row().cells, last, strict=True)):
            write(cell, text, bold=True, right=index in numbers, size=size)
    for row in made.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def by_risk(document: DocxDocument, columns: tuple[tuple[str, str, int], ...], numbers: frozenset[int]) -> None:
    """For each risk (`kontroller`) a heading, its text and a table of its kontrollmoment."""
    document.add_paragraph("{%p for del in kontroller %}")
    document.add_heading("{{ del.rubrik }}", 2)
    document.add_paragraph("{%p for stycke in del.stycken %}")
    lead(document, "{{ stycke }}")
    document.add_paragraph("{%p endfor %}")
    heads, fields, widths = zip(*columns, strict=True)
    table(document, widths, heads, ("rad", "del.moment"), fields, numbers=numbers, size=9)
    document.add_paragraph("{%p endfor %}")


def repeat_head(table: Table) -> None:
    """The first row is the head, on every page."""
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def code_row(table: Table, code: str) -> None:
    """A row that holds code alone, and is gone when the template is filled in."""
    table.add_row().cells[0].text = code


def write(cell: _Cell, text: str, *, bold: bool = False, right: bool = False, size: float = 9.5) -> None:
    """The text of a cell."""
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold or None
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.space_before = Pt(1)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
