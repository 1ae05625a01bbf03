"""How do a locked file's bytes lie in the database? Compressed and sealed, since some of them name persons."""

import zlib

from tracker.vault import SealedColumn, vault

FIELD = "frozen_file.content"
vault.register(SealedColumn("frozen_file", "id", "content", FIELD))


def seal_content(data: bytes, file_id: int) -> bytes:
    """The bytes, sealed for their row."""
    return vault.seal(zlib.compress(data), file_id, FIELD)


def open_content(sealed: bytes, file_id: int) -> bytes:
    """The bytes behind a row's content."""
    return zlib.decompress(vault.open(sealed, file_id, FIELD))
