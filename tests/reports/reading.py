"""Reads a report's files back as somebody who opens them would: texts, tables, numbers."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from tracker.reports.rendering import ReportFormat, render


@dataclass
class Part:
    """What stands below one heading: its paragraphs, and its tables as rows of cells."""

    heading: str
    texts: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)


def word_parts(data: bytes) -> list[Part]:
    """A Word file, heading by heading; what comes before the first heading stands under the title."""
    parts = [Part("")]
    for block in Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(block, Table):
            parts[-1].tables.append([[cell.text for cell in row.cells] for row in block.rows])
        elif isinstance(block, Paragraph) and block.style.name.startswith(("Heading", "Title")):
            parts.append(Part(block.text))
        elif block.text:
            parts[-1].texts.append(block.text)
    return parts


def part(parts: list[Part], heading: str) -> Part:
    """The part whose heading begins so."""
    return next(found for found in parts if found.heading.startswith(heading))


def pdf_text(data: bytes) -> str:
    """All text of a PDF, without white space and without the hyphens with which the layout breaks words."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return squeezed(re.sub(r"(?<=[a-zåäö])-\n(?=[a-zåäö])", "", text))


def tags(data: bytes) -> list[tuple[str, DictionaryObject]]:
    """The structure of a tagged PDF: each element's kind and itself, in reading order."""
    found = []

    def walk(node: object) -> None:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append((str(node["/S"]), node))
            if "/K" in node:
                walk(node["/K"])

    walk(PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"])
    return found


def squeezed(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s", "", text)


def unpacked(data: bytes) -> Iterator[bytes]:
    """Every member of a Word file or a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield archive.read(name)


def number(text: str) -> float | None:
    """A number as it is written on paper; None for a dash."""
    return None if text == "–" else float(text.replace("\u202f", "").replace(",", "."))


def made(document: dict, report_format: str, **arguments: object) -> bytes:
    """The file of a document."""
    return render(document, ReportFormat(report_format), **arguments)
