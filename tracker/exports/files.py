"""Files on disk that nobody can read without the key: sealed piece by piece, each bound to its job and its place.

A file is pieces one after the other: length (4 bytes), sealed bytes. The last piece is bound as the last, so that a
file that has been cut off does not open.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tracker.vault import VaultError, vault

PIECE_BYTES = 256 * 1024
LENGTH_BYTES = 4
ENDING = ".sealed"
_FIELD = "export_job.file"


class Written(NamedTuple):
    """A file's size in bytes, and its SHA-256, before it was sealed."""

    size: int
    sha256: bytes


def write(path: Path, pieces: Iterable[bytes], job_id: int) -> Written:
    """Seals a file onto the disk as it comes, readable by the program's own user alone; leaves nothing when it fails.

    Raises OSError when there is no room, and whatever the pieces raise.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for place, (piece, last) in enumerate(_even(pieces)):
                digest.update(piece)
                size += len(piece)
                sealed = vault.seal(piece, job_id, _bound(place, last=last))
                file.write(len(sealed).to_bytes(LENGTH_BYTES) + sealed)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove(path)
        raise
    return Written(size, digest.digest())


def _even(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in pieces of one size, each with whether it is the last; an empty file is one empty piece."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > PIECE_BYTES:
            yield bytes(waiting[:PIECE_BYTES]), False
            del waiting[:PIECE_BYTES]
    yield bytes(waiting), True


def read(path: Path, job_id: int) -> Iterator[bytes]:
    """The bytes of a file, piece by piece. Raises OSError when it is not there, VaultError when it is not whole."""
    with path.open("rb") as file:
        left, place = path.stat().st_size, 0
        while left:
            length = int.from_bytes(file.read(LENGTH_BYTES))
            left -= LENGTH_BYTES + length
            if left < 0:
                raise VaultError("the file has been cut off")
            yield vault.open(file.read(length), job_id, _bound(place, last=left == 0))
            place += 1
    if not place:
        raise VaultError("the file is empty")


def is_whole(path: Path, job_id: int, expected: Written) -> bool:
    """Whether a file is there and opens to the bytes that were sealed."""
    digest, size = hashlib.sha256(), 0
    try:
        for piece in read(path, job_id):
            digest.update(piece)
            size += len(piece)
    except (OSError, VaultError):
        return False
    return Written(size, digest.digest()) == expected


def remove(path: Path) -> None:
    """Takes a file away; it may have gone already."""
    path.unlink(missing_ok=True)


def names_in(folder: Path) -> set[str]:
    """The names of the sealed files in a folder, which need not be there."""
    return {path.name for path in folder.glob(f"*{ENDING}")}


def remove_older(root: Path, before: datetime) -> int:
    """Takes away the sealed files below all folders that were last written before a moment; gives how many."""
    old = [path for path in root.glob(f"*/*{ENDING}") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        remove(path)
    return len(old)


def _bound(place: int, *, last: bool) -> str:
    return f"{_FIELD}.{place}{'.last' if last else ''}"
