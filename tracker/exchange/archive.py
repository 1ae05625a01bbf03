"""Is this XLSX file safe to unpack, and how large a rectangle do its sheets span?

The library that reads workbooks trusts what a file says of itself: it unpacks past declared sizes and
unfolds a sheet as a full rectangle, so that a 2 kB file can ask for 500 GB. Every member is therefore
unpacked here first, piece by piece, and counted; nothing is kept.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.exchange.errors import refuse
from tracker.exchange.table import HEAD_ROW, Limits, too_many_rows

_PIECE = 1 << 20
_LONGEST_TAG = 1 << 16
_RATIO_MATTERS_FROM = 10_000_000
_KEPT_ERRORS = 1_000
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_LAST_RECORD = 22

_CELL_START = re.compile(rb"<(?:[^\s<>/:]*:)?c(?=[\s/>])")
_OTHER = rb'(?:\s+(?!r=)[\w:]+="[^"<>]*")*'
_USUAL = rb'(?: s="[0-9]+")?(?: t="[A-Za-z]+")?'
_PLACE = rb'<(?:[^\s<>/:]*:)?c%b\s+r="([A-Z]{1,3})([0-9]{1,7})"' % _OTHER
_CELL = re.compile(rb"%b%b%b\s*(/?)>" % (_PLACE, _USUAL, _OTHER))
_ERROR_CELL = re.compile(rb'%b%b\s+t="e"' % (_PLACE, _OTHER))
_ERROR_TYPE = b't="e"'
_SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^<>]*?\w+:id="([^"]+)"')
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^<>]*>")
_SPAN = re.compile(rb'\b(min|max|hidden)="([^"]*)"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target)="([^"]*)"')

_BROKEN = "filen är skadad och går inte att öppna. Öppna den i Excel och spara den på nytt."
_TOO_LARGE = "filen blir för stor när den packas upp. Spara bara bladet med tabellen i en ny fil."
_ENCRYPTED = "filen är skyddad med lösenord. Ta bort lösenordet i Excel och spara filen på nytt."
_OTHER_FORMAT = "filen är ingen Excelarbetsbok av typen .xlsx. Spara den som .xlsx eller CSV."
_ODD_CELLS = "bladets celler saknar adresser. Öppna filen i Excel eller LibreOffice och spara den på nytt som .xlsx."


@dataclass
class _Extent:
    """How far a sheet's filled cells reach, and where cells show an error; rows and columns counted from 1."""

    rows: int = 0
    columns: set[bytes] = field(default_factory=set)
    errors: list[tuple[int, int]] = field(default_factory=list)
    formulas: int = 0


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a sheet holds that its cells' values do not tell.

    An error cell (`#DIV/0!`) is a pair of row number and column index, row from 1 and index from 0; at most 1 000 are
    given. `formulas`: how many cells show what a formula has made. `hidden_columns` by index from 0.
    """

    errors: list[tuple[int, int]]
    formulas: int
    hidden_columns: tuple[int, ...]


def check_workbook(data: bytes, limits: Limits, sheet: int = 0) -> SheetFacts:
    """Refuse an XLSX file that is broken, locked or too large; give the facts of one sheet (0: the first).

    Memory stays at a few MB whatever the file holds. Raises ImportRefused.
    """
    members = _members(data, limits)
    wanted = _sheet_member(data, members, sheet)
    errors: list[tuple[int, int]] = []
    formulas = 0
    for member in members:
        extent = _Extent()
        scanner = _Scanner(extent)
        size = 0
        for piece in _inflate(data, member):
            size += len(piece)
            if size > member.file_size:
                raise refuse(_TOO_LARGE)
            scanner.feed(piece)
            _check_extent(extent, limits)
        if size != member.file_size:
            raise refuse(_BROKEN)
        if wanted in {None, _plain(member.filename)}:
            errors.extend(extent.errors)
            formulas += extent.formulas
    hidden = next((_hidden_columns(data, one, limits) for one in members if _plain(one.filename) == wanted), ())
    return SheetFacts(errors, formulas, hidden)


def _hidden_columns(data: bytes, member: zipfile.ZipInfo, limits: Limits) -> tuple[int, ...]:
    """The columns that the sheet's head marks as hidden; what stands beyond the limit is not looked at."""
    head = _beginning(data, member).partition(b"sheetData")[0]
    found: set[int] = set()
    for column in _HIDDEN_COLUMNS.findall(head):
        said = dict(_SPAN.findall(column))
        first, last = said.get(b"min", b""), said.get(b"max", b"")
        if said.get(b"hidden") in {b"1", b"true"} and first.isdigit() and last.isdigit():
            found.update(range(int(first) - 1, min(int(last), limits.max_columns)))
    return tuple(sorted(found))


