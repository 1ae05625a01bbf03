"""How is a template filled in? By docxtpl, with what it would read into texts taken away from it."""

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from docx.document import Document as DocxDocument
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree

from tracker.exchange.texts import legal, legal_throughout
from tracker.printing.faults import Fault, WordError, place_of
from tracker.printing.language import PlainEnvironment, check_language
from tracker.printing.package import without_template_link

_NEW_PARAGRAPH = re.compile(r"<w:p([ >])")
_TAG = re.compile(r"<[^>]+>")
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LINES = re.compile(r"\r\n|\r|\n")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_PNG_SIZE = struct.Struct(">16x2I")
LONGEST_PROPERTY = 255
UNFILLED = "Mallen går inte att fylla i. Kontrollera att varje for och if börjar och slutar i samma rad eller stycke."


class _Template(DocxTemplate):  # type: ignore[misc] # docxtpl has no types
    """docxtpl's template, which shows texts as they are: its own signs for `{{` and `}}` are not read in them."""

    def render_xml_part(self, src_xml: str, part: object, context: Any, jinja_env: Any = None) -> str:  # noqa: ANN401
        filled = jinja_env.from_string(_lined(src_xml)).render(context)
        return str(self.resolve_listing(filled.replace("\n<w:p", "<w:p")))

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:  # noqa: ANN401
        """The file's properties are set from the data instead."""


def _lined(source: str) -> str:
    """The source with a line for each paragraph."""
    return _NEW_PARAGRAPH.sub(r"\n<w:p\1", source)


def check(data: bytes, example: Mapping[str, Any]) -> None:
    """Raises WordError with all that is wrong with a template: its package, its code, the fields it names."""
    template = _opened(data)
    faults = [
        Fault(wrong.message, place_of(name, _snippet(source, wrong.line, wrong.named), paragraphs))
        for name, source, paragraphs in _parts(template)
        for wrong in check_language(source, example)
    ]
    if faults:
        raise WordError(dict.fromkeys(faults))


def fill(data: bytes, values: Mapping[str, Any], pictures: Mapping[str, bytes]) -> DocxDocument:
    """The template filled in with plain values; a picture whose alternative text is a key of `pictures` becomes it.

    Raises WordError when the template cannot be used.
    """
    template = _opened(data)
    try:
        template.render(legal_throughout(values), PlainEnvironment(), autoescape=True)
    except (TemplateError, TypeError, AttributeError, ValueError, etree.XMLSyntaxError) as error:
        raise WordError([Fault(f"{UNFILLED} ({type(error).__name__})")]) from None
    document: DocxDocument = template.docx
    _put_pictures(document, pictures)
    return document


def finish(document: DocxDocument, title: str, author: str, made_on: date) -> bytes:
    """The document as a file that says what it is and when it was made; the same document gives the same bytes."""
    properties = document.core_properties
    properties.title, properties.author = legal(title)[:LONGEST_PROPERTY], legal(author)[:LONGEST_PROPERTY]
    properties.language, properties.last_modified_by, properties.comments = "sv-SE", "", ""
    properties.created = properties.modified = datetime.combine(made_on, time(), UTC)
    properties.revision = 1
    buffer = io.BytesIO()
    document.save(buffer)
    return packed_anew(buffer)


def _opened(data: bytes) -> _Template:
    safe = without_template_link(data)
    template = _Template(io.BytesIO(safe))
    try:
        template.render_init()
    except (KeyError, ValueError, AttributeError, etree.XMLSyntaxError):
        raise WordError([Fault("Filen går inte att öppna som Word-dokument. Spara den på nytt i Word.")]) from None
    return template


def _parts(template: _Template) -> Iterator[tuple[str, str, list[str]]]:
    """(name, source as it is parsed, its paragraphs' texts) of everything in a document that is filled in."""
    yield "brödtexten", _lined(template.patch_xml(template.get_xml())), _paragraphs(template.docx.element.body)
    for name, uri in (("sidhuvudet", template.HEADER_URI), ("sidfoten", template.FOOTER_URI)):
        for _, part in template.get_headers_footers(uri):
            xml = template.get_part_xml(part)
            yield name, _lined(template.patch_xml(xml)), _paragraphs(parse_xml(part.blob))
    for part in template.docx.part.package.parts:
        if part.content_type.endswith("footnotes+xml"):
            yield "fotnoterna", _lined(template.patch_xml(part.blob.decode())), _paragraphs(parse_xml(part.blob))


def _paragraphs(tree: etree._Element) -> list[str]:
    return ["".join(node.text or "" for node in p.iter(qn("w:t"))) for p in tree.iter(qn("w:p"))]


def _snippet(source: str, line: int, named: str) -> str:
    """The piece of code on a line that names what is wrong, else its first, else its text."""
    lines = _LINES.split(source)
    text = _TAG.sub("", lines[line - 1]) if 0 < line <= len(lines) else ""
    found = [match[0] for match in _CODE.finditer(text)]
    return next((code for code in found if named and named in code), found[0] if found else text)


def _put_pictures(document: DocxDocument, pictures: Mapping[str, bytes]) -> None:
    """Puts each picture where the document has one with its text, as wide as that and in its own proportions."""
    replaced = set()
    for frame in document.element.body.iter(qn("wp:inline"), qn("wp:anchor")):
        described = frame.find(qn("wp:docPr"))
        png = pictures.get(described.get("descr", "")) if described is not None else None
        blips = list(frame.iter(qn("a:blip")))
        if png is None or not blips:
            continue
        width, height = _PNG_SIZE.unpack(png[:24])
        replaced.add(blips[0].get(qn("r:embed")))
        blips[0].set(qn("r:embed"), document.part.get_or_add_image(io.BytesIO(png))[0])
        for extent in (*frame.iter(qn("wp:extent")), *frame.iterfind(".//pic:spPr/a:xfrm/a:ext", nsmap)):
            extent.set("cy", str(int(extent.get("cx")) * height // width))
        for inner in frame.iter(qn("pic:cNvPr")):
            inner.set("descr", described.get("descr"))
    for relation in replaced:
        document.part.drop_rel(relation)


def packed_anew(buffer: io.BytesIO) -> bytes:
    """The same file with one fixed time for all that is in it."""
    result = io.BytesIO()
    with zipfile.ZipFile(buffer) as given, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as made:
        for member in given.infolist():
            fixed = zipfile.ZipInfo(member.filename, _FIXED_TIME)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(fixed, given.read(member))
    return result.getvalue()
