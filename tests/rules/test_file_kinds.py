"""A file is what stands in it, whatever it is called."""

import io
import zipfile

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.file_kinds import LARGEST_ATTACHMENT, FileKind, kind_of, safe_name


def package(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0", FileKind.PNG),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", FileKind.JPEG),
        (package("[Content_Types].xml", "xl/workbook.xml"), FileKind.XLSX),
        (package("[Content_Types].xml", "word/document.xml"), FileKind.DOCX),
        ("Attest saknas\r\npå sidan 2\t\n".encode(), FileKind.TEXT),
        ("på sidan 2".encode("cp1252"), FileKind.TEXT),
        (b"%PDF-".ljust(LARGEST_ATTACHMENT, b"x"), FileKind.PDF),
    ],
)
def test_the_kinds_that_are_taken(data, kind):
    assert kind_of(data) is kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"%PDF-".ljust(LARGEST_ATTACHMENT + 1, b"x"), "file_large"),
        (b"MZ\x90\0\x03\0\0\0", "file_kind"),
        (b"\x7fELF\x02\x01\x01\0", "file_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_kind"),
        (b"GIF89a\x01\0", "file_kind"),
        (b"\x81\x8d", "file_kind"),
        (package("a.exe"), "file_kind"),
        (package("xl/workbook.xml", "word/document.xml"), "file_kind"),
        (package("xl/workbook.xml", "xl/vbaProject.bin"), "file_macros"),
        (b"PK\x03\x04 and no more", "file_broken"),
    ],
)
def test_what_is_not_taken(data, code):
    with pytest.raises(RuleViolation) as violation:
        kind_of(data)
    assert (violation.value.code, violation.value.field) == (code, "file")


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("kvitto.pdf", FileKind.PDF, "kvitto.pdf"),
        ("Kvitto.PDF", FileKind.PDF, "Kvitto.pdf"),
        ("kvitto.exe", FileKind.PDF, "kvitto.exe.pdf"),
        ("C:\\mapp\\kvitto.pdf", FileKind.PDF, "kvitto.pdf"),
        ("../../etc/passwd", FileKind.TEXT, "passwd.txt"),
        ("bild.jpeg", FileKind.JPEG, "bild.jpeg"),
        ("a\u202egpj.exe\r\n", FileKind.PNG, "agpj.exe.png"),
        ('x"; filename="y.pdf', FileKind.PDF, "x filename=y.pdf"),
        ("", FileKind.PDF, "underlag.pdf"),
        (".pdf", FileKind.PDF, "pdf.pdf"),
        ("A\u030a" + "b" * 300 + ".pdf", FileKind.PDF, "Å" + "b" * 99 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(name, kind, safe):
    assert safe_name(name, kind) == safe


def test_a_name_with_a_personnummer_is_refused_without_being_repeated():
    with pytest.raises(RuleViolation) as violation:
        safe_name("19121212-1212.pdf", FileKind.PDF)
    assert "1212" not in violation.value.message
