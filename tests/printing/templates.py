"""Makes Word templates, good ones and bad ones."""

import io
import zipfile
from collections.abc import Callable

from docx import Document

Change = Callable[[str, bytes], bytes]


def word(*paragraphs: str, header: str = "", rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A Word document with these paragraphs, a header, and a table below them."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def texts(data: bytes) -> list[str]:
    """The paragraphs of a document that hold something."""
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs if paragraph.text]


def repacked(data: bytes, change: Change = lambda _name, content: content, **added: bytes) -> bytes:
    """The document with members changed and added (`__` stands for `/`, and `_dot_` for `.`)."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as made:
        for member in given.infolist():
            made.writestr(member.filename, change(member.filename, given.read(member)))
        for name, content in added.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return result.getvalue()


def replaced(member: str, old: str, new: str) -> Change:
    """Replaces a text in one member."""

    def change(name: str, content: bytes) -> bytes:
        if name != member:
            return content
        assert old.encode() in content
        return content.replace(old.encode(), new.encode())

    return change
