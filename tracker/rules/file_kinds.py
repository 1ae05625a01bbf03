"""What kind of file is it, by what stands in it? Its name decides nothing: an executable named .pdf is no PDF."""

import io
import re
import unicodedata
import zipfile
from enum import StrEnum

from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number

LARGEST_ATTACHMENT = 10_000_000  # bytes
LONGEST_NAME = 100
KINDS_IN_WORDS = "PDF, PNG, JPEG, Excel (.xlsx), Word (.docx) eller ren text"
NAMELESS = "underlag"

_BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_PARTS = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_ZIP = b"PK\x03\x04"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SIGNS_OF_PATHS = re.compile(r'[<>:"|?*;%\x00-\x1f]')
_SPACES = re.compile(r"\s+")


class FileKind(StrEnum):
    """What an attachment may be."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    XLSX = "xlsx"
    DOCX = "docx"
    TEXT = "text"

    @property
    def endings(self) -> tuple[str, ...]:
        """How the name of such a file ends; the first is given to one that ends in another way."""
        return _ENDINGS.get(self, (f".{self.value}",))


_ENDINGS = {FileKind.JPEG: (".jpg", ".jpeg"), FileKind.TEXT: (".txt", ".csv")}


def kind_of(data: bytes) -> FileKind:
    """The kind of a file. Raises RuleViolation, field `file`, for one that is empty, too large or not taken."""
    if not data:
        raise _refusal("file_empty", "Filen är tom. Välj en fil som har innehåll.")
    if len(data) > LARGEST_ATTACHMENT:
        raise _refusal(
            "file_large",
            f"Filen är större än {LARGEST_ATTACHMENT // 1_000_000} MB. Spara en mindre kopia, eller dela upp den.",
        )
    found = next((kind for beginning, kind in _BEGINNINGS.items() if data.startswith(beginning)), None)
    if found:
        return FileKind(found)
    if data.startswith(_ZIP):
        return _kind_of_package(data)
    if _is_text(data):
        return FileKind.TEXT
    raise _refusal(
        "file_kind", f"Filens innehåll är inte av ett slag som tas emot. Välj en fil som är {KINDS_IN_WORDS}."
    )


def _kind_of_package(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = {name.casefold() for name in package.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise _refusal("file_broken", "Filen är skadad. Öppna den, spara den på nytt och välj den igen.") from None
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _refusal("file_macros", "Filen innehåller makron. Spara den utan makron, som .xlsx eller .docx.")
    found = [kind for part, kind in _PARTS.items() if part in names]
    if len(found) != 1:
        raise _refusal("file_kind", f"Filen är ett arkiv. Packa upp det och välj en fil som är {KINDS_IN_WORDS}.")
    return FileKind(found[0])


def _is_text(data: bytes) -> bool:
    if _CONTROL.search(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        try:
            data.decode("cp1252")
        except UnicodeDecodeError:
            return False
    return True


def safe_name(name: str, kind: FileKind) -> str:
    """A name that is safe to keep, show and save under: no path, nothing invisible, an ending that tells the kind.

    `C:\\mapp\\kvitto.exe` of a PDF is `kvitto.exe.pdf`. Raises RuleViolation for a name with a personnummer in it.
    """
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    text = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C" or sign == " ")
    text = _SPACES.sub(" ", _SIGNS_OF_PATHS.sub("", text)).strip(" .")
    if holds_person_number(text):
        raise _refusal("file_person", "Namnet ser ut att innehålla ett personnummer. Döp om filen och välj den igen.")
    ending = next((one for one in kind.endings if text.casefold().endswith(one)), "")
    stem = text[: len(text) - len(ending)] if ending else text
    return f"{stem[:LONGEST_NAME].strip(' .') or NAMELESS}{ending or kind.endings[0]}"


def check_removal(reason: str, what: str = "underlaget") -> None:
    """Raises RuleViolation when it is not told why an attachment is taken away; `what`: what its page calls it."""
    if not any(map(str.isalpha, reason)):
        raise RuleViolation("reason", f"Skriv varför {what} tas bort.", "reason")


def _refusal(code: str, message: str) -> RuleViolation:
    return RuleViolation(code, message, "file")
