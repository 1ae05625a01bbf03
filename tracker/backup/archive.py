"""How does a backup lie in its file? A ZIP archive: each table as lines of JSON, and last the manifest.

A file is written beside its place and moved there whole. Of one that is read nothing is believed before its manifest
has been found to be ours: sizes are bounded, names are compared and never used as paths, nothing is unpacked to disk.
Attachments will lie beside `tables/`, each as a member of its own that the manifest tells of.
"""

import fcntl
import hashlib
import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from tracker.audit.chain import plain
from tracker.backup.kinds import LOADS
from tracker.backup.manifest import Manifest, Member, damaged, foreign
from tracker.rules.errors import RuleViolation

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 4_000_000
LONGEST_LINE = 256_000_000
_PIECE = 1 << 18
_MOST_AT_ONCE = 8_000_000  # the list of a file's members is read in one go: room for some 80 000
_LEVEL = 2  # half the time of the usual 6, for files a tenth larger
_ENCRYPTED = 0x1
_BEGINNING = b"PK\x03\x04"
_BAD_FILE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    TypeError, OverflowError, RecursionError,
)  # fmt: skip
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=plain).encode


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """A file to write to, for its owner alone, that takes its place when the block ends well; else nothing is left.

    Raises RuleViolation when the place is no place for it. What a killed process left is written over.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        _check_place(file)
        descriptor = os.open(part, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        raise _no_place(file, "Kontrollera att mappen finns och att du får skriva i den.") from None
    with os.fdopen(descriptor, "wb") as stream:
        _take(part, stream, file)
        try:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            part.replace(file)
        except OSError:
            part.unlink(missing_ok=True)
            raise _no_place(file, "Det gick inte att skriva dit: se efter hur mycket plats som finns.") from None
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _check_place(file: Path) -> None:
    """An earlier backup may be written over, nothing else: not the database, not a key."""
    if not file.exists() and not file.is_symlink():
        return
    if file.is_symlink() or not file.is_file():
        raise _no_place(file, "Den är ingen vanlig fil.")
    with file.open("rb") as stream:
        if stream.read(4) not in {b"", _BEGINNING}:
            raise _no_place(file, "Den finns redan och är ingen säkerhetskopia.")


def _take(part: Path, stream: BinaryIO, file: Path) -> None:
    """Makes sure that nobody else writes to the same part."""
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        same = part.stat().st_ino == os.fstat(stream.fileno()).st_ino
    except OSError:
        same = False
    if not same:
        raise _no_place(file, "En annan säkerhetskopia skrivs till den just nu.")
    os.fchmod(stream.fileno(), 0o600)
    stream.truncate()


def _no_place(file: Path, why: str) -> RuleViolation:
    return RuleViolation("backup_place", f"Säkerhetskopian kan inte sparas som {file}. {why}")


class Writing:
    """An archive that is being written, table by table."""

    def __init__(self, stream: BinaryIO) -> None:
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)

    def add_table(self, table: str, columns: tuple[tuple[str, str], ...], rows: Iterable[Sequence[object]]) -> Member:
        """Writes a table's rows, one at a time; gives what the manifest says of them."""
        count = size = longest = 0
        checksum = hashlib.sha256()
        waiting = bytearray()
        with self._archive.open(f"tables/{table}.jsonl", "w", force_zip64=True) as member:
            for row in rows:
                line = _encode(tuple(row)).encode() + b"\n"
                count += 1
                longest = max(longest, len(line))
                waiting += line
                if len(waiting) >= _PIECE:
                    checksum.update(waiting)
                    member.write(waiting)
                    size += len(waiting)
                    waiting.clear()
            checksum.update(waiting)
            member.write(waiting)
            size += len(waiting)
        if longest > LONGEST_LINE:
            raise RuleViolation("backup_row", f"En rad i tabellen {table} är för stor för en säkerhetskopia.")
        return Member(table, columns, count, size, longest, checksum.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Writes the manifest, and the archive's end."""
        self._archive.writestr(MANIFEST, manifest.as_bytes())
        self._archive.close()


class _Wary(io.BufferedReader):
    """A file of which no more is read at once than a backup could ask for, whatever it says of itself."""

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = _MOST_AT_ONCE + 1 if size is None or size < 0 else size
        if wanted > _MOST_AT_ONCE + 1:
            raise zipfile.BadZipFile
        found = super().read(wanted)
        if len(found) > _MOST_AT_ONCE:
            raise zipfile.BadZipFile
        return found


@contextmanager
def _told() -> Iterator[None]:
    """Whatever a bad file makes the library raise is told as what it is."""
    try:
        yield
    except _BAD_FILE:
        raise damaged() from None


class Reading:
    """A backup that is read: its manifest has been found to be ours."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        with _told():
            members = archive.infolist()
            names = {member.filename for member in members}
            if MANIFEST not in names:
                raise foreign()
            self.manifest = Manifest.read(self._whole(MANIFEST))
            expected = {MANIFEST, *(member.name for member in self.manifest.members)}
            odd = any(m.flag_bits & _ENCRYPTED or m.compress_type != zipfile.ZIP_DEFLATED for m in members)
            if names != expected or len(members) != len(expected) or odd:
                raise damaged()

    def check(self, member: Member) -> None:
        """Goes through a table as it lies. Raises RuleViolation unless every byte is as it was written."""
        with _told():
            for _ in self._pieces(member):
                pass

    def rows(self, member: Member) -> Iterator[tuple[object, ...]]:
        """A table's rows, as values of the kinds of its columns. Raises RuleViolation where they are something else."""
        loads = [LOADS[kind] for _, kind in member.columns]
        count = 0
        with _told():
            for line in self._lines(member):
                values = json.loads(line)
                if type(values) is not list:
                    raise damaged()
                count += 1
                yield tuple([None if value is None else load(value) for load, value in zip(loads, values, strict=True)])
        if count != member.rows:
            raise damaged()

    def _lines(self, member: Member) -> Iterator[bytes]:
        most = min(member.longest, LONGEST_LINE)
        begun: list[bytes] = []  # the pieces of a line whose end has not been seen
        length = 0
        for piece in self._pieces(member):
            for part in piece.splitlines(keepends=True):
                begun.append(part)
                length += len(part)
                if length > most:
                    raise damaged()
                if part.endswith(b"\n"):
                    yield b"".join(begun)
                    begun, length = [], 0
        if begun:
            raise damaged()

    def _pieces(self, member: Member) -> Iterator[bytes]:
        """What a member holds, never more than it may, and in the end not less."""
        checksum, size = hashlib.sha256(), 0
        with self._archive.open(member.name) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > member.size:
                    raise damaged()
                checksum.update(piece)
                yield piece
        if size != member.size or checksum.hexdigest() != member.sha256:
            raise damaged()

    def _whole(self, name: str) -> bytes:
        info: Any = self._archive.getinfo(name)
        if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & _ENCRYPTED:
            raise damaged()
        with self._archive.open(info) as stream:
            data = stream.read(LARGEST_MANIFEST + 1)
        if len(data) > LARGEST_MANIFEST:
            raise damaged()
        return data


@contextmanager
def opened(file: Path) -> Iterator[Reading]:
    """The backup in a file. Raises RuleViolation when it is none, or not ours, or not as it was written."""
    if not file.is_file():
        raise RuleViolation("backup_missing", f"Filen {file} finns inte, eller är ingen vanlig fil.")
    try:
        stream = _Wary(io.FileIO(file))
    except OSError:
        raise RuleViolation("backup_unreadable", f"Filen {file} går inte att läsa.") from None
    with stream:
        if stream.read(4) != _BEGINNING:
            raise foreign()
        try:
            archive = zipfile.ZipFile(stream)
        except _BAD_FILE:
            raise damaged() from None
        with archive:
            yield Reading(archive)