def _members(data: bytes, limits: Limits) -> list[zipfile.ZipInfo]:
    """Read the directory and hold its declared sizes to the limits.

    It must end the file, so that every reader finds the same one.
    """
    if data[-_LAST_RECORD:][:4] != b"PK\x05\x06" or data[-2:] != b"\0\0":
        raise refuse(_BROKEN)
    if int.from_bytes(data[-12:-10], "little") > limits.max_members:
        raise refuse(_TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError, struct.error):
        raise refuse(_BROKEN) from None
    names = {_plain(member.filename) for member in members}
    if any(member.flag_bits & 0x1 for member in members):
        raise refuse(_ENCRYPTED)
    if "xl/workbook.xml" not in names or names & {"content.xml", "xl/workbook.bin"}:
        raise refuse(_OTHER_FORMAT)
    declared = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    ratio_bound = max(_RATIO_MATTERS_FROM, packed * limits.max_ratio)
    if len(members) > limits.max_members or declared > min(limits.max_unpacked, ratio_bound):
        raise refuse(_TOO_LARGE)
    if len(names) != len(members):
        raise refuse(_BROKEN)
    return members


def _inflate(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack one member in pieces of at most 1 MB, past its declared size if it goes on."""
    header = data[member.header_offset : member.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size:
        raise refuse(_BROKEN)
    signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = member.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    packed = memoryview(data)[start : start + member.compress_size]
    if signature != b"PK\x03\x04" or len(packed) != member.compress_size:
        raise refuse(_BROKEN)
    checksum = 0
    for piece in _pieces(packed, member.compress_type):
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if checksum != member.CRC:
        raise refuse(_BROKEN)


def _pieces(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _PIECE):
            yield bytes(packed[start : start + _PIECE])
        return
    if method != zipfile.ZIP_DEFLATED:
        raise refuse(_BROKEN)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _PIECE):
            piece = inflater.decompress(packed[start : start + _PIECE], _PIECE)
            while piece:
                yield piece
                piece = inflater.decompress(inflater.unconsumed_tail, _PIECE)
    except zlib.error:
        raise refuse(_BROKEN) from None
    if not inflater.eof or inflater.unused_data:
        raise refuse(_BROKEN)


class _Scanner:
    """Finds the cells of a sheet in pieces of its XML; other members pass through untouched.

    Each filled cell must name its place in the ordinary way. A cell that does not is refused rather than
    guessed at, as the reader might place it elsewhere.
    """

    def __init__(self, extent: _Extent) -> None:
        self._extent = extent
        self._in_sheet = False
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece; a tag cut in two waits for its end."""
        text = self._rest + piece
        cut = text.rfind(b"<")
        if cut < 0 or text.find(b">", cut) >= 0:
            cut = len(text)
        self._rest = text[cut:]
        if len(self._rest) > _LONGEST_TAG:
            raise refuse(_BROKEN)
        text = text[:cut]
        if not self._in_sheet:
            self._in_sheet = b"sheetData" in text
        if self._in_sheet:
            self._cells(text)

    def _cells(self, text: bytes) -> None:
        cells = _CELL.findall(text)
        at_most = text.count(b"<c") + text.count(b":c")
        if len(cells) != at_most and len(cells) != len(_CELL_START.findall(text)):
            raise refuse(_ODD_CELLS)
        self._extent.columns.update({letters for letters, _, empty in cells if not empty})
        self._extent.formulas += text.count(b"<f>") + text.count(b"<f ")
        rows = {row for _, row, empty in cells if not empty}
        self._extent.rows = max(self._extent.rows, max(map(int, rows), default=0))
        if _ERROR_TYPE in text:
            found = [(int(row), _index(letters)) for letters, row in _ERROR_CELL.findall(text)]
            self._extent.errors = (self._extent.errors + found)[:_KEPT_ERRORS]


def _check_extent(extent: _Extent, limits: Limits) -> None:
    if extent.rows > limits.max_rows + HEAD_ROW:
        raise refuse(too_many_rows(limits))
    width = max(map(_index, extent.columns), default=-1) + 1
    if width > limits.max_columns:
        raise refuse(f"bladet har celler bortom kolumn {limits.max_columns}. Ta bort dem och spara filen på nytt.")
    if extent.rows * width > limits.max_cells:
        message = f"bladet har för många celler ({extent.rows} rader och {width} kolumner). Dela upp det i flera filer."
        raise refuse(message)


def _sheet_member(data: bytes, members: list[zipfile.ZipInfo], place: int) -> str | None:
    """Find which member is a sheet; None when the workbook does not say so in the ordinary way."""
    by_name = {_plain(member.filename): member for member in members}
    relations = by_name.get("xl/_rels/workbook.xml.rels")
    if relations is None:
        return None
    sheets = _SHEET.findall(_beginning(data, by_name["xl/workbook.xml"]))
    for relation in _RELATION.findall(_beginning(data, relations)):
        attributes = dict(_ATTRIBUTE.findall(relation))
        if place < len(sheets) and attributes.get(b"Id") == sheets[place]:
            target = _plain(attributes.get(b"Target", b"").decode("utf-8", "replace"))
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            return path if path in by_name else None
    return None


def _beginning(data: bytes, member: zipfile.ZipInfo) -> bytes:
    return next(_inflate(data, member), b"")


def _plain(name: str) -> str:
    return name.replace("\\", "/").casefold()


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
