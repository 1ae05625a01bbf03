"""A sealed file opens to what went in, whole, for its own job alone."""

import pytest

from tracker.exports import files
from tracker.vault import VaultError


@pytest.fixture(autouse=True)
def key(app):
    """The vault has a key."""


@pytest.mark.parametrize("size", [0, 1, files.PIECE_BYTES - 1, files.PIECE_BYTES, 2 * files.PIECE_BYTES + 1])
def test_what_goes_in_comes_out(tmp_path, size):
    data = bytes(number % 251 for number in range(size))
    path = tmp_path / "a.sealed"
    written = files.write(path, [data[:10], data[10:]], 1)
    assert b"".join(files.read(path, 1)) == data
    assert written.size == size
    assert files.is_whole(path, 1, written)


def test_it_opens_for_no_other_job_and_not_when_pieces_are_gone(tmp_path):
    path = tmp_path / "a.sealed"
    written = files.write(path, [bytes(files.PIECE_BYTES + 1)], 1)
    assert not files.is_whole(path, 2, written)
    first = files.LENGTH_BYTES + int.from_bytes(path.read_bytes()[: files.LENGTH_BYTES])
    path.write_bytes(path.read_bytes()[:first])  # ends where a piece ends
    with pytest.raises(VaultError):
        list(files.read(path, 1))


def test_what_fails_half_way_leaves_nothing(tmp_path):
    def pieces():
        yield b"x"
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - whichever
        files.write(tmp_path / "a.sealed", pieces(), 1)
    assert list(tmp_path.iterdir()) == []
